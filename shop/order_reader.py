"""Orders out of the tables, never without the question whose they are.

Step 6 of a message's way (act): whose orders may be read is part of the SQL itself, so an
order of somebody else and an order that does not exist take the same way and the same time.
"""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import Table, select
from sqlalchemy.engine import Connection
from sqlalchemy.sql import Select

from shop import tables as t
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

_Grouped = dict[str, list[Any]]


def read_orders(
    connection: Connection, identity: Identity, *, proven_since: datetime, limit: int
) -> list[Order]:
    """Read the newest orders of a customer, or those a visitor proved after that moment."""
    query = _mine(identity, proven_since)
    query = query.order_by(t.orders.c.placed_at.desc(), t.orders.c.number.desc()).limit(limit)
    return _assemble(connection, connection.execute(query).all())


def read_order(
    connection: Connection, identity: Identity, number: str, *, proven_since: datetime
) -> Order | None:
    """Read one order by its normalised number; None when it is not this identity's."""
    query = _mine(identity, proven_since).where(t.orders.c.number == number)
    found = _assemble(connection, connection.execute(query).all())
    return found[0] if found else None


def _mine(identity: Identity, proven_since: datetime) -> Select:
    if identity.customer_id is not None:
        return select(t.orders).where(t.orders.c.customer_id == identity.customer_id)
    return (
        select(t.orders)
        .join(t.order_proofs, t.order_proofs.c.order_number == t.orders.c.number)
        .where(
            t.order_proofs.c.visitor_id == identity.visitor_id,
            t.order_proofs.c.proven_at > proven_since,
        )
    )


def _assemble(connection: Connection, rows: Sequence[Any]) -> list[Order]:
    numbers = [row.number for row in rows]
    lines = _grouped(connection, t.order_lines, "order_number", numbers, "id")
    parcels = _grouped(connection, t.shipments, "order_number", numbers, "tracking_number")
    tracking = [row.tracking_number for group in parcels.values() for row in group]
    events = _grouped(connection, t.tracking_events, "tracking_number", tracking, "at")
    refunds = _grouped(connection, t.refunds, "order_number", numbers, "number")
    return [_order(row, lines, parcels, events, refunds) for row in rows]


def _grouped(
    connection: Connection, table: Table, key: str, values: Sequence[str], sort: str
) -> _Grouped:
    groups: _Grouped = defaultdict(list)
    query = select(table).where(table.c[key].in_(values)).order_by(table.c[sort])
    for row in connection.execute(query):
        groups[row._mapping[key]].append(row)
    return groups


def _order(
    row: Any, lines: _Grouped, parcels: _Grouped, events: _Grouped, refunds: _Grouped
) -> Order:
    return Order(
        number=row.number,
        customer_id=row.customer_id,
        status=OrderStatus(row.status),
        placed_at=row.placed_at,
        delivered_at=row.delivered_at,
        total_cents=row.total_cents,
        lines=tuple(_line(line) for line in lines[row.number]),
        shipments=tuple(_shipment(parcel, events) for parcel in parcels[row.number]),
        refund=next((_refund(refund) for refund in refunds[row.number]), None),
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


def _shipment(row: Any, events: _Grouped) -> Shipment:
    return Shipment(
        tracking_number=row.tracking_number,
        carrier=row.carrier,
        status=ShipmentStatus(row.status),
        promised_on=row.promised_on,
        events=tuple(
            TrackingEvent(at=event.at, place=event.place, text=event.text)
            for event in events[row.tracking_number]
        ),
    )


def _refund(row: Any) -> Refund:
    return Refund(
        number=row.number,
        amount_cents=row.amount_cents,
        state=RefundState(row.state),
        opened_at=row.opened_at,
        due_on=row.due_on,
    )
