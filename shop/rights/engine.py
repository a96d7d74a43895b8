"""The one door to the rules: what may come of a request, and what could be asked for instead.

Step 6 of a message's way (act): pure functions. A conversation asks early, while it collects, and
``ShopBackend.settle`` asks again inside its transaction; both get the same answer.
"""

from collections.abc import Mapping
from dataclasses import replace
from datetime import datetime
from typing import Any, Callable

from shop.models import (
    CancelRequest,
    CompensationRequest,
    DuplicatePaymentRequest,
    ExchangeRequest,
    GoodsRequest,
    InquiryRequest,
    InvoiceRequest,
    Order,
    Pieces,
    PriceProtectionRequest,
    Problem,
    Product,
    Reason,
    RedirectRequest,
    RefundOnlyRequest,
    RepairRequest,
    Request,
    ResendRequest,
    ReturnRequest,
)
from shop.rights.delivery import (
    ParcelState,
    assess_compensation,
    assess_inquiry,
    parcel_states,
)
from shop.rights.goods import Ask, ask, everything_left
from shop.rights.invoices import assess_invoice
from shop.rights.orders import assess_cancel, assess_duplicate_payment, assess_redirect
from shop.rights.policy_book import PolicyBook
from shop.rights.prices import assess_price_protection
from shop.rights.replacements import assess_exchange, assess_repair, assess_resend
from shop.rights.returns import assess_refund_only, assess_return
from shop.rights.situation import Situation
from shop.rights.verdict import Outcome, Verdict

_ABOUT_GOODS: Mapping[type, Callable[[Ask], Verdict]] = {
    ReturnRequest: assess_return,
    ExchangeRequest: assess_exchange,
    RepairRequest: assess_repair,
    RefundOnlyRequest: assess_refund_only,
    ResendRequest: assess_resend,
}
_ABOUT_THE_ORDER: Mapping[type, Callable[[Situation, Any], Verdict]] = {
    CancelRequest: assess_cancel,
    RedirectRequest: assess_redirect,
    InquiryRequest: assess_inquiry,
    CompensationRequest: assess_compensation,
    PriceProtectionRequest: assess_price_protection,
    InvoiceRequest: assess_invoice,
    DuplicatePaymentRequest: assess_duplicate_payment,
}
_NO_PRODUCTS: Mapping[str, Product] = {}
_BEST_FIRST = (Outcome.ALLOWED, Outcome.NEEDS_EVIDENCE, Outcome.NEEDS_PERSON, Outcome.DENIED)


def assess(
    order: Order,
    request: Request,
    *,
    policies: PolicyBook,
    now: datetime,
    products: Mapping[str, Product] = _NO_PRODUCTS,
) -> Verdict:
    """Say what may come of a request, by the rules in force when the order was placed.

    What is settled are the pieces of ``line_verdicts``: gifts that have to come along are among
    them though nobody asked. ``products`` (by SKU, as they are today) are needed for exchange,
    resend and price protection; without them a person has to decide those.

    Raises:
        LineNotFound: the request names a line that the order does not have.
        ValueError: ``now`` has no time zone; no pieces, or less than one of a line; an exchange of
            more than one line.
    """
    situation = Situation(order, policies.at(order.placed_at), now, products)
    if isinstance(request, GoodsRequest):
        return _ABOUT_GOODS[type(request)](ask(situation, request))
    return _ABOUT_THE_ORDER[type(request)](situation, request)


def returnable(order: Order, *, policies: PolicyBook, now: datetime) -> Verdict:
    """Say what of an order could be returned at all, before anybody has given a reason.

    Each line gets the better of two verdicts: without a reason, and as a claim. The whole is allowed
    when a line is; ``facts["returnable_line_ids"]`` names those, ``facts["claim_line_ids"]`` those of
    them that only a claim brings back.

    Raises:
        ValueError: ``now`` has no time zone.
    """
    situation = Situation(order, policies.at(order.placed_at), now, _NO_PRODUCTS)
    left = dict(everything_left(situation))
    best = []
    for line in sorted(order.lines, key=lambda line: line.id):
        pieces = ((line.id, left.get(line.id, line.quantity)),)
        verdicts = [
            assess_return(ask(situation, ReturnRequest(pieces, reason)))
            for reason in (Reason.CHANGED_MIND, Reason.QUALITY)
        ]
        best.append(min(verdicts, key=_rank))
    possible = [verdict for verdict in best if verdict.outcome is not Outcome.DENIED]
    ids = tuple(verdict.line_verdicts[0].line_id for verdict in possible)
    claims = tuple(
        verdict.line_verdicts[0].line_id
        for verdict in possible
        if verdict.freight_paid_by == "shop"
    )
    first = min(best, key=_rank)
    return replace(
        first,
        line_verdicts=tuple(verdict.line_verdicts[0] for verdict in best),
        refund_cents=0,
        points=0,
        facts={**first.facts, "returnable_line_ids": ids, "claim_line_ids": claims},
    )


def remedies(
    order: Order,
    pieces: Pieces,
    matter: Reason | Problem,
    *,
    policies: PolicyBook,
    now: datetime,
    products: Mapping[str, Product] = _NO_PRODUCTS,
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
    return tuple(sorted(verdicts, key=_rank))


def parcels(order: Order, *, policies: PolicyBook, now: datetime) -> tuple[ParcelState, ...]:
    """Look at every parcel of an order: what is late, stuck or lost is told unasked.

    Raises:
        ValueError: ``now`` has no time zone.
    """
    return parcel_states(Situation(order, policies.at(order.placed_at), now, _NO_PRODUCTS))


def _rank(verdict: Verdict) -> int:
    return _BEST_FIRST.index(verdict.outcome)


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
