"""What a new ticket says: who it is about, in which language, and what was said so far."""

import asyncio
import logging
import time
from typing import Any, Dict, List, Optional

from bot.conversation import Conversations
from bot.conversation.language import DEFAULT
from bot.desk.summary import summarise
from bot.desk.tickets import Ticket, TicketStore, new_ticket
from shop import ShopBackend, ShopError

logger = logging.getLogger(__name__)

MOST_SUMMARISED = 50


class Opening:
    """Writes tickets; putting them into the queue is the desk's."""

    def __init__(
        self, tickets: TicketStore, conversations: Conversations, shop: Optional[ShopBackend]
    ) -> None:
        self._tickets = tickets
        self._conversations = conversations
        self._shop = shop

    async def ticket(
        self,
        conversation_id: str,
        *,
        reason: str,
        facts: Dict[str, Any],
        summary: str = "",
        language: Optional[str] = None,
        **more: Any,
    ) -> Ticket:
        """A ticket about a conversation as it is now."""
        state = await self._conversations.ownership.state(conversation_id)
        said = await self._conversations.transcript.last(conversation_id, MOST_SUMMARISED)
        now = time.time()
        return new_ticket(
            await self._tickets.number(now),
            conversation_id=conversation_id,
            reason=reason,
            summary=summary or summarise(reason, facts, said),
            language=language or _spoken(said) or state.language or DEFAULT,
            opened_at=now,
            customer_id=state.customer_id,
            customer_name=await self._name(state.customer_id),
            facts=facts,
            **more,
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
