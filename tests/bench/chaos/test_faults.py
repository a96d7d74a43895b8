"""Real processes are really killed, one in each stretch, and never the last that must live."""

import asyncio
import contextlib
import random
import subprocess
import sys
from typing import Any, Callable, Dict, Iterator, List

import pytest

from bench.chaos.faults import Faults, serves
from bench.progress import Progress

_LISTENS = "import socket; s = socket.create_server(('127.0.0.1', 0)); s.accept()"

Start = Callable[[str], "subprocess.Popen[bytes]"]


@pytest.fixture
def start() -> Iterator[Start]:
    """Starts processes that run a line of Python until they are killed."""
    started: List["subprocess.Popen[bytes]"] = []

    def run(line: str) -> "subprocess.Popen[bytes]":
        started.append(subprocess.Popen([sys.executable, "-c", line]))
        return started[-1]

    yield run
    for process in started:
        process.kill()
        process.wait()


def faults(pids: Callable[[], Dict[str, int]], part: str, *, rounds: int) -> Faults:
    return Faults(pids, {part: part}, rounds, (0.0, 0.2), random.Random(1), Progress())


async def test_a_part_is_killed_again_after_it_came_back(start: Start, wait_for: Any) -> None:
    running = {"actions": start(_LISTENS)}

    def pids() -> Dict[str, int]:
        # Whoever runs the processes starts them again.
        if running["actions"].poll() is not None:
            running["actions"] = start(_LISTENS)
        return {"actions": running["actions"].pid}

    haunted = faults(pids, "actions", rounds=3)
    await asyncio.wait_for(haunted.run(), 30)
    assert haunted.count() == {"actions": 3}
    assert [kill.process for kill in haunted.kills] == ["actions"] * 3
    assert running["actions"].wait(5) == -9


async def test_one_of_several_dies_at_a_time(start: Start, wait_for: Any) -> None:
    running = {"gateway": start(_LISTENS), "gateway-2": start(_LISTENS)}
    wait_for(lambda: all(serves(p.pid) for p in running.values()), 10, "both to listen")
    pids = {name: process.pid for name, process in running.items()}
    await asyncio.wait_for(faults(lambda: pids, "gateway", rounds=1).run(), 30)
    wait_for(lambda: [p.poll() for p in running.values()].count(None) == 1, 5, "one to be dead")


async def test_the_last_assistant_is_spared_until_the_other_is_back(
    start: Start, wait_for: Any
) -> None:
    ready, starting = start(_LISTENS), start("import time; time.sleep(60)")
    wait_for(lambda: serves(ready.pid), 10, "it to listen")
    pids = {"assistant": ready.pid, "assistant-2": starting.pid}
    with contextlib.suppress(asyncio.TimeoutError):
        await asyncio.wait_for(faults(lambda: pids, "assistant", rounds=1).run(), 1.0)
    assert ready.poll() is None and starting.poll() is None


def test_a_process_that_is_gone_serves_nobody(start: Start) -> None:
    process = start("pass")
    process.wait()
    assert not serves(process.pid)
