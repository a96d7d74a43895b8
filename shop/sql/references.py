"""Whether what was promised under a number has been done.

Step 6 of a message's way (act): read inside a transaction of ``shop.sql``.
"""

from sqlalchemy import bindparam, select
from sqlalchemy.engine import Connection

from shop.models import InvoiceState, RefundState, ReturnState
from shop.sql import tables as t

_OPEN_CASES = {ReturnState.OPEN.value, ReturnState.RECEIVED.value}


def is_fulfilled(connection: Connection, reference: str) -> bool | None:
    """Look a number up wherever there are such numbers; None when it is nowhere."""
    asked = {"reference": reference}
    state = connection.execute(_REFUND, asked).scalar_one_or_none()
    if state is not None:
        return bool(state == RefundState.PAID.value)
    state = connection.execute(_RETURN, asked).scalar_one_or_none()
    if state is not None:
        return state not in _OPEN_CASES
    state = connection.execute(_INVOICE, asked).scalar_one_or_none()
    if state is not None:
        return bool(state != InvoiceState.REQUESTED.value)
    is_open = connection.execute(_INQUIRY, asked).scalar_one_or_none()
    return None if is_open is None else not is_open


_REFUND = select(t.refunds.c.state).where(t.refunds.c.number == bindparam("reference"))
_RETURN = select(t.returns.c.state).where(t.returns.c.rma_number == bindparam("reference"))
_INVOICE = select(t.invoices.c.state).where(t.invoices.c.number == bindparam("reference"))
_INQUIRY = select(t.inquiries.c.open).where(t.inquiries.c.number == bindparam("reference"))
