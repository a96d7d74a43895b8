"""Money back: goods returned, or refunded without a parcel.

Step 6 of a message's way (act). Sources: the policy; seven days without a reason and their
exceptions, PRC Consumer Rights Protection Law, article 25.
"""

from dataclasses import replace

from shop.models import OrderLine, Payer, Reason
from shop.rights.calendar import last_day
from shop.rights.delivery import lost_lines
from shop.rights.goods import (
    Ask,
    Decision,
    claim_last_day,
    everything_left,
    evidence_for,
    is_over,
    judge,
    summarise,
)
from shop.rights.policy import STATUTORY_EXCEPTIONS
from shop.rights.shares import pieces_left
from shop.rights.verdict import LineVerdict, Outcome, Verdict

ALLOWED, DENIED = Outcome.ALLOWED, Outcome.DENIED


def assess_return(asked: Ask) -> Verdict:
    """Say whether these pieces may be sent back for their money."""
    verdict = judge(asked, _weigh_return, pays=True, parcel=True)
    gifts = () if verdict.outcome is DENIED else _gifts_that_go_along(asked)
    if gifts:
        verdict = summarise(asked, (*verdict.line_verdicts, *gifts), parcel=True)
    verdict = _with_outbound_freight(asked, verdict)
    return _with_insurance(asked, verdict)


def assess_refund_only(asked: Ask) -> Verdict:
    """Say whether the money may go back though no goods do."""
    verdict = judge(asked, _weigh_refund_only, pays=True, parcel=False, under_way=True)
    limit = asked.situation.policy.refund_only.up_to_cents
    facts = {**verdict.facts, "limit_cents": limit}
    return _with_outbound_freight(asked, replace(verdict, facts=facts))


def _weigh_return(asked: Ask, line: OrderLine, pieces: int) -> Decision:
    if asked.request.reason is Reason.MISSING:
        return DENIED, "missing_not_returned"
    if line.gift_with is not None and _goes_along(asked, line):
        return ALLOWED, "gift_comes_back"
    if not asked.request.reason.is_claim:
        return without_reason(asked, line)
    if is_over(asked.situation, claim_last_day(asked.situation, line)):
        # Where defects are answered for a shorter time than none at all.
        decision = without_reason(asked, line)
        return decision if decision[0] is ALLOWED else (DENIED, "window_over")
    policy = asked.situation.policy
    needed = evidence_for(asked, line, from_cents=policy.evidence_from_cents(line.category))
    return needed or (ALLOWED, "quality_claim")


def without_reason(asked: Ask, line: OrderLine) -> Decision:
    """Say whether a line may be sent back just because it is not wanted."""
    excluded = exclusion(asked, line)
    if excluded:
        return DENIED, excluded
    if line.gift_with is not None:
        return DENIED, "gift_alone"
    policy, start = asked.situation.policy, asked.situation.delivered_on(line)
    end = start and last_day(start, policy.returns.no_reason_days, policy)
    return (
        (DENIED, "window_over") if is_over(asked.situation, end) else (ALLOWED, "no_reason_window")
    )


def exclusion(asked: Ask, line: OrderLine) -> str:
    """Name what keeps a line from being sent back without a reason, whenever; else empty.

    Unopened until said otherwise: nobody loses a right for want of an answer.
    """
    rules = asked.situation.policy.returns
    trait = next((each for each in rules.excluded_without_reason if each in line.traits), "")
    if trait:
        return trait if trait in _TRAIT_RULES else "excluded_by_agreement"
    sealed = set(rules.opened_excluded) & {*line.traits, line.category}
    return "opened" if asked.request.opened and sealed else ""


# Those of the law have a sentence each.
_TRAIT_RULES = STATUTORY_EXCEPTIONS
_NEVER_COMES_BACK = frozenset({"perishable", "digital"})


def _goes_along(asked: Ask, gift: OrderLine) -> bool:
    """Tell whether the line that a gift came with is, or will be, gone for good."""
    main = asked.situation.order.line(gift.gift_with or 0)
    if main is None:
        return False
    pieces = dict(asked.request.pieces).get(main.id, 0)
    return asked.left(main) <= pieces


def _gifts_that_go_along(asked: Ask) -> tuple[LineVerdict, ...]:
    order, chosen = asked.situation.order, dict(asked.request.pieces)
    return tuple(
        LineVerdict(line.id, pieces_left(order, line), ALLOWED, "gift_comes_back")
        for line in order.lines
        if line.gift_with in chosen
        and line.id not in chosen
        and pieces_left(order, line) > 0
        and _goes_along(asked, line)
    )


def _weigh_refund_only(asked: Ask, line: OrderLine, pieces: int) -> Decision:
    situation, policy = asked.situation, asked.situation.policy
    if not asked.request.reason.is_claim:
        return DENIED, "needs_a_claim"
    if situation.delivered_on(line) is None:
        lost = asked.request.reason is Reason.MISSING and line.id in lost_lines(situation)
        return (ALLOWED, "parcel_lost") if lost else (DENIED, "not_delivered")
    if is_over(situation, claim_last_day(situation, line)):
        return DENIED, "window_over"
    if asked.money()[line.id] == (0, 0):
        return DENIED, "nothing_was_paid"
    above = asked.value_cents > policy.refund_only.up_to_cents
    if asked.request.reason is Reason.MISSING:
        return (Outcome.NEEDS_PERSON, "missing_above") if above else (ALLOWED, "missing_refund")
    if above and not _NEVER_COMES_BACK & set(line.traits):
        return DENIED, "must_come_back"
    needed = evidence_for(asked, line, from_cents=policy.evidence.without_parcel_from_cents)
    return needed or (ALLOWED, "keep_it")


def _with_outbound_freight(asked: Ask, verdict: Verdict) -> Verdict:
    """Add what the way to the shopper cost when nothing of the order was as it should be."""
    freight = asked.situation.order.freight_cents
    if verdict.outcome is DENIED or not freight or not _claims_everything(asked, verdict):
        return verdict
    cents = verdict.refund_cents + freight
    return replace(
        verdict,
        rules=(*verdict.rules, "freight_back"),
        refund_cents=cents,
        facts={**verdict.facts, "refund_cents": cents, "freight_cents": freight},
    )


def _claims_everything(asked: Ask, verdict: Verdict) -> bool:
    order = asked.situation.order
    if not asked.request.reason.is_claim or verdict.rule == "no_reason_window":
        return False
    chosen = {line.line_id: line.pieces for line in verdict.line_verdicts}
    untouched = all(line.returned_quantity == 0 for line in order.lines) and not order.returns
    return untouched and chosen == dict(everything_left(asked.situation))


def _with_insurance(asked: Ask, verdict: Verdict) -> Verdict:
    trait = asked.situation.policy.returns.freight_insured
    insured = any(trait in line.traits for line, _ in asked.chosen)
    if not insured or verdict.outcome is DENIED or verdict.freight_paid_by is Payer.SHOP:
        return verdict
    facts = {**verdict.facts, "freight_insured": True}
    return replace(verdict, rules=(*verdict.rules, "freight_insured"), facts=facts)
