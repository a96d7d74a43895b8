"""What must hold for every order, not only for the rows of a table."""

from dataclasses import replace
from datetime import datetime, timedelta, timezone

from hypothesis import given, settings
from hypothesis import strategies as st

from shop.models import Order, OrderLine, OrderStatus, Reason
from shop.rights.policy import load_policy
from shop.rights.returns import assess_return, refund_cents

POLICY = load_policy()
TRAITS = ("custom_made", "perishable", "digital", "newspaper", "fragile")
REASONS = [None, *(reason.value for reason in Reason)]
CLAIMS = [reason.value for reason in Reason if reason.is_claim]
DELIVERED_AT = st.datetimes(
    datetime(2026, 1, 1), datetime(2026, 12, 31), timezones=st.just(timezone.utc)
)
quietly = settings(database=None, deadline=None, max_examples=200)


@st.composite
def orders(draw, *, statuses=tuple(OrderStatus)):
    lines = []
    for line_id in range(1, draw(st.integers(1, 5)) + 1):
        quantity = draw(st.integers(1, 4))
        lines.append(
            OrderLine(
                id=line_id,
                sku=f"SKU{line_id}",
                title={"zh": "商品", "en": "Item"},
                category="home",
                quantity=quantity,
                unit_price_cents=draw(st.integers(0, 300_000)),
                traits=tuple(draw(st.sets(st.sampled_from(TRAITS), max_size=2))),
                returned_quantity=draw(st.integers(0, quantity)),
            )
        )
    return Order(
        number="XE20269999",
        customer_id="C1001",
        status=draw(st.sampled_from(statuses)),
        placed_at=datetime(2025, 12, 1, tzinfo=timezone.utc),
        delivered_at=draw(st.none() | DELIVERED_AT),
        total_cents=draw(st.integers(0, 1_000_000)),
        lines=tuple(lines),
    )


def _now(order, days, seconds):
    start = order.delivered_at or order.placed_at
    return start + timedelta(days=days, seconds=seconds)


@quietly
@given(orders(), st.lists(st.integers(1, 5), max_size=8))
def test_all_refunds_of_an_order_together_never_exceed_what_was_paid(order, choices):
    fresh = tuple(replace(line, returned_quantity=0) for line in order.lines)
    order, given_back = replace(order, lines=fresh), 0
    for choice in choices:
        cents = refund_cents(order, [choice])
        assert cents >= 0
        given_back += cents
        lines = tuple(
            replace(line, returned_quantity=line.quantity) if line.id == choice else line
            for line in order.lines
        )
        order = replace(order, lines=lines)
    assert given_back <= order.total_cents


@quietly
@given(orders(), st.randoms(use_true_random=False), st.sampled_from(REASONS), st.integers(0, 40))
def test_the_order_of_the_lines_changes_nothing(order, rng, reason, days):
    shuffled = list(order.lines)
    rng.shuffle(shuffled)
    turned = replace(order, lines=tuple(shuffled))
    chosen = [line.id for line in shuffled]
    now = _now(order, days, 0)
    for first, second in ((None, None), (sorted(chosen), chosen)):
        assert assess_return(
            order, line_ids=first, reason=reason, policy=POLICY, now=now
        ) == assess_return(turned, line_ids=second, reason=reason, policy=POLICY, now=now)


@quietly
@given(
    orders(statuses=(OrderStatus.DELIVERED,)),
    st.sampled_from(CLAIMS),
    st.integers(0, POLICY.returns.quality_days - 1),
    st.integers(0, 86_399),
)
def test_a_claim_within_thirty_days_is_never_denied(order, reason, days, seconds):
    order = replace(order, delivered_at=order.delivered_at or order.placed_at)
    left = [line.id for line in order.lines if line.left_quantity > 0]
    now = _now(order, days, seconds)
    for line_id in left:
        verdict = assess_return(order, line_ids=[line_id], reason=reason, policy=POLICY, now=now)
        assert (verdict.outcome, verdict.rule) == ("allowed", "quality_claim")


@quietly
@given(orders(), st.integers(0, 40), st.sampled_from(REASONS[1:]))
def test_an_early_refusal_is_never_wrong(order, days, reason):
    now = _now(order, days, 0)
    early = assess_return(order, line_ids=None, reason=None, policy=POLICY, now=now)
    later = assess_return(order, line_ids=None, reason=reason, policy=POLICY, now=now)
    assert early.allowed or not later.allowed


@quietly
@given(orders(), st.integers(0, 40), st.sampled_from(REASONS))
def test_a_verdict_agrees_with_the_verdicts_on_its_lines(order, days, reason):
    now = _now(order, days, 0)
    chosen = [line.id for line in order.lines]
    verdict = assess_return(order, line_ids=chosen, reason=reason, policy=POLICY, now=now)
    passed = [line.allowed for line in verdict.line_verdicts]
    assert verdict.allowed == (any(passed) if reason is None else all(passed))
    assert verdict.rule in {line.rule for line in verdict.line_verdicts}
    assert 0 <= verdict.facts["refund_cents"] <= order.total_cents
