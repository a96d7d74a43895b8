"""Decision table of the return rules. Delivered on 1 November unless a row says otherwise."""

from dataclasses import replace
from datetime import date, datetime, timezone

import pytest

from shop.errors import LineNotFound
from shop.models import OrderStatus, Payer
from shop.rights.returns import assess_return, refund_cents

DELIVERED = "2026-11-01 14:00"


def _at(policy, text):
    """A moment in Shanghai, in UTC as the shop keeps it."""
    local = datetime.strptime(text, "%Y-%m-%d %H:%M").replace(tzinfo=policy.zone)
    return local.astimezone(timezone.utc)


@pytest.mark.parametrize(
    ("delivered", "now", "reason", "traits", "outcome", "rule"),
    [
        # Seven days without a reason: the 8th is the last, to its last minute.
        (DELIVERED, "2026-11-01 14:05", "changed_mind", (), "allowed", "no_reason_window"),
        (DELIVERED, "2026-11-02 00:00", "size", (), "allowed", "no_reason_window"),
        (DELIVERED, "2026-11-08 23:59", "changed_mind", (), "allowed", "no_reason_window"),
        (DELIVERED, "2026-11-09 00:00", "changed_mind", (), "denied", "window_over"),
        (DELIVERED, "2026-11-09 00:00", "size", (), "denied", "window_over"),
        (DELIVERED, "2026-11-09 00:00", "other", (), "denied", "window_over"),
        # Late in the evening in Shanghai it is still the same day, though not in London.
        ("2026-11-01 23:59", "2026-11-08 23:59", "other", (), "allowed", "no_reason_window"),
        ("2026-11-01 23:59", "2026-11-09 00:00", "other", (), "denied", "window_over"),
        ("2026-11-02 00:00", "2026-11-09 23:59", "other", (), "allowed", "no_reason_window"),
        ("2026-11-02 07:59", "2026-11-09 23:59", "other", (), "allowed", "no_reason_window"),
        # Thirty days for what the shop answers for.
        (DELIVERED, "2026-11-08 12:00", "quality", (), "allowed", "quality_claim"),
        (DELIVERED, "2026-11-09 12:00", "damaged", (), "allowed", "quality_claim"),
        (DELIVERED, "2026-12-01 23:59", "wrong_item", (), "allowed", "quality_claim"),
        (DELIVERED, "2026-12-02 00:00", "quality", (), "denied", "window_over"),
        (DELIVERED, "2026-12-02 00:00", "missing", (), "denied", "window_over"),
        # Excluded without a reason, but not from a claim.
        (DELIVERED, "2026-11-02 09:00", "changed_mind", ("custom_made",), "denied", "custom_made"),
        (DELIVERED, "2026-11-02 09:00", "size", ("perishable",), "denied", "perishable"),
        (DELIVERED, "2026-11-02 09:00", "other", ("digital",), "denied", "digital"),
        (DELIVERED, "2026-11-02 09:00", "other", ("newspaper",), "denied", "newspaper"),
        (DELIVERED, "2026-11-20 09:00", "other", ("custom_made",), "denied", "custom_made"),
        (DELIVERED, "2026-11-20 09:00", "quality", ("custom_made",), "allowed", "quality_claim"),
        (DELIVERED, "2026-11-02 09:00", "size", ("gift_wrapped",), "allowed", "no_reason_window"),
        # No reason yet: would any do?
        (DELIVERED, "2026-11-08 09:00", None, (), "allowed", "no_reason_window"),
        (DELIVERED, "2026-11-09 09:00", None, (), "allowed", "quality_claim"),
        (DELIVERED, "2026-11-02 09:00", None, ("custom_made",), "allowed", "quality_claim"),
        (DELIVERED, "2026-12-02 09:00", None, (), "denied", "window_over"),
        (DELIVERED, "2026-12-02 09:00", None, ("custom_made",), "denied", "window_over"),
        # A parcel signed for a moment ahead of our clock is delivered all the same.
        ("2026-11-02 00:01", "2026-11-01 23:59", "size", (), "allowed", "no_reason_window"),
    ],
)
def test_a_verdict_follows_the_rules(
    policy, make_line, make_order, delivered, now, reason, traits, outcome, rule
):
    order = make_order(make_line(1, traits=traits), delivered_at=_at(policy, delivered))
    for line_ids in (None, [1]):
        verdict = assess_return(
            order, line_ids=line_ids, reason=reason, policy=policy, now=_at(policy, now)
        )
        assert (verdict.outcome, verdict.rule) == (outcome, rule)
        assert [line.outcome for line in verdict.line_verdicts] == [outcome]


