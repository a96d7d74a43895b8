"""Customers and orders of their own for each dialogue, so that all can be played side by side."""

import json
import re
from datetime import date, datetime, timedelta, timezone
from itertools import count
from pathlib import Path
from typing import Any, Dict, Iterator, List, Optional, Tuple

import pytest
import yaml
from sqlalchemy import delete, insert, select
from sqlalchemy.engine import Connection, Engine

from shop.sql import tables as t
from shop.sql.engine import open_engine, writing

HERE = Path(__file__).parent
_ORDER = re.compile(r"XE\d{8}", re.ASCII)
# Tables that hold what is about an order, in an order in which they can be written.
_ABOUT_ORDERS = (
    *(t.order_lines, t.shipments, t.payments, t.returns, t.refunds, t.inquiries, t.invoices),
)
_OF_CUSTOMERS = (t.coupons, t.points_entries, t.stock_notices)


class Clones:
    """Copies of the demo shop's customers and of their orders, under new numbers."""

    def __init__(self, engine: Engine) -> None:
        self._engine = engine
        self._numbers = count(90_000_001)
        self._ids = count(5_000_001)
        with writing(engine) as connection:
            for order in yaml.safe_load((HERE / "orders.yml").read_text(encoding="utf-8")) or []:
                _add_order(connection, order, self._ids)

    def forget_failures(self) -> None:
        """Nobody has guessed digits yet: all dialogues come from one address."""
        with writing(self._engine) as connection:
            connection.execute(delete(t.proof_failures))

    def dialogue(self, row: Dict[str, Any]) -> Dict[str, Any]:
        """The dialogue with a customer and orders that nobody else has."""
        named = sorted(set(_ORDER.findall(json.dumps(row))))
        with writing(self._engine) as connection:
            customer = row.get("customer")
            mine = self._numbers_of(connection, customer) if customer else []
            new = {number: f"XE{next(self._numbers)}" for number in sorted({*named, *mine})}
            twins: Dict[str, str] = {}
            for number in new:
                self._clone(connection, number, new, twins)
            if customer and customer not in twins:
                self._clone_customer(connection, customer, twins)
        told = _ORDER.sub(lambda found: new[found.group()], json.dumps(row, ensure_ascii=False))
        changed: Dict[str, Any] = json.loads(told)
        if customer:
            changed["customer"] = twins[customer]
        return changed

    def _numbers_of(self, connection: Connection, customer: str) -> List[str]:
        query = select(t.orders.c.number).where(t.orders.c.customer_id == customer)
        return list(connection.execute(query).scalars())

    def _clone_customer(self, connection: Connection, customer: str, twins: Dict[str, str]) -> str:
        if customer in twins:
            return twins[customer]
        twins[customer] = twin = f"F{next(self._ids)}"
        (row,) = connection.execute(select(t.customers).where(t.customers.c.id == customer))
        # A name of its own: other tests find customers at the desk by theirs.
        other = {"id": twin, "name": f"Twin {twin}"}
        connection.execute(insert(t.customers), {**row._mapping, **other})
        for table in _OF_CUSTOMERS:
            for each in connection.execute(select(table).where(table.c.customer_id == customer)):
                (key,) = table.primary_key.columns
                own = self._own(each._mapping[key.name])
                connection.execute(
                    insert(table), {**each._mapping, key.name: own, "customer_id": twin}
                )
        return twin

    def _clone(
        self, connection: Connection, number: str, new: Dict[str, str], twins: Dict[str, str]
    ) -> None:
        order = connection.execute(select(t.orders).where(t.orders.c.number == number)).first()
        if order is None:
            # Named, but not there: neither is its twin.
            return
        twin = self._clone_customer(connection, order.customer_id, twins)
        connection.execute(
            insert(t.orders), {**order._mapping, "number": new[number], "customer_id": twin}
        )
        keys: Dict[Any, Any] = {}
        for table in _ABOUT_ORDERS:
            for row in connection.execute(select(table).where(table.c.order_number == number)):
                self._clone_row(connection, table, dict(row._mapping), new[number], keys)

    def _clone_row(
        self,
        connection: Connection,
        table: Any,
        row: Dict[str, Any],
        number: str,
        keys: Dict[Any, Any],
    ) -> None:
        (key,) = table.primary_key.columns
        old = row[key.name]
        keys[old] = row[key.name] = self._own(old)
        row["order_number"] = number
        for name in ("rma_number", "gift_with"):
            if row.get(name) in keys and name != key.name:
                row[name] = keys[row[name]]
        if "line_ids" in row:
            row["line_ids"] = [keys[line_id] for line_id in row["line_ids"]]
        connection.execute(insert(table), row)
        parts: List[Tuple[Any, Any, str]] = {
            "shipments": [(t.tracking_events, t.tracking_events.c.tracking_number, "id")],
            "returns": [(t.return_lines, t.return_lines.c.rma_number, "")],
        }.get(table.name, [])
        for part, column, part_key in parts:
            for each in connection.execute(select(part).where(column == old)):
                copied = {**each._mapping, column.name: row[key.name]}
                if part_key:
                    copied[part_key] = next(self._ids)
                if "line_id" in copied:
                    copied["line_id"] = keys[copied["line_id"]]
                connection.execute(insert(part), copied)

    def _own(self, key: Any) -> Any:
        number = next(self._ids)
        return number if isinstance(key, int) else f"{key}-{number}"


