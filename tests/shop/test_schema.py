"""Databases of every version are recognised, brought forward, and never opened by mistake."""

import itertools

import pytest
from sqlalchemy import func, inspect, select

from shop import ShopSettings, open_shop
from shop.errors import SchemaMismatch
from shop.models import Identity, Reason, ReturnRequest
from shop.sql import schema
from shop.sql import tables as t
from shop.sql.backend import SqlShop
from shop.sql.engine import open_engine, writing

_NUMBERS = itertools.count()


@pytest.fixture(params=["sqlite", "postgresql"])
def empty(request, tmp_path):
    """A database without any table."""
    if request.param == "sqlite":
        engine = open_engine(f"sqlite:///{tmp_path}/empty.db")
    else:
        name = f"schema_{next(_NUMBERS)}"
        request.getfixturevalue("on_postgresql")(f"CREATE DATABASE {name}")
        engine = open_engine(f"{request.getfixturevalue('postgresql')}/{name}")
    yield engine
    engine.dispose()


@pytest.fixture
def first(empty):
    """A database of the first version with an order of which a line has been returned."""
    pytest.importorskip("alembic")
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(schema._STEPS))
    with writing(empty) as connection:
        config.attributes["connection"] = connection
        command.upgrade(config, schema.FIRST)
        for statement in FIRST_ROWS:
            connection.exec_driver_sql(statement)
        # As it was before versions were kept.
        connection.exec_driver_sql("DROP TABLE alembic_version")
    return empty


FIRST_ROWS = (
    "INSERT INTO customers VALUES ('C1', '王芳', 'zh-Hans', 'gold', '13900001234', 7)",
    "INSERT INTO orders VALUES ('XE1', 'C1', 'delivered', '2026-11-10 08:00:00',"
    " '2026-11-18 08:00:00', 20000)",
    """INSERT INTO order_lines VALUES
    (1, 'XE1', 'A', '{"zh": "杯子", "en": "Cup"}', 'home', 2, 5000, '[]', 2)""",
    """INSERT INTO order_lines VALUES
    (2, 'XE1', 'B', '{"zh": "盘子", "en": "Plate"}', 'home', 1, 10000, '[]', 0)""",
    """INSERT INTO shipments VALUES
    ('SF1', 'XE1', '{"zh": "顺丰", "en": "SF"}', 'delivered', '2026-11-19')""",
    "INSERT INTO refunds VALUES ('RF1', 'XE1', 10000, 'approved', '2026-11-19 08:00:00',"
    " '2026-11-25')",
    "INSERT INTO returns VALUES ('RMA1', 'XE1', 'size', '太大', '2026-11-19 08:00:00', 10000,"
    " 'shopper', 'customer:C1', 'message-1', 'digest')",
    "INSERT INTO return_lines VALUES ('RMA1', 1, 2)",
    "INSERT INTO order_proofs VALUES ('v-1', 'XE1', '2026-11-20 01:55:00')",
    "INSERT INTO proof_failures VALUES (1, 'v-2', 'XE1', '2026-11-20 01:58:00')",
)


def _differences(engine):
    from alembic.autogenerate import compare_metadata
    from alembic.migration import MigrationContext

    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        return compare_metadata(context, t.metadata)


def test_an_empty_database_gets_the_newest_tables_at_once(empty):
    assert schema.version_of(empty) is None
    schema.check(empty)
    assert schema.migrate(empty) == (None, schema.NEWEST)
    assert schema.migrate(empty) == (schema.NEWEST, schema.NEWEST)
    assert schema.version_of(empty) == schema.NEWEST
    assert set(inspect(empty).get_table_names()) == {*t.metadata.tables, "alembic_version"}


def test_the_steps_lead_to_the_same_tables_as_making_them_anew(first):
    assert schema.version_of(first) == schema.FIRST
    assert schema.migrate(first) == (schema.FIRST, schema.NEWEST)
    assert _differences(first) == []


def test_nothing_is_lost_on_the_way(first, policies, clock):
    schema.migrate(first)
    shop, wang = SqlShop(first, policies, clock), Identity(customer_id="C1")
    order = shop.order(wang, "XE1")
    assert [(line.id, line.returned_quantity) for line in order.lines] == [(1, 2), (2, 0)]
    (case,) = order.returns
    assert (case.rma_number, case.pieces, case.reason) == ("RMA1", ((1, 2),), Reason.SIZE)
    assert (case.kind.value, case.note) == ("return", "太大")
    assert (order.refund.number, order.refund.cause.value) == ("RF1", "return")
    assert shop.customer("C1").points == 7
    assert shop.order(Identity(visitor_id="v-1"), "XE1") == order
    with first.connect() as connection:
        kept = connection.execute(select(t.settlements)).one()
        failures = connection.execute(select(func.count()).select_from(t.proof_failures))
        assert (kept.actor, kept.idempotency_key, kept.number) == (
            "customer:C1",
            "message-1",
            "RMA1",
        )
        assert failures.scalar_one() == 1
    done = shop.settle(
        wang,
        "XE1",
        ReturnRequest(((2, 1),), Reason.SIZE),
        idempotency_key="message-2",
        now=clock(),
    )
    assert [each.rma_number for each in shop.order(wang, "XE1").returns] == ["RMA1", done.number]


def test_a_step_that_fails_changes_nothing(first):
    with first.begin() as connection:
        connection.exec_driver_sql("CREATE TABLE coupons (code TEXT)")
    with pytest.raises(Exception, match="shop's database"):
        schema.migrate(first)
    assert schema.version_of(first) == schema.FIRST
    assert not inspect(first).has_table("settlements")


@pytest.mark.parametrize(("found", "way_out"), [("0001", "shop migrate"), ("9999", "newer")])
def test_a_database_of_another_version_is_not_opened(tmp_path, found, way_out):
    url = f"sqlite:///{tmp_path}/other.db"
    engine = open_engine(url)
    schema.migrate(engine)
    with engine.begin() as connection:
        connection.exec_driver_sql(f"UPDATE alembic_version SET version_num = '{found}'")
    engine.dispose()
    with pytest.raises(SchemaMismatch, match=way_out):
        open_shop(ShopSettings(database_url=url))


def test_a_database_of_a_later_version_is_left_alone(empty):
    schema.migrate(empty)
    with empty.begin() as connection:
        connection.exec_driver_sql("UPDATE alembic_version SET version_num = '9999'")
    with pytest.raises(SchemaMismatch):
        schema.migrate(empty)


def test_a_shop_that_is_down_can_be_opened_all_the_same():
    assert open_shop(ShopSettings(database_url="sqlite:////nowhere/at/all/shop.db"))
