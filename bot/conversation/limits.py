"""How much one shopper or one address may send, before it hurts others."""

import math
import time
from collections import OrderedDict
from typing import Any, Callable, Tuple

from bot.conversation.lua import load
from bot.errors import TooManyRequests
from bot.storage import keys

_MOST_REMEMBERED = 10_000


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


class LocalLimit:
    """The same within one process, for what is asked at every message: no way to Redis.

    With several gateways each one counts for itself.
    """

    def __init__(
        self, *, burst: int, per_second: float, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._burst = burst
        self._per_second = per_second
        self._clock = clock
        # Tokens and when they were counted; who was not seen for longest is forgotten first.
        self._buckets: "OrderedDict[str, Tuple[float, float]]" = OrderedDict()

    def take(self, who: str) -> None:
        """Count one request.

        Raises:
            TooManyRequests: the bucket is empty.
        """
        now = self._clock()
        tokens, at = self._buckets.pop(who, (float(self._burst), now))
        tokens = min(float(self._burst), tokens + (now - at) * self._per_second)
        self._buckets[who] = (tokens - 1 if tokens >= 1 else tokens, now)
        if len(self._buckets) > _MOST_REMEMBERED:
            self._buckets.popitem(last=False)
        if tokens < 1:
            raise too_many(math.ceil((1 - tokens) / self._per_second * 1000))


def too_many(wait_ms: int) -> TooManyRequests:
    """The refusal that says when there is room again."""
    return TooManyRequests(
        "too_many_requests",
        "That was a lot at once. Please wait a moment and send it again.",
        retry_after=max(1, math.ceil(wait_ms / 1000)),
    )