def _add_order(connection: Connection, order: Dict[str, Any], ids: Iterator[int]) -> None:
    """An order of orders.yml; days count back from now."""
    now = datetime.now(timezone.utc)
    paid = sum(line["price"] * line.get("quantity", 1) for line in order["lines"])
    _add_customer(connection, order["customer"])
    delivered = order.get("delivered_days_ago")
    connection.execute(
        insert(t.orders),
        {
            "number": order["number"],
            "customer_id": order["customer"],
            "status": order["status"],
            "placed_at": now - timedelta(days=order["placed_days_ago"]),
            "delivered_at": None if delivered is None else now - timedelta(days=delivered),
            "total_cents": order.get("total", paid),
            "freight_cents": order.get("freight", 0),
            "coupon_cents": order.get("coupon", 0),
            "points_used": order.get("points", 0),
            "compensated": False,
            **_ADDRESS,
            **order.get("address", {}),
        },
    )
    lines = [_add_line(connection, order["number"], line, ids) for line in order["lines"]]
    for parcel in order.get("parcels", []):
        inside = [lines[place - 1] for place in parcel.get("lines", [])]
        _add_parcel(connection, order["number"], parcel, inside, ids, now)
    for refund in order.get("refunds", []):
        _add_refund(connection, order["number"], refund, ids, now)
    for payment in order.get("payments", []):
        row = {
            "id": f"PAY-{next(ids)}",
            "order_number": order["number"],
            "method": payment.get("method", "WeChat Pay"),
            "amount_cents": payment.get("amount", paid),
            "state": payment["state"],
            "at": now - timedelta(hours=payment.get("hours_ago", 1)),
            "problem": payment.get("problem", ""),
        }
        connection.execute(insert(t.payments), row)


def _add_customer(connection: Connection, customer: str) -> None:
    """A customer of these orders alone, if the demo shop has none of this id."""
    if connection.execute(select(t.customers.c.id).where(t.customers.c.id == customer)).first():
        return
    row = {
        "id": customer,
        "name": _ADDRESS["recipient"],
        "language": "zh-Hans",
        "level": "standard",
        "phone": _ADDRESS["phone"],
        "points": 0,
    }
    connection.execute(insert(t.customers), row)


_ADDRESS = {
    "recipient": "林晓雯",
    "phone": "13800001001",
    "region": "浙江省",
    "city": "杭州市",
    "detail": "西湖区文三路100号",
}


def _add_line(connection: Connection, number: str, line: Dict[str, Any], ids: Iterator[int]) -> int:
    product: Optional[Any] = connection.execute(
        select(t.products).where(t.products.c.sku == line["sku"])
    ).one()
    row = {
        "id": next(ids),
        "order_number": number,
        "sku": line["sku"],
        "title": product.title,
        "category": product.category,
        "quantity": line.get("quantity", 1),
        "unit_price_cents": line["price"],
        "traits": line.get("traits", product.traits),
        "returned_quantity": line.get("returned", 0),
        "variant": line.get("variant", ""),
        "bundle": "",
    }
    connection.execute(insert(t.order_lines), row)
    return int(row["id"])


def _add_parcel(
    connection: Connection,
    number: str,
    parcel: Dict[str, Any],
    inside: List[int],
    ids: Iterator[int],
    now: datetime,
) -> None:
    """A parcel; without lines of its own, all are in it."""
    tracking = parcel.get("tracking_number", f"SF{next(ids)}")
    row = {
        "tracking_number": tracking,
        "order_number": number,
        "carrier": {"zh": "顺丰速运", "en": "SF Express"},
        "status": parcel["status"],
        "promised_on": date.today() + timedelta(days=parcel["promised_in_days"]),
        "line_ids": inside,
    }
    connection.execute(insert(t.shipments), row)
    for hours in parcel.get("scans_hours_ago", []):
        event = {
            "id": next(ids),
            "tracking_number": tracking,
            "at": now - timedelta(hours=hours),
            "place": {"zh": "杭州", "en": "Hangzhou"},
            "text": {"zh": "快件运输中", "en": "On its way"},
        }
        connection.execute(insert(t.tracking_events), event)


def _add_refund(
    connection: Connection, number: str, refund: Dict[str, Any], ids: Iterator[int], now: datetime
) -> None:
    row = {
        "number": f"RF{next(ids)}",
        "order_number": number,
        "amount_cents": refund["amount"],
        "state": refund["state"],
        "opened_at": now - timedelta(days=refund.get("opened_days_ago", 1)),
        "due_on": date.today() + timedelta(days=refund["due_in_days"]),
        "points": refund.get("points", 0),
        "cause": refund.get("cause", "return"),
        "rma_number": None,
    }
    connection.execute(insert(t.refunds), row)


@pytest.fixture(scope="session")
def clones(system: Any) -> Iterator[Clones]:
    """Copies in the running system's shop."""
    engine = open_engine(f"sqlite:///{system.data_dir}/shop.db")
    yield Clones(engine)
    engine.dispose()
