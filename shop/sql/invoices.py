"""Invoices (fapiao), and better ones in place of wrong ones.

Step 6 of a message's way (act): effects of requests (``shop.sql.settling``).
"""

from sqlalchemy import insert, update

from shop.models import InvoiceRequest, InvoiceState
from shop.sql import tables as t
from shop.sql.case import Case, Done


def invoice(case: Case, request: InvoiceRequest) -> Done:
    """Ask for an invoice over what was paid and not refunded; an earlier one is replaced."""
    number = case.new_number("FP")
    valid = [each for each in case.order.invoices if each.state is not InvoiceState.REPLACED]
    replaces = valid[-1].number if valid else None
    this = t.invoices.c.number == replaces
    replaced = {"state": InvoiceState.REPLACED.value}
    case.connection.execute(update(t.invoices).where(this).values(**replaced))
    due_at = case.in_hours(case.policy.invoices.within_hours)
    row = {
        "number": number,
        "order_number": case.order.number,
        "kind": request.kind.value,
        "title": request.title,
        "tax_number": request.tax_number,
        "email": request.email,
        "amount_cents": case.verdict.facts["amount_cents"],
        "state": InvoiceState.REQUESTED.value,
        "requested_at": case.now,
        "due_at": due_at,
        "replaces": replaces,
    }
    case.connection.execute(insert(t.invoices), row)
    return Done(number, due_at)
