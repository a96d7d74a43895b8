"""What the demo shop's products cost when, and that orders were rung up at the day's price."""

from collections import Counter
from datetime import date, timedelta

import pytest

from shop.demo.catalogue import load_catalogue
from shop.demo.price_history import make_prices
from shop.demo.world import make_world
from shop.models import PricePoint

TODAY = date(2026, 3, 1)


@pytest.fixture(scope="module")
def shelf(today):
    return {product.sku: product for product in load_catalogue(today)}


def test_a_history_is_dated_back_from_today() -> None:
    item = {
        "price": 79900,
        "prices": [
            {"days_ago": 90, "price": 99900},
            {"days_ago": 5, "price": 79900, "campaign": "flash_sale"},
        ],
    }
    assert make_prices("XX1001", item, TODAY) == (
        PricePoint(date(2025, 12, 1), 99900),
        PricePoint(date(2026, 2, 24), 79900, "flash_sale"),
    )
    assert make_prices("XX1001", {"price": 79900}, TODAY) == ()


@pytest.mark.parametrize(
    "prices",
    [
        [{"days_ago": 9, "price": 500}],
        [{"days_ago": 2, "price": 900}, {"days_ago": 9, "price": 700}],
        [{"days_ago": 2, "price": 900}, {"days_ago": 2, "price": 700}],
        [{"days_ago": 9, "price": 900}, {"days_ago": -1, "price": 700}],
        [{"days_ago": 9, "price": 0}, {"days_ago": 1, "price": 700}],
        [{"days_ago": 9, "price": 700, "campaign": "black_friday"}],
    ],
)
def test_a_history_that_cannot_be_is_refused(prices) -> None:
    with pytest.raises(ValueError, match="XX1001"):
        make_prices("XX1001", {"price": 700, "prices": prices}, TODAY)


def test_every_product_costs_today_what_it_says(shelf, today) -> None:
    for product in shelf.values():
        assert product.price_on(today).cents == product.unit_price_cents, product.sku


def test_some_prices_dropped_lately_and_some_of_those_in_a_sale(shelf, today) -> None:
    dropped = []
    for product in shelf.values():
        for before, after in zip(product.prices, product.prices[1:]):
            if after.cents < before.cents and today - after.from_day <= timedelta(days=20):
                dropped.append((product.sku, after.campaign))
    assert len(dropped) >= 20
    campaigns = Counter(campaign for _, campaign in dropped)
    assert (campaigns["flash_sale"], campaigns["clearance"]) == (4, 3)


@pytest.mark.parametrize(
    ("number", "sku", "paid", "dropped_days_ago"),
    [("XE20260001", "AP1001", 379900, 1), ("XE20260003", "EL1001", 139900, 10)],
)
def test_two_named_orders_were_bought_before_the_price_dropped(
    policy, shelf, today, number, sku, paid, dropped_days_ago
) -> None:
    order = next(each for each in make_world(today, policy).orders if each.number == number)
    (line,) = order.lines
    assert (line.sku, line.unit_price_cents) == (sku, paid)
    assert shelf[sku].prices[-1].from_day == today - timedelta(days=dropped_days_ago)
    assert shelf[sku].unit_price_cents < paid


def test_orders_were_rung_up_at_the_price_of_their_day(policy, today) -> None:
    world = make_world(today, policy)
    shelf = {product.sku: product for product in world.products}
    earlier = 0
    for order in world.orders:
        day = order.placed_at.astimezone(policy.zone).date()
        for line in order.lines:
            assert line.unit_price_cents == shelf[line.sku].price_on(day).cents, order.number
            earlier += line.unit_price_cents != shelf[line.sku].unit_price_cents
    assert earlier > 100


def test_a_line_says_which_variant_was_bought_where_there_are_several(policy, today) -> None:
    world = make_world(today, policy)
    shelf = {product.sku: product for product in world.products}
    for order in world.orders:
        for line in order.lines:
            several = len(shelf[line.sku].variants) > 1
            assert bool(shelf[line.sku].variant(line.variant)) is several, order.number
    named = {order.number: [line.variant for line in order.lines] for order in world.orders[:6]}
    assert named == {
        "XE20260001": ["AP1001-WHITE"],
        "XE20260002": ["CL1001-S-CAMEL"],
        "XE20260003": ["EL1001-BLACK"],
        "XE20260004": ["AP1002-WHITE", ""],
        "XE20260005": ["HO1004-SILVER", "HO1003-GREY"],
        "XE20260006": ["SH1001-39-BLACK"],
    }
