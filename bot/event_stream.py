"""Server-sent events: the response, and how many of them one shopper or address may have open."""

import contextlib
import json
import logging
from collections import Counter
from typing import Any, AsyncIterator, ContextManager, Dict, Iterator, Optional, Tuple

from sse_starlette.sse import EventSourceResponse, SendTimeoutError
from starlette.types import Receive, Scope, Send

from bot.errors import TooManyRequests

logger = logging.getLogger(__name__)

# Below the minute after which proxies give up silent connections.
PING_SECONDS = 15
# A reader that takes nothing for this long is gone; it catches up when it comes back.
STUCK_SECONDS = 30.0
_RETRY_SECONDS = 30


def stream_event(kind: str, data: Dict[str, Any], number: Optional[str] = None) -> Dict[str, Any]:
    """One event of a stream; a reader who lost it goes on after ``number``."""
    event = {"event": kind, "data": json.dumps(data, ensure_ascii=False)}
    return {**event, "id": number} if number else event


class OpenStreams:
    """Counts the streams that this process holds open: each costs memory as long as it lives."""

    def __init__(self, *, per_shopper: int, per_address: int) -> None:
        self._most = {"shopper": per_shopper, "address": per_address}
        self._open: "Counter[Tuple[str, str]]" = Counter()

    @contextlib.contextmanager
    def counted(self, **who: str) -> Iterator[None]:
        """Count a stream of a `shopper` at an `address` while it is open.

        Raises:
            TooManyRequests: one of the two has its most already.
        """
        holders = list(who.items())
        for holder in holders:
            if self._open[holder] >= self._most[holder[0]]:
                raise TooManyRequests(
                    "too_many_streams",
                    "Too many event streams are open. Please close some and try again.",
                    detail={"most": self._most[holder[0]]},
                    retry_after=_RETRY_SECONDS,
                )
        self._open.update(holders)
        try:
            yield
        finally:
            self._open.subtract(holders)
            for holder in holders:
                if not self._open[holder]:
                    del self._open[holder]


class EventStream(EventSourceResponse):
    """Events as they come, pings in between; ends with a reader that stopped reading.

    `counted` is entered when the response begins, so that no stream is counted that never opened.
    """

    def __init__(
        self,
        content: AsyncIterator[Dict[str, Any]],
        *,
        counted: Optional[ContextManager[None]] = None,
        stuck: float = STUCK_SECONDS,
    ) -> None:
        super().__init__(content, ping=PING_SECONDS, send_timeout=stuck)
        self._counted = counted or contextlib.nullcontext()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """See ASGI."""
        with self._counted:
            try:
                await super().__call__(scope, receive, send)
            except SendTimeoutError:
                logger.info("event_stream_stuck")
