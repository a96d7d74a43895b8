"""Carries words from the outbox to a push door (step 8): at least once, in order.

How a door sends is its own matter (push.py); when, how often and in which order is decided here,
the same for all.
"""

import asyncio
import contextlib
import logging
import random
from datetime import datetime
from typing import Any, Callable, Dict, Optional, Set, Tuple

from redis.exceptions import RedisError

from bot.conversation.events import EventHub
from bot.conversation.messages import SHOPPER, Numbered
from bot.conversation.metrics import CONVERSATIONS_WITH_DEAD_LETTERS, DELIVERIES, OUTBOX_WAITING
from bot.conversation.outbox import Lease, Outbox, delivery_id
from bot.conversation.push import Delivery, PushDoor, TryLater, Undeliverable
from bot.conversation.transcript import Transcript

logger = logging.getLogger(__name__)

# The pause after the first failed try, doubled after each further one up to the most.
LEAST_PAUSE_MS = 1_000
MOST_PAUSE_MS = 300_000
# A receiver may ask for more patience than that, but must not silence a shopper for days.
MOST_RETRY_AFTER_MS = 3_600_000
# A word this old is given up. Counted from when it was said: a long outage must not put one word's
# day behind the other's. Not after the first tries: it may have waited here, not at the receiver.
MOST_AGE_MS = 86_400_000
LEAST_TRIES = 5

_SWEEP_SECONDS = 1.0
_STOP_SECONDS = 3.0
_MOST_READ = 50


