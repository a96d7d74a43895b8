"""A request is settled: once, by the rules, with all that comes of it.

Step 6 of a message's way (act): the inside of ``SqlShop.settle``. One module has the effects of one
kind of request; which is which is told here.
"""

from collections.abc import Callable
from typing import Any

from shop.models import (
    CancelRequest,
    CompensationRequest,
    DuplicatePaymentRequest,
    ExchangeRequest,
    InquiryRequest,
    InvoiceRequest,
    PriceProtectionRequest,
    RedirectRequest,
    RefundOnlyRequest,
    RepairRequest,
    Request,
    ResendRequest,
    ReturnRequest,
    Settlement,
)
from shop.sql import cancellations, deliveries, invoices, refunds, returns
from shop.sql.case import Case, Done

_EFFECTS: dict[type, Callable[[Case, Any], Done]] = {
    ReturnRequest: returns.open_return,
    ExchangeRequest: returns.exchange,
    RepairRequest: returns.repair,
    RefundOnlyRequest: returns.refund_only,
    ResendRequest: returns.resend,
    CancelRequest: cancellations.cancel,
    RedirectRequest: deliveries.redirect,
    InquiryRequest: deliveries.inquire,
    CompensationRequest: deliveries.compensate,
    PriceProtectionRequest: refunds.protect_price,
    InvoiceRequest: invoices.invoice,
    DuplicatePaymentRequest: refunds.refund_duplicate,
}


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
