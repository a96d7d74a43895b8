"""What the cases of the decision table are made of: orders, products and parcels.

Beside the way of a message. Goods are delivered on Monday, 2 November 2026, unless a case says
otherwise; days are counted from there.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime, timedelta, timezone
from typing import Any

from shop.models import (
    Order,
    OrderLine,
    OrderStatus,
    Product,
    Request,
    Shipment,
    ShipmentStatus,
    TrackingEvent,
    Variant,
)

DELIVERED_AT = datetime(2026, 11, 2, 6, tzinfo=timezone.utc)
PLACED_AT = datetime(2026, 10, 29, 2, tzinfo=timezone.utc)
TEXT = {"zh": "商品", "en": "Product"}


@dataclass(frozen=True)
class Case:
    """One row: what is the matter, in words and as values."""

    label: str
    order: Order
    request: Request
    day: int = 1
    products: Mapping[str, Product] | None = None

    @property
    def now(self) -> datetime:
        """The moment of the question."""
        return DELIVERED_AT + timedelta(days=self.day)


def line(line_id: int = 1, **changes: Any) -> OrderLine:
    """Make an order line: one piece at 150 yuan of a shirt in size M."""
    plain = OrderLine(line_id, "SKU1", TEXT, "clothing", 1, 15000, variant="SKU1-M")
    return replace(plain, **changes)


def order(*lines: OrderLine, **changes: Any) -> Order:
    """Make an order that has been delivered and paid, with 8 yuan of freight."""
    lines = lines or (line(),)
    goods = sum(each.unit_price_cents * each.quantity for each in lines if each.gift_with is None)
    plain = Order(
        "XE20269999",
        "C1001",
        OrderStatus.DELIVERED,
        PLACED_AT,
        DELIVERED_AT,
        goods + 800,
        lines,
        freight_cents=800,
    )
    return replace(plain, **changes)


def under_way(
    *,
    scanned: int,
    promised: int,
    status: ShipmentStatus = ShipmentStatus.IN_TRANSIT,
    **changes: Any,
) -> Order:
    """Make an order with one parcel on its way: days of its last scan and of its promise."""
    return order(
        status=OrderStatus.SHIPPED,
        delivered_at=None,
        shipments=(parcel(status, scanned, promised),),
        **changes,
    )


def arrived(*, promised: int, **changes: Any) -> Order:
    """Make an order whose one parcel was signed for on the day of delivery."""
    return order(shipments=(parcel(ShipmentStatus.DELIVERED, 0, promised),), **changes)


def product(**changes: Any) -> Product:
    """Make the product of the lines: sizes M, L, XL; XL is sold out."""
    variants = tuple(
        Variant(f"SKU1-{size}", size, None, stock)
        for size, stock in (("M", 9), ("L", 9), ("XL", 0))
    )
    return replace(Product("SKU1", "clothing", TEXT, 15000, variants=variants), **changes)


def parcel(status: ShipmentStatus, scanned: int, promised: int) -> Shipment:
    """Make a parcel: the days of its only scan and of its promise."""
    scan = TrackingEvent(DELIVERED_AT + timedelta(days=scanned), TEXT, TEXT)
    day = (DELIVERED_AT + timedelta(days=promised)).date()
    return Shipment("SF100", {"zh": "顺丰", "en": "SF Express"}, status, day, (scan,))
