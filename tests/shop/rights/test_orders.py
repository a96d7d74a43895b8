"""Cancelling, redirecting, and what was paid twice."""

from dataclasses import replace
from datetime import date

import pytest

from shop.models import (
    Address,
    CancelRequest,
    DuplicatePaymentRequest,
    OrderStatus,
    Payment,
    PaymentState,
    RedirectRequest,
    Refund,
    RefundState,
    Remedy,
)
from shop.rights import assess, load_policies
from shop.rights.table.specimens import DELIVERED_AT, PLACED_AT, order, under_way

POLICIES = load_policies()
HOME = Address("林晓雯", "13800001001", "浙江", "杭州", "文三路1号")
MOVED = replace(HOME, phone="13900000000")
PAID = order(status=OrderStatus.PAID, delivered_at=None)
ON_ITS_WAY = under_way(scanned=0, promised=3)


def judge(bought, request):
    return assess(bought, request, policies=POLICIES, now=DELIVERED_AT)


def refund(cause, cents):
    return Refund("RF1", cents, RefundState.PAID, DELIVERED_AT, date(2026, 11, 9), 0, cause)


def payments(*attempts):
    return tuple(
        Payment(f"P{number}", "Alipay", cents, PaymentState(state), PLACED_AT)
        for number, (cents, state) in enumerate(attempts)
    )


@pytest.mark.parametrize(
    ("bought", "rule"),
    [
        (order(status=OrderStatus.UNPAID, delivered_at=None), "cancel_unpaid"),
        (PAID, "cancel_before_dispatch"),
        (replace(PAID, shipments=ON_ITS_WAY.shipments), "already_dispatched"),
        (ON_ITS_WAY, "already_dispatched"),
        (order(), "already_delivered"),
        (order(status=OrderStatus.CANCELLED), "order_cancelled"),
        (order(status=OrderStatus.REFUNDING), "already_refunded"),
        (order(status=OrderStatus.REFUNDED), "already_refunded"),
    ],
)
def test_an_order_is_cancelled_before_dispatch_only(bought, rule):
    verdict = judge(bought, CancelRequest())
    assert verdict.rule == rule
    assert verdict.allowed is rule.startswith("cancel")


def test_money_points_and_coupon_come_back():
    bought = replace(PAID, coupon_cents=1500, points_used=300, total_cents=14300)
    verdict = judge(bought, CancelRequest())
    back = (verdict.refund_cents, verdict.points, verdict.coupon_cents)
    assert back == (14300, 300, 1500)


def test_what_has_been_paid_back_before_is_not_paid_back_again():
    protected = replace(PAID, refunds=(refund(Remedy.PRICE_PROTECTION, 3000),))
    assert judge(protected, CancelRequest()).refund_cents == 12800
    twice = replace(PAID, refunds=(refund(Remedy.DUPLICATE_PAYMENT, 15800),))
    assert judge(twice, CancelRequest()).refund_cents == 15800


def test_an_unpaid_order_gives_back_what_came_in_all_the_same():
    unpaid = order(status=OrderStatus.UNPAID, delivered_at=None)
    assert judge(unpaid, CancelRequest()).refund_cents == 0
    late = replace(unpaid, payments=payments((15800, "paid")))
    assert judge(late, CancelRequest()).refund_cents == 15800


@pytest.mark.parametrize(
    ("bought", "address", "rule"),
    [
        (PAID, HOME, "redirect_before_dispatch"),
        (order(status=OrderStatus.UNPAID, delivered_at=None), HOME, "redirect_before_dispatch"),
        (replace(PAID, shipments=ON_ITS_WAY.shipments), HOME, "already_dispatched"),
        (ON_ITS_WAY, HOME, "already_dispatched"),
        (order(), HOME, "already_delivered"),
        (order(status=OrderStatus.CANCELLED), HOME, "order_cancelled"),
        (PAID, replace(HOME, recipient=""), "address_incomplete"),
        (PAID, replace(HOME, phone="  "), "address_incomplete"),
        (PAID, replace(HOME, detail=""), "address_incomplete"),
        (replace(PAID, address=HOME), HOME, "same_address"),
        (
            replace(PAID, address=HOME),
            replace(HOME, phone="13900000000"),
            "redirect_before_dispatch",
        ),
    ],
)
def test_a_parcel_goes_elsewhere_before_dispatch_only(bought, address, rule):
    verdict = judge(bought, RedirectRequest(address))
    assert verdict.rule == rule
    assert verdict.allowed is (rule == "redirect_before_dispatch")


@pytest.mark.parametrize(
    ("attempts", "refunds", "cents", "rule"),
    [
        ([(15800, "paid"), (15800, "paid")], (), 15800, "paid_twice"),
        ([(15800, "paid"), (15800, "failed")], (), 0, "paid_once"),
        ([(15800, "paid"), (15800, "pending")], (), 0, "paid_once"),
        ([(15800, "paid"), (15800, "refunded")], (), 0, "paid_once"),
        ([(7900, "paid"), (7900, "paid")], (), 0, "paid_once"),  # two halves are no duplicate
        ([(15800, "paid"), (5000, "paid")], (), 5000, "paid_twice"),
        ([], (), 0, "paid_once"),
        (
            [(15800, "paid"), (15800, "paid")],
            (refund(Remedy.DUPLICATE_PAYMENT, 15800),),
            0,
            "surplus_on_its_way",
        ),
        (
            [(15800, "paid"), (15800, "paid")],
            (refund(Remedy.PRICE_PROTECTION, 3000),),
            15800,
            "paid_twice",
        ),
    ],
)
def test_what_came_in_above_the_total_goes_back_once(attempts, refunds, cents, rule):
    bought = order(payments=payments(*attempts), refunds=refunds)
    verdict = judge(bought, DuplicatePaymentRequest())
    assert (verdict.rule, verdict.refund_cents) == (rule, cents)
