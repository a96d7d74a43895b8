"""What may be asked of a shop over HTTP, one function for each call; ``server`` puts them together.

The other end of ``shop.http.backend``. The docstrings are part of the description that a shop's
developers read.
"""

import json
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Any
from urllib.parse import unquote

from fastapi import Depends, Header, HTTPException, Query, Request

from shop import models
from shop.backend import ShopBackend
from shop.errors import (
    IdempotencyConflict,
    LineNotFound,
    OrderNotFound,
    ProofRejected,
    RequestRefused,
    ShopError,
    ShopUnavailable,
    StepUpRequired,
    TooManyAttempts,
    VariantNotFound,
)
from shop.http.codec import decode
from shop.http.errors import NotThere
from shop.http.scalars import MalformedValue, read_moment

_LARGEST_BODY = 64 * 1024
_MOST = 100


def _shop(request: Request) -> ShopBackend:
    shop: ShopBackend = request.app.state.shop
    return shop


def _asker(
    customer: Annotated[
        str, Header(alias="X-Xiaoer-Customer", description="Id of the customer who is logged in.")
    ] = "",
    visitor: Annotated[
        str, Header(alias="X-Xiaoer-Visitor", description="Or the id of somebody who is not.")
    ] = "",
    origin: Annotated[
        str, Header(alias="X-Xiaoer-Origin", description="Network address of the asker.")
    ] = "",
) -> models.Identity:
    try:
        return models.Identity(
            customer_id=unquote(customer, errors="strict") or None,
            visitor_id=unquote(visitor, errors="strict") or None,
            origin=unquote(origin, errors="strict"),
        )
    except ValueError:
        raise MalformedValue("X-Xiaoer-*", "exactly one asker expected") from None


async def _sent(request: Request) -> dict[str, Any]:
    content = bytearray()
    async for piece in request.stream():
        content += piece
        if len(content) > _LARGEST_BODY:
            raise HTTPException(413, f"more than {_LARGEST_BODY} bytes")
    try:
        sent = json.loads(content)
    except (ValueError, RecursionError):
        sent = None
    if not isinstance(sent, dict):
        raise MalformedValue("$", "an object expected")
    return sent


Shop = Annotated[ShopBackend, Depends(_shop)]
Asker = Annotated[models.Identity, Depends(_asker)]
Sent = Annotated[dict[str, Any], Depends(_sent)]
Limit = Annotated[int, Query(ge=1, le=_MOST, description="At most so many.")]
Skus = Annotated[list[str], Query(alias="sku", min_items=1, max_items=_MOST)]
Key = Annotated[str, Header(alias="Idempotency-Key", min_length=1, max_length=1024)]


def list_orders(shop: Shop, asker: Asker, limit: Limit = 5) -> Any:
    """List the asker's orders, newest first.

    A visitor gets only the orders that they have proven in the last 30 minutes.
    """
    return {"orders": shop.orders(asker, limit=limit)}


def get_order(shop: Shop, asker: Asker, number: str) -> Any:
    """Fetch an order of the asker.

    Whether an order is another's, was not proven in the last 30 minutes, or is not there cannot be
    told apart, neither by the answer nor by the time that it takes.
    """
    return shop.order(asker, number)


def prove_order(shop: Shop, asker: Asker, sent: Sent) -> Any:
    """Prove an order by the last four digits of the phone number on it.

    It opens the order to a visitor for 30 minutes; for whoever the order is open to, it is also the
    step up that a new address asks for. Five failures within 30 minutes, counted for the order and
    for the asker, lock out, and so do more for the asker's network address; then right digits are
    refused as well. An order that does not exist, or is another customer's, counts and looks
    exactly like wrong digits. A success does not clear the failures.
    """
    number = decode(str, sent.get("order_number"), "$.order_number")
    return shop.prove_order(asker, number, decode(str, sent.get("phone_last4"), "$.phone_last4"))


def get_step_up(shop: Shop, asker: Asker, number: str) -> Any:
    """Tell whether the asker has proven an order in the last 10 minutes.

    False as well for an order that is another's or not there.
    """
    return {"stepped_up": shop.has_stepped_up(asker, number)}


