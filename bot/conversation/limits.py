"""How much one shopper or one address may send, before it hurts others."""

import math
import time
from typing import Any

from bot.conversation.lua import load
from bot.errors import TooManyRequests
from bot.storage import keys


class Limit:
    """A token bucket per `who`: `burst` at once, `per_second` in the long run."""

    def __init__(self, redis: Any, kind: str, *, burst: int, per_second: float) -> None:
        self._take = load(redis, "take")
        self._kind = kind
        self._burst = burst
        self._per_second = per_second

    async def take(self, who: str) -> None:
        """Count one request.

        Raises:
            TooManyRequests: the bucket is empty.
        """
        wait_ms = await self._take(
            keys=[keys.limit(self._kind, who)], args=[self._burst, self._per_second, time.time()]
        )
        if wait_ms:
            raise too_many(int(wait_ms))


def too_many(wait_ms: int) -> TooManyRequests:
    """The refusal that says when there is room again."""
    return TooManyRequests(
        "too_many_requests",
        "That was a lot at once. Please wait a moment and send it again.",
        retry_after=max(1, math.ceil(wait_ms / 1000)),
    )
