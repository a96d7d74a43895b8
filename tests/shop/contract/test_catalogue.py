"""Products, stock notices, coupons and points."""

import threading

import pytest

from shop.errors import VariantNotFound
from shop.models import Identity


def test_a_product_tells_all_that_is_known_of_it(shop, today):
    coat = shop.product("CL1001")
    assert coat.title["en"] == "Women's double-faced wool coat"
    assert [variant.size for variant in coat.variants[::2]] == ["S", "M", "L", "XL"]
    assert coat.variant("CL1001-M-CAMEL").stock == 0
    assert coat.stock > 0
    assert dict(coat.facts)["material"].keys() == {"zh", "en"}
    headphones = shop.product("EL1001")
    assert headphones.price_on(today).cents == headphones.unit_price_cents
    assert headphones.prices[0].cents > headphones.unit_price_cents


def test_products_that_are_not_there_are_left_out(shop):
    assert shop.product("NO1") is None
    assert list(shop.products(("SH1001", "NO1", "SH1001"))) == ["SH1001"]
    assert shop.products(()) == {}


def test_a_customer_is_noted_once_for_each_variant(shop, lin, emma, clock):
    first = shop.watch_stock(lin, "CL1001-M-CAMEL", now=clock())
    clock.forward(days=1)
    assert shop.watch_stock(lin, "CL1001-M-CAMEL", now=clock()) == first
    assert first.number.startswith("SN")
    assert shop.watch_stock(emma, "CL1001-M-CAMEL", now=clock()).number != first.number


def test_two_tabs_at_once_leave_one_notice(shop, rows, lin, clock):
    start, numbers = threading.Barrier(6), []

    def watch():
        start.wait()
        numbers.append(shop.watch_stock(lin, "CL1001-M-CAMEL", now=clock()).number)

    threads = [threading.Thread(target=watch) for _ in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(set(numbers)) == 1
    assert rows("select count(*) from stock_notices") == [(1,)]


def test_nobody_waits_for_what_is_not_sold_or_without_an_account(shop, lin, visitor, clock):
    with pytest.raises(VariantNotFound):
        shop.watch_stock(lin, "CL1001-XXXL-PINK", now=clock())
    with pytest.raises(ValueError, match="visitor"):
        shop.watch_stock(visitor, "CL1001-M-CAMEL", now=clock())


def test_coupons_that_can_be_used_come_the_next_to_expire_first(shop, rows, lin, visitor):
    rows(
        "insert into coupons"
        " (code, customer_id, title, amount_cents, from_cents, valid_until, used)"
        " select code || 'X', customer_id, title, 500, 0, '2026-11-20', used"
        " from coupons where code = 'CPB1001'"
    )
    coupons = shop.coupons(lin)
    assert [coupon.code for coupon in coupons] == ["CPB1001X", "CPB1001"]
    assert not any(coupon.used for coupon in coupons)
    assert shop.coupons(visitor) == []


def test_points_come_newest_first_and_add_up(shop, lin, visitor):
    entries = shop.points(lin, limit=100)
    assert [entry.at for entry in entries] == sorted((e.at for e in entries), reverse=True)
    assert sum(entry.points for entry in entries) == shop.customer("C1001").points > 0
    assert shop.points(lin, limit=1) == entries[:1]
    assert shop.points(visitor) == []
    assert shop.points(Identity(customer_id="C1004")) == []
