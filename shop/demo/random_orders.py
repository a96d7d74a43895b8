"""The crowd of orders in the demo shop, over every status.

Beside the way of a message: times agree with ``policy.yml`` (paid orders leave within 48
hours, refunds are asked for within seven days) except for a few late and stuck parcels,
which a shop has too.
"""

import random
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta, timezone

from shop.demo.catalogue import is_digital
from shop.demo.journeys import Journeys
from shop.demo.sketch import Basket, RefundSketch, Sketch, add_working_days
from shop.models import OrderStatus, Product, RefundState, Shipment
from shop.rights import Policy

# Percent of all orders.
_SHARES: dict[OrderStatus, int] = {
    OrderStatus.DELIVERED: 62,
    OrderStatus.SHIPPED: 10,
    OrderStatus.PAID: 6,
    OrderStatus.UNPAID: 2,
    OrderStatus.CANCELLED: 8,
    OrderStatus.REFUNDING: 4,
    OrderStatus.REFUNDED: 8,
}


class RandomOrders:
    """Draws orders of random customers. ``midnight`` is the start of today, local.

    Whatever has happened lies before midnight, so it is past at any time of the day.
    """

    def __init__(
        self,
        rng: random.Random,
        midnight: datetime,
        catalogue: list[Product],
        journeys: Journeys,
        policy: Policy,
    ) -> None:
        self._rng = rng
        self._midnight = midnight
        self._parcelled = [product for product in catalogue if not is_digital(product)]
        self._digital = [product for product in catalogue if is_digital(product)]
        self._journeys = journeys
        self._policy = policy

    def draw(self, customer_ids: Sequence[str], *, count: int) -> list[Sketch]:
        """Give ``count`` sketches, oldest first."""
        statuses, weights = list(_SHARES), list(_SHARES.values())
        sketches = [
            self._sketch(self._rng.choice(customer_ids), self._rng.choices(statuses, weights)[0])
            for _ in range(count)
        ]
        return sorted(sketches, key=lambda sketch: (sketch.placed_at, sketch.customer_id))

    def _sketch(self, customer_id: str, status: OrderStatus) -> Sketch:
        if status is OrderStatus.SHIPPED:
            return self._shipped(customer_id)
        if status is OrderStatus.DELIVERED:
            if self._rng.random() < 0.04:
                return self._downloaded(customer_id)
            days = int(self._rng.triangular(1, 300, 2))
            return self._delivered(customer_id, self._ago(days))
        if status in (OrderStatus.REFUNDING, OrderStatus.REFUNDED):
            return self._given_back(customer_id, status)
        return Sketch(customer_id, status, self._undelivered_since(status), self._basket())

    def _basket(self) -> Basket:
        kinds = self._rng.choices((1, 2, 3, 4), (60, 25, 11, 4))[0]
        chosen = self._rng.sample(self._parcelled, kinds)
        return tuple((product, self._rng.choices((1, 2, 3), (80, 15, 5))[0]) for product in chosen)

    def _ago(self, days: int) -> datetime:
        """Some waking hour of a day in the past."""
        minutes = self._rng.randrange(9 * 60, 21 * 60)
        return self._midnight - timedelta(days=days) + timedelta(minutes=minutes)

    def _undelivered_since(self, status: OrderStatus) -> datetime:
        if status is OrderStatus.UNPAID:
            limit = self._policy.cancellation.unpaid_closes_after_minutes
            return self._midnight - timedelta(minutes=self._rng.randrange(1, limit))
        if status is OrderStatus.PAID:
            # A day's grace, so that none is overdue before the day is over.
            hours = self._policy.shipping.dispatch_within_hours - 24
            return self._midnight - timedelta(minutes=self._rng.randrange(10, hours * 60))
        return self._ago(self._rng.randrange(1, 240))

    def _placed_before(self, dispatched: datetime) -> datetime:
        hours = self._policy.shipping.dispatch_within_hours
        return dispatched - timedelta(minutes=self._rng.randrange(120, hours * 60))

    def _shipped(self, customer_id: str) -> Sketch:
        basket, late = self._basket(), self._rng.random() < 0.1
        if late:
            dispatched = self._ago(self._rng.randrange(6, 10))
            hours, scans = 72, self._rng.choice((2, 3))
        else:
            dispatched = self._ago(self._rng.choice((1, 1, 2, 2, 3)))
            hours, scans = 96, 4
        parcel = self._journeys.make_shipment(
            self._rng,
            customer_id=customer_id,
            dispatched=dispatched,
            arrives=dispatched + timedelta(hours=hours),
            seen_until=self._midnight,
            scans=scans,
        )
        placed_at = self._placed_before(dispatched)
        return Sketch(customer_id, OrderStatus.SHIPPED, placed_at, basket, shipments=(parcel,))

    def _delivered(self, customer_id: str, arrives: datetime) -> Sketch:
        basket = self._basket()
        parcels, dispatched = self._arrived(customer_id, arrives, split=len(basket) > 2)
        placed_at = self._placed_before(dispatched)
        return Sketch(
            customer_id, OrderStatus.DELIVERED, placed_at, basket, arrives, shipments=parcels
        )

    def _arrived(
        self, customer_id: str, arrives: datetime, *, split: bool
    ) -> tuple[tuple[Shipment, ...], datetime]:
        arrivals = [arrives]
        if split and self._rng.random() < 0.5:
            arrivals.append(arrives - timedelta(hours=self._rng.randrange(1, 20)))
        fastest, slowest = self._policy.shipping.days_typical
        late = self._rng.random() < 0.05
        hours = self._rng.randrange(fastest * 24, slowest * 24 - 12) + (48 if late else 0)
        dispatched = arrivals[-1] - timedelta(hours=hours)
        parcels = [
            self._journeys.make_shipment(
                self._rng, customer_id=customer_id, dispatched=dispatched, arrives=arrival
            )
            for arrival in arrivals
        ]
        return tuple(parcels), dispatched

    def _downloaded(self, customer_id: str) -> Sketch:
        placed_at = self._ago(self._rng.randrange(1, 200))
        basket = ((self._rng.choice(self._digital), 1),)
        arrives = placed_at + timedelta(minutes=2)
        return Sketch(customer_id, OrderStatus.DELIVERED, placed_at, basket, arrives)

    def _given_back(self, customer_id: str, status: OrderStatus) -> Sketch:
        settled = status is OrderStatus.REFUNDED
        opened_days = self._rng.randrange(12, 200) if settled else self._rng.randrange(1, 4)
        opened = self._ago(opened_days)
        kept = self._rng.randrange(1, self._policy.returns.no_reason_days)
        sketch = self._delivered(customer_id, opened - timedelta(days=kept))
        rules = self._policy.refunds
        state = RefundState.PAID
        if not settled:
            state = self._rng.choice((RefundState.INSPECTING, RefundState.APPROVED))
        pays = self._rng.choice((rules.wallet_days, rules.card_days))
        due_on = add_working_days(opened.date(), rules.inspection_days + pays)
        to_wallet = pays == rules.wallet_days
        refund = RefundSketch(state, opened.astimezone(timezone.utc), due_on, to_wallet)
        return replace(sketch, status=status, refund=refund)
