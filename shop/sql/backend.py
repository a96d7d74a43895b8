"""The shop in a SQL database: SQLite as it comes, PostgreSQL by URL.

Step 6 of a message's way (act): the implementation of ``shop.backend.ShopBackend`` that
comes along. What each method promises is written there.
"""

import secrets
from collections.abc import Callable, Sequence
from datetime import datetime, timezone

from sqlalchemy import select
from sqlalchemy.engine import Connection, Engine

from shop.sql import returns as return_book
from shop.sql import tables as t
from shop.sql.engine import reading, serialise, writing
from shop.errors import OrderNotFound, ReturnRefused
from shop.models import (
    Customer,
    Identity,
    Language,
    Level,
    Order,
    ReturnAuthorisation,
    Reason,
)
from shop.order_number import normalise_order_number
from shop.sql.orders import read_order, read_orders
from shop.sql.proofs import PROOF_LASTS, attempt_proof
from shop.rights.policy import Policy
from shop.rights.returns import assess_return, freight_payer, refund_cents

Clock = Callable[[], datetime]

# Without I, L, O, U, 0 and 1: read aloud or copied by hand, nothing is mistaken for another.
_RMA_ALPHABET = "23456789ABCDEFGHJKMNPQRSTVWXYZ"


def new_rma_number() -> str:
    """Make a return number that cannot be guessed or counted, such as ``RMA7K2M9QXD``."""
    return "RMA" + "".join(secrets.choice(_RMA_ALPHABET) for _ in range(8))


class SqlShop:
    """A ``ShopBackend`` over a database.

    ``clock`` gives an aware moment and decides how long proofs and lock-outs last.
    """

    def __init__(
        self,
        engine: Engine,
        policy: Policy,
        clock: Clock,
        *,
        make_rma_number: Callable[[], str] = new_rma_number,
    ) -> None:
        self._engine = engine
        self._policy = policy
        self._clock = clock
        self._make_rma_number = make_rma_number

    def close(self) -> None:
        """See ``ShopBackend.close``."""
        self._engine.dispose()

    def customer(self, customer_id: str) -> Customer | None:
        """See ``ShopBackend.customer``."""
        query = select(t.customers).where(t.customers.c.id == customer_id)
        with reading(self._engine) as connection:
            row = connection.execute(query).one_or_none()
        if row is None:
            return None
        return Customer(
            id=row.id,
            name=row.name,
            language=Language(row.language),
            level=Level(row.level),
            phone=row.phone,
            points=row.points,
        )

    def orders(self, identity: Identity, *, limit: int = 5) -> list[Order]:
        """See ``ShopBackend.orders``."""
        if limit < 1:
            raise ValueError(f"limit must be at least 1, got {limit}")
        since = self._clock() - PROOF_LASTS
        with reading(self._engine) as connection:
            return read_orders(connection, identity, proven_since=since, limit=limit)

    def order(self, identity: Identity, number: str) -> Order:
        """See ``ShopBackend.order``."""
        with reading(self._engine) as connection:
            return self._require(connection, identity, normalise_order_number(number))

    def has_proven(self, identity: Identity, number: str) -> bool:
        """See ``ShopBackend.has_proven``."""
        since = self._clock() - PROOF_LASTS
        normal = normalise_order_number(number)
        with reading(self._engine) as connection:
            return read_order(connection, identity, normal, proven_since=since) is not None

    def prove_order(self, visitor: Identity, number: str, phone_last4: str) -> Order:
        """See ``ShopBackend.prove_order``."""
        if visitor.visitor_id is None:
            raise ValueError("only a visitor proves an order; a customer is known already")
        normal, now = normalise_order_number(number), self._clock()
        with writing(self._engine) as connection:
            serialise(connection, f"proof order:{normal}", f"proof {visitor.actor}")
            refusal = attempt_proof(connection, visitor.visitor_id, normal, phone_last4, now=now)
        # Raised only here, after the commit, so that the failure stays counted.
        if refusal is not None:
            raise refusal
        return self.order(visitor, normal)

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
        """See ``ShopBackend.open_return``."""
        if not idempotency_key:
            raise ValueError("an idempotency key is needed")
        normal, kind = normalise_order_number(number), Reason(reason)
        actor = identity.actor
        # What no database can hold: a NUL, or half of a surrogate pair.
        note = note.encode("utf-8", "replace").decode().replace("\0", "")
        digest = return_book.digest_body(normal, line_ids, kind.value, note)
        with writing(self._engine) as connection:
            serialise(connection, f"return order:{normal}", f"return {actor} {idempotency_key}")
            order = self._require(connection, identity, normal)
            known = return_book.find_by_key(connection, actor, idempotency_key, digest)
            if known is not None:
                return known
            authorisation = self._authorise(order, line_ids, kind, note, now)
            return_book.enter(
                connection,
                order,
                authorisation,
                actor=actor,
                idempotency_key=idempotency_key,
                body_digest=digest,
            )
            return authorisation

    def returns(self, identity: Identity, number: str) -> list[ReturnAuthorisation]:
        """See ``ShopBackend.returns``."""
        with reading(self._engine) as connection:
            order = self._require(connection, identity, normalise_order_number(number))
            return return_book.find_by_order(connection, order.number)

    def _require(self, connection: Connection, identity: Identity, number: str) -> Order:
        since = self._clock() - PROOF_LASTS
        order = read_order(connection, identity, number, proven_since=since)
        if order is None:
            raise OrderNotFound()
        return order

    def _authorise(
        self, order: Order, line_ids: Sequence[int], kind: Reason, note: str, now: datetime
    ) -> ReturnAuthorisation:
        verdict = assess_return(
            order, line_ids=line_ids, reason=kind.value, policy=self._policy, now=now
        )
        if not verdict.allowed:
            raise ReturnRefused(verdict)
        chosen = tuple(line.line_id for line in verdict.line_verdicts)
        return ReturnAuthorisation(
            rma_number=self._make_rma_number(),
            order_number=order.number,
            line_ids=chosen,
            reason=kind,
            note=note,
            opened_at=now.astimezone(timezone.utc),
            refund_cents=refund_cents(order, chosen),
            freight_paid_by=freight_payer(kind, self._policy),
        )