@pytest.mark.parametrize(
    ("status", "delivered", "returned", "line_ids", "rule"),
    [
        (OrderStatus.UNPAID, False, 0, None, "not_delivered"),
        (OrderStatus.PAID, False, 0, [1], "not_delivered"),
        (OrderStatus.SHIPPED, False, 0, None, "not_delivered"),
        (OrderStatus.CANCELLED, False, 0, None, "nothing_left"),
        (OrderStatus.REFUNDING, True, 0, [1], "nothing_left"),
        (OrderStatus.REFUNDED, True, 0, None, "nothing_left"),
        (OrderStatus.DELIVERED, True, 2, None, "nothing_left"),
        (OrderStatus.DELIVERED, True, 2, [1], "already_returned"),
        (OrderStatus.DELIVERED, True, 0, [], "nothing_left"),
    ],
)
def test_what_cannot_be_sent_back_for_any_reason_is_refused_early(
    policy, make_line, make_order, status, delivered, returned, line_ids, rule
):
    delivered_at = _at(policy, DELIVERED) if delivered else None
    line = make_line(1, quantity=2, returned=returned)
    order = make_order(line, status=status, delivered_at=delivered_at)
    for reason in (None, "changed_mind", "quality"):
        verdict = assess_return(
            order, line_ids=line_ids, reason=reason, policy=policy, now=_at(policy, DELIVERED)
        )
        assert (verdict.outcome, verdict.rule) == ("denied", rule)
        assert verdict.facts["refund_cents"] == 0


@pytest.mark.parametrize(
    ("line_ids", "reason", "outcome", "rule", "returnable"),
    [
        (None, None, "allowed", "no_reason_window", (1, 2)),
        (None, "changed_mind", "allowed", "no_reason_window", (1,)),
        ([1], "changed_mind", "allowed", "no_reason_window", (1,)),
        ([2], "changed_mind", "denied", "custom_made", ()),
        ([2, 1], "changed_mind", "denied", "custom_made", (1,)),
        ([1, 2], "damaged", "allowed", "quality_claim", (1, 2)),
        ([1, 3], "damaged", "denied", "already_returned", (1,)),
        ([2, 2, 2], None, "allowed", "quality_claim", (2,)),
    ],
)
def test_every_chosen_line_must_pass_but_an_open_question_needs_only_one(
    policy, make_line, make_order, line_ids, reason, outcome, rule, returnable
):
    lines = (make_line(1), make_line(2, traits=["custom_made"]), make_line(3, returned=1))
    order = make_order(*lines, delivered_at=_at(policy, DELIVERED))
    verdict = assess_return(
        order, line_ids=line_ids, reason=reason, policy=policy, now=_at(policy, "2026-11-03 09:00")
    )
    assert (verdict.outcome, verdict.rule) == (outcome, rule)
    assert verdict.facts["returnable_line_ids"] == returnable
    assert verdict.allowed == (outcome == "allowed")


