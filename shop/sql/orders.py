"""Orders out of the tables, never without the question whose they are.

Step 6 of a message's way (act): whose orders may be read is part of the SQL itself, so an
order of somebody else and an order that does not exist take the same way and the same time.
"""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from datetime import datetime
from itertools import groupby
from operator import attrgetter
from typing import Any

from sqlalchemy import Table, bindparam, select
from sqlalchemy.engine import Connection
from sqlalchemy.sql import Select
from sqlalchemy.sql.expression import ColumnElement

from shop.sql import tables as t
from shop.models import (
    Identity,
    Order,
    OrderLine,
    OrderStatus,
    Refund,
    RefundState,
    Shipment,
    ShipmentStatus,
    TrackingEvent,
)


def _newest(orders: Select) -> Select:
    newest_first = (t.orders.c.placed_at.desc(), t.orders.c.number.desc())
    return orders.order_by(*newest_first).limit(bindparam("limit"))


def _one(orders: Select) -> Select:
    return orders.where(t.orders.c.number == bindparam("number"))


def _named(prefix: str, table: Table) -> list[ColumnElement]:
    return [column.label(f"{prefix}_{column.name}") for column in table.columns]


# Built once: putting a statement together takes several times as long as executing it.
_WITH_REFUND = select(t.orders, *_named("refund", t.refunds)).select_from(
    t.orders.outerjoin(t.refunds, t.refunds.c.order_number == t.orders.c.number)
)
_OF_CUSTOMER = _WITH_REFUND.where(t.orders.c.customer_id == bindparam("customer_id"))
_OF_VISITOR = _WITH_REFUND.join(
    t.order_proofs, t.order_proofs.c.order_number == t.orders.c.number
).where(
    t.order_proofs.c.visitor_id == bindparam("visitor_id"),
    t.order_proofs.c.proven_at > bindparam("proven_since"),
)
_NEWEST_OF_CUSTOMER, _NEWEST_OF_VISITOR = _newest(_OF_CUSTOMER), _newest(_OF_VISITOR)
_ONE_OF_CUSTOMER, _ONE_OF_VISITOR = _one(_OF_CUSTOMER), _one(_OF_VISITOR)
_LINES = (
    select(t.order_lines)
    .where(t.order_lines.c.order_number.in_(bindparam("numbers", expanding=True)))
    .order_by(t.order_lines.c.id)
)
# One row for each scan, and one for a parcel that has not been scanned.
_SCANS = (
    select(t.shipments, *_named("event", t.tracking_events))
    .select_from(
        t.shipments.outerjoin(
            t.tracking_events, t.tracking_events.c.tracking_number == t.shipments.c.tracking_number
        )
    )
    .where(t.shipments.c.order_number.in_(bindparam("numbers", expanding=True)))
    .order_by(t.shipments.c.tracking_number, t.tracking_events.c.at)
)


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
    return {"visitor_id": identity.visitor_id, "proven_since": proven_since}


def _assemble(connection: Connection, query: Select, asked: dict[str, Any]) -> list[Order]:
    rows = connection.execute(query, asked).all()
    numbers = {"numbers": [row.number for row in rows]}
    lines = _by_order(connection.execute(_LINES, numbers))
    scans = _by_order(connection.execute(_SCANS, numbers))
    return [_order(row, lines[row.number], scans[row.number]) for row in rows]


def _by_order(rows: Iterable[Any]) -> dict[str, list[Any]]:
    groups: dict[str, list[Any]] = defaultdict(list)
    for row in rows:
        groups[row.order_number].append(row)
    return groups


def _order(row: Any, lines: Sequence[Any], scans: Sequence[Any]) -> Order:
    return Order(
        number=row.number,
        customer_id=row.customer_id,
        status=OrderStatus(row.status),
        placed_at=row.placed_at,
        delivered_at=row.delivered_at,
        total_cents=row.total_cents,
        lines=tuple(_line(line) for line in lines),
        shipments=tuple(
            _shipment(list(parcel)) for _, parcel in groupby(scans, attrgetter("tracking_number"))
        ),
        refund=None if row.refund_number is None else _refund(row),
    )


def _line(row: Any) -> OrderLine:
    return OrderLine(
        id=row.id,
        sku=row.sku,
        title=row.title,
        category=row.category,
        quantity=row.quantity,
        unit_price_cents=row.unit_price_cents,
        traits=tuple(row.traits),
        returned_quantity=row.returned_quantity,
    )


def _shipment(scans: Sequence[Any]) -> Shipment:
    parcel = scans[0]
    return Shipment(
        tracking_number=parcel.tracking_number,
        carrier=parcel.carrier,
        status=ShipmentStatus(parcel.status),
        promised_on=parcel.promised_on,
        events=tuple(
            TrackingEvent(at=scan.event_at, place=scan.event_place, text=scan.event_text)
            for scan in scans
            if scan.event_id is not None
        ),
    )


def _refund(row: Any) -> Refund:
    return Refund(
        number=row.refund_number,
        amount_cents=row.refund_amount_cents,
        state=RefundState(row.refund_state),
        opened_at=row.refund_opened_at,
        due_on=row.refund_due_on,
    )
