"""A shop's own system, asked over HTTP; what is said on the wire is in docs/shop_api.md.

Step 6 of a message's way (act). The other end may be anybody's: what it answers is read strictly,
and what nobody asked for, such as another order, is never passed on.
"""

import json
import logging
from collections.abc import Callable
from datetime import datetime
from typing import Any, TypeVar

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
from shop.http.call import Call, asker_headers, header_value, order_path, segment
from shop.http.codec import decode, encode
from shop.http.connection import Connection
from shop.http.errors import NotThere
from shop.http.errors import read as read_error
from shop.http.scalars import MalformedValue
from shop.models import (
    Coupon,
    Customer,
    Identity,
    Order,
    PointsEntry,
    Product,
    Request,
    Settlement,
    StockNotice,
)
from shop.order_number import normalise_order_number

T = TypeVar("T")
logger = logging.getLogger(__name__)

# So many products are asked for in one call, lest its address become too long.
_PRODUCTS_AT_ONCE = 50
_SETTLE_ERRORS = (
    OrderNotFound,
    LineNotFound,
    RequestRefused,
    StepUpRequired,
    IdempotencyConflict,
)


class HttpShop:
    """The shop of ``shop.backend`` at the other end of a wire; see there for each method."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def close(self) -> None:
        """End the connections."""
        self._connection.close()

    def customer(self, customer_id: str) -> Customer | None:
        """Look up an account."""

        def read(data: Any) -> Customer:
            customer: Customer = decode(Customer, data)
            return _insist(customer, customer.id == customer_id)

        return self._look_up("customers", customer_id, read)

    def coupons(self, identity: Identity) -> list[Coupon]:
        """List a customer's coupons that can still be used."""
        if not identity.customer_id:
            return []
        call = Call("GET", "/v1/coupons", headers=asker_headers(identity))
        return list(self._ask(call, lambda data: _field(tuple[Coupon, ...], data, "coupons")))

    def points(self, identity: Identity, *, limit: int = 5) -> list[PointsEntry]:
        """List the latest movements of a customer's points."""
        if not identity.customer_id:
            return []
        limits = (("limit", str(limit)),)
        call = Call("GET", "/v1/points", headers=asker_headers(identity), params=limits)
        entries = self._ask(call, lambda data: _field(tuple[PointsEntry, ...], data, "points"))
        return list(entries[:limit])

    def product(self, sku: str) -> Product | None:
        """Look up a product."""
        return self.products((sku,)).get(sku)

    def products(self, skus: tuple[str, ...]) -> dict[str, Product]:
        """Look up several at once."""
        wanted = list(dict.fromkeys(sku for sku in skus if sku))
        found: dict[str, Product] = {}
        for start in range(0, len(wanted), _PRODUCTS_AT_ONCE):
            some = wanted[start : start + _PRODUCTS_AT_ONCE]
            call = Call("GET", "/v1/products", params=tuple(("sku", sku) for sku in some))
            products = self._ask(call, lambda data: _field(tuple[Product, ...], data, "products"))
            # Those that nobody asked for are left out.
            found.update((product.sku, product) for product in products if product.sku in some)
        return found

    def orders(self, identity: Identity, *, limit: int = 5) -> list[Order]:
        """List the shopper's orders."""
        if limit < 1:
            raise ValueError("limit is below 1")
        limits = (("limit", str(limit)),)
        call = Call("GET", "/v1/orders", headers=asker_headers(identity), params=limits)

        def read(data: Any) -> list[Order]:
            orders = _field(tuple[Order, ...], data, "orders")
            return [_own(order, identity, order.number) for order in orders]

        return self._ask(call, read)[:limit]

    def order(self, identity: Identity, number: str) -> Order:
        """Fetch one order of this shopper."""
        wanted = normalise_order_number(number)
        call = Call("GET", order_path(wanted), headers=asker_headers(identity))
        return self._ask(call, _order_reader(identity, wanted), OrderNotFound)

    def prove_order(self, identity: Identity, number: str, phone_last4: str) -> Order:
        """Prove an order by the last four digits of the phone number on it."""
        wanted = normalise_order_number(number)
        call = Call(
            "POST",
            "/v1/proofs",
            headers=asker_headers(identity),
            body=encode({"order_number": wanted, "phone_last4": phone_last4}),
            # A wrong proof that arrived twice would count twice.
            is_repeatable=False,
        )
        return self._ask(call, _order_reader(identity, wanted), ProofRejected, TooManyAttempts)

    def has_stepped_up(self, identity: Identity, number: str) -> bool:
        """Tell whether the order has been proven in the last 10 minutes."""
        try:
            path = f"{order_path(normalise_order_number(number))}/step-up"
        except OrderNotFound:
            return False
        call = Call("GET", path, headers=asker_headers(identity))
        return bool(self._ask(call, lambda data: _field(bool, data, "stepped_up")))

    def settle(
        self,
        identity: Identity,
        number: str,
        request: Request,
        *,
        idempotency_key: str,
        now: datetime,
    ) -> Settlement:
        """Do what is asked about an order, once."""
        if not idempotency_key:
            raise ValueError("an idempotency key is needed")
        # Read once here, so that a request that no shop could read is told as the caller's mistake.
        decode(Request, encode(request), "request")
        wanted = normalise_order_number(number)
        call = Call(
            "POST",
            f"{order_path(wanted)}/requests",
            headers={**asker_headers(identity), "Idempotency-Key": header_value(idempotency_key)},
            body=encode({"request": request, "asked_at": now}),
        )

        def read(data: Any) -> Settlement:
            settlement: Settlement = decode(Settlement, data)
            return _insist(settlement, normalise_order_number(settlement.order_number) == wanted)

        return self._ask(call, read, *_SETTLE_ERRORS)

    def watch_stock(self, identity: Identity, variant_id: str, *, now: datetime) -> StockNotice:
        """Note that a customer wants to know when a variant can be bought again."""
        if not identity.customer_id:
            raise ValueError("a visitor cannot be told later")
        body = encode({"variant": variant_id, "asked_at": now})
        call = Call("POST", "/v1/stock-notices", headers=asker_headers(identity), body=body)

        def read(data: Any) -> StockNotice:
            notice: StockNotice = decode(StockNotice, data)
            return _insist(notice, notice.variant == variant_id)

        return self._ask(call, read, VariantNotFound)

    def is_fulfilled(self, reference: str) -> bool | None:
        """Tell whether what was promised under a number has been done."""
        return self._look_up("references", reference, lambda data: _field(bool, data, "fulfilled"))

    def _look_up(self, path: str, key: str, read: Callable[[Any], T]) -> T | None:
        part = segment(key)
        if part is None:
            return None
        try:
            return self._ask(Call("GET", f"/v1/{path}/{part}"), read, NotThere)
        except NotThere:
            return None

    def _ask(self, call: Call, read: Callable[[Any], T], *expected: type[ShopError]) -> T:
        """Make a call and read its answer.

        Raises:
            ShopError: one of those expected.
            ShopUnavailable: no answer, or one that nobody may rely on.
        """
        status, content = self._connection.make(call)
        try:
            data = json.loads(content)
            if status == 200:
                return read(data)
            error = read_error(status, data, expected)
        except (ValueError, RecursionError) as problem:
            reason = str(problem) if isinstance(problem, MalformedValue) else "no JSON"
            logger.warning("shop_answer_refused method=%s reason=%r", call.method, reason)
            raise ShopUnavailable from problem
        raise error


def _field(kind: Any, data: Any, name: str) -> Any:
    """Read one field of an answer that has it alone."""
    if not isinstance(data, dict):
        raise MalformedValue("$", "an object expected")
    return decode(kind, data.get(name), f"$.{name}")


def _order_reader(identity: Identity, number: str) -> Callable[[Any], Order]:
    return lambda data: _own(decode(Order, data), identity, number)


def _own(order: Order, identity: Identity, number: str) -> Order:
    """Insist that it is the order asked for, and the asker's."""
    numbers = {order.number, *(each.order_number for each in order.returns)}
    is_asked_for = {normalise_order_number(each) for each in numbers} == {
        normalise_order_number(number)
    }
    return _insist(order, is_asked_for and identity.customer_id in (None, order.customer_id))


def _insist(value: T, is_asked_for: bool) -> T:
    if not is_asked_for:
        raise MalformedValue("$", "not what was asked for")
    return value
