"""Tickets: one for each time a conversation was handed to people."""

import contextlib
import json
import time
from dataclasses import asdict, dataclass, field, replace
from datetime import datetime, timezone
from enum import Enum
from typing import Any, Callable, Dict, List, Optional

from redis.exceptions import WatchError

from bot.storage import keys


class TicketState(str, Enum):
    """Where a ticket stands."""

    QUEUED = "queued"  # waiting for an agent
    ASSIGNED = "assigned"  # an agent has it
    RETURNED = "returned"  # given back to the assistant
    CLOSED = "closed"  # done


OPEN = (TicketState.QUEUED, TicketState.ASSIGNED)

# A ticket's place in the queue is the moment it was opened, moved by its priority: who is urgent
# goes before whoever has waited for less than an hour, and after those who have waited for longer.
# So nobody waits without end, and within a priority who came first is first.
HEAD_START_SECONDS = {"urgent": 3600, "high": 1800, "normal": 0, "low": -1800}


@dataclass(frozen=True)
class Ticket:
    """A handed-over conversation. `opened_at` is a Unix time in seconds."""

    ticket: str
    handoff_id: str
    conversation_id: str
    state: TicketState
    reason: str
    skill: str
    priority: str
    summary: str
    language: str
    opened_at: float
    customer_id: Optional[str] = None
    customer_name: Optional[str] = None
    assigned_to: Optional[str] = None
    facts: Dict[str, Any] = field(default_factory=dict)
    # Told to the desk while the assistant goes on serving the shopper, who waits for nobody.
    is_notice: bool = False

    @property
    def place(self) -> float:
        """Where it stands in the queue: the smaller, the sooner."""
        return self.opened_at - HEAD_START_SECONDS.get(self.priority, 0)

    def view(self, *, position: Optional[int], now: float) -> Dict[str, Any]:
        """As the console and the handoff endpoint show it."""
        opened = datetime.fromtimestamp(self.opened_at, timezone.utc)
        return {
            "ticket": self.ticket,
            "handoff_id": self.handoff_id,
            "conversation_id": self.conversation_id,
            "state": self.state.value,
            "reason": self.reason,
            "skill": self.skill,
            "priority": self.priority,
            "summary": self.summary,
            "facts": self.facts,
            "customer": {"id": self.customer_id, "name": self.customer_name},
            "language": self.language,
            "opened_at": opened.isoformat(timespec="seconds"),
            "assigned_to": self.assigned_to,
            "is_notice": self.is_notice,
            "position": position,
            "waiting_seconds": int(now - self.opened_at),
        }