def test_the_facts_are_enough_to_explain_a_refusal(policy, make_line, make_order):
    # Half past four on 31 October in London is past midnight on 1 November in Shanghai.
    delivered_at = datetime(2026, 10, 31, 16, 30, tzinfo=timezone.utc)
    order = make_order(make_line(1), delivered_at=delivered_at)
    now = datetime(2026, 11, 10, 16, 30, tzinfo=timezone.utc)
    verdict = assess_return(order, line_ids=[1], reason="size", policy=policy, now=now)
    assert verdict.facts == {
        "days": 7,
        "delivered_on": date(2026, 11, 1),
        "last_day": date(2026, 11, 8),
        "days_since": 10,
        "no_reason_last_day": date(2026, 11, 8),
        "claim_last_day": date(2026, 12, 1),
        "order_status": "delivered",
        "returnable_line_ids": (),
        "refund_cents": 0,
        "freight_paid_by": Payer.SHOPPER,
    }


@pytest.mark.parametrize(
    ("reason", "payer"),
    [("changed_mind", "shopper"), ("size", "shopper"), ("quality", "shop"), ("missing", "shop")],
)
def test_who_pays_the_parcel_back_follows_the_policy(policy, make_line, make_order, reason, payer):
    order = make_order(make_line(1), delivered_at=_at(policy, DELIVERED))
    now = _at(policy, DELIVERED)
    verdict = assess_return(order, line_ids=[1], reason=reason, policy=policy, now=now)
    assert verdict.facts["freight_paid_by"] == payer


def test_the_engine_decides_by_the_policy_and_not_by_numbers_of_its_own(
    policy, make_line, make_order
):
    generous = policy.copy(update={"returns": policy.returns.copy(update={"no_reason_days": 15})})
    order = make_order(make_line(1), delivered_at=_at(policy, DELIVERED))
    now = _at(policy, "2026-11-16 23:59")
    for rules, outcome in ((policy, "denied"), (generous, "allowed")):
        verdict = assess_return(order, line_ids=[1], reason="size", policy=rules, now=now)
        assert verdict.outcome == outcome


@pytest.mark.parametrize(
    ("total", "returned", "line_ids", "cents"),
    [
        (5000, 0, [1], 3000),
        (5000, 0, [1, 2], 5000),
        (5800, 0, [1, 2], 5000),  # postage is not part of the goods
        (4500, 0, [1, 2], 4500),  # a coupon of 500
        (4500, 0, [2], 2000),
        (4500, 1, [2], 1500),  # the line returned last bears it
        (0, 0, [1, 2], 0),
    ],
)
def test_the_refund_is_price_times_quantity_within_what_was_paid(
    make_line, make_order, total, returned, line_ids, cents
):
    first = make_line(1, price=3000, returned=returned)
    order = make_order(first, make_line(2, price=1000, quantity=2), total=total)
    assert refund_cents(order, line_ids) == cents


def test_a_line_of_another_order_is_not_assessed(policy, make_line, make_order):
    order = make_order(make_line(1), delivered_at=_at(policy, DELIVERED))
    with pytest.raises(LineNotFound) as caught:
        assess_return(
            order, line_ids=[1, 99], reason=None, policy=policy, now=_at(policy, DELIVERED)
        )
    assert caught.value.line_id == 99


def test_an_unknown_reason_and_a_naive_moment_are_refused(policy, make_line, make_order):
    order = make_order(make_line(1), delivered_at=_at(policy, DELIVERED))
    now = _at(policy, DELIVERED)
    with pytest.raises(ValueError, match="bored"):
        assess_return(order, line_ids=[1], reason="bored", policy=policy, now=now)
    with pytest.raises(ValueError, match="time zone"):
        assess_return(order, line_ids=[1], reason=None, policy=policy, now=now.replace(tzinfo=None))


def test_a_part_returned_line_gives_back_the_rest(policy, make_line, make_order):
    order = make_order(
        make_line(1, quantity=3, price=1000, returned=1), delivered_at=_at(policy, DELIVERED)
    )
    now = _at(policy, DELIVERED)
    verdict = assess_return(order, line_ids=[1], reason="size", policy=policy, now=now)
    assert verdict.facts["refund_cents"] == 2000
    assert refund_cents(replace(order, total_cents=2500), [1]) == 1500
