"""Money on its way back.

Step 6 of a message's way (act): effects of requests (``shop.sql.settling``).
"""

from datetime import date

from sqlalchemy import insert, update

from shop.models import (
    DuplicatePaymentRequest,
    PaymentState,
    PriceProtectionRequest,
    RefundState,
    Remedy,
)
from shop.sql import tables as t
from shop.sql.case import Case, Done

# Paid back at once by the provider; everything else goes through a bank.
_WALLETS = {"WeChat Pay", "Alipay"}


def open_refund(case: Case, cause: Remedy, *, state: RefundState, rma_number: str | None) -> Done:
    """Enter a refund of what the verdict grants; due on the last of the policy's working days.

    Points of an approved refund are credited here and now, those of one that waits for a parcel by
    whoever pays it.
    """
    number = case.new_number("RF")
    due_on = _due_on(case, inspected=state is not RefundState.APPROVED)
    row = {
        "number": number,
        "order_number": case.order.number,
        "amount_cents": case.verdict.refund_cents,
        "state": state.value,
        "opened_at": case.now,
        "due_on": due_on,
        "points": case.verdict.points,
        "cause": cause.value,
        "rma_number": rma_number,
    }
    case.connection.execute(insert(t.refunds), row)
    if state is RefundState.APPROVED:
        credit_points(case, case.verdict.points)
    return Done(number, case.end_of(due_on))


def credit_points(case: Case, points: int) -> None:
    """Give points of an order back to its customer."""
    if points == 0:
        return
    customer = t.customers.c.id == case.order.customer_id
    more = t.customers.c.points + points
    case.connection.execute(update(t.customers).where(customer).values(points=more))
    entry = {
        "customer_id": case.order.customer_id,
        "at": case.now,
        "points": points,
        "reason": "refund",
        "order_number": case.order.number,
    }
    case.connection.execute(insert(t.points_entries), entry)


def protect_price(case: Case, _request: PriceProtectionRequest) -> Done:
    """Pay the difference to a lower price back."""
    return open_refund(case, Remedy.PRICE_PROTECTION, state=RefundState.APPROVED, rma_number=None)


def refund_duplicate(case: Case, _request: DuplicatePaymentRequest) -> Done:
    """Pay back what was paid twice; the payments that were too many, newest first, are marked."""
    left = case.verdict.refund_cents
    for payment in reversed(case.order.payments):
        if payment.state is PaymentState.PAID and 0 < payment.amount_cents <= left:
            left -= payment.amount_cents
            this = t.payments.c.id == payment.id
            refunded = {"state": PaymentState.REFUNDED.value}
            case.connection.execute(update(t.payments).where(this).values(**refunded))
    return open_refund(case, Remedy.DUPLICATE_PAYMENT, state=RefundState.APPROVED, rma_number=None)


def _due_on(case: Case, *, inspected: bool) -> date:
    rules = case.policy.refunds
    paid = {each.method for each in case.order.payments if each.state is not PaymentState.FAILED}
    days = rules.wallet_days if paid and paid <= _WALLETS else rules.card_days
    return case.working_day(days + (rules.inspection_days if inspected else 0))
