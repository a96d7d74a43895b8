"""The load: shoppers who write, wait for the answer, and write again."""

import asyncio
import time
import uuid
from dataclasses import dataclass, field
from typing import Any, Callable, Dict, Iterable, List, Sequence

import aiohttp

from bench.doors import Door, Refused
from bench.shoppers import Shopper

# What a shopper says: one line a turn.
Script = Callable[[Shopper], List[str]]
# Longer than any turn may take; a turn without an answer by then has failed.
_WAIT = 30.0


class TurnFailed(Exception):
    """A message without a proper answer."""


@dataclass
class Load:
    """What was measured: seconds of each answered turn, the failures, and how long it all took."""

    seconds: List[float] = field(default_factory=list)
    failures: List[str] = field(default_factory=list)
    elapsed: float = 0.0

    @property
    def per_second(self) -> float:
        """Answered turns per second."""
        return len(self.seconds) / self.elapsed if self.elapsed else 0.0

    def quantile_ms(self, share: float) -> float:
        """The time within which this share of the turns was answered, in ms; 0 without any."""
        if not self.seconds:
            return 0.0
        ordered = sorted(self.seconds)
        return 1000 * ordered[min(len(ordered) - 1, int(share * len(ordered)))]

    def add(self, other: "Load") -> None:
        """Count another slice of the same measurement in."""
        self.seconds += other.seconds
        self.failures += other.failures
        self.elapsed += other.elapsed

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


async def crowd(door: Door, shoppers: Iterable[Shopper], script: Script, *, at_once: int) -> Load:
    """Let `at_once` shoppers talk at a time until every one of `shoppers` is through."""
    load = Load()
    waiting = iter(shoppers)
    started = time.monotonic()

    async def one_after_another() -> None:
        for shopper in waiting:
            await conversation(door, shopper, script(shopper), load)

    await asyncio.gather(*(one_after_another() for _ in range(at_once)))
    load.elapsed = time.monotonic() - started
    return load


async def conversation(door: Door, shopper: Shopper, lines: Sequence[str], load: Load) -> None:
    """Say the lines one after another, each when the one before is answered."""
    for number, text in enumerate(lines, start=1):
        begun = time.monotonic()
        try:
            await _turn(door, shopper, text)
        except (TurnFailed, Refused, aiohttp.ClientError, asyncio.TimeoutError) as error:
            load.failures.append(f"turn {number}: {type(error).__name__} {error}")
        else:
            load.seconds.append(time.monotonic() - begun)


async def _turn(door: Door, shopper: Shopper, text: str) -> None:
    answer = await door.send(shopper, uuid.uuid4().hex, text, wait=_WAIT)
    if answer.replies is None:
        raise TurnFailed("not answered in time")
    if not any(answer.replies):
        raise TurnFailed("nothing was said")
