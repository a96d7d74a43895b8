"""What can be offered for a problem, best for the shopper first.

Step 6 of a message's way (act): every offer is judged by ``engine.assess``, so that nothing
is offered which would then be refused.
"""

from collections.abc import Mapping
from datetime import datetime

from shop.models import (
    CompensationRequest,
    ExchangeRequest,
    InquiryRequest,
    Order,
    Pieces,
    Problem,
    Product,
    Reason,
    RefundOnlyRequest,
    RepairRequest,
    Request,
    ResendRequest,
    ReturnRequest,
)
from shop.rights.delivery import parcel_states
from shop.rights.engine import NO_PRODUCTS, assess, rank
from shop.rights.goods import everything_left
from shop.rights.policy_book import PolicyBook
from shop.rights.situation import Situation
from shop.rights.verdict import Verdict


def remedies(
    order: Order,
    pieces: Pieces,
    matter: Reason | Problem,
    *,
    policies: PolicyBook,
    now: datetime,
    products: Mapping[str, Product] = NO_PRODUCTS,
) -> tuple[Verdict, ...]:
    """Say what can be offered for a problem: what may happen now first, then best for the shopper.

    Without ``pieces``, for everything that is left. An exchange is judged for the first variant
    that is in stock (``facts["variant"]``).

    Raises:
        LineNotFound, ValueError: as for ``assess``.
    """
    situation = Situation(order, policies.at(order.placed_at), now, products)
    pieces = pieces or everything_left(situation)
    verdicts = [
        assess(order, request, policies=policies, now=now, products=products)
        for request in _candidates(situation, pieces, matter)
    ]
    return tuple(sorted(verdicts, key=rank))


def _candidates(situation: Situation, pieces: Pieces, matter: Reason | Problem) -> list[Request]:
    """List what helps with a problem, best for the shopper first."""
    if matter in (Problem.LATE, Problem.STUCK, Problem.LOST, Problem.NOT_RECEIVED):
        return _for_delivery(situation, pieces, Problem(matter.value))
    if not pieces:
        return []
    reason = Reason(matter.value)
    exchanges = _exchanges(situation, pieces, reason)
    if not reason.is_claim:
        swap_first = reason is Reason.SIZE
        back: list[Request] = [ReturnRequest(pieces, reason)]
        return [*exchanges, *back] if swap_first else [*back, *exchanges]
    kept: list[Request] = [RefundOnlyRequest(pieces, reason), ResendRequest(pieces, reason)]
    if reason is Reason.MISSING:
        return [kept[1], kept[0]]
    repair = [RepairRequest(pieces, reason)] if reason is not Reason.WRONG_ITEM else []
    return [*kept, *exchanges, ReturnRequest(pieces, reason), *repair]


def _for_delivery(situation: Situation, pieces: Pieces, problem: Problem) -> list[Request]:
    states = sorted(parcel_states(situation), key=lambda state: -state.quiet_days)
    came = problem is Problem.NOT_RECEIVED
    fitting = [each for each in states if (each.shipment.status.value == "delivered") == came]
    inquiry: list[Request] = [
        InquiryRequest(state.shipment.tracking_number, problem) for state in (fitting or states)[:1]
    ]
    if problem is Problem.LATE:
        return [CompensationRequest(), *inquiry]
    if problem is Problem.STUCK:
        return [*inquiry, CompensationRequest()]
    if problem is Problem.LOST and pieces:
        again: list[Request] = [
            ResendRequest(pieces, Reason.MISSING),
            RefundOnlyRequest(pieces, Reason.MISSING),
        ]
        return [*again, *inquiry]
    return inquiry


def _exchanges(situation: Situation, pieces: Pieces, reason: Reason) -> list[Request]:
    """An exchange for what can be sent: the same for a claim, the first other one else."""
    if len(pieces) != 1:
        return []
    line = situation.order.line(pieces[0][0])
    product = situation.products.get(line.sku) if line else None
    if line is None or reason.is_claim or product is None:
        return [ExchangeRequest(pieces, reason)]
    others = [variant for variant in product.variants if variant.id != line.variant]
    in_stock = [variant for variant in others if variant.stock >= pieces[0][1]]
    chosen = (in_stock or others)[:1]
    return [ExchangeRequest(pieces, reason, variant=variant.id) for variant in chosen]
