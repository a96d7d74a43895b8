"""Whoever asks is told in time, and what was begun is undone."""

import time

import pytest

from shop.errors import ShopUnavailable
from shop.models import Reason, ReturnRequest
from shop.sql.engine import serialise, writing

COAT = "XE20260002"


def test_a_write_that_has_to_wait_for_long_is_given_up_and_works_later(shop, database, lin, clock):
    (line,) = shop.order(lin, COAT).lines
    request = ReturnRequest(((line.id, 1),), Reason.SIZE)

    def settle():
        return shop.settle(lin, COAT, request, idempotency_key="k", now=clock())

    with writing(database) as connection:
        serialise(connection, f"settle order:{COAT}")
        began = time.monotonic()
        with pytest.raises(ShopUnavailable):
            settle()
        assert time.monotonic() - began < 2.5
    assert shop.order(lin, COAT).returns == ()
    assert settle().number == shop.order(lin, COAT).returns[0].rma_number


def test_what_breaks_in_the_middle_leaves_nothing_behind(shop, rows, lin, clock):
    before = shop.order(lin, COAT)
    rows("alter table settlements rename to settlements_away")
    (line,) = before.lines
    with pytest.raises(ShopUnavailable):
        request = ReturnRequest(((line.id, 1),), Reason.SIZE)
        shop.settle(lin, COAT, request, idempotency_key="k", now=clock())
    rows("alter table settlements_away rename to settlements")
    rows("create unique index one on settlements (remedy, order_number)")
    rows(
        "insert into settlements (actor, idempotency_key, body_digest, number, remedy,"
        " order_number, settled_at, refund_cents, points, coupon_cents, rules, policy_version)"
        f" values ('a', 'k', 'd', 'n', 'return', '{COAT}', '2026-11-20 00:00:00', 0, 0, 0,"
        " '[]', '')"
    )
    with pytest.raises(ShopUnavailable):
        shop.settle(lin, COAT, request, idempotency_key="k", now=clock())
    assert shop.order(lin, COAT) == before
