"""May this be sent back? The return rules as one pure function.

Step 6 of a message's way (act): a conversation asks early (no reason yet), again when it
knows the lines and the reason, and the shop asks once more inside the transaction.

Sources: ``policy.yml``; seven days without a reason and their exceptions, PRC Consumer
Rights Protection Law, article 25.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from shop.errors import LineNotFound
from shop.models import Order, OrderLine, OrderStatus, Payer, Reason
from shop.rights.policy import Policy

ALLOWED = "allowed"
DENIED = "denied"

NO_REASON_WINDOW = "no_reason_window"
QUALITY_CLAIM = "quality_claim"
NOT_DELIVERED = "not_delivered"
WINDOW_OVER = "window_over"
ALREADY_RETURNED = "already_returned"
NOTHING_LEFT = "nothing_left"

# The money for all of it is back or on its way: what is left cannot be returned again.
_SETTLED = (OrderStatus.CANCELLED, OrderStatus.REFUNDING, OrderStatus.REFUNDED)


@dataclass(frozen=True)
class LineVerdict:
    """The verdict on one line; ``refund_cents`` is its full price, before the order's cap."""

    line_id: int
    outcome: str
    rule: str
    refund_cents: int

    @property
    def allowed(self) -> bool:
        """Tell whether this line may be sent back."""
        return self.outcome == ALLOWED


@dataclass(frozen=True)
class Verdict:
    """What the rules say, by which rule, and the facts for telling it to a shopper.

    ``facts``: ``days`` (length of the period that decided), ``delivered_on``, ``last_day``,
    ``days_since`` (None while nothing is delivered), ``no_reason_last_day``,
    ``claim_last_day``, ``order_status``, ``returnable_line_ids`` (sorted), ``refund_cents``
    for these lines together, ``freight_paid_by`` (None while the reason is open).
    ``line_verdicts`` are sorted by line id.
    """

    outcome: str
    rule: str
    facts: dict[str, object]
    line_verdicts: tuple[LineVerdict, ...]

    @property
    def allowed(self) -> bool:
        """Tell whether the return may go ahead."""
        return self.outcome == ALLOWED


@dataclass(frozen=True)
class _Period:
    """The days since delivery in the shop's time zone; the day of delivery is day 0."""

    delivered_on: date | None
    today: date

    @property
    def days_since(self) -> int | None:
        """Days gone by since delivery."""
        return None if self.delivered_on is None else (self.today - self.delivered_on).days

    def last_day(self, days: int) -> date | None:
        """Give the last day of a period of so many days."""
        return None if self.delivered_on is None else self.delivered_on + timedelta(days=days)

    def is_open(self, days: int) -> bool:
        """Tell whether today is still within the period."""
        last_day = self.last_day(days)
        return last_day is not None and self.today <= last_day


def assess_return(
    order: Order,
    *,
    line_ids: Sequence[int] | None,
    reason: str | None,
    policy: Policy,
    now: datetime,
) -> Verdict:
    """Decide whether lines of an order may be sent back.

    Chosen lines with a reason are allowed only if every one of them is. Without a choice
    (``line_ids`` None: the whole order) or without a reason (None: would any reason do?) one
    returnable line is enough, so a conversation refuses early only what is certain;
    ``line_verdicts`` tell which. Days count from the day after delivery.

    Raises:
        LineNotFound: a chosen line is not part of the order.
        ValueError: the reason is unknown or ``now`` is naive.
    """
    if now.tzinfo is None:
        raise ValueError("now must carry a time zone")
    kind = None if reason is None else Reason(reason)
    delivered_at = order.delivered_at
    period = _Period(
        None if delivered_at is None else delivered_at.astimezone(policy.zone).date(),
        now.astimezone(policy.zone).date(),
    )
    lines = _chosen_lines(order, line_ids)
    verdicts = tuple(_assess_line(order, line, kind, policy, period) for line in lines)
    every = line_ids is not None and kind is not None
    outcome = _outcome(verdicts, every=every)
    rule = _deciding_rule(verdicts, outcome, policy, whole_order=line_ids is None)
    facts = _facts(order, verdicts, rule, kind, policy, period)
    return Verdict(outcome, rule, facts, verdicts)


