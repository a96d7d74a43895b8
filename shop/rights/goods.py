"""What every request about goods has in common: pieces, periods, money, and one verdict of many.

Step 6 of a message's way (act): ``returns`` and ``replacements`` say what is special to a remedy.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta

from shop.errors import LineNotFound
from shop.models import GoodsRequest, OrderLine, OrderStatus, Payer, Pieces, Product
from shop.rights.calendar import last_day
from shop.rights.shares import (
    Share,
    goods_paid_cents,
    pieces_left,
    pieces_under_way,
    refunded_cents,
    shares,
)
from shop.rights.situation import Situation
from shop.rights.verdict import LineVerdict, Outcome, Verdict

Decision = tuple[Outcome, str]
Weigh = Callable[["Ask", OrderLine, int], Decision]

# The one that stands most in the way decides.
_SEVERITY = (Outcome.ALLOWED, Outcome.NEEDS_EVIDENCE, Outcome.NEEDS_PERSON, Outcome.DENIED)
# Of several refusals the one that tells a shopper most: what concerns the order or the numbers
# first, a deadline before a trait, "already settled" last.
_LEAST_TELLING = ("gift_alone", "already_open", "already_returned", "gift_comes_back")
_MOST_TELLING = ("order_cancelled", "already_refunded", "not_delivered", "more_than_bought")
_SETTLED = {
    OrderStatus.CANCELLED: "order_cancelled",
    OrderStatus.REFUNDING: "already_refunded",
    OrderStatus.REFUNDED: "already_refunded",
}


@dataclass(frozen=True)
class Ask:
    """A request about goods in its situation; ``value_cents`` is what its pieces were paid with."""

    situation: Situation
    request: GoodsRequest
    chosen: tuple[tuple[OrderLine, int], ...]
    shares: dict[int, Share]

    @property
    def value_cents(self) -> int:
        """The money that was paid for the pieces asked about, as far as it has not gone back."""
        return sum(cents for cents, _ in self.money().values())

    def left(self, line: OrderLine) -> int:
        """Pieces of a line that nothing has been settled about."""
        return pieces_left(self.situation.order, line)

    def money(self) -> dict[int, tuple[int, int]]:
        """Money and points for the pieces by line, together never more than is still there."""
        order = self.situation.order
        budget = max(0, goods_paid_cents(order) - refunded_cents(order))
        given = {}
        for line, pieces in self.chosen:
            share, settled = self.shares[line.id], line.quantity - self.left(line)
            counted = min(pieces, self.left(line))
            cents = min(budget, share.cents_of(counted, after=settled))
            budget -= cents
            given[line.id] = cents, share.points_of(counted, after=settled)
        return given


def ask(situation: Situation, request: GoodsRequest) -> Ask:
    """Look up what a request is about.

    Raises:
        LineNotFound: the order has no such line.
        ValueError: no pieces, less than one of a line, or a line named twice.
    """
    wanted = dict(request.pieces)
    if not wanted or len(wanted) != len(request.pieces):
        raise ValueError("a request names at least one line, and each once")
    if any(pieces < 1 for pieces in wanted.values()):
        raise ValueError("a request is about at least one piece of a line")
    chosen = []
    for line_id in sorted(wanted):
        line = situation.order.line(line_id)
        if line is None:
            raise LineNotFound(line_id)
        chosen.append((line, wanted[line_id]))
    return Ask(situation, request, tuple(chosen), shares(situation.order))


def everything_left(situation: Situation) -> Pieces:
    """Name all pieces that nothing has been settled about."""
    order = situation.order
    left = sorted((line.id, pieces_left(order, line)) for line in order.lines)
    return tuple((line_id, pieces) for line_id, pieces in left if pieces > 0)


def obstacle(asked: Ask, line: OrderLine, pieces: int, *, under_way: bool = False) -> str:
    """Say what stands in the way of every remedy for goods; empty when nothing does.

    ``under_way``: the remedy is also for goods that have not come.
    """
    order, left = asked.situation.order, asked.left(line)
    if order.status in _SETTLED:
        return _SETTLED[order.status]
    if pieces > line.quantity or 0 < left < pieces:
        return "more_than_bought"
    if left <= 0:
        return "already_open" if pieces_under_way(order, line.id) else "already_returned"
    if asked.situation.delivered_on(line) is None and not under_way:
        return "not_delivered"
    return ""


def claim_last_day(situation: Situation, line: OrderLine) -> date | None:
    """Give the last day on which the shop answers for a line; None while it is on its way."""
    policy, start = situation.policy, situation.delivered_on(line)
    return None if start is None else last_day(start, policy.quality_days(line.category), policy)


def is_over(situation: Situation, end: date | None) -> bool:
    """Tell whether a period has ended; one that has not begun has not."""
    return end is not None and situation.today > end


def evidence_for(asked: Ask, line: OrderLine, *, from_cents: int) -> Decision | None:
    """Say what a claim has to be proven with; None when it is believed."""
    situation, rules = asked.situation, asked.situation.policy.evidence
    if asked.request.reason not in rules.reasons:
        return None
    if "perishable" in line.traits:
        start = situation.delivered_on(line) or situation.today
        if is_over(situation, start + timedelta(days=rules.perishable_within_days)):
            return Outcome.NEEDS_PERSON, "perishable_late"
        return Outcome.NEEDS_EVIDENCE, "perishable_claim"
    if asked.value_cents >= from_cents:
        return Outcome.NEEDS_EVIDENCE, "picture_needed"
    return None


def in_stock(asked: Ask, line: OrderLine, variant_id: str, pieces: int) -> Decision | None:
    """Say what keeps pieces of a variant from being sent; None when they can be."""
    product: Product | None = asked.situation.products.get(line.sku)
    if product is None:
        return Outcome.NEEDS_PERSON, "stock_unknown"
    only = product.variants[0].id if len(product.variants) == 1 else ""
    variant = product.variant(variant_id or only)
    if variant is None:
        return Outcome.DENIED, "variant_unknown"
    return None if variant.stock >= pieces else (Outcome.DENIED, "variant_sold_out")


def judge(
    asked: Ask, weigh: Weigh, *, pays: bool, parcel: bool, under_way: bool = False
) -> Verdict:
    """Weigh each line and make one verdict of them: the line that stands most in the way decides.

    ``pays``: money comes back; ``parcel``: the goods have to.
    """
    lines = []
    money = asked.money()
    for line, pieces in asked.chosen:
        rule = obstacle(asked, line, pieces, under_way=under_way)
        outcome, rule = (Outcome.DENIED, rule) if rule else weigh(asked, line, pieces)
        cents, points = money[line.id] if pays and outcome is not Outcome.DENIED else (0, 0)
        lines.append(LineVerdict(line.id, pieces, outcome, rule, cents, points))
    return summarise(asked, lines, parcel=parcel)


def summarise(asked: Ask, lines: Iterable[LineVerdict], *, parcel: bool) -> Verdict:
    """Make one verdict of those on the lines."""
    lines = tuple(sorted(lines, key=lambda verdict: verdict.line_id))
    worst = max((line.outcome for line in lines), key=_SEVERITY.index)
    deciding = min(
        (line for line in lines if line.outcome is worst),
        key=lambda line: (_telling(line.rule), line.rule, line.line_id),
    )
    others = {line.rule for line in lines} - {deciding.rule}
    rules = (deciding.rule, *sorted(others))
    denied = worst is Outcome.DENIED
    cents = 0 if denied else sum(line.refund_cents for line in lines)
    policy = asked.situation.policy
    payer = _payer(asked, deciding.rule) if parcel else None
    if not denied and cents >= policy.approval.from_cents:
        worst, rules = Outcome.NEEDS_PERSON, ("above_approval", *rules)
    points = 0 if denied else sum(line.points for line in lines)
    verdict = asked.situation.verdict(
        asked.request.remedy,
        worst,
        *rules,
        facts={**_line_facts(asked, deciding), "freight_paid_by": payer},
        lines=lines,
        refund_cents=cents,
        points=points,
    )
    return replace(verdict, freight_paid_by=payer)


def _telling(rule: str) -> int:
    if rule in _MOST_TELLING:
        return _MOST_TELLING.index(rule)
    if rule in _LEAST_TELLING:
        return 100 + _LEAST_TELLING.index(rule)
    return 50 if rule == "window_over" else 51


def _payer(asked: Ask, rule: str) -> Payer:
    rules = asked.situation.policy.returns
    claimed = asked.request.reason.is_claim and rule != "no_reason_window"
    return rules.freight_quality if claimed else rules.freight_no_reason


def _line_facts(asked: Ask, deciding: LineVerdict) -> dict[str, object]:
    situation, policy = asked.situation, asked.situation.policy
    line = next(each for each in situation.order.lines if each.id == deciding.line_id)
    start = situation.delivered_on(line)
    claim = claim_last_day(situation, line)
    free = start and last_day(start, policy.returns.no_reason_days, policy)
    by_claim = asked.request.reason.is_claim and deciding.rule != "no_reason_window"
    return {
        "line_id": line.id,
        "asked": deciding.pieces,
        "bought": line.quantity,
        "left": max(0, asked.left(line)),
        "delivered_on": start,
        "days_since": start and (situation.today - start).days,
        "days": policy.quality_days(line.category) if by_claim else policy.returns.no_reason_days,
        "last_day": claim if by_claim else free,
        "no_reason_last_day": free,
        "claim_last_day": claim,
        "evidence_days": policy.evidence.perishable_within_days,
    }
