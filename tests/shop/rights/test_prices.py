"""Price protection. Placed on 29 October 2026 at 150 yuan, asked on 4 November."""

from dataclasses import replace
from datetime import date, datetime, timezone

import pytest

from shop.errors import LineNotFound
from shop.models import (
    OrderStatus,
    PricePoint,
    PriceProtectionRequest,
    Refund,
    RefundState,
    Remedy,
)
from shop.rights import Outcome, assess, load_policies
from shop.rights.table.specimens import DELIVERED_AT, line, order, product

POLICIES = load_policies()
NOW = datetime(2026, 11, 4, 6, tzinfo=timezone.utc)


def now_at(cents, campaign="", bought_in=""):
    prices = (
        PricePoint(date(2026, 1, 1), 15000, bought_in),
        PricePoint(date(2026, 11, 4), cents, campaign),
    )
    return {"SKU1": product(prices=prices)}


def judge(bought, products, *line_ids, now=NOW):
    request = PriceProtectionRequest(line_ids)
    return assess(bought, request, policies=POLICIES, now=now, products=products)


@pytest.mark.parametrize(
    ("changes", "cents", "back"),
    [
        ({}, 12000, 3000),
        ({}, 14999, 1),
        ({}, 15000, 0),
        ({}, 18000, 0),
        ({"quantity": 3}, 12000, 9000),
        ({"quantity": 3, "returned_quantity": 1}, 12000, 6000),
    ],
)
def test_the_difference_to_todays_price_is_paid_for_what_is_left(changes, cents, back):
    verdict = judge(order(line(**changes)), now_at(cents))
    assert verdict.refund_cents == back
    assert verdict.rule == ("price_dropped" if back else "price_not_lower")


def test_what_counts_is_what_was_paid_and_not_what_was_on_the_tag():
    discounted = order(total_cents=13000 + 800, coupon_cents=2000)
    assert judge(discounted, now_at(12000)).refund_cents == 1000
    assert judge(discounted, now_at(13000)).rule == "price_not_lower"


@pytest.mark.parametrize(
    ("now", "rule"),
    [
        ("2026-11-13T23:59+08:00", "price_dropped"),
        ("2026-11-14T00:00+08:00", "protection_over"),
    ],
)
def test_a_price_is_protected_for_fifteen_days(now, rule):
    verdict = judge(order(), now_at(12000), now=datetime.fromisoformat(now))
    assert verdict.rule == rule


@pytest.mark.parametrize(
    ("bought", "products"),
    [
        (order(), now_at(12000, "flash_sale")),
        (order(), now_at(12000, "clearance")),
        (order(), now_at(12000, bought_in="flash_sale")),
        (order(line(traits=("clearance",))), now_at(12000)),
    ],
)
def test_sales_that_the_policy_names_are_left_out(bought, products):
    verdict = judge(bought, products)
    assert (verdict.outcome, verdict.rule) == (Outcome.DENIED, "price_excluded")
    assert judge(order(), now_at(12000, "member_day")).allowed


def test_a_gift_has_no_price_to_protect():
    bought = order(line(), line(2, gift_with=1))
    verdict = judge(bought, now_at(12000))
    assert [each.refund_cents for each in verdict.line_verdicts] == [3000, 0]
    assert judge(bought, now_at(12000), 2).rule == "price_excluded"


@pytest.mark.parametrize(
    ("status", "rule"),
    [
        (OrderStatus.UNPAID, "not_paid"),
        (OrderStatus.CANCELLED, "order_cancelled"),
        (OrderStatus.REFUNDING, "already_refunded"),
        (OrderStatus.PAID, "price_dropped"),
        (OrderStatus.SHIPPED, "price_dropped"),
    ],
)
def test_only_an_order_that_was_paid_and_kept_is_protected(status, rule):
    assert judge(order(status=status), now_at(12000)).rule == rule


def test_a_difference_is_paid_once():
    paid = Refund(
        "RF1", 3000, RefundState.PAID, DELIVERED_AT, date(2026, 11, 9), 0, Remedy.PRICE_PROTECTION
    )
    assert judge(order(refunds=(paid,)), now_at(10000)).rule == "already_protected"
    assert judge(order(refunds=(replace(paid, cause=Remedy.RETURN),)), now_at(12000)).allowed


def test_a_price_that_nobody_knows_is_a_persons_to_look_up():
    verdict = judge(order(), {})
    assert (verdict.outcome, verdict.rule) == (Outcome.NEEDS_PERSON, "price_unknown")


def test_everything_returned_leaves_nothing_to_protect():
    assert judge(order(line(returned_quantity=1)), now_at(12000)).rule == "already_returned"


def test_a_line_of_another_order_is_not_protected():
    with pytest.raises(LineNotFound):
        judge(order(), now_at(12000), 99)
