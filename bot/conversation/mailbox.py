"""Accepted means stored (step 2): messages wait here, once each, in order, until they are answered.

A conversation is leased to one worker at a time. A lease that is not renewed runs out, and the
messages are taken up again by another worker; the fence keeps the first one from finishing them
too. Messages that were sent in a burst become one turn; see bursts.py.
"""

import hashlib
import json
from dataclasses import dataclass
from typing import Any, Dict, List, Optional, Tuple

from bot.conversation.clock import now_ms
from bot.conversation.identity import Shopper
from bot.conversation.limits import too_many
from bot.conversation.lua import load
from bot.conversation.messages import Entry, Numbered
from bot.conversation.owner import Owner, State
from bot.errors import Conflict, Unavailable
from bot.storage import keys

# A turn renews its lease while it works; a dead worker's message is taken up after this long.
LEASE_MS = 5_000
# More would be a letter, not a burst.
MOST_OF_A_BURST = 10

# What may follow a message: more of the same request, anything, or nothing that is merged with it.
FRAGMENT, WHOLE, ALONE = "fragment", "whole", "alone"


@dataclass(frozen=True)
class Pace:
    """How fast one shopper may write, and how long a fragment waits for more."""

    most_waiting: int
    burst: int
    per_second: float
    fragment_ms: int


@dataclass(frozen=True)
class Claim:
    """The messages of one turn, leased. `fence` grows with each lease of the conversation.

    The turn goes by the last message's id.
    """

    conversation_id: str
    fence: int
    messages: List[Tuple[str, Numbered]]
    state: State

    @property
    def seq(self) -> int:
        """The number of the last message."""
        return self.messages[-1][1].seq

    @property
    def message_id(self) -> str:
        """The id under which the assistant, the shop and the desk know the turn."""
        return self.messages[-1][0]


@dataclass(frozen=True)
class Accepted:
    """A stored message.

    `done` is the number of its last reply, None while it waits; `merged_into` is the message with
    which it was answered; `due_ms` says after how long it may be taken up; `claim` is set when it
    was leased at once.
    """

    seq: int
    done: Optional[int] = None
    merged_into: Optional[str] = None
    due_ms: int = 0
    claim: Optional[Claim] = None


@dataclass(frozen=True)
class Completed:
    """How a turn ended: `outcome` is `lost`, `more` or `idle`; `replies` are those spoken."""

    outcome: str
    last_seq: int = 0
    replies: Tuple[Numbered, ...] = ()
    owner: Owner = Owner.BOT
    agent: Optional[str] = None


def digest(text: Optional[str], payload: Optional[str]) -> str:
    """Tells two bodies under one message id apart."""
    body = json.dumps([text, payload], ensure_ascii=False)
    return hashlib.sha256(body.encode()).hexdigest()[:32]


