"""Live events for open connections: replies, owners, typing, queue positions.

Redis publish/subscribe carries them between gateways; whoever misses one finds the same in the
transcript, so nothing depends on their arrival. After a lost connection everybody hears `resync`.
"""

import asyncio
import contextlib
import json
import logging
from typing import Any, AsyncIterator, Dict, Optional, Set

from redis.exceptions import RedisError

from bot.storage import keys

logger = logging.getLogger(__name__)

Event = Dict[str, Any]
# A reader that is this far behind is gone or broken; it catches up from the transcript.
_MOST_BEHIND = 1000
# Longer than the loop waits for the next event.
_STOP_SECONDS = 3.0


class EventHub:
    """One subscription per process, handed out to its connections."""

    def __init__(self, redis: Any) -> None:
        self._redis = redis
        self._queues: Dict[Optional[str], Set["asyncio.Queue[Event]"]] = {}
        self._task: Optional["asyncio.Task[None]"] = None
        self._stopping = False

    async def start(self) -> None:
        """Begin to listen; returns when the subscription stands."""
        ready = asyncio.Event()
        self._task = asyncio.create_task(self._listen(ready))
        await ready.wait()

    async def stop(self) -> None:
        """Stop listening."""
        # A cancellation alone may be swallowed by the Redis client; the loop looks itself too.
        self._stopping = True
        if self._task:
            self._task.cancel()
            await asyncio.wait({self._task}, timeout=_STOP_SECONDS)

    @contextlib.asynccontextmanager
    async def subscribe(
        self, conversation_id: Optional[str]
    ) -> AsyncIterator["asyncio.Queue[Event]"]:
        """A queue of the events of one conversation, or with None of all."""
        queue: "asyncio.Queue[Event]" = asyncio.Queue(_MOST_BEHIND)
        self._queues.setdefault(conversation_id, set()).add(queue)
        try:
            yield queue
        finally:
            self._queues[conversation_id].discard(queue)
            if not self._queues[conversation_id]:
                del self._queues[conversation_id]

    async def publish(self, conversation_id: str, kind: str, **data: Any) -> None:
        """Send an event that is worth nothing later: typing, a queue position."""
        event = json.dumps({"kind": kind, **data}, ensure_ascii=False)
        await self._redis.publish(keys.EVENTS, f"{conversation_id}|{event}")

    def tell(self, conversation_id: str, kind: str, **data: Any) -> None:
        """Hand an event to this process's own readers, with what they would have to look up."""
        self._dispatch(conversation_id, {"kind": kind, **data})

    async def _listen(self, ready: asyncio.Event) -> None:
        while not self._stopping:
            try:
                async with self._redis.pubsub() as pubsub:
                    await pubsub.subscribe(keys.EVENTS)
                    if ready.is_set():
                        self._resync()
                    ready.set()
                    while not self._stopping:
                        message = await pubsub.get_message(
                            ignore_subscribe_messages=True, timeout=1.0
                        )
                        if message:
                            self._receive(message["data"])
            except (RedisError, OSError) as error:
                logger.warning("events_disconnected error=%s", type(error).__name__)
                await asyncio.sleep(0.5)

    def _resync(self) -> None:
        """Tell every reader that something may have passed by while nobody listened."""
        for conversation_id, queues in self._queues.items():
            for queue in queues:
                if not queue.full():
                    queue.put_nowait({"conversation_id": conversation_id, "kind": "resync"})

    def _receive(self, message: str) -> None:
        conversation_id, event = message.split("|", 1)
        # Most events of a busy shop interest nobody here; reading them would be most of the work.
        if conversation_id in self._queues or None in self._queues:
            self._dispatch(conversation_id, json.loads(event))

    def _dispatch(self, conversation_id: str, event: Event) -> None:
        for key in (conversation_id, None):
            for queue in self._queues.get(key, ()):
                if not queue.full():
                    queue.put_nowait({"conversation_id": conversation_id, **event})
