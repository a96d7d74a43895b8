"""Where a parcel goes, who looks for it, and what there is for one that comes too late.

Step 6 of a message's way (act): effects of requests (``shop.sql.settling``).
"""

from datetime import timedelta

from sqlalchemy import insert, update

from shop.models import CompensationRequest, InquiryRequest, Problem, RedirectRequest
from shop.sql import coupons
from shop.sql import tables as t
from shop.sql.case import Case, Done

_FOR_A_LATE_PARCEL = {"zh": "配送延误补偿券", "en": "Sorry for the late delivery"}


def redirect(case: Case, request: RedirectRequest) -> Done:
    """Send the order elsewhere; the customer's own address stays."""
    this = t.orders.c.number == case.order.number
    case.connection.execute(update(t.orders).where(this).values(**vars(request.address)))
    return Done(case.order.number)


def inquire(case: Case, request: InquiryRequest) -> Done:
    """Have the carrier look for a parcel."""
    number = case.new_number("IQ")
    rules = case.policy.delivery
    signed_for = request.problem is Problem.NOT_RECEIVED
    answer_by = case.in_hours(
        rules.not_received_within_hours if signed_for else rules.inquiry_within_hours
    )
    row = {
        "number": number,
        "order_number": case.order.number,
        "tracking_number": request.tracking_number,
        "problem": request.problem.value,
        "note": request.note,
        "opened_at": case.now,
        "answer_by": answer_by,
        "open": True,
    }
    case.connection.execute(insert(t.inquiries), row)
    return Done(number, answer_by)


def compensate(case: Case, _request: CompensationRequest) -> Done:
    """Give a coupon for a parcel past its promise, once."""
    rules = case.policy.compensation
    code = coupons.issue(
        case,
        _FOR_A_LATE_PARCEL,
        from_cents=rules.coupon_from_cents,
        valid_until=case.today + timedelta(days=rules.coupon_valid_days),
    )
    this = t.orders.c.number == case.order.number
    case.connection.execute(update(t.orders).where(this).values(compensated=True))
    return Done(code)
