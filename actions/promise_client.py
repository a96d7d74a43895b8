"""The book of promises as actions use it: in a thread, and never longer than a shopper waits."""

import asyncio
import logging
from datetime import datetime, timedelta
from typing import Any, Callable, List, TypeVar

from shop import Promise, PromiseBook, PromiseState, ShopBackend, ShopUnavailable

logger = logging.getLogger(__name__)

T = TypeVar("T")

# Nobody asked for it, so nobody waits for it for long.
CALL_SECONDS = 1.0
# How long a shopper is still told of what was not kept.
_APOLOGISED_FOR = timedelta(days=30)


class PromiseClient:
    """Promises for coroutines. A book that cannot be reached stops no answer: it is only logged."""

    def __init__(self, book: PromiseBook, shop: ShopBackend) -> None:
        self._book = book
        self._shop = shop

    async def make(self, promise: Promise) -> None:
        """Write a promise down; see ``PromiseBook.make``."""
        try:
            await self._call(self._book.make, promise)
        except ShopUnavailable:
            logger.warning("promise_not_written kind=%s", promise.kind)

    async def awaited_by(self, actor: str, now: datetime) -> List[Promise]:
        """What an actor still waits for, oldest due first; empty when the book cannot be read.

        What the shop has done meanwhile is left out, and of what is broken whatever the shop itself
        knows nothing about: there the desk alone knows more.
        """
        try:
            return await self._call(self._awaited_by, actor, now)
        except ShopUnavailable:
            logger.warning("promises_not_read")
            return []

    def _awaited_by(self, actor: str, now: datetime) -> List[Promise]:
        awaited = []
        for promise in self._book.open_for(actor, broken_since=now - _APOLOGISED_FOR):
            is_fulfilled = self._shop.is_fulfilled(promise.reference)
            if is_fulfilled:
                self._book.close(promise.id, PromiseState.KEPT)
            elif is_fulfilled is False or promise.state is PromiseState.OPEN:
                awaited.append(promise)
        return awaited

    async def _call(self, function: Callable[..., T], *args: Any) -> T:
        try:
            return await asyncio.wait_for(asyncio.to_thread(function, *args), CALL_SECONDS)
        except asyncio.TimeoutError as error:
            raise ShopUnavailable() from error