def refund_cents(order: Order, line_ids: Sequence[int]) -> int:
    """Say what comes back for what is left of these lines, in fen.

    Unit price times quantity, but all returns of an order together never exceed what was
    paid for it: coupons and discounts come off the lines that are returned last.
    """
    chosen = set(line_ids)
    back = sum(line.unit_price_cents * line.returned_quantity for line in order.lines)
    asked = sum(_price_left(line) for line in order.lines if line.id in chosen)
    return min(order.total_cents, back + asked) - min(order.total_cents, back)


def freight_payer(reason: Reason, policy: Policy) -> Payer:
    """Say who pays for the parcel back."""
    return policy.returns.freight_quality if reason.is_claim else policy.returns.freight_no_reason


def _price_left(line: OrderLine) -> int:
    return line.unit_price_cents * line.left_quantity


def _chosen_lines(order: Order, line_ids: Sequence[int] | None) -> tuple[OrderLine, ...]:
    by_id = {line.id: line for line in order.lines}
    wanted = sorted(by_id if line_ids is None else set(line_ids))
    for line_id in wanted:
        if line_id not in by_id:
            raise LineNotFound(line_id)
    return tuple(by_id[line_id] for line_id in wanted)


def _assess_line(
    order: Order, line: OrderLine, kind: Reason | None, policy: Policy, period: _Period
) -> LineVerdict:
    rule = _obstacle(order, line, period)
    outcome, rule = (DENIED, rule) if rule else _weigh(line, kind, policy, period)
    return LineVerdict(line.id, outcome, rule, _price_left(line) if outcome == ALLOWED else 0)


def _obstacle(order: Order, line: OrderLine, period: _Period) -> str:
    if line.left_quantity <= 0:
        return ALREADY_RETURNED
    if order.status in _SETTLED:
        return NOTHING_LEFT
    return NOT_DELIVERED if period.delivered_on is None else ""


def _weigh(
    line: OrderLine, kind: Reason | None, policy: Policy, period: _Period
) -> tuple[str, str]:
    if kind is None or not kind.is_claim:
        obstacle = _obstacle_without_reason(line, policy, period)
        if not obstacle:
            return ALLOWED, NO_REASON_WINDOW
        if kind is not None:
            return DENIED, obstacle
    if period.is_open(policy.returns.quality_days):
        return ALLOWED, QUALITY_CLAIM
    return DENIED, WINDOW_OVER


def _obstacle_without_reason(line: OrderLine, policy: Policy, period: _Period) -> str:
    for trait in policy.returns.excluded_without_reason:
        if trait in line.traits:
            return trait
    return "" if period.is_open(policy.returns.no_reason_days) else WINDOW_OVER


def _outcome(verdicts: tuple[LineVerdict, ...], *, every: bool) -> str:
    allowed = [verdict.allowed for verdict in verdicts]
    passes = bool(allowed) and (all(allowed) if every else any(allowed))
    return ALLOWED if passes else DENIED


def _deciding_rule(
    verdicts: tuple[LineVerdict, ...], outcome: str, policy: Policy, *, whole_order: bool
) -> str:
    # Of several rules the one that tells a shopper most: a deadline before a trait, and
    # "already returned" only when nothing else stands in the way.
    rules = {verdict.rule for verdict in verdicts if verdict.outcome == outcome}
    telling = (
        NO_REASON_WINDOW,
        QUALITY_CLAIM,
        NOT_DELIVERED,
        WINDOW_OVER,
        *policy.returns.excluded_without_reason,
        ALREADY_RETURNED,
        NOTHING_LEFT,
    )
    rule = next((rule for rule in telling if rule in rules), NOTHING_LEFT)
    return NOTHING_LEFT if whole_order and rule == ALREADY_RETURNED else rule


def _facts(
    order: Order,
    verdicts: tuple[LineVerdict, ...],
    rule: str,
    kind: Reason | None,
    policy: Policy,
    period: _Period,
) -> dict[str, object]:
    rules = policy.returns
    without_reason = rule == NO_REASON_WINDOW or (kind is not None and not kind.is_claim)
    days = int(rules.no_reason_days if without_reason else rules.quality_days)
    returnable = tuple(verdict.line_id for verdict in verdicts if verdict.allowed)
    return {
        "days": days,
        "delivered_on": period.delivered_on,
        "last_day": period.last_day(days),
        "days_since": period.days_since,
        "no_reason_last_day": period.last_day(rules.no_reason_days),
        "claim_last_day": period.last_day(rules.quality_days),
        "order_status": order.status.value,
        "returnable_line_ids": returnable,
        "refund_cents": refund_cents(order, returnable),
        "freight_paid_by": None if kind is None else freight_payer(kind, policy),
    }
