"""Decision table of returns and of refunds without a parcel.

Delivered on Monday, 2 November 2026, unless a row says otherwise.
"""

from dataclasses import replace
from datetime import date, datetime, timedelta, timezone

import pytest

from shop.errors import LineNotFound
from shop.models import (
    OrderStatus,
    Payer,
    Reason,
    RefundOnlyRequest,
    ReturnRequest,
    Shipment,
    ShipmentStatus,
    TrackingEvent,
)
from shop.rights import Outcome, assess, load_policies, returnable
from shop.rights.table.specimens import DELIVERED_AT, TEXT, line, order, under_way

POLICIES = load_policies()
ZONE = POLICIES.versions[0].zone


def at(text):
    """A moment in Shanghai, in UTC as the shop keeps it."""
    return datetime.fromisoformat(text).replace(tzinfo=ZONE).astimezone(timezone.utc)


def judge(bought, request, now=DELIVERED_AT):
    return assess(bought, request, policies=POLICIES, now=now)


def back(reason, *pieces, opened=None):
    return ReturnRequest(pieces or ((1, 1),), Reason(reason), opened=opened)


@pytest.mark.parametrize(
    ("delivered", "now", "reason", "traits", "outcome", "rule"),
    [
        # Seven days without a reason, to the last minute of the last.
        ("2026-11-02 14:00", "2026-11-02 14:05", "changed_mind", (), "allowed", "no_reason_window"),
        ("2026-11-02 14:00", "2026-11-09 23:59", "size", (), "allowed", "no_reason_window"),
        ("2026-11-02 14:00", "2026-11-10 00:00", "size", (), "denied", "window_over"),
        ("2026-11-02 14:00", "2026-11-10 00:00", "other", (), "denied", "window_over"),
        # Late in the evening in Shanghai it is still the same day, though not in London.
        ("2026-11-02 23:59", "2026-11-09 23:59", "other", (), "allowed", "no_reason_window"),
        ("2026-11-02 00:01", "2026-11-10 00:00", "other", (), "denied", "window_over"),
        # The last day is a Sunday, a Saturday, a holiday: the next working day.
        ("2026-11-01 14:00", "2026-11-09 23:59", "other", (), "allowed", "no_reason_window"),
        ("2026-11-01 14:00", "2026-11-10 00:00", "other", (), "denied", "window_over"),
        ("2026-10-31 14:00", "2026-11-09 12:00", "other", (), "allowed", "no_reason_window"),
        ("2026-02-10 14:00", "2026-02-24 12:00", "other", (), "allowed", "no_reason_window"),
        ("2026-02-10 14:00", "2026-02-25 00:00", "other", (), "denied", "window_over"),
        # A Saturday that everybody works is no rest day.
        ("2026-02-07 14:00", "2026-02-15 00:00", "other", (), "denied", "window_over"),
        # Thirty days for what the shop answers for.
        ("2026-11-02 14:00", "2026-11-10 12:00", "damaged", (), "allowed", "quality_claim"),
        ("2026-11-02 14:00", "2026-12-02 23:59", "wrong_item", (), "allowed", "quality_claim"),
        ("2026-11-02 14:00", "2026-12-03 00:00", "quality", (), "denied", "window_over"),
        # Excluded without a reason, but not from a claim.
        ("2026-11-02 14:00", "2026-11-03 9:00", "size", ("custom_made",), "denied", "custom_made"),
        ("2026-11-02 14:00", "2026-11-03 9:00", "size", ("perishable",), "denied", "perishable"),
        ("2026-11-02 14:00", "2026-11-03 9:00", "size", ("digital",), "denied", "digital"),
        ("2026-11-02 14:00", "2026-11-03 9:00", "size", ("newspaper",), "denied", "newspaper"),
        (
            "2026-11-02 14:00",
            "2026-11-20 9:00",
            "quality",
            ("custom_made",),
            "allowed",
            "quality_claim",
        ),
        (
            "2026-11-02 14:00",
            "2026-11-04 23:59",
            "quality",
            ("perishable",),
            "needs_evidence",
            "perishable_claim",
        ),
        (
            "2026-11-02 14:00",
            "2026-11-05 00:00",
            "damaged",
            ("perishable",),
            "needs_person",
            "perishable_late",
        ),
        ("2026-11-02 14:00", "2026-11-03 9:00", "missing", (), "denied", "missing_not_returned"),
        # A parcel signed for a moment ahead of our clock is delivered all the same.
        ("2026-11-03 00:01", "2026-11-02 23:59", "size", (), "allowed", "no_reason_window"),
    ],
)
def test_a_return_follows_the_rules(delivered, now, reason, traits, outcome, rule):
    now = now if len(now) == 16 else now.replace(" ", " 0")
    bought = order(line(traits=traits), delivered_at=at(delivered))
    verdict = judge(bought, back(reason), at(now))
    assert (verdict.outcome, verdict.rule) == (outcome, rule)
    assert [each.outcome for each in verdict.line_verdicts] == [outcome]


