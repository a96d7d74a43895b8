"""Parcels: what is noticed unasked, what the carrier is asked, what a delay is worth."""

from dataclasses import replace
from datetime import timedelta

import pytest

from shop.models import (
    CompensationRequest,
    Inquiry,
    InquiryRequest,
    OrderStatus,
    Problem,
    ShipmentStatus,
)
from shop.rights import assess, load_policies, parcels
from shop.rights.table.specimens import DELIVERED_AT, arrived, order, parcel, under_way

POLICIES = load_policies()


def ask(bought, problem, *, number="SF100", hours=0):
    now = DELIVERED_AT + timedelta(hours=hours)
    return assess(bought, InquiryRequest(number, Problem(problem)), policies=POLICIES, now=now)


@pytest.mark.parametrize(
    ("scanned", "promised", "late", "stuck", "lost", "days_late", "quiet"),
    [
        (0, 0, False, False, False, 0, 0),
        (0, -1, True, False, False, 1, 0),
        (-1, 1, False, False, False, 0, 1),
        (-2, 1, False, True, False, 0, 2),
        (-9, -3, True, True, False, 3, 9),
        (-10, -3, True, True, True, 3, 10),
    ],
)
def test_a_parcel_that_needs_looking_after_is_noticed(
    scanned, promised, late, stuck, lost, days_late, quiet
):
    bought = under_way(scanned=scanned, promised=promised)
    (state,) = parcels(bought, policies=POLICIES, now=DELIVERED_AT)
    assert (state.is_late, state.is_stuck, state.is_lost) == (late, stuck, lost)
    assert (state.days_late, state.quiet_days) == (days_late, quiet)


def test_a_parcel_that_has_come_is_neither_stuck_nor_lost_but_may_have_come_late():
    now = DELIVERED_AT + timedelta(days=60)
    (state,) = parcels(arrived(promised=-2), policies=POLICIES, now=now)
    assert (state.is_late, state.is_stuck, state.is_lost) == (True, False, False)
    assert (state.days_late, state.quiet_days) == (2, 0)


def test_a_parcel_without_a_scan_is_quiet_since_the_order():
    bought = under_way(scanned=0, promised=3)
    bought = replace(bought, shipments=(replace(bought.shipments[0], events=()),))
    (state,) = parcels(bought, policies=POLICIES, now=DELIVERED_AT)
    assert state.is_stuck and state.quiet_days == 4


def test_each_of_several_parcels_has_its_own_state():
    bought = order(
        status=OrderStatus.SHIPPED,
        delivered_at=None,
        shipments=(
            parcel(ShipmentStatus.DELIVERED, -1, 0),
            parcel(ShipmentStatus.IN_TRANSIT, -3, 2),
            parcel(ShipmentStatus.EXCEPTION, 0, 2),
        ),
    )
    states = parcels(bought, policies=POLICIES, now=DELIVERED_AT)
    assert [state.is_stuck for state in states] == [False, True, True]


SLOW = under_way(scanned=0, promised=-1)
MOVING = under_way(scanned=0, promised=3)
QUIET = under_way(scanned=-2, promised=3)
GONE = under_way(scanned=-10, promised=3)
TROUBLED = under_way(scanned=0, promised=3, status=ShipmentStatus.EXCEPTION)
CAME = arrived(promised=0)


@pytest.mark.parametrize(
    ("bought", "problem", "hours", "outcome", "rule"),
    [
        (SLOW, "late", 0, "allowed", "late"),
        (MOVING, "late", 0, "denied", "not_late"),
        (QUIET, "late", 0, "allowed", "stuck"),
        (QUIET, "stuck", 0, "allowed", "stuck"),
        (QUIET, "stuck", -1, "denied", "still_moving"),
        (MOVING, "stuck", 0, "denied", "still_moving"),
        (TROUBLED, "stuck", 0, "allowed", "carrier_problem"),
        (TROUBLED, "lost", 0, "allowed", "carrier_problem"),
        (GONE, "lost", 0, "allowed", "lost"),
        (QUIET, "lost", 0, "allowed", "stuck"),
        (MOVING, "lost", 0, "denied", "still_moving"),
        (CAME, "not_received", 0, "allowed", "signed_not_received"),
        (CAME, "not_received", 30 * 24, "allowed", "signed_not_received"),
        (CAME, "not_received", 31 * 24, "needs_person", "signed_long_ago"),
        (MOVING, "not_received", 0, "denied", "not_signed"),
        (CAME, "late", 0, "denied", "parcel_arrived"),
        (CAME, "lost", 0, "denied", "parcel_arrived"),
        (CAME, "damaged", 0, "denied", "about_the_goods"),
        (CAME, "missing", 0, "denied", "about_the_goods"),
        (CAME, "wrong_item", 0, "denied", "about_the_goods"),
    ],
)
def test_the_carrier_is_asked_only_where_there_is_something_to_find(
    bought, problem, hours, outcome, rule
):
    verdict = ask(bought, problem, hours=hours)
    assert (verdict.outcome, verdict.rule) == (outcome, rule)


def test_a_parcel_is_looked_for_once_at_a_time():
    inquiry = Inquiry("Q1", "SF100", Problem.LATE, DELIVERED_AT, DELIVERED_AT)
    assert ask(replace(SLOW, inquiries=(inquiry,)), "stuck").rule == "inquiry_open"
    answered = replace(inquiry, open=False)
    assert ask(replace(SLOW, inquiries=(answered,)), "late").allowed
    other = replace(inquiry, tracking_number="SF999")
    assert ask(replace(SLOW, inquiries=(other,)), "late").allowed


@pytest.mark.parametrize(
    ("bought", "rule"),
    [
        (CAME, "parcel_unknown"),
        (order(status=OrderStatus.PAID, delivered_at=None), "not_dispatched"),
    ],
)
def test_a_parcel_of_another_order_is_not_looked_for(bought, rule):
    assert ask(bought, "late", number="YT999").rule == rule


def test_who_signed_is_found_out_sooner_than_where_it_is():
    assert ask(CAME, "not_received").facts["hours"] == 24
    assert ask(SLOW, "late").facts["hours"] == 48


@pytest.mark.parametrize(
    ("bought", "rule", "cents"),
    [
        (arrived(promised=-1), "late_coupon", 1000),
        (SLOW, "late_coupon", 1000),
        (CAME, "delivered_in_time", 0),
        (arrived(promised=2), "delivered_in_time", 0),
        (MOVING, "not_late", 0),
        (replace(SLOW, compensated=True), "already_compensated", 0),
        (order(status=OrderStatus.PAID, delivered_at=None), "not_dispatched", 0),
        (replace(SLOW, status=OrderStatus.CANCELLED), "order_cancelled", 0),
    ],
)
def test_a_delay_is_made_up_for_once_and_only_when_it_is_one(bought, rule, cents):
    verdict = assess(bought, CompensationRequest(), policies=POLICIES, now=DELIVERED_AT)
    assert (verdict.rule, verdict.coupon_cents) == (rule, cents)
    assert verdict.allowed is (cents > 0)
    assert verdict.refund_cents == 0
