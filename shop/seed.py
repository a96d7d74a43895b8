"""Fill a database with the demo shop, and keep the demo current from day to day.

Beside the way of a message: ``python -m shop seed`` and whatever starts the processes.
"""

from datetime import date, timedelta
from typing import Any

from sqlalchemy import Date, Table, and_, bindparam, insert, inspect, select, update
from sqlalchemy.engine import Connection, Engine

from shop.demo.world import World, make_world
from shop.errors import NotADemoShop
from shop.models import Order, Product
from shop.rights import Policy, load_policy
from shop.sql import schema
from shop.sql import tables as t
from shop.sql.engine import count_on, serialise, take_time, writing
from shop.sql.types import UtcDateTime

DEMO_MARK = "demo_seeded_on"

# Proofs and failures stay where they are: they belong to the real clock.
_DATED = (
    *(t.product_prices, t.coupons, t.points_entries, t.stock_notices),
    *(t.orders, t.shipments, t.tracking_events, t.payments),
    *(t.refunds, t.returns, t.inquiries, t.invoices, t.settlements),
)

_Rows = dict[Table, list[dict[str, Any]]]


def seed(
    engine: Engine, *, today: date, policy: Policy | None = None, force: bool = False
) -> World:
    """Write the demo shop as of ``today`` (a day in the shop's time zone).

    An earlier demo is replaced, its returns included: the same day gives the same data.

    Raises:
        NotADemoShop: there is other data, and ``force`` is not set; nothing has been changed.
        PolicyError: the shop's rules cannot be read.
        ShopUnavailable: the database cannot be written.
    """
    world = make_world(today, policy or load_policy())
    with writing(engine) as connection:
        serialise(connection, DEMO_MARK)
        if not force and demo_seeded_on(connection) is None and _holds_data(connection):
            raise NotADemoShop("the database holds data that is not the demo shop's")
        take_time(connection)
        schema.drop(connection)
        schema.create(connection)
        for table, rows in _rows(world, today).items():
            connection.execute(insert(table), rows)
        count_on(connection, t.order_lines)
    return world


def refresh(engine: Engine, *, today: date) -> int:
    """Move an earlier day's demo to ``today``; give the days by which it moved.

    An earlier version's tables become the newest's first.

    Every date in it moves alike and opened returns stay, with their distance to delivery.
    0, and nothing written, when the demo is of today or later or the database is no demo.

    Raises:
        SchemaMismatch: a later version of the program made the tables.
        ShopUnavailable: the database cannot be read or written.
    """
    if schema.version_of(engine) is None:
        return 0
    schema.migrate(engine)
    with writing(engine) as connection:
        serialise(connection, DEMO_MARK)
        take_time(connection)
        seeded_on = demo_seeded_on(connection)
        if seeded_on is None or seeded_on >= today:
            return 0
        shift = today - seeded_on
        for table in _DATED:
            _shift_dates(connection, table, shift)
        mark = t.shop_meta.c.key == DEMO_MARK
        connection.execute(update(t.shop_meta).where(mark).values(value=today.isoformat()))
    return shift.days


def demo_seeded_on(connection: Connection) -> date | None:
    """Say on which day's dates the demo shop stands; None when the database is no demo."""
    if not inspect(connection).has_table(t.shop_meta.name):
        return None
    query = select(t.shop_meta.c.value).where(t.shop_meta.c.key == DEMO_MARK)
    value = connection.execute(query).scalar_one_or_none()
    return None if value is None else date.fromisoformat(value)


def _holds_data(connection: Connection) -> bool:
    present = set(inspect(connection).get_table_names())
    return any(
        connection.execute(select(table).limit(1)).first() is not None
        for table in t.metadata.sorted_tables
        if table.name in present
    )


def _shift_dates(connection: Connection, table: Table, shift: timedelta) -> None:
    keys = list(table.primary_key.columns)
    dated = [column for column in table.columns if isinstance(column.type, (Date, UtcDateTime))]
    changed = [
        {f"new_{column.name}": row[column.name] and row[column.name] + shift for column in dated}
        | {f"old_{key.name}": row[key.name] for key in keys}
        for row in connection.execute(select(*keys, *dated)).mappings()
    ]
    if not changed:
        return
    moved = {column.name: bindparam(f"new_{column.name}") for column in dated}
    this = and_(*(key == bindparam(f"old_{key.name}") for key in keys))
    connection.execute(update(table).where(this).values(**moved), changed)


def _rows(world: World, today: date) -> _Rows:
    rows: _Rows = {table: [] for table in t.metadata.sorted_tables}
    rows[t.shop_meta].append({"key": DEMO_MARK, "value": today.isoformat()})
    rows[t.customers] += [vars(customer) for customer in world.customers]
    for product in world.products:
        _add_product(rows, product)
    for order in world.orders:
        _add_order(rows, order)
    for owned in world.coupons:
        whose = {"customer_id": owned.customer_id, "order_number": owned.order_number}
        rows[t.coupons].append(vars(owned.coupon) | whose)
    rows[t.points_entries] += [
        vars(entry) | {"customer_id": customer_id} for customer_id, entry in world.points
    ]
    return {table: listed for table, listed in rows.items() if listed}


def _add_product(rows: _Rows, product: Product) -> None:
    rows[t.products].append(_columns(t.products, vars(product)))
    sku = {"sku": product.sku}
    for place, variant in enumerate(product.variants):
        rows[t.product_variants].append(vars(variant) | sku | {"position": place})
    rows[t.product_prices] += [vars(point) | sku for point in product.prices]


def _add_order(rows: _Rows, order: Order) -> None:
    address = vars(order.address) if order.address else {}
    rows[t.orders].append(_columns(t.orders, vars(order) | address))
    number = {"order_number": order.number}
    rows[t.order_lines] += [vars(line) | number for line in order.lines]
    for shipment in order.shipments:
        rows[t.shipments].append(_columns(t.shipments, vars(shipment)) | number)
        for event in shipment.events:
            parcel = {"tracking_number": shipment.tracking_number}
            rows[t.tracking_events].append(vars(event) | parcel)
    rows[t.payments] += [vars(payment) | number for payment in order.payments]
    rows[t.invoices] += [vars(invoice) | number for invoice in order.invoices]
    rows[t.refunds] += [vars(refund) | number for refund in order.refunds]


def _columns(table: Table, values: dict[str, Any]) -> dict[str, Any]:
    return {column.name: values[column.name] for column in table.columns if column.name in values}
