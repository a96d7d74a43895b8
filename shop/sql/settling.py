"""A request is settled: once, by the rules, with all that comes of it.

Step 6 of a message's way (act): the inside of ``SqlShop.settle``. One module has the effects of one
kind of request; which is which is told here.
"""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any

from shop.models import (
    RefundOnlyRequest,
    RepairRequest,
    ResendRequest,
    ReturnRequest,
    ExchangeRequest,
    Order,
    Product,
    Remedy,
    Request,
    Settlement,
)
from shop.rights import returns as rules
from shop.rights.policy import Policy
from shop.rights.verdict import LineVerdict, Outcome, Verdict
from shop.sql import returns
from shop.sql.case import Case, Done

_EFFECTS: dict[type, Callable[[Case, Any], Done]] = {
    ReturnRequest: returns.open_return,
    ExchangeRequest: returns.exchange,
    RepairRequest: returns.repair,
    RefundOnlyRequest: returns.refund_only,
    ResendRequest: returns.resend,
}


def assess(
    order: Order,
    request: ReturnRequest,
    *,
    policy: Policy,
    now: datetime,
    products: Mapping[str, Product],
) -> Verdict:
    """Ask the return rules."""
    found = rules.assess_return(
        order, line_ids=request.line_ids, reason=request.reason.value, policy=policy, now=now
    )
    pieces = dict(request.pieces)
    return Verdict(
        remedy=Remedy.RETURN,
        outcome=Outcome(found.outcome),
        rules=(found.rule,),
        policy_version=str(policy.version),
        facts=found.facts,
        line_verdicts=tuple(
            LineVerdict(each.line_id, pieces[each.line_id], Outcome(each.outcome), each.rule)
            for each in found.line_verdicts
        ),
        refund_cents=rules.refund_cents(order, request.line_ids),
        freight_paid_by=rules.freight_payer(request.reason, policy),
    )


def carry_out(case: Case, request: Request) -> Settlement:
    """Do what the rules have allowed, and say what was done."""
    done = _EFFECTS[type(request)](case, request)
    verdict = case.verdict
    return Settlement(
        number=done.number,
        remedy=request.remedy,
        order_number=case.order.number,
        settled_at=case.now,
        due_at=done.due_at,
        refund_cents=verdict.refund_cents,
        points=verdict.points,
        coupon_cents=verdict.coupon_cents,
        freight_paid_by=verdict.freight_paid_by,
        rules=verdict.rules,
        policy_version=verdict.policy_version,
    )
