"""Finds waiting messages and has their turns taken, so many at once and no more."""

import asyncio
import contextlib
import logging
from typing import Any, Coroutine, List, Optional, Set

from redis.exceptions import RedisError

from bot.conversation.identity import Shopper
from bot.conversation.mailbox import LEASE_MS, Accepted, Claim, Mailbox
from bot.conversation.messages import Entry
from bot.conversation.turn import Turns

# So long nothing waits in the queue unless its hint was lost with the worker that took it.
_LEFT_MS = 3_000

# Longer than a worker waits for the next message.
_STOP_SECONDS = 5.0

logger = logging.getLogger(__name__)


class Worker:
    """Works through the mailbox; any number may run, in any number of processes."""

    def __init__(
        self, *, mailbox: Mailbox, turns: Turns, most_at_once: int, stop_seconds: float
    ) -> None:
        """`stop_seconds` is how long turns under way may take to end when it stops."""
        self._mailbox = mailbox
        self._turns = turns
        self._stop_seconds = stop_seconds
        self._slots = asyncio.Semaphore(most_at_once)
        # Whether somebody waits for a slot already; whoever comes now has to queue behind them.
        self._is_full = False
        self._loops: List["asyncio.Task[None]"] = []
        self._working: Set["asyncio.Task[None]"] = set()
        self._stopping = False

    def start(self) -> None:
        """Begin to work."""
        self._loops = [asyncio.create_task(self._listen()), asyncio.create_task(self._sweep())]

    async def stop(self) -> None:
        """Stop taking messages and finish the turns under way; leases cover the rest."""
        # A cancellation alone may be swallowed by the Redis client; the loops look themselves too.
        self._stopping = True
        for loop in self._loops:
            loop.cancel()
        if self._loops:
            await asyncio.wait(self._loops, timeout=_STOP_SECONDS)
        if self._working:
            await asyncio.wait(self._working, timeout=self._stop_seconds)

    async def accept(
        self, shopper: Shopper, message_id: str, entry: Entry, digest: str, **how: Any
    ) -> Accepted:
        """Store a message (see `Mailbox.accept`), and begin its turn here when there is room."""
        has_room = not (self._stopping or self._is_full or self._slots.locked())
        claim: Optional[Claim] = None
        if has_room:
            await self._slots.acquire()
        try:
            accepted = await self._mailbox.accept(
                shopper, message_id, entry, digest, **how, lease=has_room
            )
            claim = accepted.claim
        finally:
            if has_room and claim is None:
                self._slots.release()
        if claim is not None:
            self._run(self._work(shopper.conversation_id, claim))
        elif accepted.due_ms:
            # The sweep would find it too, up to a second later.
            asyncio.get_running_loop().call_later(
                accepted.due_ms / 1000, self._wait_over, shopper.conversation_id
            )
        return accepted

    def _wait_over(self, conversation_id: str) -> None:
        if not self._stopping:
            task = asyncio.create_task(self._begin(self._work(conversation_id)))
            self._working.add(task)
            task.add_done_callback(self._working.discard)

    async def _listen(self) -> None:
        while not self._stopping:
            try:
                conversation_id = await self._mailbox.wake(timeout=2)
            except (RedisError, OSError) as error:
                logger.warning("mailbox_unreachable error=%s", type(error).__name__)
                await asyncio.sleep(0.5)
                continue
            if conversation_id:
                await self._begin(self._work(conversation_id))

    async def _sweep(self) -> None:
        """Takes up what a dead worker left behind, or what was waked while nobody listened."""
        while not self._stopping:
            with contextlib.suppress(RedisError, OSError):
                # With all hands full, what waits is queued already; only what was left is not.
                waited_ms = _LEFT_MS if self._slots.locked() else 0
                for conversation_id in await self._mailbox.due(waited_ms=waited_ms):
                    await self._begin(self._work(conversation_id))
            await asyncio.sleep(1.0)

    async def _begin(self, work: Coroutine[Any, Any, None]) -> None:
        if self._slots.locked():
            self._is_full = True
        await self._slots.acquire()
        self._is_full = False
        self._run(work)

    def _run(self, work: Coroutine[Any, Any, None]) -> None:
        """Start work for which a slot was acquired; it is released at the end."""
        task = asyncio.create_task(work)
        self._working.add(task)
        task.add_done_callback(self._end)

    def _end(self, task: "asyncio.Task[None]") -> None:
        self._working.discard(task)
        self._slots.release()
        if not task.cancelled() and task.exception():
            # The lease runs out and the message is taken up again.
            logger.error("turn_failed", exc_info=task.exception())

    async def _work(self, conversation_id: str, claim: Optional[Claim] = None) -> None:
        """Deals with a conversation's messages until none is left or another worker has it."""
        outcome = "more"
        while outcome == "more":
            claim = claim or await self._mailbox.claim(conversation_id)
            if claim is None:
                return
            over = asyncio.Event()
            renewal = asyncio.create_task(self._keep(claim, over))
            try:
                outcome = await self._turns.take(claim)
            finally:
                # The Redis client may swallow the cancelling; a lease that is renewed for ever
                # keeps the conversation from everybody.
                over.set()
                renewal.cancel()
            claim = None

    async def _keep(self, claim: Claim, over: asyncio.Event) -> None:
        while not over.is_set():
            await asyncio.sleep(LEASE_MS / 3000)
            with contextlib.suppress(RedisError, OSError):
                if not await self._mailbox.renew(claim):
                    return
