"""The outbox (step 8): which words a push door still has to deliver.

It holds no words: it is a cursor over the transcript. `delivered` is the number of the last word
that was dealt with; a conversation with later ones stands in the outbox of its door. A relay leases
it (relay.py), delivers one word after the other and moves the cursor after each. A relay that dies
in between leaves the cursor where it was: the word is delivered again, under the same id.
"""

import json
import secrets
import time
from dataclasses import dataclass, replace
from typing import Any, Callable, List, Optional, Tuple

from bot.conversation.lua import load
from bot.storage import keys

# Each try has a fresh lease and is cut off before that ends, with a margin for the other relays'
# clocks: so nothing has to be renewed while a word is on its way, and no other overtakes it.
LEASE_MS = 15_000
_MARGIN_MS = 3_000


@dataclass(frozen=True)
class Lease:
    """A conversation leased until a moment (ms). `last` is the newest number of its transcript,
    `again` that of a dead letter which is to be delivered first.

    `token` is random, not counted: after an erasure a count would begin again, and a relay from
    before could take the new lease for its own.
    """

    door: str
    conversation_id: str
    token: str
    until: int
    delivered: int
    last: int
    again: Optional[int]
    tries: int
    customer_id: Optional[str]
    visitor_id: Optional[str]


@dataclass(frozen=True)
class DeadLetter:
    """A word that was given up; its text is in the transcript. `at` in ms since the epoch."""

    conversation_id: str
    seq: int
    at: int
    tries: int
    error: str


def delivery_id(conversation_id: str, seq: int) -> str:
    """The id of a word's delivery, the same at each try.

    Without a full stop, which separates the parts of what is signed, and which a dialogue's id has.
    """
    return f"{conversation_id}-{seq}"


def now_ms() -> int:
    """The present moment."""
    return int(time.time() * 1000)


class Outbox:
    """The outboxes of all doors. Safe for any number of processes."""

    def __init__(self, redis: Any, *, clock: Callable[[], int] = now_ms) -> None:
        self._redis = redis
        self.clock = clock
        self._lease = load(redis, "outbox/lease")
        self._settle = load(redis, "outbox/settle")
        self._postpone = load(redis, "outbox/postpone")
        self._replay = load(redis, "outbox/replay")

    async def due(self, door: str, most: int) -> List[str]:
        """Conversations that may be tried now, longest waiting first."""
        found = await self._redis.zrangebyscore(
            keys.outbox(door), "-inf", self.clock(), start=0, num=most
        )
        return list(found)

    async def lease(self, door: str, conversation_id: str) -> Optional[Lease]:
        """Lease a conversation; None when nothing is due or another relay has it."""
        token = secrets.token_hex(8)
        now = self.clock()
        work = await self._lease(
            keys=[
                keys.conversation(conversation_id),
                keys.outbox(door),
                keys.replay(conversation_id),
            ],
            args=[conversation_id, door, token, now, now + LEASE_MS],
        )
        if work is None:
            return None
        return Lease(
            door=door,
            conversation_id=conversation_id,
            token=token,
            until=now + LEASE_MS,
            delivered=int(work[0]),
            last=int(work[1]),
            tries=int(work[2]),
            again=int(work[3]) if work[3] else None,
            customer_id=work[4] or None,
            visitor_id=work[5] or None,
        )

    async def settle(
        self, lease: Lease, seq: int, *, error: Optional[str] = None
    ) -> Optional[Lease]:
        """Have done with a word: delivered, or dead of an error.

        Returns:
            The lease, prolonged, while more is to be delivered; None when nothing is left or the
            lease was lost.
        """
        now = self.clock()
        dead = {"at": now, "tries": lease.tries + 1, "error": error}
        work = await self._settle(
            keys=[
                keys.conversation(lease.conversation_id),
                keys.outbox(lease.door),
                keys.replay(lease.conversation_id),
                keys.dead(lease.conversation_id),
                keys.DEAD_LETTERS,
            ],
            args=[
                lease.conversation_id,
                lease.token,
                seq,
                now,
                now + LEASE_MS,
                json.dumps(dead) if error else "",
                keys.CONVERSATION_SECONDS,
            ],
        )
        if work is None:
            return None
        again = int(work[2]) if work[2] else None
        return replace(
            lease,
            until=now + LEASE_MS,
            delivered=int(work[0]),
            last=int(work[1]),
            again=again,
            tries=0,
        )

    def seconds_left(self, lease: Lease) -> float:
        """How long a try may take."""
        return (lease.until - _MARGIN_MS - self.clock()) / 1000

    async def postpone(self, lease: Lease, until: int) -> None:
        """Give the lease back after a failed try, not to be tried again before `until` (ms)."""
        await self._postpone(
            keys=[keys.conversation(lease.conversation_id), keys.outbox(lease.door)],
            args=[lease.conversation_id, lease.token, until],
        )

    async def with_dead_letters(self) -> List[str]:
        """Conversations with dead letters, the one that had the newest last."""
        return list(await self._redis.zrange(keys.DEAD_LETTERS, 0, -1))

    async def dead_letters(self, conversation_id: str) -> List[DeadLetter]:
        """A conversation's dead letters in the order in which they were said."""
        stored = await self._redis.hgetall(keys.dead(conversation_id))
        found = [
            DeadLetter(conversation_id, int(seq), **json.loads(letter))
            for seq, letter in stored.items()
        ]
        return sorted(found, key=lambda letter: letter.seq)

    async def counts(self, door: str) -> Tuple[int, int]:
        """How many conversations wait at a door, and how many have dead letters at any."""
        async with self._redis.pipeline(transaction=False) as pipe:
            pipe.zcard(keys.outbox(door))
            pipe.zcard(keys.DEAD_LETTERS)
            waiting, dead = await pipe.execute()
        return int(waiting), int(dead)

    async def replay(self, conversation_id: str) -> int:
        """Put a conversation's dead letters back; returns how many.

        0 also when its door is not one that is pushed to: there the transcript is read anyway.
        """
        moved = await self._replay(
            keys=[
                keys.conversation(conversation_id),
                keys.OUTBOX,
                keys.replay(conversation_id),
                keys.dead(conversation_id),
                keys.DEAD_LETTERS,
            ],
            args=[conversation_id, self.clock(), keys.CONVERSATION_SECONDS],
        )
        return int(moved)

    async def forget(self, conversation_id: str) -> None:
        """Remove a conversation from what is kept outside its own keys, before those are erased."""
        door = await self._redis.hget(keys.conversation(conversation_id), "door")
        async with self._redis.pipeline() as pipe:
            pipe.zrem(keys.outbox(door or ""), conversation_id)
            pipe.zrem(keys.DEAD_LETTERS, conversation_id)
            await pipe.execute()
