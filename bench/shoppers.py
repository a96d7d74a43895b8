"""Shoppers for a measurement: customers of the demo shop, each with a parcel on its way and a
delivered order that may be returned.
"""

from dataclasses import dataclass
from datetime import datetime, timedelta, timezone
from typing import Any, Dict, List

from sqlalchemy import insert
from sqlalchemy.engine import Engine

from shop.sql import tables as t

# Above everything that the demo shop numbers itself.
_FIRST_ORDER = 70_000_000
_FIRST_LINE = 10_000_000


@dataclass(frozen=True)
class Shopper:
    """A customer and their two orders."""

    number: int

    @property
    def customer_id(self) -> str:
        """The customer's id in the shop."""
        return f"B{self.number:06d}"

    @property
    def travelling(self) -> str:
        """The order whose parcel is on its way."""
        return f"XE{_FIRST_ORDER + 2 * self.number}"

    @property
    def delivered(self) -> str:
        """The order that was delivered two days ago."""
        return f"XE{_FIRST_ORDER + 2 * self.number + 1}"


def add_shoppers(engine: Engine, count: int) -> List[Shopper]:
    """Write `count` shoppers and their orders into the shop's database."""
    shoppers = [Shopper(number) for number in range(count)]
    now = datetime.now(timezone.utc)
    with engine.begin() as connection:
        for table, rows in _rows(shoppers, now).items():
            connection.execute(insert(table), rows)
    return shoppers


def _rows(shoppers: List[Shopper], now: datetime) -> Dict[Any, List[Dict[str, Any]]]:
    rows: Dict[Any, List[Dict[str, Any]]] = {
        t.customers: [],
        t.orders: [],
        t.order_lines: [],
        t.shipments: [],
        t.tracking_events: [],
    }
    for shopper in shoppers:
        rows[t.customers].append(
            {
                "id": shopper.customer_id,
                "name": f"顾客{shopper.number}",
                "language": "zh-Hans",
                "level": "standard",
                "phone": f"139{shopper.number:08d}",
                "points": 100,
            }
        )
        _add_order(rows, shopper, shopper.travelling, now, delivered=False)
        _add_order(rows, shopper, shopper.delivered, now, delivered=True)
    return rows


def _add_order(
    rows: Dict[Any, List[Dict[str, Any]]],
    shopper: Shopper,
    number: str,
    now: datetime,
    *,
    delivered: bool,
) -> None:
    parcel = f"YT{number[2:]}"
    rows[t.orders].append(
        {
            "number": number,
            "customer_id": shopper.customer_id,
            "status": "delivered" if delivered else "shipped",
            "placed_at": now - timedelta(days=5 if delivered else 2),
            "delivered_at": now - timedelta(days=2) if delivered else None,
            "total_cents": 12_900,
        }
    )
    rows[t.order_lines].append(
        {
            "id": _FIRST_LINE + int(number[2:]),
            "order_number": number,
            "sku": "BENCH",
            "title": {"zh": "纯棉四件套", "en": "Cotton bedding set"},
            "category": "home",
            "quantity": 1,
            "unit_price_cents": 12_900,
            "traits": [],
            "returned_quantity": 0,
        }
    )
    rows[t.shipments].append(
        {
            "tracking_number": parcel,
            "order_number": number,
            "carrier": {"zh": "圆通速递", "en": "YTO Express"},
            "status": "delivered" if delivered else "in_transit",
            "promised_on": (now + timedelta(days=1)).date(),
        }
    )
    rows[t.tracking_events].append(
        {
            "id": _FIRST_LINE + int(number[2:]),
            "tracking_number": parcel,
            "at": now - timedelta(days=1),
            "place": {"zh": "杭州转运中心", "en": "Hangzhou hub"},
            "text": {"zh": "快件已到达转运中心", "en": "The parcel reached the hub"},
        }
    )
