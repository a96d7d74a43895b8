"""Who is speaking: the one place that knows (step 3 of a message's way).

bot → queued → human → bot | closed, and queued → bot | closed. `closed` ends a person's service;
the next message opens the conversation to the assistant again.
"""

from dataclasses import dataclass
from enum import Enum
from typing import Any, Dict, Optional, Tuple

from bot.conversation.clock import now_ms
from bot.conversation.lua import load
from bot.storage import keys


class Owner(str, Enum):
    """Who may speak to the shopper."""

    BOT = "bot"  # the assistant answers
    QUEUED = "queued"  # waiting for a person; nobody answers, everything is kept
    HUMAN = "human"  # an agent answers, the assistant is silent
    CLOSED = "closed"  # a person's service is over; the next message goes to the assistant


# From which owners each one may take over.
TRANSITIONS: Dict[Owner, Tuple[Owner, ...]] = {
    Owner.QUEUED: (Owner.BOT, Owner.CLOSED),
    Owner.HUMAN: (Owner.QUEUED,),
    Owner.BOT: (Owner.QUEUED, Owner.HUMAN, Owner.CLOSED),
    Owner.CLOSED: (Owner.QUEUED, Owner.HUMAN),
}


@dataclass(frozen=True)
class State:
    """A conversation's state. `dialogue` numbers the assistant's dialogues within it.

    `last_at` is the moment (ms) of the last finished turn, 0 before the first.
    """

    owner: Owner
    owner_version: int
    agent: Optional[str]
    language: Optional[str]
    dialogue: int
    seq: int
    last_at: int
    customer_id: Optional[str]
    visitor_id: Optional[str]

    @classmethod
    def loads(cls, stored: Dict[str, str]) -> "State":
        """Read the stored fields; without any, the beginning of a conversation."""
        return cls(
            owner=Owner(stored.get("owner", "bot")),
            owner_version=int(stored.get("owner_version", 0)),
            agent=stored.get("agent") or None,
            language=stored.get("language"),
            dialogue=int(stored.get("dialogue", 0)),
            seq=int(stored.get("seq", 0)),
            last_at=int(stored.get("last_at", 0)),
            customer_id=stored.get("customer_id") or None,
            visitor_id=stored.get("visitor_id") or None,
        )


class Ownership:
    """Reads and changes owners in Redis."""

    def __init__(self, redis: Any) -> None:
        self._redis = redis
        self._transfer = load(redis, "transfer")

    async def state(self, conversation_id: str) -> State:
        """The state; of a conversation that never was, the beginning of one."""
        return State.loads(await self._redis.hgetall(keys.conversation(conversation_id)))

    async def transfer(
        self, conversation_id: str, to: Owner, *, agent: Optional[str] = None
    ) -> bool:
        """Give the conversation to somebody; False when its present owner does not allow it."""
        version = await self._transfer(
            keys=[keys.conversation(conversation_id)],
            args=[
                conversation_id,
                to.value,
                agent or "",
                keys.EVENTS,
                keys.CONVERSATION_SECONDS,
                *(owner.value for owner in TRANSITIONS[to]),
            ],
        )
        return bool(version)

    async def begin_dialogue(self, conversation_id: str) -> int:
        """Start a new dialogue with the assistant, after a long silence; returns its number."""
        key = keys.conversation(conversation_id)
        async with self._redis.pipeline(transaction=True) as pipe:
            pipe.hincrby(key, "dialogue", 1)
            # The silence is over: the same message, taken up again, stays in this dialogue.
            pipe.hset(key, "last_at", now_ms())
            number, _ = await pipe.execute()
        return int(number)
