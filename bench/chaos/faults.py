"""The faults: parts killed with SIGKILL at random moments, again and again."""

import asyncio
import contextlib
import os
import random
import signal
import time
from dataclasses import dataclass, field
from typing import Callable, Dict, List, Mapping, Sequence, Tuple

import psutil

from bench.progress import Progress

# Part -> which processes play it, by the beginning of their names.
Parts = Mapping[str, str]
OURS: Parts = {
    "gateway": "gateway",
    "assistant": "assistant",
    "actions": "actions",
    "knowledge": "knowledge",
    "redis": "redis",
}
# Plain Rasa's servers are their own door.
PLAIN_RASA: Parts = {name: name for name in ("assistant", "actions", "knowledge", "redis")}
# Without these no message is answered at all: the next one dies only when all are back.
ONE_MUST_LIVE = ("assistant",)
_LOOK_EVERY = 0.2


@dataclass(frozen=True)
class Kill:
    """A process that was killed, at a Unix time in seconds."""

    part: str
    process: str
    at: float


@dataclass
class Faults:
    """Kills each part `rounds` times, once in each of as many stretches of the `window`.

    The window is in seconds from the beginning.
    `pids` gives the process ids as they are; whoever runs the processes starts them again.
    Parts are killed independently of each other, so that faults overlap.
    """

    pids: Callable[[], Dict[str, int]]
    parts: Parts
    rounds: int
    window: Tuple[float, float]
    dice: random.Random
    tell: Progress
    kills: List[Kill] = field(default_factory=list)

    async def run(self) -> None:
        """Kill; ends with the last kill."""
        await asyncio.gather(
            *(
                self._haunt(part, _moments(self.dice, self.rounds, self.window))
                for part in self.parts
            )
        )

    def count(self) -> Dict[str, int]:
        """Kills per part."""
        return {part: sum(kill.part == part for kill in self.kills) for part in self.parts}

    async def _haunt(self, part: str, moments: Sequence[float]) -> None:
        began = time.monotonic()
        for moment in moments:
            await asyncio.sleep(max(0.0, began + moment - time.monotonic()))
            await self._kill(part)

    async def _kill(self, part: str) -> None:
        while True:
            found = {
                name: pid for name, pid in self.pids().items() if name.startswith(self.parts[part])
            }
            alive = {name: pid for name, pid in found.items() if serves(pid)}
            enough = len(alive) == len(found) if part in ONE_MUST_LIVE else bool(alive)
            if alive and enough:
                break
            await asyncio.sleep(_LOOK_EVERY)
        name = self.dice.choice(sorted(alive))
        with contextlib.suppress(ProcessLookupError):
            os.kill(alive[name], signal.SIGKILL)
        self.kills.append(Kill(part, name, time.time()))
        self.tell(f"killed {name}")
        while serves(alive[name]):
            # The system takes a moment to bury a large process; until then it looks alive.
            await asyncio.sleep(_LOOK_EVERY)


def serves(pid: int) -> bool:
    """Whether a process listens: all of our parts do so only when they are ready to answer."""
    try:
        connections = psutil.Process(pid).net_connections(kind="inet")
    except (psutil.NoSuchProcess, psutil.AccessDenied):
        return False
    return any(connection.status == psutil.CONN_LISTEN for connection in connections)


def _moments(dice: random.Random, rounds: int, window: Tuple[float, float]) -> List[float]:
    first, last = window
    stretch = (last - first) / max(1, rounds)
    return [first + stretch * (number + dice.random()) for number in range(rounds)]