class TicketStore:
    """Tickets in Redis: the ticket itself, the queue, and which one a conversation has open."""

    def __init__(self, redis: Any) -> None:
        self._redis = redis

    async def number(self, now: float) -> str:
        """A fresh ticket number that can be read out, like T-261122-0007; the day is UTC's."""
        day = datetime.fromtimestamp(now, timezone.utc)
        key = keys.ticket_count(day.strftime("%Y%m%d"))
        count = await self._redis.incr(key)
        await self._redis.expire(key, keys.TICKET_COUNT_SECONDS)
        return f"T-{day:%y%m%d}-{count:04d}"

    async def open(self, ticket: Ticket) -> Optional[Ticket]:
        """Queue a ticket, unless its conversation has one open: then that one is returned."""
        claimed = await self._redis.set(
            keys.open_ticket(ticket.conversation_id),
            ticket.ticket,
            nx=True,
            ex=keys.CONVERSATION_SECONDS,
        )
        if not claimed:
            existing = await self.of_conversation(ticket.conversation_id)
            if existing is not None:
                return existing
            # Its opener died in between; this request takes the place over.
            await self._redis.set(
                keys.open_ticket(ticket.conversation_id),
                ticket.ticket,
                ex=keys.CONVERSATION_SECONDS,
            )
        await self.save(ticket)
        return None

    async def save(self, ticket: Ticket) -> None:
        """Write a ticket and put it into the list of its state, in one step."""
        async with self._redis.pipeline(transaction=True) as pipe:
            _write(pipe, ticket)
            await pipe.execute()

    async def change(self, ticket_id: str, change: Callable[[Ticket], Ticket]) -> Optional[Ticket]:
        """Write what `change` makes of a ticket, as nobody else changes it; None: not there.

        What `change` raises is passed on; it may be called several times.
        """
        async with self._redis.pipeline(transaction=True) as pipe:
            while True:
                await pipe.watch(keys.ticket(ticket_id))
                stored = await pipe.get(keys.ticket(ticket_id))
                if stored is None:
                    return None
                ticket = change(_loads(stored))
                pipe.multi()
                _write(pipe, ticket)
                with contextlib.suppress(WatchError):
                    await pipe.execute()
                    return ticket

    async def get(self, ticket_id: str) -> Optional[Ticket]:
        """A ticket by its number."""
        stored = await self._redis.get(keys.ticket(ticket_id))
        return _loads(stored) if stored else None

    async def of_conversation(self, conversation_id: str) -> Optional[Ticket]:
        """The open ticket of a conversation."""
        ticket_id = await self._redis.get(keys.open_ticket(conversation_id))
        return await self.get(ticket_id) if ticket_id else None

    async def all_of(self, conversation_id: str) -> List[Ticket]:
        """Every ticket that a conversation had, oldest first."""
        ids = await self._redis.smembers(keys.tickets(conversation_id))
        tickets = [await self.get(ticket_id) for ticket_id in ids]
        return sorted((t for t in tickets if t is not None), key=lambda t: t.opened_at)

    async def erase(self, conversation_id: str) -> List[str]:
        """Delete every ticket of a conversation; returns their numbers."""
        ids = sorted(await self._redis.smembers(keys.tickets(conversation_id)))
        async with self._redis.pipeline(transaction=True) as pipe:
            for ticket_id in ids:
                pipe.srem(keys.tickets(conversation_id), ticket_id)
                pipe.delete(keys.ticket(ticket_id))
                pipe.zrem(keys.QUEUE, ticket_id)
                pipe.zrem(keys.ASSIGNED, ticket_id)
            pipe.delete(keys.open_ticket(conversation_id))
            await pipe.execute()
        return ids

    async def position(self, ticket: Ticket) -> Optional[int]:
        """Place in the queue, from 1; None when it is not waiting."""
        rank = await self._redis.zrank(keys.QUEUE, ticket.ticket)
        return None if rank is None else int(rank) + 1

    async def all_open(self) -> List[Ticket]:
        """Waiting tickets in their order, then those that agents have."""
        ids = await self._redis.zrange(keys.QUEUE, 0, -1)
        ids += await self._redis.zrange(keys.ASSIGNED, 0, -1)
        tickets = [await self.get(ticket_id) for ticket_id in ids]
        return [ticket for ticket in tickets if ticket is not None]


def _write(pipe: Any, ticket: Ticket) -> None:
    pipe.set(keys.ticket(ticket.ticket), json.dumps(asdict(ticket)), ex=keys.CONVERSATION_SECONDS)
    pipe.sadd(keys.tickets(ticket.conversation_id), ticket.ticket)
    pipe.expire(keys.tickets(ticket.conversation_id), keys.CONVERSATION_SECONDS)
    pipe.zrem(keys.QUEUE, ticket.ticket)
    pipe.zrem(keys.ASSIGNED, ticket.ticket)
    if ticket.state is TicketState.QUEUED:
        pipe.zadd(keys.QUEUE, {ticket.ticket: ticket.place})
    elif ticket.state is TicketState.ASSIGNED:
        pipe.zadd(keys.ASSIGNED, {ticket.ticket: time.time()})
    else:
        pipe.delete(keys.open_ticket(ticket.conversation_id))


def new_ticket(number: str, **content: Any) -> Ticket:
    """A waiting ticket; at the built-in desk a handoff is its ticket."""
    return Ticket(
        ticket=number,
        handoff_id=number,
        state=TicketState.QUEUED,
        **content,
    )


def changed(ticket: Ticket, state: TicketState, *, assigned_to: Optional[str]) -> Ticket:
    """The ticket in another state."""
    return replace(ticket, state=state, assigned_to=assigned_to, is_notice=False)


def noted(ticket: Ticket, name: str, fact: Any) -> Ticket:
    """The ticket with one more in a list of its facts; a finished one stays as it is."""
    known = ticket.facts.get(name, [])
    if ticket.state not in OPEN or fact in known:
        return ticket
    return replace(ticket, facts={**ticket.facts, name: [*known, fact]})


def called_for(notice: Ticket, ticket: Ticket) -> Ticket:
    """A notice about a conversation whose shopper waits for a person now, as `ticket` says."""
    if not notice.is_notice:
        return notice
    return replace(
        ticket,
        ticket=notice.ticket,
        handoff_id=notice.handoff_id,
        priority=max(notice.priority, ticket.priority, key=lambda p: HEAD_START_SECONDS.get(p, 0)),
        facts={**notice.facts, **ticket.facts},
    )


def _loads(stored: str) -> Ticket:
    content = json.loads(stored)
    return Ticket(**{**content, "state": TicketState(content["state"])})
