"""Emptying a conversation while everything runs, so that nothing comes back afterwards.

The conversation takes no messages for a moment (accept.lua, claim.lua), the turn that runs in it
ends as it would, and only then everything goes. What is left for a day are numbers (forget.lua).
"""

import asyncio
import contextlib
import time
from collections import Counter
from typing import Any, AsyncIterator, List, Tuple

from bot.conversation.lua import load
from bot.storage import keys, values

# Should the erasing process die, the conversation opens again by itself after this.
_CLOSED_SECONDS = 60.0
# Beyond the time for the answer: storing it, or giving the conversation to people.
_AFTER_ANSWER_SECONDS = 10.0
_ASK_EVERY = 0.02
# Keys that one step of a search looks at: some milliseconds of Redis's time.
_SEARCHED_AT_ONCE = 5000


class Erasure:
    """Closes conversations and deletes all keys about them."""

    def __init__(self, redis: Any, *, turn_timeout: float) -> None:
        self._redis = redis
        self._longest_turn = turn_timeout + _AFTER_ANSWER_SECONDS
        self._forget = load(redis, "forget")

    @contextlib.asynccontextmanager
    async def closed(self, conversation_id: str) -> AsyncIterator[None]:
        """Keep messages away from a conversation in which no turn runs.

        New ones are refused as if too many were waiting: their senders try again, and then begin
        a fresh conversation.
        """
        state = keys.conversation(conversation_id)
        await self._redis.hset(state, "erasing_until", self._until())
        if await self._redis.ttl(state) < 0:
            await self._redis.expire(state, keys.ERASED_SECONDS)
        try:
            await self._turn_ends(conversation_id)
            yield
        finally:
            await self._redis.hdel(state, "erasing_until")

    async def sweep(self, conversation_id: str) -> "Counter[str]":
        """Delete what there is, except tickets (bot/desk); returns how much of each kind."""
        erased: "Counter[str]" = Counter()
        state = keys.conversation(conversation_id)
        forgotten = await self._forget(keys=[state], args=[self._until(), keys.ERASED_SECONDS])
        erased["state"] = int(forgotten)
        spared = (state, keys.tickets(conversation_id))
        everything = await self.find(conversation_id)
        found = [(key, kind) for key, kind, _ in everything if key not in spared]
        for key, kind in found:
            erased[kind] += await values.size(self._redis, key)
        if found:
            await self._redis.unlink(*(key for key, _ in found))
        await self._redis.zrem(keys.READY, conversation_id)
        await self._redis.lrem(keys.WAKE, 0, conversation_id)
        erased["outbox"] = await self._unlist(conversation_id)
        return +erased

    async def find(self, conversation_id: str) -> List[Tuple[str, str, str]]:
        """All keys about a conversation, each with its kind and the rest of its name."""
        found = set()
        pattern = keys.naming(conversation_id)
        # By a cursor, which holds nobody up; it may show a key twice.
        async for key in self._redis.scan_iter(match=pattern, count=_SEARCHED_AT_ONCE):
            about = keys.about(key, conversation_id)
            if about:
                found.add((key, *about))
        return sorted(found)

    async def _turn_ends(self, conversation_id: str) -> None:
        """Wait until no worker holds a lease; a dead one's runs out.

        A worker that holds it longer than any turn lasts has lost it after the next sweep.
        """
        deadline = time.monotonic() + self._longest_turn
        while time.monotonic() < deadline:
            leased_until = await self._redis.zscore(keys.READY, conversation_id)
            if leased_until is None or leased_until <= time.time() * 1000:
                return
            await asyncio.sleep(_ASK_EVERY)

    async def _unlist(self, conversation_id: str) -> int:
        """Take a conversation and its words (`<conversation>-<seq>`) out of all outboxes."""
        removed = 0
        outboxes = self._redis.scan_iter(
            match=f"{keys.OUTBOXES}*", count=_SEARCHED_AT_ONCE, _type="zset"
        )
        async for outbox in outboxes:
            async for member, _ in self._redis.zscan_iter(outbox, match=f"{conversation_id}*"):
                if member == conversation_id or member.startswith(f"{conversation_id}-"):
                    removed += await self._redis.zrem(outbox, member)
        return removed

    def _until(self) -> int:
        return int((time.time() + self._longest_turn + _CLOSED_SECONDS) * 1000)