def settle(shop: Shop, asker: Asker, number: str, sent: Sent, key: Key) -> Any:
    """Do what is asked about an order, once.

    `asked_at` is the moment from which deadlines count. The same key of the same asker with the
    same request gives the same settlement and changes nothing. The rules are asked in the
    transaction: of two calls for the same pieces with different keys one is done, the other is
    refused.
    """
    return shop.settle(
        asker,
        number,
        decode(models.Request, sent.get("request"), "$.request"),
        idempotency_key=unquote(key),
        now=read_moment(sent.get("asked_at"), "$.asked_at"),
    )


def get_customer(shop: Shop, customer_id: str) -> Any:
    """Look up an account."""
    return _there(shop.customer(customer_id))


def list_coupons(shop: Shop, asker: Asker) -> Any:
    """List the customer's coupons that can still be used, the next to expire first."""
    return {"coupons": shop.coupons(asker)}


def list_points(shop: Shop, asker: Asker, limit: Limit = 5) -> Any:
    """List the latest movements of the customer's points, newest first."""
    return {"points": shop.points(asker, limit=limit)}


def list_products(shop: Shop, skus: Skus) -> Any:
    """Look up products with variants, stock and prices; those that are not there are left out."""
    return {"products": list(shop.products(tuple(skus)).values())}


def watch_stock(shop: Shop, asker: Asker, sent: Sent) -> Any:
    """Note that a customer wants to know when a variant can be bought again; once for each."""
    if not asker.customer_id:
        raise MalformedValue("X-Xiaoer-Customer", "missing")
    variant = decode(str, sent.get("variant"), "$.variant")
    return shop.watch_stock(asker, variant, now=read_moment(sent.get("asked_at"), "$.asked_at"))


def get_reference(shop: Shop, reference: str) -> Any:
    """Tell whether what was promised under a number has been done.

    A refund is when it is paid, an inquiry when it is answered, an invoice when it is issued, an
    exchange, a repair or a resend when its case is closed.
    """
    return {"fulfilled": _there(shop.is_fulfilled(reference))}


def _there(value: object) -> object:
    if value is None:
        raise NotThere
    return value


@dataclass(frozen=True)
class Operation:
    """A call. What it gives and takes is a kind of value, or fields with their kinds."""

    method: str
    path: str
    run: Callable[..., Any]
    gives: Any
    errors: tuple[type[ShopError], ...] = ()
    takes: Any = None

    @property
    def all_errors(self) -> tuple[type[ShopError], ...]:
        """Its own errors, and the one that every call may end with."""
        return (*self.errors, ShopUnavailable)


_PROOF = {"order_number": str, "phone_last4": str}
_SETTLING = (
    OrderNotFound,
    LineNotFound,
    RequestRefused,
    StepUpRequired,
    IdempotencyConflict,
)
_REQUEST = {"request": models.Request, "asked_at": datetime}
_NOTICE = {"variant": str, "asked_at": datetime}

OPERATIONS = (
    Operation("GET", "/v1/orders", list_orders, {"orders": tuple[models.Order, ...]}),
    Operation("GET", "/v1/orders/{number}", get_order, models.Order, (OrderNotFound,)),
    Operation("GET", "/v1/orders/{number}/step-up", get_step_up, {"stepped_up": bool}),
    Operation(
        *("POST", "/v1/orders/{number}/requests", settle, models.Settlement, _SETTLING, _REQUEST)
    ),
    Operation(
        "POST", "/v1/proofs", prove_order, models.Order, (ProofRejected, TooManyAttempts), _PROOF
    ),
    Operation("GET", "/v1/products", list_products, {"products": tuple[models.Product, ...]}),
    Operation("GET", "/v1/customers/{customer_id}", get_customer, models.Customer, (NotThere,)),
    Operation("GET", "/v1/coupons", list_coupons, {"coupons": tuple[models.Coupon, ...]}),
    Operation("GET", "/v1/points", list_points, {"points": tuple[models.PointsEntry, ...]}),
    Operation(
        "POST", "/v1/stock-notices", watch_stock, models.StockNotice, (VariantNotFound,), _NOTICE
    ),
    Operation("GET", "/v1/references/{reference}", get_reference, {"fulfilled": bool}, (NotThere,)),
)
