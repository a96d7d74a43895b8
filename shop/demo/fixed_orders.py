"""The six orders of the demo shop that README, tests and measurements name.

Beside the way of a message: everything is dated from midnight of the current day.
"""

import random
from dataclasses import replace
from datetime import datetime, timedelta, timezone

from shop.demo.journeys import Journeys
from shop.demo.sketch import RefundSketch, Sketch, add_working_days
from shop.models import OrderStatus, Product, RefundState
from shop.rights import Policy


class FixedOrders:
    """Draws ``XE20260001`` to ``XE20260006``. ``midnight`` is the start of today, local."""

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
        self._shelf: dict[str, Product] = {product.sku: product for product in catalogue}
        self._journeys = journeys
        self._policy = policy

    def draw(self) -> dict[str, Sketch]:
        """Give the sketches by order number."""
        coat, headphones = self._shelf["CL1001"], self._shelf["EL1001"]
        flask, blanket = self._shelf["HO1004"], self._shelf["HO1003"]
        return {
            "XE20260001": self._in_transit(),
            "XE20260002": self._delivered("C1001", 3, 18, (coat,)),
            "XE20260003": self._delivered("C1001", 40, 11, (headphones,)),
            "XE20260004": self._paid(),
            "XE20260005": self._delivered("C1003", 1, 14, (flask, blanket)),
            "XE20260006": self._refunding(),
        }

    def _ago(self, days: int, hour: int, minute: int) -> datetime:
        return self._midnight - timedelta(days=days) + timedelta(hours=hour, minutes=minute)

    def _in_transit(self) -> Sketch:
        # 76 hours put the third scan, at the hub, on yesterday evening and the fourth on today.
        dispatched = self._ago(2, 9, 30)
        parcel = self._journeys.make_shipment(
            self._rng,
            customer_id="C1001",
            dispatched=dispatched,
            arrives=dispatched + timedelta(hours=76),
            seen_until=self._midnight,
        )
        vacuum = self._shelf["AP1001"]
        return Sketch(
            customer_id="C1001",
            status=OrderStatus.SHIPPED,
            placed_at=self._ago(3, 20, 15),
            basket=((vacuum, 1),),
            shipments=(parcel,),
        )

    def _delivered(
        self, customer_id: str, days: int, hour: int, products: tuple[Product, ...]
    ) -> Sketch:
        arrives = self._ago(days, hour, 20)
        dispatched = arrives - timedelta(hours=52)
        parcel = self._journeys.make_shipment(
            self._rng, customer_id=customer_id, dispatched=dispatched, arrives=arrives
        )
        return Sketch(
            customer_id=customer_id,
            status=OrderStatus.DELIVERED,
            placed_at=dispatched - timedelta(hours=15),
            basket=tuple((product, 1) for product in products),
            delivered_at=arrives,
            shipments=(parcel,),
        )

    def _paid(self) -> Sketch:
        rice_cooker, tea = self._shelf["AP1002"], self._shelf["FO1001"]
        return Sketch(
            customer_id="C1002",
            status=OrderStatus.PAID,
            placed_at=self._ago(1, 20, 40),
            basket=((rice_cooker, 1), (tea, 2)),
        )

    def _refunding(self) -> Sketch:
        shoes = self._shelf["SH1001"]
        sketch = self._delivered("C1003", 8, 16, (shoes,))
        approved_on = self._ago(1, 0, 0).date()
        refund = RefundSketch(
            state=RefundState.APPROVED,
            opened_at=self._ago(3, 10, 30).astimezone(timezone.utc),
            due_on=add_working_days(approved_on, self._policy.refunds.wallet_days),
        )
        return replace(sketch, status=OrderStatus.REFUNDING, refund=refund)