@pytest.mark.parametrize(
    ("opened", "reason", "outcome", "rule"),
    [
        (True, "changed_mind", "denied", "opened"),
        (False, "changed_mind", "allowed", "no_reason_window"),
        (None, "changed_mind", "allowed", "no_reason_window"),
        (True, "quality", "allowed", "quality_claim"),
    ],
)
def test_what_was_agreed_to_stay_sealed_counts_once_it_is_opened(opened, reason, outcome, rule):
    bought = order(line(traits=("opened_excluded",)))
    verdict = judge(bought, back(reason, opened=opened))
    assert (verdict.outcome, verdict.rule) == (outcome, rule)
    assert judge(order(), back(reason, opened=opened)).allowed, "nothing was agreed"


@pytest.mark.parametrize(
    ("changes", "pieces", "rule"),
    [
        ({"status": OrderStatus.UNPAID, "delivered_at": None}, 1, "not_delivered"),
        ({"status": OrderStatus.PAID, "delivered_at": None}, 1, "not_delivered"),
        ({"status": OrderStatus.SHIPPED, "delivered_at": None}, 1, "not_delivered"),
        ({"status": OrderStatus.CANCELLED}, 1, "order_cancelled"),
        ({"status": OrderStatus.REFUNDING}, 1, "already_refunded"),
        ({"status": OrderStatus.REFUNDED}, 1, "already_refunded"),
        ({}, 3, "more_than_bought"),
        ({}, 10**9, "more_than_bought"),
    ],
)
def test_what_stands_in_the_way_of_everything_is_said_first(changes, pieces, rule):
    bought = order(line(quantity=2), **changes)
    for request in (ReturnRequest, RefundOnlyRequest):
        verdict = judge(bought, request(((1, pieces),), Reason.QUALITY))
        assert (verdict.outcome, verdict.rule) == (Outcome.DENIED, rule)
        assert (verdict.refund_cents, verdict.points) == (0, 0)


@pytest.mark.parametrize(
    ("returned", "asked", "rule"),
    [(1, 2, "more_than_bought"), (2, 1, "already_returned"), (2, 3, "more_than_bought")],
)
def test_a_piece_that_has_been_settled_is_not_settled_again(returned, asked, rule):
    bought = order(line(quantity=2, returned_quantity=returned))
    verdict = judge(bought, back("size", (1, asked)))
    assert (verdict.rule, verdict.facts["left"]) == (rule, 2 - returned)


def test_a_line_of_another_order_is_not_assessed():
    with pytest.raises(LineNotFound) as caught:
        judge(order(), back("size", (1, 1), (99, 1)))
    assert caught.value.line_id == 99


