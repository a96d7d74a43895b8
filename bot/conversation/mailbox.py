"""Accepted means stored (step 2): messages wait here, once each, in order, until they are answered.

A conversation is leased to one worker at a time. A lease that is not renewed runs out, and the
message is taken up again by another worker; the fence keeps the first one from finishing it too.
"""

import hashlib
import json
import time
from dataclasses import dataclass
from typing import Any, List, Optional

from bot.conversation.identity import Shopper
from bot.conversation.lua import load
from bot.conversation.messages import Entry
from bot.errors import Conflict, Unavailable
from bot.storage import keys

# A turn renews its lease while it works; a dead worker's message is taken up after this long.
LEASE_MS = 5_000


@dataclass(frozen=True)
class Accepted:
    """A stored message; `done` is the number of its last reply, None while it waits."""

    seq: int
    done: Optional[int]


@dataclass(frozen=True)
class Claim:
    """A leased message. `fence` grows with each lease of the conversation."""

    conversation_id: str
    fence: int
    seq: int
    message_id: str


def digest(text: Optional[str], payload: Optional[str]) -> str:
    """Tells two bodies under one message id apart."""
    body = json.dumps([text, payload], ensure_ascii=False)
    return hashlib.sha256(body.encode()).hexdigest()[:32]


class Mailbox:
    """The inboxes of all conversations. Safe for any number of processes."""

    def __init__(self, redis: Any, *, most_waiting: int) -> None:
        self._redis = redis
        self._most_waiting = most_waiting
        self._accept = load(redis, "accept")
        self._claim = load(redis, "claim")
        self._renew = load(redis, "renew")
        self._complete = load(redis, "complete")

    async def accept(
        self,
        shopper: Shopper,
        message_id: str,
        entry: Entry,
        body_digest: str,
        *,
        door: str = "web",
        pushed: bool = False,
    ) -> Accepted:
        """Store a message, or find that it is stored already.

        What is said from now on is for the `door` it came through; `pushed`, by the outbox.

        Raises:
            Conflict: the message id was used with another body.
            Unavailable: too many messages of this conversation are waiting.
        """
        conversation_id = shopper.conversation_id
        result = await self._accept(
            keys=[
                keys.conversation(conversation_id),
                keys.transcript(conversation_id),
                keys.inbox(conversation_id),
                keys.message(conversation_id, message_id),
                keys.READY,
                keys.WAKE,
            ],
            args=[
                conversation_id,
                message_id,
                body_digest,
                entry.dumps(),
                _now_ms(),
                self._most_waiting,
                keys.CONVERSATION_SECONDS,
                keys.MESSAGE_SECONDS,
                keys.EVENTS,
                shopper.customer_id or "",
                shopper.visitor_id or "",
                door,
                int(pushed),
            ],
        )
        if result[0] == "full":
            raise Unavailable("queue_full", "Too many messages are waiting.", retry_after=2)
        if result[0] == "known":
            return _known(result[1:], body_digest)
        return Accepted(int(result[1]), None)

    async def find(self, conversation_id: str, message_id: str) -> Optional[Accepted]:
        """A stored message's state."""
        stored = await self._redis.hmget(keys.message(conversation_id, message_id), "seq", "done")
        if stored[0] is None:
            return None
        return Accepted(int(stored[0]), int(stored[1]) if stored[1] else None)

    async def wake(self, timeout: float) -> Optional[str]:
        """Wait for a conversation that may have work; None after `timeout` seconds."""
        popped = await self._redis.brpop(keys.WAKE, timeout=timeout)
        return popped[1] if popped else None

    async def due(self, most: int = 100) -> List[str]:
        """Conversations with work and no living lease, longest waiting first."""
        found = await self._redis.zrangebyscore(keys.READY, "-inf", _now_ms(), start=0, num=most)
        return list(found)

    async def claim(self, conversation_id: str) -> Optional[Claim]:
        """Lease the conversation's oldest message; None when there is none or it is taken."""
        result = await self._claim(
            keys=[keys.conversation(conversation_id), keys.inbox(conversation_id), keys.READY],
            args=[conversation_id, _now_ms(), LEASE_MS],
        )
        if result is None:
            return None
        seq, message_id = result[1].split("|", 1)
        return Claim(conversation_id, int(result[0]), int(seq), message_id)

    async def renew(self, claim: Claim) -> bool:
        """Prolong the lease; False when it was lost."""
        held = await self._renew(
            keys=[keys.conversation(claim.conversation_id), keys.READY],
            args=[claim.conversation_id, claim.fence, _now_ms() + LEASE_MS],
        )
        return bool(held)

    async def complete(
        self, claim: Claim, *, owner_version: int, language: str, replies: List[Entry]
    ) -> str:
        """End a turn: replies in, message out. Returns `lost`, `more` or `idle`."""
        result = await self._complete(
            keys=[
                keys.conversation(claim.conversation_id),
                keys.transcript(claim.conversation_id),
                keys.inbox(claim.conversation_id),
                keys.message(claim.conversation_id, claim.message_id),
                keys.READY,
                keys.WAKE,
                keys.OUTBOX,
            ],
            args=[
                claim.conversation_id,
                claim.fence,
                owner_version,
                language,
                claim.message_id,
                _now_ms(),
                keys.EVENTS,
                keys.CONVERSATION_SECONDS,
                *(reply.dumps() for reply in replies),
            ],
        )
        return str(result)


def _known(found: List[str], body_digest: str) -> Accepted:
    if found[0] != body_digest:
        raise Conflict("message_id_reused", "This message_id was used for another message.")
    return Accepted(int(found[1]), int(found[2]) if found[2] else None)


def _now_ms() -> int:
    return int(time.time() * 1000)