class Mailbox:
    """The inboxes of all conversations. Safe for any number of processes."""

    def __init__(self, redis: Any, pace: Pace) -> None:
        self._redis = redis
        self._pace = pace
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
        door: str,
        pushed: bool,
        kind: str,
        lease: bool,
    ) -> Accepted:
        """Store a message, or find that it is stored already.

        What is said from now on is for the `door` it came through; `pushed`, by the outbox. `kind`
        is FRAGMENT, WHOLE or ALONE. With `lease` the message is taken to work at once, if nothing
        of the conversation stands before it.

        Raises:
            Conflict: the message id was used with another body.
            TooManyRequests: the shopper writes faster than they may.
            Unavailable: too many messages of this conversation are waiting.
        """
        conversation_id = shopper.conversation_id
        outcome, *result = await self._accept(
            keys=[
                keys.conversation(conversation_id),
                keys.transcript(conversation_id),
                keys.inbox(conversation_id),
                keys.message(conversation_id, message_id),
                keys.READY,
                keys.WAKE,
                keys.pace(conversation_id),
            ],
            args=[
                conversation_id,
                message_id,
                body_digest,
                entry.dumps(),
                now_ms(),
                self._pace.most_waiting,
                keys.CONVERSATION_SECONDS,
                keys.MESSAGE_SECONDS,
                keys.EVENTS,
                shopper.customer_id or "",
                shopper.visitor_id or "",
                door,
                self._pace.burst,
                self._pace.per_second,
                kind,
                self._pace.fragment_ms,
                LEASE_MS if lease else 0,
                int(pushed),
            ],
        )
        if outcome == "full":
            raise Unavailable("queue_full", "Too many messages are waiting.", retry_after=2)
        if outcome == "limited":
            raise too_many(int(result[0]))
        if outcome == "known":
            return _known(result, body_digest)
        if outcome == "leased":
            seq, fence, state = result
            claim = Claim(
                conversation_id,
                int(fence),
                [(message_id, Numbered(int(seq), entry))],
                State.loads(_pairs(state)),
            )
            return Accepted(int(seq), claim=claim)
        return Accepted(int(result[0]), due_ms=int(result[1]))

    async def find(self, conversation_id: str, message_id: str) -> Optional[Accepted]:
        """A stored message's state."""
        seq, done, merged = await self._redis.hmget(
            keys.message(conversation_id, message_id), "seq", "done", "merged"
        )
        if seq is None:
            return None
        return Accepted(int(seq), int(done) if done else None, merged)

    async def wake(self, timeout: float) -> Optional[str]:
        """Wait for a conversation that may have work; None after `timeout` seconds."""
        popped = await self._redis.brpop(keys.WAKE, timeout=timeout)
        return popped[1] if popped else None

    async def due(self, most: int = 100, *, waited_ms: int = 0) -> List[str]:
        """Conversations with work and no living lease for `waited_ms`, longest waiting first."""
        latest = now_ms() - waited_ms
        found = await self._redis.zrangebyscore(keys.READY, "-inf", latest, start=0, num=most)
        return list(found)

    async def claim(self, conversation_id: str) -> Optional[Claim]:
        """Lease the messages of the conversation's next turn; None when there is none to take."""
        result = await self._claim(
            keys=[
                keys.conversation(conversation_id),
                keys.inbox(conversation_id),
                keys.READY,
                keys.transcript(conversation_id),
            ],
            args=[conversation_id, now_ms(), LEASE_MS, MOST_OF_A_BURST],
        )
        if result is None:
            return None
        fence, state, messages, entries = result
        taken = []
        for message, entry in zip(messages, entries):
            seq, _, message_id = message.split("|", 2)
            taken.append((message_id, Numbered(int(seq), Entry.loads(entry))))
        return Claim(conversation_id, int(fence), taken, State.loads(_pairs(state)))

    async def renew(self, claim: Claim) -> bool:
        """Prolong the lease; False when it was lost."""
        held = await self._renew(
            keys=[keys.conversation(claim.conversation_id), keys.READY],
            args=[claim.conversation_id, claim.fence, now_ms() + LEASE_MS],
        )
        return bool(held)

    async def complete(
        self, claim: Claim, *, owner_version: int, language: str, replies: List[Entry]
    ) -> Completed:
        """End a turn: replies in, messages out."""
        conversation_id = claim.conversation_id
        outcome, *result = await self._complete(
            keys=[
                keys.conversation(conversation_id),
                keys.transcript(conversation_id),
                keys.inbox(conversation_id),
                keys.READY,
                keys.WAKE,
                keys.answer(conversation_id, claim.message_id),
                keys.OUTBOX,
                *(keys.message(conversation_id, message_id) for message_id, _ in claim.messages),
            ],
            args=[
                conversation_id,
                claim.fence,
                owner_version,
                language,
                len(claim.messages),
                claim.message_id,
                now_ms(),
                keys.EVENTS,
                keys.CONVERSATION_SECONDS,
                "1" if replies and replies[-1].asks else "",
                *(reply.dumps() for reply in replies),
            ],
        )
        if outcome == "lost":
            return Completed(outcome)
        last, spoken, owner, agent = int(result[0]), int(result[1]), result[2], result[3]
        numbered = tuple(
            Numbered(last - spoken + place, reply)
            for place, reply in enumerate(replies[:spoken], start=1)
        )
        return Completed(outcome, last, numbered, Owner(owner), agent or None)


def _known(found: List[str], body_digest: str) -> Accepted:
    if found[0] != body_digest:
        raise Conflict("message_id_reused", "This message_id was used for another message.")
    return Accepted(int(found[1]), int(found[2]) if found[2] else None, found[3] or None)


def _pairs(flat: List[str]) -> Dict[str, str]:
    return dict(zip(flat[::2], flat[1::2]))
