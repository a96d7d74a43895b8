"""The shop as actions call it: never longer than a shopper waits, never blocking the others.

A shop's calls block. Each runs in a thread; who waits for it gives up when the turn's time is over,
and a shop that hangs is not called any more until it answers again.
"""

import asyncio
import functools
import time
from concurrent.futures import Future, ThreadPoolExecutor
from contextvars import ContextVar
from datetime import datetime
from typing import Any, Callable, Dict, List, Optional, Tuple, TypeVar

from shop import (
    Coupon,
    Customer,
    Identity,
    Order,
    PointsEntry,
    Product,
    Request,
    Settlement,
    ShopBackend,
    ShopUnavailable,
    StockNotice,
)

T = TypeVar("T")

# A shopper hears the truth within four seconds of writing: what is left is for the way back.
TURN_SECONDS = 3.0
# One call, and the least that is tried even late in a turn.
CALL_SECONDS = 2.0
_LEAST_SECONDS = 0.2
_THREADS = 16
# So many calls that nobody waits for any more: the shop hangs.
_MOST_HANGING = 8

_deadline: ContextVar[Optional[float]] = ContextVar("shop_deadline", default=None)


def begin_turn(started_at: float) -> None:
    """Count the time of a turn from the moment (Unix seconds) at which the message was read."""
    gone = max(0.0, time.time() - started_at)
    _deadline.set(time.monotonic() + TURN_SECONDS - gone)


def seconds_left() -> float:
    """How long one call may still take in this turn."""
    deadline = _deadline.get()
    if deadline is None:
        return CALL_SECONDS
    return min(CALL_SECONDS, max(_LEAST_SECONDS, deadline - time.monotonic()))


class ShopClient:
    """A ``ShopBackend`` for coroutines; what each method promises is written there.

    Every method raises ``ShopUnavailable`` as well when the time is over.
    """

    def __init__(self, shop: ShopBackend) -> None:
        self._shop = shop
        self._threads = ThreadPoolExecutor(_THREADS, thread_name_prefix="shop")
        self._hanging = 0

    def close(self) -> None:
        """Let go of the threads; calls that hang are not waited for."""
        self._threads.shutdown(wait=False)

    async def customer(self, customer_id: str) -> Optional[Customer]:
        """See ``ShopBackend.customer``."""
        return await self._call(self._shop.customer, customer_id)

    async def coupons(self, identity: Identity) -> List[Coupon]:
        """See ``ShopBackend.coupons``."""
        return await self._call(self._shop.coupons, identity)

    async def points(self, identity: Identity, *, limit: int = 5) -> List[PointsEntry]:
        """See ``ShopBackend.points``."""
        return await self._call(self._shop.points, identity, limit=limit)

    async def product(self, sku: str) -> Optional[Product]:
        """See ``ShopBackend.product``."""
        return await self._call(self._shop.product, sku)

    async def products(self, skus: Tuple[str, ...]) -> Dict[str, Product]:
        """See ``ShopBackend.products``."""
        return await self._call(self._shop.products, skus)

    async def orders(self, identity: Identity, *, limit: int = 5) -> List[Order]:
        """See ``ShopBackend.orders``."""
        return await self._call(self._shop.orders, identity, limit=limit)

    async def order(self, identity: Identity, number: str) -> Order:
        """See ``ShopBackend.order``."""
        return await self._call(self._shop.order, identity, number)

    async def prove_order(self, identity: Identity, number: str, phone_last4: str) -> Order:
        """See ``ShopBackend.prove_order``."""
        return await self._call(self._shop.prove_order, identity, number, phone_last4)

    async def has_stepped_up(self, identity: Identity, number: str) -> bool:
        """See ``ShopBackend.has_stepped_up``."""
        return await self._call(self._shop.has_stepped_up, identity, number)

    async def settle(
        self,
        identity: Identity,
        number: str,
        request: Request,
        *,
        idempotency_key: str,
        now: datetime,
    ) -> Settlement:
        """See ``ShopBackend.settle``."""
        return await self._call(
            self._shop.settle, identity, number, request, idempotency_key=idempotency_key, now=now
        )

    async def watch_stock(
        self, identity: Identity, variant_id: str, *, now: datetime
    ) -> StockNotice:
        """See ``ShopBackend.watch_stock``."""
        return await self._call(self._shop.watch_stock, identity, variant_id, now=now)

    async def _call(self, method: Callable[..., T], *args: Any, **named: Any) -> T:
        if self._hanging >= _MOST_HANGING:
            raise ShopUnavailable()
        running = self._threads.submit(functools.partial(method, *args, **named))
        try:
            return await asyncio.wait_for(
                asyncio.shield(asyncio.wrap_future(running)), seconds_left()
            )
        except asyncio.TimeoutError as error:
            self._let_go(running)
            raise ShopUnavailable() from error

    def _let_go(self, running: "Future[Any]") -> None:
        if running.cancel():
            return
        self._hanging += 1
        loop = asyncio.get_running_loop()
        running.add_done_callback(lambda _: loop.call_soon_threadsafe(self._came_back))

    def _came_back(self) -> None:
        self._hanging -= 1
