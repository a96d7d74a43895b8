"""The one protocol behind which a shop's systems stand.

Step 6 of a message's way (act): actions and the desk call this and nothing below it. The
docstrings are the contract; ``shop.sql.SqlShop`` is the implementation that comes along,
``shop.http.HttpShop`` speaks to a shop's own system. Both pass the same tests
(``tests/shop/contract``).

Every method may raise ``ShopUnavailable``. Every method that takes an order number normalises it
first (``shop.order_number``).
"""

from datetime import datetime
from typing import Protocol

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


class ShopBackend(Protocol):
    """What the assistant may ask of a shop and do in it."""

    def close(self) -> None:
        """Let go of what is held open, at the end of a process."""
        ...

    def customer(self, customer_id: str) -> Customer | None:
        """Look up an account; None when there is no such customer."""
        ...

    def coupons(self, identity: Identity) -> list[Coupon]:
        """List a customer's coupons that can still be used, the next to expire first.

        A visitor has none.
        """
        ...

    def points(self, identity: Identity, *, limit: int = 5) -> list[PointsEntry]:
        """List the latest movements of a customer's points, newest first; a visitor has none."""
        ...

    def product(self, sku: str) -> Product | None:
        """Look up a product with variants, stock and prices; None when there is no such SKU."""
        ...

    def products(self, skus: tuple[str, ...]) -> dict[str, Product]:
        """Look up several at once; those that are not there are left out."""
        ...

    def orders(self, identity: Identity, *, limit: int = 5) -> list[Order]:
        """List the shopper's orders, newest first, at most ``limit`` (>= 1).

        A visitor gets only the orders that they have proven in the last 30 minutes.

        Raises:
            ValueError: ``limit`` is below 1.
        """
        ...

    def order(self, identity: Identity, number: str) -> Order:
        """Fetch one order of this shopper.

        Raises:
            OrderNotFound: not theirs, not proven in the last 30 minutes, or not there. The
                three cannot be told apart, neither by the error nor by the work done.
        """
        ...

    def prove_order(self, identity: Identity, number: str, phone_last4: str) -> Order:
        """Prove an order by the last four digits of the phone number on it.

        It opens the order to a visitor for 30 minutes; for a visitor and for a customer whose order
        it is, it is the step up that ``settle`` asks for before the address is changed. Five
        failures within 30 minutes, counted for the order, for the asker and for where the asker's
        connection comes from, lock out; then even right digits are refused. An order that does not
        exist, or is another customer's, counts and looks exactly like wrong digits. A success does
        not clear the failures, so nobody can alternate their own order with guesses.

        Raises:
            ProofRejected: does not match; says how many attempts are left.
            TooManyAttempts: locked out; says for how many seconds.
        """
        ...

    def has_stepped_up(self, identity: Identity, number: str) -> bool:
        """Tell whether ``prove_order`` has succeeded for this order in the last 10 minutes."""
        ...

    def settle(
        self,
        identity: Identity,
        number: str,
        request: Request,
        *,
        idempotency_key: str,
        now: datetime,
    ) -> Settlement:
        """Do what is asked about an order, once.

        ``now`` is aware and decides deadlines. Keys belong to the identity. The same key with the
        same request gives the same settlement and changes nothing; the order must still be open to
        the caller. The rules (``shop.rights.assess``) are asked again inside the transaction: of
        two calls for the same pieces with different keys one is done, the other is refused.

        Raises:
            OrderNotFound: as for ``order``.
            LineNotFound: a line is not part of this order.
            RequestRefused: the rules do not allow it as it is; carries the verdict.
            StepUpRequired: a new address before ``prove_order``.
            IdempotencyConflict: the key has been used with another request.
            ValueError: empty key or naive ``now``.
        """
        ...

    def watch_stock(self, identity: Identity, variant_id: str, *, now: datetime) -> StockNotice:
        """Note that a customer wants to know when a variant can be bought again; once for each.

        Raises:
            VariantNotFound: no such variant.
            ValueError: ``identity`` is a visitor, whom nobody can tell later.
        """
        ...

    def is_fulfilled(self, reference: str) -> bool | None:
        """Tell whether what was promised under a number has been done; None when it is unknown.

        A refund is when it is paid, an inquiry when it is answered, an invoice when it is issued,
        an exchange, a repair or a resend when its case is closed.
        """
        ...
