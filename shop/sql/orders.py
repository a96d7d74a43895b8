"""Orders out of the tables, never without the question whose they are.

Step 6 of a message's way (act): whose orders may be read is part of the SQL itself, so an
order of somebody else and an order that does not exist take the same way and the same time.
"""

from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from itertools import groupby
from operator import attrgetter
from typing import Any, TypeVar

from sqlalchemy import bindparam, exists, select
from sqlalchemy.engine import Connection
from sqlalchemy.sql import Select

from shop.models import Identity, Order, OrderStatus
from shop.sql import rows
from shop.sql import tables as t

Value = TypeVar("Value")


def _newest(orders: Select) -> Select:
    newest_first = (t.orders.c.placed_at.desc(), t.orders.c.number.desc())
    return orders.order_by(*newest_first).limit(bindparam("limit"))


def _one(orders: Select) -> Select:
    return orders.where(t.orders.c.number == bindparam("number"))


# What most orders have none of: whether there is any comes with the order, and is not asked for.
_RARE = {
    "refunds": t.refunds,
    "pieces": t.returns,
    "inquiries": t.inquiries,
    "invoices": t.invoices,
}
# Built once: putting a statement together takes several times as long as executing it.
_ORDERS = select(
    t.orders,
    *(
        exists().where(table.c.order_number == t.orders.c.number).label(f"has_{name}")
        for name, table in _RARE.items()
    ),
)
_OF_CUSTOMER = _ORDERS.where(t.orders.c.customer_id == bindparam("customer_id"))
_OF_VISITOR = _ORDERS.join(
    t.order_proofs, t.order_proofs.c.order_number == t.orders.c.number
).where(
    t.order_proofs.c.actor == bindparam("actor"),
    t.order_proofs.c.proven_at > bindparam("proven_since"),
)
_NEWEST_OF_CUSTOMER, _NEWEST_OF_VISITOR = _newest(_OF_CUSTOMER), _newest(_OF_VISITOR)
_ONE_OF_CUSTOMER, _ONE_OF_VISITOR = _one(_OF_CUSTOMER), _one(_OF_VISITOR)
_EVENT = [column.label(f"event_{column.name}") for column in t.tracking_events.columns]
# One row for each scan, and one for a parcel that has not been scanned.
_SCANS = select(t.shipments, *_EVENT).select_from(
    t.shipments.outerjoin(
        t.tracking_events, t.tracking_events.c.tracking_number == t.shipments.c.tracking_number
    )
)
_PIECES = select(t.returns, t.return_lines.c.line_id, t.return_lines.c.quantity).join(
    t.return_lines, t.return_lines.c.rma_number == t.returns.c.rma_number
)
_ALL = {
    "lines": (select(t.order_lines), t.order_lines, (t.order_lines.c.id,)),
    "scans": (
        _SCANS,
        t.shipments,
        (
            t.shipments.c.promised_on,
            t.shipments.c.tracking_number,
            t.tracking_events.c.at,
        ),
    ),
    "payments": (select(t.payments), t.payments, (t.payments.c.at, t.payments.c.id)),
    "refunds": (select(t.refunds), t.refunds, (t.refunds.c.opened_at, t.refunds.c.number)),
    "pieces": (
        _PIECES,
        t.returns,
        (t.returns.c.opened_at, t.returns.c.rma_number, t.return_lines.c.line_id),
    ),
    "inquiries": (
        select(t.inquiries),
        t.inquiries,
        (t.inquiries.c.opened_at, t.inquiries.c.number),
    ),
    "invoices": (select(t.invoices), t.invoices, (t.invoices.c.requested_at, t.invoices.c.number)),
}
_LISTS_OF_ONE = {
    name: query.where(table.c.order_number == bindparam("number")).order_by(*order)
    for name, (query, table, order) in _ALL.items()
}
# A list of numbers makes a statement anew each time, so that one order alone is asked for faster.
_LISTS_OF_MANY = {
    name: query.where(table.c.order_number.in_(bindparam("numbers", expanding=True))).order_by(
        *order
    )
    for name, (query, table, order) in _ALL.items()
}


def read_orders(
    connection: Connection, identity: Identity, *, proven_since: datetime, limit: int
) -> list[Order]:
    """Read the newest orders of a customer, or those a visitor proved after that moment."""
    query = _NEWEST_OF_VISITOR if identity.customer_id is None else _NEWEST_OF_CUSTOMER
    return _assemble(connection, query, {**_asker(identity, proven_since), "limit": limit})


def read_order(
    connection: Connection, identity: Identity, number: str, *, proven_since: datetime
) -> Order | None:
    """Read one order by its normalised number; None when it is not this identity's."""
    query = _ONE_OF_VISITOR if identity.customer_id is None else _ONE_OF_CUSTOMER
    found = _assemble(connection, query, {**_asker(identity, proven_since), "number": number})
    return found[0] if found else None


def _asker(identity: Identity, proven_since: datetime) -> dict[str, Any]:
    if identity.customer_id is not None:
        return {"customer_id": identity.customer_id}
    return {"actor": identity.actor, "proven_since": proven_since}


def _assemble(connection: Connection, query: Select, asked: dict[str, Any]) -> list[Order]:
    with rows.decoding():
        found = connection.execute(query, asked).all()
        lists = _lists(connection, found)
        return [
            _order(row, {name: listed.get(row.number, []) for name, listed in lists.items()})
            for row in found
        ]


def _lists(connection: Connection, found: Sequence[Any]) -> dict[str, dict[str, list[Any]]]:
    """Read what the orders consist of, by kind and by order."""
    alone = len(found) == 1
    numbers = [row.number for row in found]
    asked = {"number": numbers[0]} if alone else {"numbers": numbers}
    return {
        name: _by_order(connection.execute(query, asked)) if _has_any(found, name) else {}
        for name, query in (_LISTS_OF_ONE if alone else _LISTS_OF_MANY).items()
    }


def _has_any(found: Sequence[Any], name: str) -> bool:
    return any(name not in _RARE or getattr(row, f"has_{name}") for row in found)


def _by_order(found: Iterable[Any]) -> dict[str, list[Any]]:
    groups: dict[str, list[Any]] = defaultdict(list)
    for row in found:
        groups[row.order_number].append(row)
    return groups


def _order(row: Any, of_order: dict[str, list[Any]]) -> Order:
    return Order(
        number=row.number,
        customer_id=row.customer_id,
        status=OrderStatus(row.status),
        placed_at=row.placed_at,
        delivered_at=row.delivered_at,
        total_cents=rows.amount(row.total_cents),
        lines=_each(rows.line, of_order["lines"]),
        shipments=_grouped(rows.shipment, of_order["scans"], "tracking_number"),
        freight_cents=rows.amount(row.freight_cents),
        coupon_cents=rows.amount(row.coupon_cents),
        points_used=rows.amount(row.points_used),
        address=rows.address(row),
        payments=_each(rows.payment, of_order["payments"]),
        refunds=_each(rows.refund, of_order["refunds"]),
        returns=_grouped(rows.authorisation, of_order["pieces"], "rma_number"),
        inquiries=_each(rows.inquiry, of_order["inquiries"]),
        invoices=_each(rows.invoice, of_order["invoices"]),
        compensated=row.compensated,
    )


def _each(value: Callable[[Any], Value], found: Sequence[Any]) -> tuple[Value, ...]:
    return tuple(value(row) for row in found)


def _grouped(
    value: Callable[[Sequence[Any]], Value], found: Sequence[Any], key: str
) -> tuple[Value, ...]:
    return tuple(value(list(group)) for _, group in groupby(found, attrgetter(key)))
