"""The shop in a SQL database: SQLite as it comes, PostgreSQL by URL.

Step 6 of a message's way (act): the implementation of ``shop.backend.ShopBackend`` that
comes along. What each method promises is written there.
"""

from collections.abc import Callable
from datetime import datetime, timezone

from sqlalchemy.engine import Connection, Engine

from shop.errors import OrderNotFound, RequestRefused, StepUpRequired, VariantNotFound
from shop.models import (
    Coupon,
    Customer,
    Identity,
    Order,
    PointsEntry,
    Product,
    RedirectRequest,
    Request,
    Settlement,
    StockNotice,
)
from shop.order_number import normalise_order_number
from shop.rights import PolicySource, assess
from shop.sql import accounts, catalogue, proofs, references, settlements
from shop.sql.case import Case
from shop.sql.engine import reading, serialise, writing
from shop.sql.numbers import new_number
from shop.sql.orders import read_order, read_orders
from shop.sql.settling import carry_out

Clock = Callable[[], datetime]


class SqlShop:
    """A ``ShopBackend`` over a database.

    ``policies`` are asked anew for each request, so that a changed file counts at once; ``clock``
    gives an aware moment and decides how long proofs and lock-outs last; ``make_number`` makes a
    number of a prefix.
    """

    def __init__(
        self,
        engine: Engine,
        policies: PolicySource,
        clock: Clock,
        *,
        make_number: Callable[[str], str] = new_number,
    ) -> None:
        self._engine = engine
        self._policies = policies
        self._clock = clock
        self._make_number = make_number

    def close(self) -> None:
        """See ``ShopBackend.close``."""
        self._engine.dispose()

    def customer(self, customer_id: str) -> Customer | None:
        """See ``ShopBackend.customer``."""
        with reading(self._engine) as connection:
            return accounts.read_customer(connection, customer_id)

    def coupons(self, identity: Identity) -> list[Coupon]:
        """See ``ShopBackend.coupons``."""
        if identity.customer_id is None:
            return []
        now = self._clock()
        today = now.astimezone(self._policies.book().current(now).zone).date()
        with reading(self._engine) as connection:
            return accounts.read_coupons(connection, identity.customer_id, today)

    def points(self, identity: Identity, *, limit: int = 5) -> list[PointsEntry]:
        """See ``ShopBackend.points``."""
        if identity.customer_id is None:
            return []
        with reading(self._engine) as connection:
            return accounts.read_points(connection, identity.customer_id, limit)

    def product(self, sku: str) -> Product | None:
        """See ``ShopBackend.product``."""
        return self.products((sku,)).get(sku)

    def products(self, skus: tuple[str, ...]) -> dict[str, Product]:
        """See ``ShopBackend.products``."""
        with reading(self._engine) as connection:
            return catalogue.read_products(connection, skus)

    def orders(self, identity: Identity, *, limit: int = 5) -> list[Order]:
        """See ``ShopBackend.orders``."""
        if limit < 1:
            raise ValueError(f"limit must be at least 1, got {limit}")
        since = self._clock() - proofs.PROOF_LASTS
        with reading(self._engine) as connection:
            return read_orders(connection, identity, proven_since=since, limit=limit)

    def order(self, identity: Identity, number: str) -> Order:
        """See ``ShopBackend.order``."""
        with reading(self._engine) as connection:
            return self._require(connection, identity, normalise_order_number(number))

    def prove_order(self, identity: Identity, number: str, phone_last4: str) -> Order:
        """See ``ShopBackend.prove_order``."""
        normal, now = normalise_order_number(number), self._clock()
        with writing(self._engine) as connection:
            serialise(connection, *proofs.lock_names(identity, normal))
            refusal = proofs.attempt_proof(connection, identity, normal, phone_last4, now=now)
        # Raised only here, after the commit, so that the failure stays counted.
        if refusal is not None:
            raise refusal
        return self.order(identity, normal)

    def has_stepped_up(self, identity: Identity, number: str) -> bool:
        """See ``ShopBackend.has_stepped_up``."""
        with reading(self._engine) as connection:
            return self._stepped_up(connection, identity, normalise_order_number(number))

    def settle(
        self,
        identity: Identity,
        number: str,
        request: Request,
        *,
        idempotency_key: str,
        now: datetime,
    ) -> Settlement:
        """See ``ShopBackend.settle``."""
        if not idempotency_key:
            raise ValueError("an idempotency key is needed")
        if now.tzinfo is None:
            raise ValueError("now must carry a time zone")
        normal, request = normalise_order_number(number), settlements.clean(request)
        key = {
            "actor": identity.actor,
            "idempotency_key": idempotency_key,
            "body_digest": settlements.digest(normal, request),
        }
        with writing(self._engine) as connection:
            serialise(
                connection, f"settle order:{normal}", f"settle {identity.actor} {idempotency_key}"
            )
            order = self._require(connection, identity, normal)
            known = settlements.find(connection, **key)
            if known is not None:
                return known
            if isinstance(request, RedirectRequest):
                self._require_step_up(connection, identity, normal)
            case = self._judge(connection, order, request, now.astimezone(timezone.utc))
            settlement = carry_out(case, request)
            settlements.enter(connection, settlement, **key)
            return settlement

    def watch_stock(self, identity: Identity, variant_id: str, *, now: datetime) -> StockNotice:
        """See ``ShopBackend.watch_stock``."""
        if identity.customer_id is None:
            raise ValueError("nobody can tell a visitor later")
        with writing(self._engine) as connection:
            serialise(connection, f"stock notice {identity.actor} {variant_id}")
            if not catalogue.has_variant(connection, variant_id):
                raise VariantNotFound()
            return catalogue.watch(
                connection,
                identity.customer_id,
                variant_id,
                self._make_number("SN"),
                now.astimezone(timezone.utc),
            )

    def is_fulfilled(self, reference: str) -> bool | None:
        """See ``ShopBackend.is_fulfilled``."""
        with reading(self._engine) as connection:
            return references.is_fulfilled(connection, reference)

    def _require(self, connection: Connection, identity: Identity, number: str) -> Order:
        since = self._clock() - proofs.PROOF_LASTS
        order = read_order(connection, identity, number, proven_since=since)
        if order is None:
            raise OrderNotFound()
        return order

    def _require_step_up(self, connection: Connection, identity: Identity, number: str) -> None:
        if not self._stepped_up(connection, identity, number):
            raise StepUpRequired()

    def _stepped_up(self, connection: Connection, identity: Identity, number: str) -> bool:
        since = self._clock() - proofs.STEP_UP_LASTS
        return proofs.is_proven(connection, identity, number, since=since)

    def _judge(self, connection: Connection, order: Order, request: Request, now: datetime) -> Case:
        products = catalogue.read_products(
            connection, (line.sku for line in order.lines), keep=True
        )
        book = self._policies.book()
        verdict = assess(order, request, policies=book, now=now, products=products)
        if not verdict.allowed:
            raise RequestRefused(verdict)
        return Case(
            connection=connection,
            order=order,
            products=products,
            verdict=verdict,
            policy=book.current(now),
            now=now,
            new_number=self._make_number,
        )
