"""An order of the demo shop before it has a number and a price.

Beside the way of a message: ``demo.random_orders`` and ``demo.fixed_orders`` draw sketches,
``demo.till`` makes orders of them.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta

from shop.models import OrderStatus, Product, RefundState, Shipment

Basket = tuple[tuple[Product, int], ...]


@dataclass(frozen=True)
class RefundSketch:
    """A refund of the whole order, without its amount."""

    state: RefundState
    opened_at: datetime
    due_on: date
    to_wallet: bool = True


@dataclass(frozen=True)
class Sketch:
    """Who buys what and when; moments are aware, in the shop's time zone.

    ``is_named``: it is one of the orders that README and tests name, and stays as it is.
    """

    customer_id: str
    status: OrderStatus
    placed_at: datetime
    basket: Basket
    delivered_at: datetime | None = None
    shipments: tuple[Shipment, ...] = ()
    refund: RefundSketch | None = None
    is_named: bool = False


def add_working_days(start: date, days: int) -> date:
    """Count working days on from a day, Monday to Friday; public holidays are left out."""
    day = start
    while days > 0:
        day += timedelta(days=1)
        if day.weekday() < 5:
            days -= 1
    return day
