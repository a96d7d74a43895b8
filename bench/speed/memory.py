"""Memory of each process while the turns go by."""

import asyncio
import contextlib
from dataclasses import dataclass, field
from statistics import median
from typing import Any, Callable, Dict, List, Optional

import psutil

from bench.doors import Answer, Door
from bench.shoppers import Shopper

EVERY_SECONDS = 4.0
_MB = 2**20


class CountingDoor:
    """A door that counts the answered turns."""

    def __init__(self, door: Door) -> None:
        self._door = door
        self.turns = 0

    async def send(self, shopper: Shopper, message_id: str, text: str, *, wait: float) -> Answer:
        """See `Door`."""
        answer = await self._door.send(shopper, message_id, text, wait=wait)
        self.turns += 1
        return answer


@dataclass(frozen=True)
class Sample:
    """One look at all processes: what each has for itself alone (MB), after so many turns."""

    turns: int
    own_mb: Dict[str, float]
    resident_mb: Dict[str, float]


@dataclass
class MemoryWatch:
    """Looks at the processes every few seconds until it is stopped."""

    pids: Callable[[], Dict[str, int]]
    turns: Callable[[], int]
    samples: List[Sample] = field(default_factory=list)
    _task: "Optional[asyncio.Task[None]]" = None

    def start(self) -> None:
        """Begin to look."""
        self._task = asyncio.create_task(self._look())

    async def stop(self) -> None:
        """Look a last time."""
        if self._task:
            self._task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self._task
        self.sample()

    def sample(self) -> None:
        """Look once."""
        own: Dict[str, float] = {}
        resident: Dict[str, float] = {}
        for name, pid in self.pids().items():
            with contextlib.suppress(psutil.NoSuchProcess):
                info = psutil.Process(pid).memory_full_info()
                # Shared pages come and go with the other processes; a leak is in one's own.
                own[name] = info.uss / _MB
                resident[name] = info.rss / _MB
        self.samples.append(Sample(self.turns(), own, resident))

    async def _look(self) -> None:
        while True:
            # In a thread: the kernel takes its time to count pages, and shoppers are timed here.
            await asyncio.to_thread(self.sample)
            await asyncio.sleep(EVERY_SECONDS)

    def drift(self, warm_up: int) -> Dict[str, Any]:
        """Per process: own MB after the warm-up and at the end, and the change in percent.

        Either is the median over a tenth of the turns between: single looks hit the collector.
        """
        last = self.samples[-1].turns
        span = max(1, (last - warm_up) // 10)
        return {
            name: _change(
                self._between(name, warm_up, warm_up + span), self._between(name, last - span, last)
            )
            for name in self.samples[-1].own_mb
        }

    def _between(self, name: str, first: int, last: int) -> float:
        values = [
            sample.own_mb[name]
            for sample in self.samples
            if first <= sample.turns <= last and name in sample.own_mb
        ]
        return median(values) if values else 0.0


def _change(before: float, after: float) -> Dict[str, float]:
    return {
        "warm_mb": round(before, 1),
        "end_mb": round(after, 1),
        "drift_percent": round(100 * (after / before - 1), 1) if before else 0.0,
    }
