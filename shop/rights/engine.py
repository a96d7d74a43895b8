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
    PriceProtectionRequest,
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
NO_PRODUCTS: Mapping[str, Product] = {}
_BEST_FIRST = (Outcome.ALLOWED, Outcome.NEEDS_EVIDENCE, Outcome.NEEDS_PERSON, Outcome.DENIED)


def assess(
    order: Order,
    request: Request,
    *,
    policies: PolicyBook,
    now: datetime,
    products: Mapping[str, Product] = NO_PRODUCTS,
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

    Each line gets the better of two verdicts: without a reason, and as a claim. The best of all
    lines decides. ``facts["returnable_line_ids"]`` names the lines that can come back,
    ``facts["claim_line_ids"]`` those of them for which that takes a claim.

    Raises:
        ValueError: ``now`` has no time zone.
    """
    situation = Situation(order, policies.at(order.placed_at), now, NO_PRODUCTS)
    left = dict(everything_left(situation))
    best: dict[int, Verdict] = {}
    claims = []
    for line in sorted(order.lines, key=lambda line: line.id):
        pieces = ((line.id, left.get(line.id, line.quantity)),)
        freely, claimed = (
            assess_return(ask(situation, ReturnRequest(pieces, reason)))
            for reason in (Reason.CHANGED_MIND, Reason.QUALITY)
        )
        if rank(claimed) < rank(freely):
            claims.append(line.id)
        best[line.id] = min(freely, claimed, key=rank)
    ids = tuple(line_id for line_id, verdict in best.items() if verdict.outcome != Outcome.DENIED)
    first = min(best.values(), key=rank)
    lines = tuple(
        line
        for line_id, verdict in best.items()
        for line in verdict.line_verdicts
        if line.line_id == line_id
    )
    facts = {**first.facts, "returnable_line_ids": ids, "claim_line_ids": tuple(claims)}
    return replace(first, line_verdicts=lines, refund_cents=0, points=0, facts=facts)


def rank(verdict: Verdict) -> int:
    """Order verdicts by what may happen: 0 when it may now."""
    return _BEST_FIRST.index(verdict.outcome)


def parcels(order: Order, *, policies: PolicyBook, now: datetime) -> tuple[ParcelState, ...]:
    """Look at every parcel of an order: what is late, stuck or lost is told unasked.

    Raises:
        ValueError: ``now`` has no time zone.
    """
    return parcel_states(Situation(order, policies.at(order.placed_at), now, NO_PRODUCTS))
