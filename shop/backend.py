"""The one protocol behind which a shop's systems stand.

Step 6 of a message's way (act): actions and the desk call this and nothing below it. The
docstrings are the contract; ``shop.sql.SqlShop`` is the implementation that comes along.

Every method may raise ``ShopUnavailable``. Every method that takes an order number
normalises it first (``shop.order_number``).
"""

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from shop.models import Customer, Identity, Order, ReturnAuthorisation


class ShopBackend(Protocol):
    """What the assistant may ask of a shop and do in it."""

    def close(self) -> None:
        """Let go of what is held open, at the end of a process."""
        ...

    def customer(self, customer_id: str) -> Customer | None:
        """Look up an account; None when there is no such customer."""
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

    def has_proven(self, identity: Identity, number: str) -> bool:
        """Tell whether ``order`` would answer: a customer's own, or freshly proven."""
        ...

    def prove_order(self, visitor: Identity, number: str, phone_last4: str) -> Order:
        """Open an order to a visitor for 30 minutes by the last digits of its phone.

        Five failures within 30 minutes, counted for the order and for the visitor, lock out;
        then even right digits are refused. An order that does not exist counts and looks
        exactly like wrong digits. A success does not clear the failures, so nobody can
        alternate their own order with guesses.

        Raises:
            ProofRejected: does not match; says how many attempts are left.
            TooManyAttempts: locked out; says for how many seconds.
            ValueError: ``visitor`` is a customer, who has nothing to prove.
        """
        ...

    def open_return(
        self,
        identity: Identity,
        number: str,
        *,
        line_ids: Sequence[int],
        reason: str,
        note: str,
        idempotency_key: str,
        now: datetime,
    ) -> ReturnAuthorisation:
        """Open a return for whole lines of an order, once.

        ``reason`` is a value of ``ReturnReason``; ``now`` is aware and decides the deadline.
        Keys belong to the identity. The same key with the same body (number, lines in any
        order, reason, note) gives the same authorisation and changes nothing; the order must
        still be open to the caller. The rules are checked again inside the transaction: of
        two calls for the same line with different keys one opens, the other is refused with
        rule ``already_returned``.

        Raises:
            OrderNotFound: as for ``order``.
            LineNotFound: a line is not part of this order.
            ReturnRefused: the rules say no; carries the verdict.
            IdempotencyConflict: the key has been used with another body.
            ValueError: unknown reason, empty key or naive ``now``.
        """
        ...

    def returns(self, identity: Identity, number: str) -> list[ReturnAuthorisation]:
        """List the returns opened for an order, newest first.

        Raises:
            OrderNotFound: as for ``order``.
        """
        ...
