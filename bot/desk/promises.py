"""Watches what shoppers were promised: what did not come true in time is told to the desk.

Beside the way of a message, in every gateway. The book is asked again and again and nothing is
remembered here, so a shop, a Redis or a gateway that was down costs a delay and no promise.
"""

import asyncio
import logging
from datetime import datetime, timezone
from typing import Any, Callable, Dict, Optional

from redis.exceptions import RedisError

from bot.conversation.metrics import PROMISES
from bot.desk.desk import Desk
from bot.errors import GatewayError
from bot.storage import keys
from shop import Promise, PromiseBook, PromiseState, ShopBackend, ShopError

logger = logging.getLogger(__name__)

REASON = "broken_promise"
FACT = "broken_promises"
# Looked at in one round; the rest is older by a round then.
MOST_AT_ONCE = 100

_STOP_SECONDS = 3.0


class PromiseWatch:
    """Any number may run, in any number of gateways: the desk hears of each broken promise once."""

    def __init__(
        self,
        book: PromiseBook,
        shop: ShopBackend,
        desk: Desk,
        redis: Any,
        *,
        seconds: float,
        now: Callable[[], datetime] = lambda: datetime.now(timezone.utc),
    ) -> None:
        self._book = book
        self._shop = shop
        self._desk = desk
        self._redis = redis
        self._seconds = seconds
        self._now = now
        self._loop: Optional["asyncio.Task[None]"] = None
        self._stopping = False

    def start(self) -> None:
        """Begin to look."""
        self._loop = asyncio.create_task(self._run())

    async def stop(self) -> None:
        """Stop looking and let go of the book; what is cut off is looked at by the next one."""
        # A cancellation alone may be swallowed by the Redis client.
        self._stopping = True
        if self._loop:
            self._loop.cancel()
            await asyncio.wait([self._loop], timeout=_STOP_SECONDS)
        self._book.dispose()

    async def _run(self) -> None:
        while not self._stopping:
            try:
                await self.look()
            except ShopError as error:
                logger.warning("promises_unreadable error=%s", type(error).__name__)
            except Exception:  # noqa: BLE001
                # Nobody would notice a watch that has ended.
                logger.exception("promise_watch_failed")
            await asyncio.sleep(self._seconds)

    async def look(self) -> None:
        """Settle what is overdue; what cannot be settled now is left for the next round.

        Raises:
            ShopUnavailable: the book cannot be read.
        """
        overdue = await asyncio.to_thread(self._book.overdue, self._now(), limit=MOST_AT_ONCE)
        for promise in overdue:
            try:
                await self._settle(promise)
            except (ShopError, RedisError, OSError, GatewayError) as error:
                logger.warning(
                    "promise_unsettled kind=%s error=%s", promise.kind, type(error).__name__
                )

    async def _settle(self, promise: Promise) -> None:
        if await asyncio.to_thread(self._shop.is_fulfilled, promise.reference):
            await self._close(promise, PromiseState.KEPT)
            return
        telling = keys.telling(promise.conversation_id)
        if not await self._redis.set(telling, promise.id, nx=True, ex=keys.TELLING_SECONDS):
            return
        try:
            # Told before it is written down: a gateway that dies in between tells it again, which
            # changes nothing.
            await self._desk.note(
                promise.conversation_id,
                reason=REASON,
                priority="high",
                name=FACT,
                fact=_fact(promise),
            )
            await self._close(promise, PromiseState.BROKEN)
        finally:
            await self._redis.delete(telling)

    async def _close(self, promise: Promise, state: PromiseState) -> None:
        if await asyncio.to_thread(self._book.close, promise.id, state):
            PROMISES.labels(promise.kind, state.value).inc()
            logger.info("promise_settled kind=%s state=%s", promise.kind, state.value)


def _fact(promise: Promise) -> Dict[str, str]:
    return {
        "promise": promise.kind,
        "order_number": promise.order_number,
        "reference": promise.reference,
        "due_at": promise.due_at.isoformat(),
    }
