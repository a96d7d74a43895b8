"""Between door and assistant (steps 2, 3 and 8): the public face for doors and desk."""

from dataclasses import dataclass
from typing import Any, Optional

from bot.conversation.buttons import Buttons
from bot.conversation.events import EventHub
from bot.conversation.feedback import Feedback
from bot.conversation.identity import Tokens
from bot.conversation.mailbox import Mailbox, Pace
from bot.conversation.messages import AGENT, SYSTEM, Entry, now
from bot.conversation.owner import Owner, Ownership, State
from bot.conversation.transcript import Transcript
from bot.conversation.wording import Wording

__all__ = ["Conversations", "Owner", "Pace", "State", "Tokens", "now"]


@dataclass(frozen=True)
class Conversations:
    """Everything a door or a desk may do with conversations."""

    mailbox: Mailbox
    transcript: Transcript
    ownership: Ownership
    buttons: Buttons
    hub: EventHub
    feedback: Feedback
    wording: Wording

    @classmethod
    def on(cls, redis: Any, pace: Pace) -> "Conversations":
        """Conversations kept in a Redis."""
        return cls(
            mailbox=Mailbox(redis, pace),
            transcript=Transcript(redis),
            ownership=Ownership(redis),
            buttons=Buttons(redis),
            hub=EventHub(redis),
            feedback=Feedback(redis),
            wording=Wording.from_domain(),
        )

    async def announce(
        self, conversation_id: str, response: str, *, language: str, once: str, **facts: Any
    ) -> int:
        """Say a response of the domain as the system, once per `once`; returns its number."""
        entry = Entry(
            sender=SYSTEM,
            text=self.wording.say(response, language, **facts),
            at=now(),
            language=language,
        )
        return await self.transcript.say(conversation_id, entry, once=once)

    async def speak_as_agent(
        self, conversation_id: str, text: str, *, agent: str, language: str, once: Optional[str]
    ) -> int:
        """Say an agent's words, if the conversation is theirs; returns the number or 0."""
        entry = Entry(sender=AGENT, text=text, at=now(), language=language, agent=agent)
        return await self.transcript.say(
            conversation_id, entry, once=f"agent:{agent}:{once}", owner=Owner.HUMAN, agent=agent
        )