@pytest.mark.parametrize("pieces", [(), ((1, 0),), ((1, -1),), ((1, 1), (1, 1))])
def test_pieces_that_make_no_sense_are_refused(pieces):
    with pytest.raises(ValueError):
        judge(order(line(quantity=2)), ReturnRequest(pieces, Reason.SIZE))


def test_a_moment_without_a_time_zone_is_refused():
    with pytest.raises(ValueError, match="time zone"):
        judge(order(), back("size"), datetime(2026, 11, 3))


@pytest.mark.parametrize(
    ("reason", "payer"),
    [("changed_mind", "shopper"), ("size", "shopper"), ("quality", "shop"), ("wrong_item", "shop")],
)
def test_who_pays_the_parcel_back_follows_the_reason(reason, payer):
    assert judge(order(), back(reason)).freight_paid_by == payer


def test_freight_insurance_pays_a_parcel_that_the_shopper_would_pay():
    insured = order(line(traits=("freight_insured",)))
    verdict = judge(insured, back("size"))
    assert verdict.rules == ("no_reason_window", "freight_insured")
    assert verdict.freight_paid_by is Payer.SHOPPER
    assert "freight_insured" not in judge(insured, back("quality")).rules


@pytest.mark.parametrize(
    ("pieces", "reason", "cents", "rules"),
    [
        (((1, 1), (2, 1)), "quality", 30800, ("quality_claim", "freight_back")),
        (((1, 1),), "quality", 15000, ("quality_claim",)),
        (((1, 1), (2, 1)), "changed_mind", 30000, ("no_reason_window",)),
    ],
)
def test_freight_comes_back_when_all_of_an_order_is_claimed(pieces, reason, cents, rules):
    verdict = judge(order(line(), line(2)), back(reason, *pieces))
    assert (verdict.refund_cents, verdict.rules) == (cents, rules)


def test_a_return_of_part_of_an_order_names_what_comes_back_for_each_line():
    bought = order(line(quantity=3, unit_price_cents=1000), line(2, unit_price_cents=7000))
    bought = replace(bought, total_cents=9000 + 800, points_used=100)
    verdict = judge(bought, back("size", (2, 1), (1, 2)))
    assert [(each.line_id, each.pieces) for each in verdict.line_verdicts] == [(1, 2), (2, 1)]
    assert [each.refund_cents for each in verdict.line_verdicts] == [1800, 6300]
    assert [each.points for each in verdict.line_verdicts] == [20, 70]
    assert (verdict.refund_cents, verdict.points) == (8100, 90)


def test_one_line_that_may_not_go_back_holds_up_the_request_and_not_the_other_line():
    bought = order(line(), line(2, traits=("custom_made",)))
    verdict = judge(bought, back("size", (1, 1), (2, 1)))
    assert (verdict.outcome, verdict.rule) == (Outcome.DENIED, "custom_made")
    assert [each.allowed for each in verdict.line_verdicts] == [True, False]


GIFT = line(2, gift_with=1, unit_price_cents=3000, quantity=2)


def test_a_gift_goes_back_with_the_last_piece_of_what_it_came_with():
    bought = order(line(quantity=2), GIFT)
    part = judge(bought, back("size", (1, 1)))
    assert [each.line_id for each in part.line_verdicts] == [1]
    whole = judge(bought, back("size", (1, 2)))
    assert [(each.line_id, each.pieces) for each in whole.line_verdicts] == [(1, 2), (2, 2)]
    assert (whole.refund_cents, whole.line_verdicts[1].refund_cents) == (30000, 0)
    assert "gift_comes_back" in whole.rules and whole.rule == "no_reason_window"
    named = judge(bought, back("size", (1, 2), (2, 2)))
    assert named.allowed and named.line_verdicts == whole.line_verdicts


@pytest.mark.parametrize(("reason", "allowed"), [("changed_mind", False), ("quality", True)])
def test_a_gift_alone_goes_back_only_when_something_is_wrong_with_it(reason, allowed):
    verdict = judge(order(line(), GIFT), back(reason, (2, 1)))
    assert verdict.allowed is allowed
    assert verdict.refund_cents == 0


