"""An order seen at one moment under the rules that count for it.

Step 6 of a message's way (act): made once per question, read by every remedy's rules.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime

from shop.models import Order, OrderLine, Product, Remedy, Shipment, ShipmentStatus
from shop.rights.policy import Policy
from shop.rights.verdict import LineVerdict, Outcome, Verdict


@dataclass(frozen=True)
class Situation:
    """The facts; ``policy`` is the one in force when the order was placed.

    ``products`` are today's, by SKU; those that nobody needs may be missing.

    Raises:
        ValueError: ``now`` has no time zone.
    """

    order: Order
    policy: Policy
    now: datetime
    products: Mapping[str, Product]

    def __post_init__(self) -> None:
        if self.now.tzinfo is None:
            raise ValueError("now needs a time zone")

    @property
    def today(self) -> date:
        """The day in the shop's time zone."""
        return self.day(self.now)

    def day(self, moment: datetime) -> date:
        """The day of a moment in the shop's time zone."""
        return moment.astimezone(self.policy.zone).date()

    def parcels_of(self, line: OrderLine) -> tuple[Shipment, ...]:
        """The parcels that pieces of a line are in."""
        return tuple(
            shipment
            for shipment in self.order.shipments
            if not shipment.line_ids or line.id in shipment.line_ids
        )

    def delivered_on(self, line: OrderLine) -> date | None:
        """The day from which a line's periods count; None while it is on its way.

        In an order of several parcels that is the day of the last one, but a parcel that has come
        can be sent back before the others do.
        """
        if self.order.delivered_at is not None:
            return self.day(self.order.delivered_at)
        parcels = self.parcels_of(line)
        if not parcels or any(each.status is not ShipmentStatus.DELIVERED for each in parcels):
            return None
        scans = [each.events[-1].at for each in parcels if each.events]
        return self.day(max(scans)) if scans else self.today

    def verdict(
        self,
        remedy: Remedy,
        outcome: Outcome,
        *rules: str,
        facts: Mapping[str, object] | None = None,
        lines: tuple[LineVerdict, ...] = (),
        refund_cents: int = 0,
        points: int = 0,
        coupon_cents: int = 0,
    ) -> Verdict:
        """Make a verdict; what comes back is among its facts."""
        money = {"refund_cents": refund_cents, "points": points, "coupon_cents": coupon_cents}
        told = {
            "today": self.today,
            "order_status": self.order.status.value,
            **money,
            **(facts or {}),
        }
        return Verdict(
            remedy,
            outcome,
            rules,
            str(self.policy.version),
            told,
            lines,
            refund_cents=refund_cents,
            points=points,
            coupon_cents=coupon_cents,
        )

    def denied(self, remedy: Remedy, rule: str, **facts: object) -> Verdict:
        """Say no."""
        return self.verdict(remedy, Outcome.DENIED, rule, facts=facts)
