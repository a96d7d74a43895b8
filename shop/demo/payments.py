"""How the demo shop's orders were paid, or not.

Beside the way of a message: ``demo.till`` asks for an order's payments once it knows the price.
"""

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, timedelta, timezone

from shop.models import (
    Invoice,
    InvoiceKind,
    InvoiceState,
    Order,
    OrderStatus,
    Payment,
    PaymentState,
)

_PAID_AFTER = timedelta(minutes=2)
# What a provider says of an attempt that failed.
_PROBLEMS = ("insufficient_funds", "card_declined", "timed_out")


def make_payments(
    number: str, status: OrderStatus, cents: int, placed_at: datetime, methods: Sequence[str]
) -> tuple[Payment, ...]:
    """Make the payments of an order: one in eight needed a second attempt.

    An unpaid or cancelled order has at most an attempt that failed.
    """
    place = int(number[2:])
    method = methods[place % len(methods)]
    at = placed_at.astimezone(timezone.utc) + _PAID_AFTER
    failed = Payment(
        id=f"PAY{place}A",
        method=method,
        amount_cents=cents,
        state=PaymentState.FAILED,
        at=at - timedelta(minutes=1),
        problem=_PROBLEMS[place % len(_PROBLEMS)],
    )
    unpaid = status in (OrderStatus.UNPAID, OrderStatus.CANCELLED)
    first = (failed,) if place % (2 if unpaid else 8) == 7 % (2 if unpaid else 8) else ()
    if unpaid:
        return first
    state = PaymentState.REFUNDED if status is OrderStatus.REFUNDED else PaymentState.PAID
    return (*first, Payment(f"PAY{place}B", method, cents, state, at))


def with_invoice(order: Order) -> Order:
    """Give an order a personal invoice that was issued the day after it was placed."""
    assert order.address is not None
    requested_at = order.placed_at + timedelta(hours=3)
    invoice = Invoice(
        number=f"FP{order.number[2:]}",
        kind=InvoiceKind.PERSONAL,
        title=order.address.recipient,
        tax_number="",
        email=f"{order.customer_id.lower()}@shopper.example",
        amount_cents=order.total_cents,
        state=InvoiceState.ISSUED,
        requested_at=requested_at,
        due_at=requested_at + timedelta(days=1),
    )
    return replace(order, invoices=(invoice,))
