"""Seeding and refreshing: the same every time, and never over somebody's data."""

from datetime import timedelta

import pytest
from sqlalchemy import insert, select

from shop.errors import NotADemoShop
from shop.models import Reason, ReturnRequest
from shop.seed import refresh, seed
from shop.sql import schema
from shop.sql import tables as t
from shop.sql.backend import SqlShop
from shop.sql.engine import open_engine


def _dump(engine):
    with engine.connect() as connection:
        return {
            table.name: sorted(map(repr, connection.execute(select(table)).all()))
            for table in t.metadata.sorted_tables
        }


def test_seeding_twice_gives_the_same_and_forgets_what_was_opened(
    engine, policy, policies, today, clock, lin
):
    before = _dump(engine)
    shop = SqlShop(engine, policies, clock)
    (line,) = shop.order(lin, "XE20260002").lines
    request = ReturnRequest(((line.id, 1),), Reason.SIZE)
    shop.settle(lin, "XE20260002", request, idempotency_key="k", now=clock())
    assert _dump(engine) != before
    seed(engine, today=today, policy=policy)
    assert _dump(engine) == before


def test_a_shops_own_data_is_not_wiped_unless_forced(tmp_path, policy, today):
    engine = open_engine(f"sqlite:///{tmp_path / 'real.db'}")
    schema.migrate(engine)
    own = {
        "id": "C1",
        "name": "王芳",
        "language": "zh-Hans",
        "level": "gold",
        "phone": "13900000000",
        "points": 0,
    }
    with engine.begin() as connection:
        connection.execute(insert(t.customers), own)
    before = _dump(engine)
    with pytest.raises(NotADemoShop):
        seed(engine, today=today, policy=policy)
    assert refresh(engine, today=today) == 0
    assert _dump(engine) == before
    seed(engine, today=today, policy=policy, force=True)
    assert len(_dump(engine)["customers"]) == 220
    engine.dispose()


def test_a_later_day_moves_every_date_and_keeps_the_returns(engine, policies, today, clock, lin):
    shop = SqlShop(engine, policies, clock)
    (line,) = shop.order(lin, "XE20260002").lines
    request = ReturnRequest(((line.id, 1),), Reason.SIZE)
    opened = shop.settle(lin, "XE20260002", request, idempotency_key="k", now=clock())
    before = shop.orders(lin)
    assert refresh(engine, today=today + timedelta(days=9)) == 9
    assert refresh(engine, today=today + timedelta(days=9)) == 0
    shift = timedelta(days=9)
    for old, new in zip(before, shop.orders(lin), strict=True):
        assert new.placed_at == old.placed_at + shift
        assert new.delivered_at == (old.delivered_at and old.delivered_at + shift)
        for was, parcel in zip(old.shipments, new.shipments, strict=True):
            assert parcel.promised_on == was.promised_on + shift
            assert [e.at - shift for e in parcel.events] == [e.at for e in was.events]
    (kept,) = shop.order(lin, "XE20260002").returns
    assert (kept.rma_number, kept.opened_at) == (opened.number, opened.settled_at + shift)
    again = shop.settle(lin, "XE20260002", request, idempotency_key="k", now=clock())
    assert (again.settled_at, again.due_at) == (kept.opened_at, opened.due_at + shift)


def test_refreshing_an_untouched_demo_keeps_what_was_promised_of_it(engine, policy, today):
    later = today + timedelta(days=30)
    refresh(engine, today=later)
    with engine.connect() as connection:
        (due_on,) = connection.execute(
            select(t.refunds.c.due_on).where(t.refunds.c.order_number == "XE20260006")
        ).one()
    assert due_on > later


def test_an_earlier_day_and_an_empty_database_are_left_alone(engine, tmp_path, today):
    before = _dump(engine)
    assert refresh(engine, today=today) == 0
    assert refresh(engine, today=today - timedelta(days=1)) == 0
    assert _dump(engine) == before
    assert refresh(open_engine(f"sqlite:///{tmp_path / 'empty.db'}"), today=today) == 0
