"""An order that is called off before it has left.

Step 6 of a message's way (act): effects of requests (``shop.sql.settling``).
"""

from sqlalchemy import update

from shop.models import CancelRequest, OrderStatus, RefundState, Remedy
from shop.sql import stock
from shop.sql import tables as t
from shop.sql.case import Case, Done
from shop.sql.coupons import give_back
from shop.sql.refunds import credit_points, open_refund


def cancel(case: Case, _request: CancelRequest) -> Done:
    """Call the whole order off: money, points, coupon and goods go back to where they were."""
    for line in case.order.lines:
        stock.put_back(case, line, line.left_quantity)
    if case.verdict.coupon_cents:
        give_back(case)
    if case.verdict.refund_cents:
        _set_status(case, OrderStatus.REFUNDING)
        return open_refund(case, Remedy.CANCEL, state=RefundState.APPROVED, rma_number=None)
    _set_status(case, OrderStatus.CANCELLED)
    credit_points(case, case.verdict.points)
    return Done(case.order.number)


def _set_status(case: Case, status: OrderStatus) -> None:
    this = t.orders.c.number == case.order.number
    case.connection.execute(update(t.orders).where(this).values(status=status.value))
