"""Connections are kept, and yet never show what is no longer so."""

import os
import shutil
import sqlite3
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from sqlalchemy import event

from shop.errors import ShopUnavailable
from shop.models import OrderStatus, Reason, ReturnRequest

NUMBER = "XE20260002"


@pytest.fixture
def file(engine):
    return Path(engine.url.database)


def change_status(file, status):
    """Another program writes to the shop's database."""
    with sqlite3.connect(file) as connection:
        connection.execute("update orders set status = ? where number = ?", (status, NUMBER))
    connection.close()


def test_one_connection_serves_one_question_after_another(shop, engine, lin):
    opened = []
    event.listen(engine, "connect", lambda *_: opened.append(1))
    for _ in range(3):
        shop.order(lin, NUMBER)
        shop.orders(lin)
    assert len(opened) == 1


def test_what_others_write_is_seen_by_the_next_question(shop, file, lin):
    assert shop.order(lin, NUMBER).status is OrderStatus.DELIVERED
    change_status(file, "refunded")
    assert shop.order(lin, NUMBER).status is OrderStatus.REFUNDED
    assert {o.number: o.status for o in shop.orders(lin)}[NUMBER] is OrderStatus.REFUNDED


def test_a_backup_that_is_put_back_is_what_is_read(shop, file, lin, tmp_path):
    backup = tmp_path / "backup.db"
    shutil.copyfile(file, backup)
    change_status(backup, "cancelled")
    assert shop.order(lin, NUMBER).status is OrderStatus.DELIVERED
    os.replace(backup, file)
    assert shop.order(lin, NUMBER).status is OrderStatus.CANCELLED


def test_a_database_that_is_taken_away_is_missed_until_it_is_back(shop, file, lin, tmp_path):
    away = tmp_path / "away"
    shop.order(lin, NUMBER)
    file.rename(away)
    with pytest.raises(ShopUnavailable):
        shop.order(lin, NUMBER)
    os.replace(away, file)
    assert shop.order(lin, NUMBER).number == NUMBER


def test_many_threads_may_ask_at_once(shop, lin, emma):
    def ask(turn):
        asker = (lin, emma)[turn % 2]
        return {order.customer_id for order in shop.orders(asker, limit=20)}

    with ThreadPoolExecutor(20) as threads:
        answers = list(threads.map(ask, range(200)))
    assert answers == [{"C1001"}, {"C1003"}] * 100


def test_a_closed_shop_leaves_everything_in_its_one_file(shop, file, lin, clock):
    pieces = tuple((line.id, 1) for line in shop.order(lin, NUMBER).lines)
    request = ReturnRequest(pieces, Reason.SIZE)
    shop.settle(lin, NUMBER, request, idempotency_key="k", now=clock())
    shop.close()
    assert [path.name for path in file.parent.glob(f"{file.name}*")] == [file.name]
