"""Goods instead of money: exchanged, sent once more, or repaired.

Step 6 of a message's way (act). Stock is today's; whoever settles takes it in the same transaction.
"""

from dataclasses import replace
from datetime import date

from shop.models import ExchangeRequest, OrderLine, Reason
from shop.rights.calendar import last_day, months_after
from shop.rights.delivery import lost_lines
from shop.rights.goods import (
    Ask,
    Decision,
    claim_last_day,
    evidence_for,
    in_stock,
    is_over,
    judge,
)
from shop.rights.returns import exclusion
from shop.rights.verdict import Outcome, Verdict

ALLOWED, DENIED = Outcome.ALLOWED, Outcome.DENIED
_DEFECTS = (Reason.QUALITY, Reason.DAMAGED)


def assess_exchange(asked: Ask) -> Verdict:
    """Say whether pieces of one line may be swapped: for another variant, or for whole ones.

    Raises:
        ValueError: more than one line.
    """
    if len(asked.chosen) != 1:
        raise ValueError("an exchange is of one line")
    verdict = judge(asked, _weigh_exchange, pays=False, parcel=True)
    line = asked.chosen[0][0]
    own = {
        "days": asked.situation.policy.exchange_days(line.category),
        "last_day": _exchange_last_day(asked, line),
        "variant": _variant(asked, line),
    }
    return replace(verdict, facts={**verdict.facts, **own})


def assess_resend(asked: Ask) -> Verdict:
    """Say whether the goods may be sent once more."""
    return judge(asked, _weigh_resend, pays=False, parcel=False, under_way=True)


def assess_repair(asked: Ask) -> Verdict:
    """Say whether the goods may be mended for nothing."""
    verdict = judge(asked, _weigh_repair, pays=False, parcel=True)
    policy = asked.situation.policy
    line = asked.situation.order.line(int(str(verdict.facts["line_id"])))
    assert line is not None
    own = {
        "months": policy.warranty_months(line.category),
        "warranty_until": _warranty_until(asked, line),
        "repair_days": policy.warranty.repair_working_days,
    }
    return replace(verdict, facts={**verdict.facts, **own})


def _weigh_exchange(asked: Ask, line: OrderLine, pieces: int) -> Decision:
    situation, request = asked.situation, asked.request
    if request.reason is Reason.MISSING:
        return DENIED, "missing_not_returned"
    if is_over(situation, _exchange_last_day(asked, line)):
        return DENIED, "exchange_over"
    if not request.reason.is_claim:
        excluded = exclusion(asked, line)
        if excluded:
            return DENIED, excluded
        if _variant(asked, line) == line.variant:
            return DENIED, "same_variant"
    missing = in_stock(asked, line, _variant(asked, line), pieces)
    if missing:
        return missing
    if request.reason.is_claim:
        from_cents = situation.policy.evidence_from_cents(line.category)
        return evidence_for(asked, line, from_cents=from_cents) or (ALLOWED, "exchange_claim")
    return ALLOWED, "exchange_window"


def _weigh_resend(asked: Ask, line: OrderLine, pieces: int) -> Decision:
    situation, rules = asked.situation, asked.situation.policy.evidence
    if not asked.request.reason.is_claim:
        return DENIED, "needs_a_claim"
    lost = line.id in lost_lines(situation) and asked.request.reason is Reason.MISSING
    if situation.delivered_on(line) is None and not lost:
        return DENIED, "not_delivered"
    if is_over(situation, claim_last_day(situation, line)):
        return DENIED, "window_over"
    missing = in_stock(asked, line, line.variant, pieces)
    if missing:
        return missing
    if asked.value_cents > situation.policy.resend.up_to_cents:
        return Outcome.NEEDS_PERSON, "resend_above"
    needed = evidence_for(asked, line, from_cents=rules.without_parcel_from_cents)
    return needed or (ALLOWED, "resend_claim")


def _weigh_repair(asked: Ask, line: OrderLine, pieces: int) -> Decision:
    if asked.request.reason not in _DEFECTS:
        return DENIED, "not_a_defect"
    until = _warranty_until(asked, line)
    if until is None:
        return DENIED, "no_warranty"
    return (
        (DENIED, "warranty_over")
        if is_over(asked.situation, until)
        else (ALLOWED, "under_warranty")
    )


def _variant(asked: Ask, line: OrderLine) -> str:
    request = asked.request
    chosen = request.variant if isinstance(request, ExchangeRequest) else ""
    return chosen or line.variant


def _exchange_last_day(asked: Ask, line: OrderLine) -> date | None:
    policy, start = asked.situation.policy, asked.situation.delivered_on(line)
    return start and last_day(start, policy.exchange_days(line.category), policy)


def _warranty_until(asked: Ask, line: OrderLine) -> date | None:
    months = asked.situation.policy.warranty_months(line.category)
    start = asked.situation.delivered_on(line)
    return months_after(start, months) if start and months else None
