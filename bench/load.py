"""The load generator: shoppers who write, wait for the answer, and write again."""

import asyncio
import time
import uuid
from dataclasses import dataclass, field
from typing import Any, Awaitable, Callable, Dict, Iterable, List

import aiohttp

from bench.shoppers import Shopper

# A shopper's connection: says one thing and gives back the texts of the replies.
Say = Callable[[Shopper, str], Awaitable[List[str]]]


class TurnFailed(Exception):
    """A message without a proper answer."""


@dataclass
class Load:
    """What was measured: seconds of each turn, and the failures."""

    seconds: List[float] = field(default_factory=list)
    failures: List[str] = field(default_factory=list)
    elapsed: float = 0.0

    @property
    def per_second(self) -> float:
        """Answered turns per second."""
        return len(self.seconds) / self.elapsed if self.elapsed else 0.0

    def quantile_ms(self, share: float) -> float:
        """The time within which this share of the turns was answered, in ms."""
        if not self.seconds:
            return float("nan")
        ordered = sorted(self.seconds)
        return 1000 * ordered[min(len(ordered) - 1, int(share * len(ordered)))]

    def summary(self) -> Dict[str, Any]:
        """The figures as reports hold them."""
        return {
            "turns": len(self.seconds),
            "per_second": round(self.per_second, 1),
            "p50_ms": round(self.quantile_ms(0.5), 1),
            "p95_ms": round(self.quantile_ms(0.95), 1),
            "max_ms": round(self.quantile_ms(1.0), 1),
            "errors": len(self.failures),
        }


async def crowd(
    say: Say,
    shoppers: Iterable[Shopper],
    script: Callable[[Shopper], List[str]],
    *,
    at_once: int,
) -> Load:
    """Let `at_once` shoppers talk at a time until every one of `shoppers` is through."""
    load = Load()
    waiting = iter(shoppers)
    started = time.monotonic()

    async def one_after_another() -> None:
        for shopper in waiting:
            for text in script(shopper):
                await _turn(say, shopper, text, load)

    await asyncio.gather(*(one_after_another() for _ in range(at_once)))
    load.elapsed = time.monotonic() - started
    return load


async def _turn(say: Say, shopper: Shopper, text: str, load: Load) -> None:
    begun = time.monotonic()
    try:
        replies = await say(shopper, text)
        if not any(replies):
            raise TurnFailed("no reply")
    except (TurnFailed, aiohttp.ClientError, asyncio.TimeoutError) as error:
        load.failures.append(f"{shopper.customer_id} {text!r}: {type(error).__name__} {error}")
        return
    load.seconds.append(time.monotonic() - begun)


class Gateway:
    """Shoppers at our own API, each with a signed token."""

    def __init__(self, http: aiohttp.ClientSession, url: str, token: Callable[[str], str]) -> None:
        self._http = http
        self._url = f"{url}/v1/messages"
        self._token = token
        self._headers: Dict[str, Dict[str, str]] = {}

    async def say(self, shopper: Shopper, text: str) -> List[str]:
        """See `Say`. Each message is sent once; the deliberate pause for bursts is off."""
        headers = self._headers.get(shopper.customer_id)
        if headers is None:
            headers = {"Authorization": f"Bearer {self._token(shopper.customer_id)}"}
            self._headers[shopper.customer_id] = headers
        body = {"message_id": uuid.uuid4().hex, "text": text}
        async with self._http.post(
            self._url, json=body, params={"wait": "30", "merge": "false"}, headers=headers
        ) as response:
            answer = await response.json()
            if response.status != 200:
                raise TurnFailed(f"{response.status} {answer}")
            return [reply["text"] for reply in answer["replies"]]


class PlainRasa:
    """The same shoppers at Rasa's REST channel; `metadata` carries what our actions need."""

    def __init__(self, http: aiohttp.ClientSession, url: str) -> None:
        self._http = http
        self._url = f"{url}/webhooks/rest/webhook"

    async def say(self, shopper: Shopper, text: str) -> List[str]:
        """See `Say`."""
        body = {
            "sender": shopper.customer_id,
            "message": text,
            "metadata": {
                "conversation_id": shopper.customer_id,
                "message_id": uuid.uuid4().hex,
                "language": "en" if text.isascii() else "zh-Hans",
                "text": text,
                "identity": {"customer_id": shopper.customer_id, "visitor_id": None},
            },
        }
        async with self._http.post(self._url, json=body) as response:
            answer = await response.json()
            if response.status != 200:
                raise TurnFailed(f"{response.status}")
            return [reply.get("text") or "" for reply in answer]
