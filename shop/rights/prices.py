"""Price protection: the difference when something has become cheaper soon after it was bought.

Step 6 of a message's way (act). What counts is what was paid for a piece, after coupons and
discounts, against its price today.
"""

from datetime import timedelta

from shop.errors import LineNotFound
from shop.models import OrderLine, OrderStatus, PriceProtectionRequest, Product, Remedy
from shop.rights.shares import goods_paid_cents, pieces_left, refunded_cents, shares
from shop.rights.situation import Situation
from shop.rights.verdict import LineVerdict, Outcome, Verdict

_REMEDY = Remedy.PRICE_PROTECTION
_TOO_LATE = {
    OrderStatus.UNPAID: "not_paid",
    OrderStatus.CANCELLED: "order_cancelled",
    OrderStatus.REFUNDING: "already_refunded",
    OrderStatus.REFUNDED: "already_refunded",
}
# Of several refusals the one that tells a shopper most.
_TELLING = ("price_excluded", "price_not_lower", "already_returned")


def assess_price_protection(situation: Situation, request: PriceProtectionRequest) -> Verdict:
    """Say whether something is to be paid back because the price went down.

    Raises:
        LineNotFound: the order has no such line.
    """
    order, rules = situation.order, situation.policy.price_protection
    chosen = _chosen(situation, request)
    end = situation.day(order.placed_at) + timedelta(days=rules.days)
    facts = {"days": rules.days, "last_day": end}
    rule = _TOO_LATE.get(order.status, "")
    if not rule and any(refund.cause is _REMEDY for refund in order.refunds):
        rule = "already_protected"
    if not rule and situation.today > end:
        rule = "protection_over"
    if rule:
        return situation.denied(_REMEDY, rule, **facts)
    lines = tuple(_weigh(situation, line) for line in chosen)
    return _sum_up(situation, lines, facts)


def _chosen(situation: Situation, request: PriceProtectionRequest) -> list[OrderLine]:
    by_id = {line.id: line for line in situation.order.lines}
    for line_id in request.line_ids:
        if line_id not in by_id:
            raise LineNotFound(line_id)
    return [by_id[line_id] for line_id in sorted(set(request.line_ids) or by_id)]


def _weigh(situation: Situation, line: OrderLine) -> LineVerdict:
    pieces = pieces_left(situation.order, line)
    product = situation.products.get(line.sku)
    if pieces <= 0:
        return LineVerdict(line.id, 0, Outcome.DENIED, "already_returned")
    if product is None:
        return LineVerdict(line.id, pieces, Outcome.NEEDS_PERSON, "price_unknown")
    if _is_excluded(situation, line, product):
        return LineVerdict(line.id, pieces, Outcome.DENIED, "price_excluded")
    share = shares(situation.order)[line.id]
    paid = share.cents_of(pieces, after=line.quantity - pieces)
    cents = paid - product.price_on(situation.today).cents * pieces
    if cents <= 0:
        return LineVerdict(line.id, pieces, Outcome.DENIED, "price_not_lower")
    return LineVerdict(line.id, pieces, Outcome.ALLOWED, "price_dropped", cents)


def _is_excluded(situation: Situation, line: OrderLine, product: Product) -> bool:
    bought_on = situation.day(situation.order.placed_at)
    kinds = {
        *line.traits,
        "gift" if line.gift_with is not None else "",
        product.price_on(bought_on).campaign,
        product.price_on(situation.today).campaign,
    }
    return bool(kinds & set(situation.policy.price_protection.excluded))


def _sum_up(
    situation: Situation, lines: tuple[LineVerdict, ...], facts: dict[str, object]
) -> Verdict:
    """Pay for the lines that have become cheaper, whatever the others did."""
    order, policy = situation.order, situation.policy
    budget = max(0, goods_paid_cents(order) - refunded_cents(order))
    cents = min(budget, sum(line.refund_cents for line in lines))
    rules: tuple[str, ...] = ("price_dropped",)
    if cents:
        outcome = Outcome.ALLOWED
        if cents >= policy.approval.from_cents:
            outcome, rules = Outcome.NEEDS_PERSON, ("above_approval", "price_dropped")
    elif any(line.outcome is Outcome.NEEDS_PERSON for line in lines):
        outcome, rules = Outcome.NEEDS_PERSON, ("price_unknown",)
    else:
        found = {line.rule for line in lines}
        outcome = Outcome.DENIED
        rules = (next((rule for rule in _TELLING if rule in found), "already_returned"),)
    return situation.verdict(_REMEDY, outcome, *rules, facts=facts, lines=lines, refund_cents=cents)
