"""The order as a whole: cancelled or sent elsewhere before dispatch, or paid twice.

Step 6 of a message's way (act).
"""

from shop.models import (
    CancelRequest,
    DuplicatePaymentRequest,
    OrderStatus,
    RedirectRequest,
    Remedy,
)
from shop.rights.shares import received_cents, refunded_cents
from shop.rights.situation import Situation
from shop.rights.verdict import Outcome, Verdict

_CLOSED = {
    OrderStatus.CANCELLED: "order_cancelled",
    OrderStatus.REFUNDING: "already_refunded",
    OrderStatus.REFUNDED: "already_refunded",
    OrderStatus.SHIPPED: "already_dispatched",
    OrderStatus.DELIVERED: "already_delivered",
}


def assess_cancel(situation: Situation, request: CancelRequest) -> Verdict:
    """Say whether the order may still be called off: money, points and coupon come back."""
    order = situation.order
    rule = _closed(situation)
    if rule:
        return situation.denied(Remedy.CANCEL, rule)
    paid = received_cents(order) if order.status is OrderStatus.UNPAID else order.total_cents
    back = situation.policy.coupons.back_after_cancel
    return situation.verdict(
        Remedy.CANCEL,
        Outcome.ALLOWED,
        "cancel_unpaid" if order.status is OrderStatus.UNPAID else "cancel_before_dispatch",
        refund_cents=max(0, paid - refunded_cents(order)),
        points=order.points_used,
        coupon_cents=order.coupon_cents if back else 0,
    )


def assess_redirect(situation: Situation, request: RedirectRequest) -> Verdict:
    """Say whether the parcel may still go elsewhere."""
    address = request.address
    rule = _closed(situation)
    # An address in one row has its region in the detail.
    texts = (address.recipient, address.phone, address.detail)
    if not rule and not all(text.strip() for text in texts):
        rule = "address_incomplete"
    if not rule and address == situation.order.address:
        rule = "same_address"
    if rule:
        return situation.denied(Remedy.REDIRECT, rule)
    return situation.verdict(Remedy.REDIRECT, Outcome.ALLOWED, "redirect_before_dispatch")


def _closed(situation: Situation) -> str:
    """Say why an order can no longer be changed; a parcel may be out before the status says so."""
    rule = _CLOSED.get(situation.order.status, "")
    return rule or ("already_dispatched" if situation.order.shipments else "")


def assess_duplicate_payment(situation: Situation, request: DuplicatePaymentRequest) -> Verdict:
    """Say whether more has come in than the order costs.

    Two payments that make up its sum together are no duplicate.
    """
    order = situation.order
    received = received_cents(order)
    back = sum(
        refund.amount_cents for refund in order.refunds if refund.cause is Remedy.DUPLICATE_PAYMENT
    )
    surplus = received - order.total_cents - back
    facts = {"received_cents": received, "total_cents": order.total_cents}
    if surplus <= 0:
        rule = "surplus_on_its_way" if back else "paid_once"
        return situation.denied(Remedy.DUPLICATE_PAYMENT, rule, **facts)
    return situation.verdict(
        Remedy.DUPLICATE_PAYMENT, Outcome.ALLOWED, "paid_twice", facts=facts, refund_cents=surplus
    )
