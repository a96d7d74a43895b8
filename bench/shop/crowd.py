"""A database with very many orders: copies of one order of the demo shop, made by the database.

Nothing of it passes through this process, so its memory stays as it is.
"""

from typing import Callable, Mapping

from sqlalchemy import Table, text
from sqlalchemy.engine import Connection, Engine

from shop.sql import tables as t
from shop.sql.engine import take_time, writing

TEMPLATE = "XE20260001"
ORDERS_EACH = 10
_FIRST = 30_000_000
_AT_ONCE = 100_000
_NUMBER = f"'XE' || ({_FIRST} + n.i)"
_PARCEL = f"'BB' || ({_FIRST} + n.i)"
# Both databases count this way.
_EACH = (
    "(WITH RECURSIVE c(i) AS (SELECT {first} UNION ALL SELECT i + 1 FROM c WHERE i < {last})"
    " SELECT i FROM c)"
)


def number_of(place: int) -> str:
    """The order in a place, counted from 0."""
    return f"XE{_FIRST + place}"


def customer_of(place: int) -> str:
    """Whose it is: ten neighbours belong to one customer."""
    return f"B{place // ORDERS_EACH}"


def fill(engine: Engine, orders: int, tell: Callable[[str], None]) -> None:
    """Add so many orders with line, parcel, scans and payment to a demo shop."""
    for first in range(0, orders, _AT_ONCE):
        last = min(first + _AT_ONCE, orders) - 1
        with writing(engine) as connection:
            take_time(connection)
            _add(connection, first, last)
        tell(f"{last + 1:,} orders")
    with engine.begin() as connection:
        take_time(connection)
        connection.execute(text("ANALYZE"))


def _add(connection: Connection, first: int, last: int) -> None:
    whose = f"'B' || (n.i / {ORDERS_EACH})"
    customers = {"id": "'B' || n.i", "name": "'顾客' || n.i"}
    _copy(connection, t.customers, customers, first // ORDERS_EACH, last // ORDERS_EACH)
    orders = {"number": _NUMBER, "customer_id": whose}
    _copy(connection, t.orders, orders, first, last)
    of_order = {"order_number": _NUMBER}
    _copy(connection, t.order_lines, {"id": f"{_FIRST} + n.i", **of_order}, first, last)
    _copy(connection, t.shipments, {"tracking_number": _PARCEL, **of_order}, first, last)
    _copy(connection, t.tracking_events, {"id": None, "tracking_number": _PARCEL}, first, last)
    _copy(connection, t.payments, {"id": f"'PAYB' || ({_FIRST} + n.i)", **of_order}, first, last)


def _copy(
    connection: Connection, table: Table, changed: "Mapping[str, str | None]", first: int, last: int
) -> None:
    """Copy the template's rows, each column as it is or as ``changed``; None leaves it out."""
    columns = [column.name for column in table.columns if changed.get(column.name, "") is not None]
    sources = [str(changed.get(name) or f"source.{_quoted(name)}") for name in columns]
    names = ", ".join(map(_quoted, columns))
    each = _EACH.format(first=first, last=last)
    connection.execute(
        text(
            f"INSERT INTO {table.name} ({names}) SELECT {', '.join(sources)}"
            f" FROM {table.name} AS source, {each} AS n WHERE {_is_template(table)}"
        )
    )


def _is_template(table: Table) -> str:
    template = f"(SELECT {{}} FROM {{}} WHERE {{}} = '{TEMPLATE}')"
    if table is t.customers:
        return "source.id = " + template.format("customer_id", "orders", "number")
    if table is t.tracking_events:
        parcel = template.format("tracking_number", "shipments", "order_number")
        return f"source.tracking_number = {parcel}"
    key = "number" if table is t.orders else "order_number"
    return f"source.{key} = '{TEMPLATE}'"


def _quoted(name: str) -> str:
    return f'"{name}"'
