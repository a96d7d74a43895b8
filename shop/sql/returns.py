"""Cases about goods: what is sent back, mended, sent instead or sent once more.

Step 6 of a message's way (act): effects of requests (``shop.sql.settling``).
"""

from sqlalchemy import bindparam, insert, update

from shop.models import (
    ExchangeRequest,
    GoodsRequest,
    OrderLine,
    OrderStatus,
    Payer,
    Pieces,
    RefundOnlyRequest,
    RefundState,
    RepairRequest,
    ResendRequest,
    ReturnRequest,
    ReturnState,
)
from shop.sql import stock
from shop.sql import tables as t
from shop.sql.case import Case, Done
from shop.sql.refunds import open_refund

_MORE_RETURNED = (
    update(t.order_lines)
    .where(t.order_lines.c.id == bindparam("line_id"))
    .values(returned_quantity=t.order_lines.c.returned_quantity + bindparam("pieces"))
)


def open_return(case: Case, request: ReturnRequest) -> Done:
    """Goods back, money back once they have been checked."""
    number = _enter(case, request)
    _mark_returned(case, _pieces(case, request))
    refund = open_refund(case, request.remedy, state=RefundState.WAITING, rma_number=number)
    return Done(number, refund.due_at)


def refund_only(case: Case, request: RefundOnlyRequest) -> Done:
    """Money back at once, without goods."""
    number = _enter(case, request, state=ReturnState.CLOSED)
    _mark_returned(case, _pieces(case, request))
    return open_refund(case, request.remedy, state=RefundState.APPROVED, rma_number=number)


def exchange(case: Case, request: ExchangeRequest) -> Done:
    """Goods back; what is sent instead is taken from the shelf now, so that it is there then."""
    ((line, pieces),) = _lines(case, request)
    replacement = stock.take(case, line, pieces, instead=request.variant)
    number = _enter(case, request, replacement=replacement)
    checked_on = case.working_day(case.policy.refunds.inspection_days)
    return Done(number, case.end_of(checked_on))


def repair(case: Case, request: RepairRequest) -> Done:
    """Goods back to be mended."""
    due_on = case.working_day(case.policy.warranty.repair_working_days)
    return Done(_enter(case, request), case.end_of(due_on))


def resend(case: Case, request: ResendRequest) -> Done:
    """The goods once more."""
    number = _enter(case, request)
    for line, pieces in _lines(case, request):
        stock.take(case, line, pieces)
    return Done(number, case.in_hours(case.policy.shipping.dispatch_within_hours))


def _enter(
    case: Case,
    request: GoodsRequest,
    *,
    replacement: str = "",
    state: ReturnState = ReturnState.OPEN,
) -> str:
    number = case.new_number("RMA")
    row = {
        "rma_number": number,
        "order_number": case.order.number,
        "kind": request.remedy.value,
        "reason": request.reason.value,
        "note": request.note,
        "opened_at": case.now,
        "refund_cents": case.verdict.refund_cents,
        "freight_paid_by": (case.verdict.freight_paid_by or Payer.SHOP).value,
        "replacement": replacement,
        "state": state.value,
    }
    case.connection.execute(insert(t.returns), row)
    line_rows = [
        {"rma_number": number, "line_id": line_id, "quantity": pieces}
        for line_id, pieces in _pieces(case, request)
    ]
    case.connection.execute(insert(t.return_lines), line_rows)
    return number


def _pieces(case: Case, request: GoodsRequest) -> Pieces:
    """Tell what is concerned: the rules may add to it, such as a gift to what it came with."""
    judged = tuple((each.line_id, each.pieces) for each in case.verdict.line_verdicts)
    return judged or request.pieces


def _lines(case: Case, request: GoodsRequest) -> list[tuple[OrderLine, int]]:
    by_id = {line.id: line for line in case.order.lines}
    return [(by_id[line_id], pieces) for line_id, pieces in _pieces(case, request)]


def _mark_returned(case: Case, pieces: Pieces) -> None:
    more = [{"line_id": line_id, "pieces": count} for line_id, count in pieces]
    case.connection.execute(_MORE_RETURNED, more)
    back = dict(pieces)
    if all(line.left_quantity <= back.get(line.id, 0) for line in case.order.lines):
        whole = t.orders.c.number == case.order.number
        status = {"status": OrderStatus.REFUNDING.value}
        case.connection.execute(update(t.orders).where(whole).values(**status))
