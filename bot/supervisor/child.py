"""One child process: started, watched, restarted with back-off, stopped."""

import asyncio
import ctypes
import os
import signal
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Awaitable, Callable, Dict, List, Optional, Set

from bot.supervisor.log import write_log

Ready = Callable[[], Awaitable[bool]]
_STOP_SECONDS = 10.0
# A process that lived this long was healthy; its next crash starts from a short pause again.
_HEALTHY_SECONDS = 60.0
# A dead process's own children may hold its output open; its last words are here by then.
_LAST_WORDS_SECONDS = 1.0
_PR_SET_PDEATHSIG = 1


@dataclass(frozen=True)
class ChildSpec:
    """What to run, with which environment, and how to see that it is ready."""

    name: str
    command: List[str]
    env: Dict[str, str]
    log: Path
    ready: Ready
    needs: List[str] = field(default_factory=list)


class ChildFailed(Exception):
    """A child ended before it was ready; the message names its log."""


class Child:
    """A running (or restarting) process."""

    def __init__(self, spec: ChildSpec, *, on_start: Optional[Callable[[], None]] = None) -> None:
        self.spec = spec
        self._on_start = on_start
        self.ready = asyncio.Event()
        self.pid: Optional[int] = None
        self._process: Optional[asyncio.subprocess.Process] = None
        self._stopping = False
        self._task: Optional["asyncio.Task[None]"] = None
        self._logs: Set["asyncio.Task[None]"] = set()

    def start(self) -> None:
        """Begin to run and keep running."""
        self._task = asyncio.create_task(self._keep())

    async def wait_ready(self) -> None:
        """Wait until it is ready the first time.

        Raises:
            ChildFailed: it ended three times before it was.
        """
        assert self._task is not None
        waiting = asyncio.create_task(self.ready.wait())
        await asyncio.wait({waiting, self._task}, return_when=asyncio.FIRST_COMPLETED)
        if not self.ready.is_set():
            waiting.cancel()
            self._task.result()

    async def stop(self) -> None:
        """Ask it to end; insist after ten seconds."""
        self._stopping = True
        process = self._process
        if process is not None and process.returncode is None:
            _signal(process, signal.SIGTERM)
            try:
                await asyncio.wait_for(process.wait(), _STOP_SECONDS)
            except asyncio.TimeoutError:
                _signal(process, signal.SIGKILL)
                await process.wait()
        if self._task:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)
        await self._last_words()
        for log in self._logs:
            log.cancel()

    async def _keep(self) -> None:
        failures = 0
        while not self._stopping:
            started = time.monotonic()
            try:
                await self._run_once()
            except OSError as error:
                raise ChildFailed(f"{self.spec.name} cannot be started: {error}") from error
            if self._stopping:
                return
            lived = time.monotonic() - started
            failures = 1 if lived > _HEALTHY_SECONDS else failures + 1
            if not self.ready.is_set() and failures >= 3:
                raise ChildFailed(
                    f"{self.spec.name} does not start; its last words are in {self.spec.log}"
                )
            _say(f"{self.spec.name} ended; starting it again")
            await asyncio.sleep(min(0.2 * 2**failures, 10.0))

    async def _run_once(self) -> None:
        self.spec.log.parent.mkdir(parents=True, exist_ok=True)
        self.spec.log.touch()
        self._process = await asyncio.create_subprocess_exec(
            *self.spec.command,
            env=self.spec.env,
            stdin=asyncio.subprocess.DEVNULL,
            # Through our hands into the log: whatever a library prints is masked on the way.
            stdout=asyncio.subprocess.PIPE,
            stderr=asyncio.subprocess.STDOUT,
            # Ctrl-C goes to the supervisor alone, which stops its children in order.
            start_new_session=True,
            preexec_fn=_die_with_parent,
        )
        assert self._process.stdout is not None
        log = asyncio.create_task(write_log(self._process.stdout, self.spec.log))
        self._logs.add(log)
        log.add_done_callback(self._logs.discard)
        self.pid = self._process.pid
        if self._on_start:
            self._on_start()
        watch = asyncio.create_task(self._watch_ready())
        await self._process.wait()
        watch.cancel()
        await self._last_words()

    async def _last_words(self) -> None:
        if self._logs:
            await asyncio.wait(self._logs, timeout=_LAST_WORDS_SECONDS)

    async def _watch_ready(self) -> None:
        while not await self.spec.ready():
            await asyncio.sleep(0.5)
        self.ready.set()


def _die_with_parent() -> None:
    """A supervisor that is killed takes its children along (Linux; elsewhere they stay)."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)


def _signal(process: asyncio.subprocess.Process, number: int) -> None:
    try:
        os.killpg(process.pid, number)
    except ProcessLookupError:
        return


def _say(text: str) -> None:
    print(f"  {text}", flush=True)