class Relay:
    """Empties the outbox of one door; any number may run, in any number of processes.

    Each door has a relay and places of its own: a slow receiver fills only those.
    """

    def __init__(
        self,
        door: PushDoor,
        *,
        outbox: Outbox,
        transcript: Transcript,
        hub: EventHub,
        most_at_once: int = 16,
        chance: Callable[[], float] = random.random,
    ) -> None:
        self._door = door
        self._outbox = outbox
        self._transcript = transcript
        self._hub = hub
        self._most_at_once = most_at_once
        self._chance = chance
        self._places = asyncio.Semaphore(most_at_once)
        self._loop: Optional["asyncio.Task[None]"] = None
        self._sending: Set["asyncio.Task[None]"] = set()
        self._stopping = False

    def start(self) -> None:
        """Begin to deliver."""
        self._loop = asyncio.create_task(self._run())

    async def stop(self) -> None:
        """Finish what is being sent, but not for long: what is cut off is sent again later."""
        # A cancellation alone may be swallowed by the Redis client; the loop looks itself too.
        self._stopping = True
        if self._loop:
            self._loop.cancel()
            await asyncio.wait([self._loop], timeout=_STOP_SECONDS)
        if self._sending:
            _, late = await asyncio.wait(self._sending, timeout=_STOP_SECONDS)
            for task in late:
                task.cancel()
        await self._door.close()

    async def _run(self) -> None:
        async with self._hub.subscribe(None) as events:
            while not self._stopping:
                more = False
                with contextlib.suppress(RedisError, OSError):
                    more = await self.sweep()
                if not more:
                    # Until something is said, or a pause after a failed try may be over.
                    with contextlib.suppress(asyncio.TimeoutError):
                        await asyncio.wait_for(_said(events), _SWEEP_SECONDS)

    async def sweep(self) -> bool:
        """Begin with the conversations that are due; False when these were all."""
        most = self._most_at_once * 4
        due = await self._outbox.due(self._door.name, most)
        for conversation_id in due:
            await self._begin(conversation_id)
        waiting, dead = await self._outbox.counts(self._door.name)
        OUTBOX_WAITING.labels(door=self._door.name).set(waiting)
        CONVERSATIONS_WITH_DEAD_LETTERS.set(dead)
        return len(due) == most

    async def _begin(self, conversation_id: str) -> None:
        await self._places.acquire()
        task = asyncio.create_task(self._work(conversation_id))
        self._sending.add(task)
        task.add_done_callback(self._end)

    def _end(self, task: "asyncio.Task[None]") -> None:
        self._sending.discard(task)
        self._places.release()
        if not task.cancelled() and task.exception():
            # The lease runs out and the word is sent again.
            logger.error("relay_failed", exc_info=task.exception())

    async def _work(self, conversation_id: str) -> None:
        """Delivers one word after the other until none is left or one has to wait."""
        lease = await self._outbox.lease(self._door.name, conversation_id)
        while lease is not None:
            seq, word = await self._next(lease)
            if word is None:
                lease = await self._outbox.settle(lease, seq)
            else:
                lease = await self._deliver(lease, word)

    async def _next(self, lease: Lease) -> Tuple[int, Optional[Numbered]]:
        """The next word, or the number up to which there is none to be delivered."""
        first, last = lease.delivered + 1, lease.last
        if lease.again is not None:
            first = last = lease.again
        read = await self._transcript.after(
            lease.conversation_id, first - 1, until=last, most=_MOST_READ
        )
        for numbered in read:
            if numbered.entry.sender != SHOPPER:
                return numbered.seq, numbered
        return (read[-1].seq if len(read) == _MOST_READ else last), None

    async def _deliver(self, lease: Lease, word: Numbered) -> Optional[Lease]:
        delivery = Delivery(
            delivery_id=delivery_id(lease.conversation_id, word.seq),
            conversation_id=lease.conversation_id,
            customer_id=lease.customer_id,
            visitor_id=lease.visitor_id,
            word=word,
        )
        try:
            await asyncio.wait_for(self._door.deliver(delivery), self._outbox.seconds_left(lease))
        except Undeliverable as failure:
            return await self._bury(lease, word, failure.error)
        except TryLater as failure:
            return await self._postpone(lease, word, failure)
        except asyncio.TimeoutError:
            return await self._postpone(lease, word, TryLater("timeout"))
        except Exception:
            # Ours to mend; until then the word waits like any other that could not be sent.
            logger.exception("delivery_broke door=%s", self._door.name)
            return await self._postpone(lease, word, TryLater("internal"))
        self._count("delivered")
        return await self._outbox.settle(lease, word.seq)

    async def _postpone(self, lease: Lease, word: Numbered, failure: TryLater) -> Optional[Lease]:
        now = self._outbox.clock()
        age = now - datetime.fromisoformat(word.entry.at).timestamp() * 1000
        if age >= MOST_AGE_MS and lease.tries + 1 >= LEAST_TRIES:
            return await self._bury(lease, word, failure.error)
        pause = self._pause_ms(lease.tries, failure.retry_after)
        self._count("postponed")
        logger.warning(
            "delivery_postponed door=%s conversation=%s seq=%s error=%s tries=%s pause_ms=%s",
            *(self._door.name, lease.conversation_id, word.seq, failure.error),
            *(lease.tries + 1, pause),
        )
        await self._outbox.postpone(lease, now + pause)
        return None

    async def _bury(self, lease: Lease, word: Numbered, error: str) -> Optional[Lease]:
        self._count("dead")
        logger.error(
            "delivery_dead door=%s conversation=%s seq=%s error=%s tries=%s",
            *(self._door.name, lease.conversation_id, word.seq, error, lease.tries + 1),
        )
        return await self._outbox.settle(lease, word.seq, error=error)

    def _pause_ms(self, tries: int, retry_after: Optional[float]) -> int:
        """Exponential, with the second half left to chance: receivers recover one by one."""
        pause = min(LEAST_PAUSE_MS * 2 ** min(tries, 16), MOST_PAUSE_MS)
        asked = min((retry_after or 0) * 1000, MOST_RETRY_AFTER_MS)
        return int(max(pause * (1 + self._chance()) / 2, asked))

    def _count(self, outcome: str) -> None:
        DELIVERIES.labels(door=self._door.name, outcome=outcome).inc()


async def _said(events: "asyncio.Queue[Dict[str, Any]]") -> None:
    """Returns when something was said, having read all that is known by then."""
    while (await events.get())["kind"] not in ("entry", "done", "resync"):
        continue
    while not events.empty():
        events.get_nowait()
