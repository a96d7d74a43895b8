"""Orders out of the tables, never without the question whose they are.

Step 6 of a message's way (act): whose orders may be read is part of the SQL itself, so an
order of somebody else and an order that does not exist take the same way and the same time.
"""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, select
from sqlalchemy.engine import Connection
from sqlalchemy.sql import Select
from sqlalchemy.sql.expression import ColumnElement

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


def _newest(orders: Select) -> Select:
    newest_first = (t.orders.c.placed_at.desc(), t.orders.c.number.desc())
    return orders.order_by(*newest_first).limit(bindparam("limit"))


def _one(orders: Select) -> Select:
    return orders.where(t.orders.c.number == bindparam("number"))


def _of(key: ColumnElement, sort: ColumnElement) -> Select:
    return select(key.table).where(key.in_(bindparam("keys", expanding=True))).order_by(sort)


# Built once: putting a statement together takes several times as long as executing it.
_OF_CUSTOMER = select(t.orders).where(t.orders.c.customer_id == bindparam("customer_id"))
_OF_VISITOR = (
    select(t.orders)
    .join(t.order_proofs, t.order_proofs.c.order_number == t.orders.c.number)
    .where(
        t.order_proofs.c.visitor_id == bindparam("visitor_id"),
        t.order_proofs.c.proven_at > bindparam("proven_since"),
    )
)
_NEWEST_OF_CUSTOMER, _NEWEST_OF_VISITOR = _newest(_OF_CUSTOMER), _newest(_OF_VISITOR)
_ONE_OF_CUSTOMER, _ONE_OF_VISITOR = _one(_OF_CUSTOMER), _one(_OF_VISITOR)
_LINES = _of(t.order_lines.c.order_number, t.order_lines.c.id)
_SHIPMENTS = _of(t.shipments.c.order_number, t.shipments.c.tracking_number)
_EVENTS = _of(t.tracking_events.c.tracking_number, t.tracking_events.c.at)
_REFUNDS = _of(t.refunds.c.order_number, t.refunds.c.number)


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
    numbers = [row.number for row in rows]
    lines = _grouped(connection, _LINES, "order_number", numbers)
    parcels = _grouped(connection, _SHIPMENTS, "order_number", numbers)
    tracking = [row.tracking_number for group in parcels.values() for row in group]
    events = _grouped(connection, _EVENTS, "tracking_number", tracking)
    refunds = _grouped(connection, _REFUNDS, "order_number", numbers)
    return [_order(row, lines, parcels, events, refunds) for row in rows]


def _grouped(connection: Connection, query: Select, key: str, values: Sequence[str]) -> _Grouped:
    groups: _Grouped = defaultdict(list)
    for row in connection.execute(query, {"keys": values}):
        groups[getattr(row, key)].append(row)
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
