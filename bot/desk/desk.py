"""The built-in desk: opens tickets, gives conversations to agents and back.

Who speaks is changed in one place (bot/conversation/owner.py); the desk asks it first and tells the
shopper only what then is true.
"""

from typing import Any, Callable, Dict, List, Optional

from bot.conversation import Conversations, Owner
from bot.desk.agents import Agent
from bot.desk.opening import Opening
from bot.desk.tickets import (
    OPEN,
    Ticket,
    TicketState,
    TicketStore,
    called_for,
    changed,
    noted,
)
from bot.errors import Conflict, NotFound
from shop import ShopBackend

# What one waiting conversation takes on average, until the desk has figures of its own.
SECONDS_EACH = 120


class Desk:
    """One service desk over all conversations."""

    def __init__(
        self, tickets: TicketStore, conversations: Conversations, shop: Optional[ShopBackend]
    ) -> None:
        self.tickets = tickets
        self._conversations = conversations
        self._opening = Opening(tickets, conversations, shop)

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
        wanted = await self._opening.ticket(
            conversation_id,
            reason=reason,
            skill=skill,
            priority=priority,
            summary=summary,
            facts=facts or {},
            language=language,
        )
        existing = await self.tickets.open(wanted)
        if existing is not None and existing.is_notice:
            existing = await self.tickets.change(existing.ticket, lambda t: called_for(t, wanted))
        ticket = existing or wanted
        # Also when the ticket was there: its opener may have died between ticket and transfer.
        await self._conversations.ownership.transfer(conversation_id, Owner.QUEUED)
        state = await self._conversations.ownership.state(conversation_id)
        if state.owner is Owner.QUEUED:
            await self._conversations.announce(
                conversation_id,
                "utter_handoff_queued",
                language=wanted.language,
                once=f"queued:{ticket.ticket}",
                position=await self.tickets.position(ticket) or 1,
                ticket=ticket.ticket,
            )
        await self._changed(ticket)
        return ticket

    async def note(
        self, conversation_id: str, *, reason: str, priority: str, name: str, fact: Dict[str, Any]
    ) -> Ticket:
        """Tell agents something about a conversation; whoever serves the shopper goes on with it.

        An open ticket gets the fact into its list `name`; without one, a notice is put into the
        queue. Telling it again changes nothing, not even when its ticket is finished. Only one may
        tell at a time about a conversation.

        Raises:
            Conflict: the open ticket was finished meanwhile.
        """
        for known in await self.tickets.all_of(conversation_id):
            if fact in known.facts.get(name, []):
                return known
        ticket = await self._opening.ticket(
            conversation_id,
            reason=reason,
            skill="",
            priority=priority,
            facts={name: [fact]},
            is_notice=True,
        )
        existing = await self.tickets.open(ticket)
        if existing is not None:
            ticket = await self._change(existing.ticket, lambda t: noted(t, name, fact))
            if ticket.state not in OPEN:
                raise Conflict("ticket_finished", "This ticket is finished.")
        await self._changed(ticket)
        return ticket

    async def take(self, ticket_id: str, agent: Agent) -> Ticket:
        """Give a waiting conversation to an agent; that of a notice is taken from the assistant.

        Raises:
            NotFound: no such ticket.
            Conflict: it is not waiting any more.
        """
        ticket = await self._ticket(ticket_id)
        if ticket.state not in OPEN:
            raise Conflict("ticket_finished", "This ticket is finished.")
        if ticket.is_notice:
            await self._conversations.ownership.transfer(ticket.conversation_id, Owner.QUEUED)
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

        A notice is closed without a word to the shopper, who has not waited for anybody.

        Raises:
            NotFound: no such ticket.
            Conflict: the conversation is another agent's.
        """
        if (await self._ticket(ticket_id)).is_notice:
            return await self._close_notice(ticket_id, agent)
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

    async def _close_notice(self, ticket_id: str, agent: Agent) -> Ticket:
        def close(ticket: Ticket) -> Ticket:
            if not ticket.is_notice:
                raise Conflict("not_your_conversation", "The shopper is waiting for a person now.")
            return changed(ticket, TicketState.CLOSED, assigned_to=agent.name)

        ticket = await self._change(ticket_id, close)
        await self._changed(ticket)
        return ticket

    async def _move(
        self, ticket: Ticket, state: TicketState, response: str, *, agent: str
    ) -> Ticket:
        ticket = await self._change(ticket.ticket, lambda t: changed(t, state, assigned_to=agent))
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

    async def _change(self, ticket_id: str, change: Callable[[Ticket], Ticket]) -> Ticket:
        ticket = await self.tickets.change(ticket_id, change)
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
            if queued.is_notice:
                continue
            await hub.publish(
                queued.conversation_id,
                "queue",
                position=position,
                eta_seconds=position * SECONDS_EACH,
            )
