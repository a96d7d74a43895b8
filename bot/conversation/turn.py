"""One turn: who speaks, what the assistant says, and its end (steps 3 to 8)."""

import asyncio
import logging
import time
from typing import Any, Awaitable, Callable, Dict, List, Optional

from bot.conversation.assistant_client import (
    AssistantClient,
    AssistantReply,
    AssistantUnavailable,
    TurnSuperseded,
)
from bot.conversation.buttons import Buttons
from bot.conversation.clock import now_ms
from bot.conversation.events import EventHub
from bot.conversation.language import DEFAULT, detect, write
from bot.conversation.mailbox import Claim, Completed, Mailbox
from bot.conversation.messages import BOT, Button, Entry, now
from bot.conversation.metrics import TURN_SECONDS, TURNS
from bot.conversation.owner import Owner, Ownership, State

logger = logging.getLogger(__name__)

# Called when the assistant cannot answer: (conversation id, message id, language).
Escalate = Callable[[str, str, str], Awaitable[None]]


class Turns:
    """Takes claimed messages to whoever speaks."""

    def __init__(
        self,
        *,
        mailbox: Mailbox,
        ownership: Ownership,
        buttons: Buttons,
        hub: EventHub,
        assistant: AssistantClient,
        escalate: Escalate,
        turn_timeout: float,
        dialogue_idle_minutes: int,
    ) -> None:
        self._mailbox = mailbox
        self._ownership = ownership
        self._buttons = buttons
        self._hub = hub
        self._assistant = assistant
        self._escalate = escalate
        self._timeout = turn_timeout
        self._idle_ms = dialogue_idle_minutes * 60_000

    async def take(self, claim: Claim) -> str:
        """Answer a claim's messages and end their turn; returns `lost`, `more` or `idle`."""
        state = claim.state
        if state.owner is Owner.CLOSED:
            await self._ownership.transfer(claim.conversation_id, Owner.BOT)
            state = await self._ownership.state(claim.conversation_id)
        newest = claim.messages[-1][1].entry
        language = state.language or DEFAULT
        if not newest.payload:
            language = detect(_text(claim), state.language)
        replies: List[Entry] = []
        if state.owner is Owner.BOT:
            try:
                replies = await self._answer(claim, state, language)
            except TurnSuperseded:
                return "lost"
        completed = await self._mailbox.complete(
            claim, owner_version=state.owner_version, language=language, replies=replies
        )
        self._tell(claim, completed, language)
        return completed.outcome

    def _tell(self, claim: Claim, completed: Completed, language: str) -> None:
        """Wake those in this process who wait for the answer."""
        if completed.outcome != "lost":
            self._hub.tell(
                claim.conversation_id,
                "done",
                message_ids=[message_id for message_id, _ in claim.messages],
                completed=completed,
                language=language,
            )

    async def _answer(self, claim: Claim, state: State, language: str) -> List[Entry]:
        started = time.monotonic()
        try:
            replies = await asyncio.wait_for(self._ask(claim, state, language), self._timeout)
            await self._check_not_silent(claim, state, replies)
        except (AssistantUnavailable, asyncio.TimeoutError) as error:
            logger.error(
                "assistant_failed conversation=%s error=%s",
                claim.conversation_id,
                type(error).__name__,
            )
            TURNS.labels(outcome="escalated").inc()
            await self._escalate(claim.conversation_id, claim.message_id, language)
            return []
        TURNS.labels(outcome="answered").inc()
        TURN_SECONDS.observe(time.monotonic() - started)
        return [await self._entry(claim, reply, language) for reply in replies]

    async def _check_not_silent(
        self, claim: Claim, state: State, replies: List[AssistantReply]
    ) -> None:
        """A turn without a word is a failed one, unless a person was asked to speak.

        Raises:
            AssistantUnavailable: nothing was said, and nobody else took the conversation over.
        """
        if replies:
            return
        now_state = await self._ownership.state(claim.conversation_id)
        if now_state.owner_version == state.owner_version:
            raise AssistantUnavailable("silent turn")

    async def _ask(self, claim: Claim, state: State, language: str) -> List[AssistantReply]:
        """Asks again while the turn's time lasts: a restarting assistant is back in seconds."""
        dialogue = await self._dialogue(claim, state)
        pressed = await self._pressed(claim)
        text = _text(claim)
        trusted: Dict[str, Any] = {
            "conversation_id": claim.conversation_id,
            "message_id": claim.message_id,
            "language": language,
            "text": text,
            "identity": {
                "customer_id": state.customer_id,
                "visitor_id": state.visitor_id,
                "origin": claim.messages[-1][1].entry.origin,
            },
        }
        delay = 0.05
        while True:
            try:
                return await self._assistant.turn(
                    claim.conversation_id,
                    dialogue,
                    claim.message_id,
                    fence=claim.fence,
                    text=None if pressed else text,
                    payload=pressed,
                    trusted=trusted,
                )
            except AssistantUnavailable as error:
                logger.warning("assistant_retry error=%s", error)
                await asyncio.sleep(delay)
                delay = min(delay * 2, 1.0)

    async def _dialogue(self, claim: Claim, state: State) -> int:
        idle_ms = now_ms() - state.last_at
        if state.last_at and idle_ms > self._idle_ms:
            return await self._ownership.begin_dialogue(claim.conversation_id)
        return state.dialogue

    async def _pressed(self, claim: Claim) -> Optional[str]:
        payload = claim.messages[-1][1].entry.payload
        if payload is None:
            return None
        button = await self._buttons.pressed(claim.conversation_id, payload)
        return button["payload"] if button else None

    async def _entry(self, claim: Claim, reply: AssistantReply, language: str) -> Entry:
        titled = [{**b, "title": write(b["title"], language)} for b in reply.buttons]
        buttons: List[Button] = await self._buttons.issue(claim.conversation_id, titled)
        return Entry(
            sender=BOT,
            message_id=claim.message_id,
            text=write(reply.text, language),
            at=now(),
            language=language,
            card=_written(reply.card, language),
            buttons=buttons,
            sources=_written(reply.sources, language),
            unanswered=reply.unanswered,
        )


def _text(claim: Claim) -> str:
    """What was written, in one or in several messages."""
    return " ".join(numbered.entry.text for _, numbered in claim.messages)


def _written(value: Any, language: str) -> Any:
    """A card or source in the reader's script; ids and numbers have no Chinese in them."""
    if isinstance(value, str):
        return write(value, language)
    if isinstance(value, list):
        return [_written(item, language) for item in value]
    if isinstance(value, dict):
        return {name: _written(item, language) for name, item in value.items()}
    return value
