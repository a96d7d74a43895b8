"""What must hold for every order, every request and every day, not only for the rows of a table."""

from dataclasses import replace
from datetime import date, datetime, timedelta, timezone

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from shop.models import (
    Address,
    CancelRequest,
    CompensationRequest,
    DuplicatePaymentRequest,
    ExchangeRequest,
    InquiryRequest,
    InvoiceKind,
    InvoiceRequest,
    Order,
    OrderLine,
    OrderStatus,
    Payment,
    PaymentState,
    PricePoint,
    PriceProtectionRequest,
    Problem,
    Product,
    Reason,
    RedirectRequest,
    Refund,
    RefundOnlyRequest,
    RefundState,
    Remedy,
    RepairRequest,
    ResendRequest,
    ReturnRequest,
    Shipment,
    ShipmentStatus,
    TrackingEvent,
    Variant,
)
from shop.rights import Outcome, PolicyBook, assess, explain, load_policies, remedies
from shop.rights.policy import STATUTORY_EXCEPTIONS
from shop.rights.rules import rules
from shop.rights.shares import goods_paid_cents, shares

CHINA, ABROAD = load_policies(), load_policies("international")
TEXT = {"zh": "商品", "en": "Item"}
TRAITS = (*sorted(STATUTORY_EXCEPTIONS), "opened_excluded", "freight_insured", "final_sale")
CATEGORIES = ("home", "electronics", "appliances", "food", "beauty")
CLAIMS = [reason for reason in Reason if reason.is_claim]
REMEDIES_FOR_GOODS = (
    ReturnRequest,
    ExchangeRequest,
    RepairRequest,
    RefundOnlyRequest,
    ResendRequest,
)
MOMENTS = st.datetimes(
    datetime(2026, 1, 1), datetime(2026, 12, 31), timezones=st.just(timezone.utc)
)
quietly = settings(database=None, deadline=None, max_examples=100)


@st.composite
def lines(draw, *, fresh=False):
    found = []
    for line_id in range(1, draw(st.integers(1, 5)) + 1):
        quantity = draw(st.integers(1, 4))
        mains = [line.id for line in found if line.gift_with is None]
        is_gift = bool(mains) and draw(st.integers(0, 4)) == 0
        found.append(
            OrderLine(
                id=line_id,
                sku=f"SKU{line_id}",
                title=TEXT,
                category=draw(st.sampled_from(CATEGORIES)),
                quantity=quantity,
                unit_price_cents=draw(st.integers(0, 300_000)),
                traits=tuple(sorted(draw(st.sets(st.sampled_from(TRAITS), max_size=2)))),
                returned_quantity=0 if fresh else draw(st.integers(0, quantity)),
                variant=draw(st.sampled_from(("", f"SKU{line_id}-A", f"SKU{line_id}-B"))),
                gift_with=draw(st.sampled_from(mains)) if is_gift else None,
            )
        )
    return tuple(found)


@st.composite
def shipments(draw, placed_at):
    day = placed_at.date()
    scans = draw(st.lists(st.integers(0, 40), max_size=2))
    return Shipment(
        draw(st.sampled_from(("SF1", "YT2"))),
        TEXT,
        draw(st.sampled_from(ShipmentStatus)),
        day + timedelta(days=draw(st.integers(0, 20))),
        tuple(
            TrackingEvent(placed_at + timedelta(days=each), TEXT, TEXT) for each in sorted(scans)
        ),
    )


@st.composite
def orders(draw, *, statuses=tuple(OrderStatus), fresh=False):
    placed_at = draw(MOMENTS)
    bought = draw(lines(fresh=fresh))
    delivered = draw(st.none() | st.integers(0, 20))
    freight = draw(st.integers(0, 3000))
    list_price = sum(line.unit_price_cents * line.quantity for line in bought)
    total = draw(st.integers(0, list_price + freight))
    back = () if fresh else draw(st.lists(st.integers(1, 50_000), max_size=2))
    return Order(
        number="XE20269999",
        customer_id="C1001",
        status=draw(st.sampled_from(statuses)),
        placed_at=placed_at,
        delivered_at=None if delivered is None else placed_at + timedelta(days=delivered),
        total_cents=total,
        lines=bought,
        shipments=tuple(draw(st.lists(shipments(placed_at), max_size=2))),
        freight_cents=min(freight, total),
        coupon_cents=draw(st.integers(0, 5000)),
        points_used=draw(st.integers(0, 1000)),
        payments=tuple(
            Payment(f"P{number}", "Alipay", cents, draw(st.sampled_from(PaymentState)), placed_at)
            for number, cents in enumerate(draw(st.lists(st.just(total), max_size=3)))
        ),
        refunds=tuple(
            Refund(
                f"RF{number}",
                cents,
                RefundState.PAID,
                placed_at,
                date(2027, 1, 1),
                0,
                draw(st.sampled_from((Remedy.RETURN, Remedy.PRICE_PROTECTION))),
            )
            for number, cents in enumerate(back)
        ),
        compensated=draw(st.booleans()),
    )