def test_much_money_is_confirmed_by_a_person_but_never_denied():
    verdict = judge(order(line(unit_price_cents=500_000)), back("size"))
    assert (verdict.outcome, verdict.rule) == (Outcome.NEEDS_PERSON, "above_approval")
    assert verdict.refund_cents == 500_000


def test_a_claim_of_much_money_needs_a_picture():
    verdict = judge(order(line(unit_price_cents=200_000)), back("damaged"))
    assert (verdict.outcome, verdict.rule) == (Outcome.NEEDS_EVIDENCE, "picture_needed")
    assert judge(order(line(unit_price_cents=199_999)), back("damaged")).allowed


def test_a_parcel_that_has_come_can_go_back_before_the_other_has():
    scan = TrackingEvent(DELIVERED_AT - timedelta(days=3), TEXT, TEXT)
    parcels = tuple(
        Shipment(f"SF{line_id}", TEXT, status, date(2026, 11, 2), (scan,), (line_id,))
        for line_id, status in ((1, ShipmentStatus.DELIVERED), (2, ShipmentStatus.IN_TRANSIT))
    )
    bought = order(
        line(), line(2), status=OrderStatus.SHIPPED, delivered_at=None, shipments=parcels
    )
    first = judge(bought, back("size", (1, 1)))
    assert first.allowed and first.facts["delivered_on"] == date(2026, 10, 30)
    assert judge(bought, back("size", (2, 1))).rule == "not_delivered"


@pytest.mark.parametrize(
    ("cents", "reason", "traits", "outcome", "rule"),
    [
        (10000, "missing", (), "allowed", "missing_refund"),
        (10001, "missing", (), "needs_person", "missing_above"),
        (1999, "damaged", (), "allowed", "keep_it"),
        (2000, "damaged", (), "needs_evidence", "picture_needed"),
        (10000, "quality", (), "needs_evidence", "picture_needed"),
        (10001, "quality", (), "denied", "must_come_back"),
        (10001, "quality", ("perishable",), "needs_evidence", "perishable_claim"),
        (10001, "quality", ("digital",), "needs_evidence", "picture_needed"),
        (1000, "size", (), "denied", "needs_a_claim"),
    ],
)
def test_money_without_a_parcel_depends_on_reason_and_amount(cents, reason, traits, outcome, rule):
    bought = order(line(unit_price_cents=cents, traits=traits), line(2))
    verdict = judge(bought, RefundOnlyRequest(((1, 1),), Reason(reason)))
    assert (verdict.outcome, verdict.rule) == (outcome, rule)
    assert verdict.freight_paid_by is None
    assert verdict.refund_cents == (0 if outcome == "denied" else cents)


def test_a_lost_parcel_is_refunded_with_its_freight_and_one_on_its_way_is_not():
    request = RefundOnlyRequest(((1, 1),), Reason.MISSING)
    lost = judge(under_way(scanned=-10, promised=0), request)
    assert (lost.outcome, lost.rule, lost.refund_cents) == ("allowed", "parcel_lost", 15800)
    assert judge(under_way(scanned=-9, promised=0), request).rule == "not_delivered"


@pytest.mark.parametrize(
    ("days", "lines", "claims", "rule"),
    [
        (7, (1, 2), (2,), "no_reason_window"),
        (8, (1, 2), (1, 2), "quality_claim"),
        (31, (), (), "window_over"),
    ],
)
def test_what_could_be_returned_is_known_before_there_is_a_reason(days, lines, claims, rule):
    bought = order(line(), line(2, traits=("custom_made",)))
    now = DELIVERED_AT + timedelta(days=days)
    verdict = returnable(bought, policies=POLICIES, now=now)
    assert verdict.facts["returnable_line_ids"] == lines
    assert verdict.facts["claim_line_ids"] == claims
    assert verdict.rule == rule
