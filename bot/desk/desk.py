"""The built-in desk: opens tickets, gives conversations to agents and back.

Who speaks is changed in one place (bot/conversation/owner.py); the desk asks it first and tells the
shopper only what then is true.
"""

import asyncio
import logging
import time
from typing import Any, Dict, List, Optional

from bot.conversation import Conversations, Owner
from bot.conversation.language import DEFAULT
from bot.desk.agents import Agent
from bot.desk.summary import summarise
from bot.desk.tickets import OPEN, Ticket, TicketState, TicketStore, changed, new_ticket
from bot.errors import Conflict, NotFound
from shop import ShopBackend, ShopError

logger = logging.getLogger(__name__)

# What one waiting conversation takes on average, until the desk has figures of its own.
SECONDS_EACH = 120
MOST_SUMMARISED = 50


class Desk:
    """One service desk over all conversations."""

    def __init__(
        self, tickets: TicketStore, conversations: Conversations, shop: Optional[ShopBackend]
    ) -> None:
        self.tickets = tickets
        self._conversations = conversations
        self._shop = shop

    async def open(
        self,
        conversation_id: str,
        *,
        reason: str,
        skill: str = "",
        priority: str = "normal",
        summary: str = "",
        facts: Optional[Dict[str, Any]] = None,
        language: Optional[str] = None,
    ) -> Ticket:
        """Queue a conversation for people; one that is queued already keeps its ticket."""
        state = await self._conversations.ownership.state(conversation_id)
        said = await self._conversations.transcript.last(conversation_id, MOST_SUMMARISED)
        now = time.time()
        language = language or _spoken(said) or state.language or DEFAULT
        ticket = new_ticket(
            await self.tickets.number(now),
            conversation_id=conversation_id,
            reason=reason,
            skill=skill,
            priority=priority,
            summary=summary or summarise(reason, facts or {}, said),
            language=language,
            opened_at=now,
            customer_id=state.customer_id,
            customer_name=await self._name(state.customer_id),
            facts=facts or {},
        )
        existing = await self.tickets.open(ticket)
        ticket = existing or ticket
        # Also when the ticket was there: its opener may have died between ticket and transfer.
        await self._conversations.ownership.transfer(conversation_id, Owner.QUEUED)
        state = await self._conversations.ownership.state(conversation_id)
        if state.owner is Owner.QUEUED:
            await self._conversations.announce(
                conversation_id,
                "utter_handoff_queued",
                language=language,
                once=f"queued:{ticket.ticket}",
                position=await self.tickets.position(ticket) or 1,
                ticket=ticket.ticket,
            )
        await self._changed(ticket)
        return ticket

    async def take(self, ticket_id: str, agent: Agent) -> Ticket:
        """Give a waiting conversation to an agent.

        Raises:
            NotFound: no such ticket.
            Conflict: it is not waiting any more.
        """
        ticket = await self._ticket(ticket_id)
        if ticket.state not in OPEN:
            raise Conflict("ticket_finished", "This ticket is finished.")
        if not await self._conversations.ownership.transfer(
            ticket.conversation_id, Owner.HUMAN, agent=agent.name
        ):
            state = await self._conversations.ownership.state(ticket.conversation_id)
            # Theirs already when a first attempt died after the transfer.
            if (state.owner, state.agent) != (Owner.HUMAN, agent.name):
                raise Conflict("ticket_taken", "This conversation is not waiting any more.")
        return await self._move(
            ticket, TicketState.ASSIGNED, "utter_handoff_taken", agent=agent.name
        )

    async def say(self, ticket_id: str, agent: Agent, text: str, message_id: str) -> int:
        """Let the agent speak; returns the entry's number.

        Raises:
            NotFound: no such ticket.
            Conflict: the conversation is not this agent's.
        """
        ticket = await self._ticket(ticket_id)
        seq = await self._conversations.speak_as_agent(
            ticket.conversation_id,
            text,
            agent=agent.name,
            language=ticket.language,
            once=message_id,
        )
        if not seq:
            raise Conflict("not_your_conversation", "Take the conversation before you answer.")
        return seq

    async def give_back(self, ticket_id: str, agent: Agent) -> Ticket:
        """Give the conversation back to the assistant.

        Raises:
            NotFound: no such ticket.
            Conflict: the conversation is not this agent's.
        """
        return await self._finish(
            ticket_id, agent, Owner.BOT, TicketState.RETURNED, "utter_handoff_returned"
        )

    async def close(self, ticket_id: str, agent: Agent) -> Ticket:
        """End the service; the shopper's next message goes to the assistant.

        Raises:
            NotFound: no such ticket.
            Conflict: the conversation is another agent's.
        """
        return await self._finish(
            ticket_id, agent, Owner.CLOSED, TicketState.CLOSED, "utter_handoff_closed"
        )

    async def _finish(
        self, ticket_id: str, agent: Agent, owner: Owner, state: TicketState, response: str
    ) -> Ticket:
        ticket = await self._ticket(ticket_id)
        if ticket.state not in OPEN or ticket.assigned_to != agent.name:
            raise Conflict("not_your_conversation", "This conversation is not yours.")
        if not await self._conversations.ownership.transfer(ticket.conversation_id, owner):
            now_state = await self._conversations.ownership.state(ticket.conversation_id)
            # Given back already when a first attempt died after the transfer.
            if now_state.owner is not owner:
                raise Conflict("already_finished", "This conversation is finished already.")
        return await self._move(ticket, state, response, agent=agent.name)

    async def _move(
        self, ticket: Ticket, state: TicketState, response: str, *, agent: str
    ) -> Ticket:
        ticket = changed(ticket, state, assigned_to=agent)
        await self.tickets.save(ticket)
        await self._conversations.announce(
            ticket.conversation_id,
            response,
            language=ticket.language,
            once=f"{state.value}:{ticket.ticket}",
            agent=agent,
        )
        await self._changed(ticket)
        return ticket

    async def _ticket(self, ticket_id: str) -> Ticket:
        ticket = await self.tickets.get(ticket_id)
        if ticket is None:
            raise NotFound("ticket_not_found", "There is no such ticket.")
        return ticket

    async def _changed(self, ticket: Ticket) -> None:
        """Tell consoles that the queue changed, and those who wait where they stand."""
        hub = self._conversations.hub
        await hub.publish(
            ticket.conversation_id, "ticket", ticket=ticket.ticket, state=ticket.state.value
        )
        waiting: List[Ticket] = [
            open_ticket
            for open_ticket in await self.tickets.all_open()
            if open_ticket.state is TicketState.QUEUED
        ]
        for position, queued in enumerate(waiting, start=1):
            await hub.publish(
                queued.conversation_id,
                "queue",
                position=position,
                eta_seconds=position * SECONDS_EACH,
            )

    async def _name(self, customer_id: Optional[str]) -> Optional[str]:
        """The customer's name for the agent; a shop that fails must not stop a handoff."""
        if customer_id is None or self._shop is None:
            return None
        try:
            customer = await asyncio.to_thread(self._shop.customer, customer_id)
        except (ShopError, ValueError) as error:
            # ValueError: a row that says something that no customer can be.
            logger.warning("customer_unknown error=%s", type(error).__name__)
            return None
        return customer.name if customer else None


def _spoken(said: List[Any]) -> Optional[str]:
    """The language of what was said to the shopper last; their own newest is not judged yet."""
    return next((n.entry.language for n in reversed(said) if n.entry.sender != "shopper"), None)