def products(order):
    return {
        line.sku: Product(
            line.sku,
            line.category,
            TEXT,
            line.unit_price_cents,
            variants=tuple(Variant(f"{line.sku}-{end}", end, None, stock) for end, stock in PAIRS),
            prices=(PricePoint(date(2026, 1, 1), line.unit_price_cents * 2 // 3),),
        )
        for line in order.lines
    }


PAIRS = (("A", 2), ("B", 0))


@st.composite
def requests(draw, order):
    """Any request about an order, sensible or not."""
    kind = draw(st.integers(0, 11))
    if kind < 5:
        chosen = sorted(
            draw(st.sets(st.sampled_from([line.id for line in order.lines]), min_size=1))
        )
        make = REMEDIES_FOR_GOODS[kind]
        chosen = chosen[:1] if make is ExchangeRequest else chosen
        pieces = tuple((line_id, draw(st.integers(1, 5))) for line_id in chosen)
        request = make(
            pieces, draw(st.sampled_from(Reason)), opened=draw(st.sampled_from((None, True, False)))
        )
        if make is ExchangeRequest:
            variants = ("", f"SKU{chosen[0]}-A", f"SKU{chosen[0]}-B", "SKU9-A")
            request = replace(request, variant=draw(st.sampled_from(variants)))
        return request
    company = draw(st.sampled_from(InvoiceKind))
    return (
        CancelRequest(),
        RedirectRequest(Address("Emma", "13800001003", "上海", "上海", draw(st.text(max_size=3)))),
        InquiryRequest(
            draw(st.sampled_from(("SF1", "YT2", "ZT3"))), draw(st.sampled_from(Problem))
        ),
        CompensationRequest(),
        PriceProtectionRequest(),
        InvoiceRequest(company, draw(st.text(max_size=3)), draw(st.text(max_size=18))),
        DuplicatePaymentRequest(),
    )[kind - 5]


def ask(order, request, now, policies=CHINA):
    return assess(order, request, policies=policies, now=now, products=products(order))


def later(order, days, seconds=0):
    return (order.delivered_at or order.placed_at) + timedelta(days=days, seconds=seconds)


def left(order):
    return tuple((line.id, line.left_quantity) for line in order.lines if line.left_quantity > 0)


@quietly
@given(st.data(), orders(), st.integers(0, 420), st.sampled_from((CHINA, ABROAD)))
def test_every_verdict_has_known_rules_and_can_be_told_without_a_gap(data, order, days, policies):
    verdict = ask(order, data.draw(requests(order)), later(order, days), policies)
    known = set(rules())
    assert set(verdict.rules) <= known
    assert {line.rule for line in verdict.line_verdicts} <= known
    for language in ("zh", "en"):
        said = explain(verdict, language)
        assert said and "{" not in said and "None" not in said


@quietly
@given(st.data(), orders(), st.integers(0, 420))
def test_nothing_comes_of_what_is_denied_and_never_more_than_was_paid(data, order, days):
    request = data.draw(requests(order))
    verdict = ask(order, request, later(order, days))
    if verdict.outcome is Outcome.DENIED:
        assert (verdict.refund_cents, verdict.points, verdict.coupon_cents) == (0, 0, 0)
    assert verdict.refund_cents >= 0 and 0 <= verdict.points <= order.points_used
    if verdict.remedy is Remedy.DUPLICATE_PAYMENT:
        return
    back = sum(refund.amount_cents for refund in order.refunds)
    came = sum(each.amount_cents for each in order.payments if each.state is PaymentState.PAID)
    assert verdict.refund_cents <= max(0, max(order.total_cents, came) - back) + order.freight_cents
    if not back:
        assert verdict.refund_cents <= max(order.total_cents, came)


@quietly
@given(
    orders(statuses=(OrderStatus.DELIVERED,)), st.sampled_from((ReturnRequest, RefundOnlyRequest))
)
def test_what_went_back_before_is_not_paid_a_second_time(order, make):
    order = replace(order, delivered_at=order.placed_at)
    assume(left(order))
    verdict = ask(order, make(left(order), Reason.QUALITY), order.placed_at)
    back = sum(refund.amount_cents for refund in order.refunds)
    goods = sum(line.refund_cents for line in verdict.line_verdicts)
    assert goods <= max(0, order.total_cents - order.freight_cents - back)


@quietly
@given(st.data(), orders(), st.integers(0, 60), st.randoms(use_true_random=False))
def test_the_order_of_the_lines_changes_nothing(data, order, days, rng):
    request = data.draw(requests(order))
    shuffled = list(order.lines)
    rng.shuffle(shuffled)
    turned, turned_request = replace(order, lines=tuple(shuffled)), request
    if hasattr(request, "pieces"):
        pieces = list(request.pieces)
        rng.shuffle(pieces)
        turned_request = replace(request, pieces=tuple(pieces))
    now = later(order, days)
    assert ask(order, request, now) == ask(turned, turned_request, now)


@quietly
@given(orders(statuses=(OrderStatus.DELIVERED,)), st.integers(0, 7), st.booleans())
def test_seven_days_without_a_reason_are_never_denied(order, days, opened):
    order = replace(order, delivered_at=order.delivered_at or order.placed_at)
    start = order.delivered_at.astimezone(CHINA.versions[0].zone)
    midnight = start.replace(hour=23, minute=59) + timedelta(days=days)
    for line in order.lines:
        lawful = set(line.traits) & STATUTORY_EXCEPTIONS
        agreed = opened and "opened_excluded" in line.traits
        if lawful or agreed or line.gift_with is not None or not line.left_quantity:
            continue
        request = ReturnRequest(((line.id, line.left_quantity),), Reason.CHANGED_MIND, "", opened)
        assert ask(order, request, midnight).outcome is not Outcome.DENIED


@quietly
@given(
    orders(statuses=(OrderStatus.DELIVERED,)),
    st.sampled_from([reason for reason in CLAIMS if reason is not Reason.MISSING]),
    st.integers(0, 29),
    st.integers(0, 86_399),
    st.sampled_from((None, True)),
)
def test_what_is_faulty_damaged_or_wrong_can_always_go_back_within_thirty_days(
    order, reason, days, seconds, opened
):
    order = replace(order, delivered_at=order.delivered_at or order.placed_at)
    for piece in left(order):
        verdict = ask(
            order, ReturnRequest((piece,), reason, "", opened), later(order, days, seconds)
        )
        assert verdict.outcome is not Outcome.DENIED
        assert verdict.freight_paid_by == "shop"


@quietly
@given(orders(statuses=(OrderStatus.DELIVERED,)), st.integers(0, 29))
def test_something_is_always_offered_for_a_claim_within_thirty_days(order, days):
    order = replace(order, delivered_at=order.delivered_at or order.placed_at)
    for piece in left(order):
        if order.line(piece[0]).gift_with is not None:
            continue
        for reason in CLAIMS:
            found = remedies(
                order, (piece,), reason, policies=CHINA, now=later(order, days), products={}
            )
            assert found[0].outcome is not Outcome.DENIED


def _settle(order, verdict):
    """What a shop does with a verdict: mark the pieces, write down the money."""
    gone = {line.line_id: line.pieces for line in verdict.line_verdicts}
    marked = tuple(
        replace(line, returned_quantity=line.returned_quantity + gone.get(line.id, 0))
        for line in order.lines
    )
    refund = Refund("RF", verdict.refund_cents, RefundState.PAID, order.placed_at, date(2027, 1, 1))
    return replace(order, lines=marked, refunds=(*order.refunds, refund))


@quietly
@given(
    st.data(),
    orders(statuses=(OrderStatus.DELIVERED,), fresh=True),
    st.sampled_from((Reason.QUALITY, Reason.CHANGED_MIND)),
)
def test_whatever_is_returned_in_whatever_portions_adds_up_exactly(data, order, reason):
    plain = tuple(replace(line, traits=()) for line in order.lines)
    order = replace(order, lines=plain, delivered_at=order.placed_at)
    shares_of = shares(order)
    paid, points, per_line = 0, 0, dict.fromkeys(shares_of, 0)
    while left(order):
        rest = [piece for piece in left(order) if order.line(piece[0]).gift_with is None]
        rest = rest or list(left(order))
        line_id, most = data.draw(st.sampled_from(rest))
        pieces = ((line_id, data.draw(st.integers(1, most))),)
        verdict = ask(order, ReturnRequest(pieces, reason), order.placed_at)
        assert verdict.outcome is not Outcome.DENIED
        for line in verdict.line_verdicts:
            per_line[line.line_id] += line.refund_cents
        paid += sum(line.refund_cents for line in verdict.line_verdicts)
        points += verdict.points
        order = _settle(order, verdict)
        assert sum(refund.amount_cents for refund in order.refunds) <= order.total_cents
    assert per_line == {line_id: share.cents for line_id, share in shares_of.items()}
    assert (paid, points) == (goods_paid_cents(order), order.points_used)


@quietly
@given(orders(fresh=True))
def test_the_shares_of_the_lines_add_up_to_the_order(order):
    found = shares(order).values()
    assert sum(share.cents for share in found) == order.total_cents - order.freight_cents
    assert sum(share.points for share in found) == order.points_used
    assert all(share.cents >= 0 and share.points >= 0 for share in found)


@quietly
@given(
    st.data(),
    orders(),
    st.integers(0, 420),
    st.integers(1, 400),
    st.none() | st.integers(0, 60),
    st.integers(7, 60),
    st.integers(7, 90),
)
def test_a_later_version_never_changes_a_verdict_on_an_earlier_order(
    data, order, days, begins, lasts, no_reason, quality
):
    old = CHINA.versions[0]
    placed_on = order.placed_at.astimezone(old.zone).date()
    start = placed_on + timedelta(days=begins)
    new = old.copy(
        update={
            "version": start,
            "effective_from": start,
            "effective_until": None if lasts is None else start + timedelta(days=lasts),
            "returns": old.returns.copy(
                update={"no_reason_days": no_reason, "quality_days": quality}
            ),
            "exchanges": old.exchanges.copy(update={"days": no_reason}),
            "price_protection": old.price_protection.copy(update={"days": quality}),
            "approval": old.approval.copy(update={"from_cents": 0}),
        }
    )
    request, now = data.draw(requests(order)), later(order, days)
    assert ask(order, request, now) == ask(order, request, now, PolicyBook((old, new)))


@quietly
@given(st.data(), orders(), st.integers(0, 60), st.integers(0, 86_399))
def test_the_same_question_has_the_same_answer_all_day_long(data, order, days, seconds):
    # Hours count only for parcels and for what the carrier has to look for.
    request = data.draw(requests(order))
    assume(not isinstance(request, (InquiryRequest, RefundOnlyRequest, ResendRequest)))
    zone = CHINA.versions[0].zone
    morning = later(order, days).astimezone(zone).replace(hour=0, minute=0, second=0)
    evening = morning + timedelta(seconds=seconds)
    assert ask(order, request, morning) == ask(order, request, evening)


@quietly
@given(orders(statuses=(OrderStatus.DELIVERED,)), st.sampled_from(Reason), st.integers(0, 40))
def test_a_verdict_agrees_with_the_verdicts_on_its_lines(order, reason, days):
    pieces = left(order)
    assume(pieces)
    verdict = ask(order, ReturnRequest(pieces, reason), later(order, days))
    outcomes = [line.outcome for line in verdict.line_verdicts]
    assert verdict.allowed <= all(outcome is Outcome.ALLOWED for outcome in outcomes)
    assert (verdict.outcome is Outcome.DENIED) == (Outcome.DENIED in outcomes)
    deciding = set(verdict.rules) - {"above_approval", "freight_back", "freight_insured"}
    assert deciding == {line.rule for line in verdict.line_verdicts}
