"""The wire to a shop's own system: calls that end in time, whatever the other end does.

Step 6 of a message's way (act).
"""

import asyncio
import concurrent.futures
import json
import logging
import ssl
import threading
import time
from collections.abc import Callable

import httpx

from shop.errors import ShopUnavailable
from shop.http.call import Call
from shop.http.circuit import CircuitBreaker

logger = logging.getLogger(__name__)

# A whole call, a repeated attempt included. An action has three seconds, and must say so in time.
_CALL_SECONDS = 2.0
_CONNECT_SECONDS = 1.0
# Shorter than the five after which many servers close an idle connection: a call into one that is
# just being closed would be lost.
_IDLE_SECONDS = 4.0
_PAUSE_BEFORE_REPEATING = 0.05
_LARGEST_ANSWER = 4 * 1024 * 1024
_CONNECTIONS = 20


class AnswerTooLarge(Exception):
    """More than anybody asked for."""


class Connection:
    """Connections to one system, to be used by any number of threads.

    The calls run in an event loop of their own, since only there a deadline holds for the whole:
    looking up the name, the handshake, and a server that sends a byte now and then.
    """

    def __init__(
        self, url: str, token: str, *, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._breaker = CircuitBreaker(clock)
        self._client = httpx.AsyncClient(
            base_url=url,
            headers={
                "Authorization": f"Bearer {token}",
                "Accept": "application/json",
                # An answer that is small on the wire stays small.
                "Accept-Encoding": "identity",
            },
            timeout=httpx.Timeout(_CALL_SECONDS, connect=_CONNECT_SECONDS),
            limits=httpx.Limits(max_connections=_CONNECTIONS, keepalive_expiry=_IDLE_SECONDS),
            verify=ssl.create_default_context() if url.startswith("https:") else False,
            follow_redirects=False,
            # Neither a proxy nor other credentials from the environment.
            trust_env=False,
        )
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(
            target=self._loop.run_forever, name="shop-http", daemon=True
        )
        self._thread.start()

    def close(self) -> None:
        """End the connections."""
        if not self._loop.is_closed():
            asyncio.run_coroutine_threadsafe(self._client.aclose(), self._loop).result(
                _CALL_SECONDS
            )
            self._loop.call_soon_threadsafe(self._loop.stop)
            self._thread.join(_CALL_SECONDS)
            self._loop.close()

    def make(self, call: Call) -> tuple[int, bytes]:
        """Make a call; gives the status (below 500) and the body.

        Raises:
            ShopUnavailable: no answer in time, or none that could be taken.
        """
        if not self._breaker.admits():
            raise ShopUnavailable
        try:
            status, content = self._answer(call)
        except (httpx.HTTPError, OSError, asyncio.TimeoutError) as error:
            self._breaker.failed()
            raise _unavailable(call, type(error).__name__) from error
        except (AnswerTooLarge, httpx.InvalidURL, ValueError) as error:
            # Nothing is wrong with the other end: it said too much, or an id fits no address.
            self._breaker.answered()
            raise _unavailable(call, type(error).__name__) from error
        if status >= 500:
            self._breaker.failed()
            raise _unavailable(call, f"status_{status}")
        # What cannot be read counts as an answer: one odd order must not shut the shop for all.
        self._breaker.answered()
        return status, content

    def _answer(self, call: Call) -> tuple[int, bytes]:
        inside = asyncio.wait_for(self._attempts(call), _CALL_SECONDS)
        future = asyncio.run_coroutine_threadsafe(inside, self._loop)
        try:
            # A little longer: should the loop itself hang, nobody waits for it.
            return future.result(_CALL_SECONDS + 0.2)
        except concurrent.futures.TimeoutError as error:
            future.cancel()
            raise asyncio.TimeoutError from error

    async def _attempts(self, call: Call) -> tuple[int, bytes]:
        try:
            return await self._attempt(call)
        except (httpx.NetworkError, httpx.RemoteProtocolError):
            if not call.is_repeatable:
                raise
        await asyncio.sleep(_PAUSE_BEFORE_REPEATING)
        return await self._attempt(call)

    async def _attempt(self, call: Call) -> tuple[int, bytes]:
        async with self._client.stream(
            call.method,
            call.path,
            headers={"Content-Type": "application/json", **call.headers},
            params=list(call.params),
            content=None if call.body is None else json.dumps(call.body).encode(),
        ) as response:
            content = bytearray()
            async for piece in response.aiter_raw():
                content += piece
                if len(content) > _LARGEST_ANSWER:
                    raise AnswerTooLarge
            return response.status_code, bytes(content)


def _unavailable(call: Call, reason: str) -> ShopUnavailable:
    logger.warning("shop_call_failed method=%s reason=%s", call.method, reason)
    return ShopUnavailable()
