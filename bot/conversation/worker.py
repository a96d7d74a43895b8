"""Takes waiting messages to whoever speaks, and ends their turns (steps 3 to 8)."""

import asyncio
import contextlib
import logging
import time
from typing import Any, Awaitable, Callable, Dict, List, Optional, Set

from redis.exceptions import RedisError

from bot.conversation.assistant_client import AssistantClient, AssistantReply, AssistantUnavailable
from bot.conversation.buttons import Buttons
from bot.conversation.language import DEFAULT, detect, write
from bot.conversation.mailbox import LEASE_MS, Claim, Mailbox
from bot.conversation.messages import BOT, Button, Entry, now
from bot.conversation.metrics import TURN_SECONDS, TURNS
from bot.conversation.owner import Owner, Ownership, State
from bot.conversation.transcript import Transcript

logger = logging.getLogger(__name__)

# Longer than a worker waits for the next message.
_STOP_SECONDS = 5.0

# Called when the assistant cannot answer: (conversation id, message id, language).
Escalate = Callable[[str, str, str], Awaitable[None]]


class Worker:
    """Works through the mailbox; any number may run, in any number of processes."""

    def __init__(
        self,
        *,
        mailbox: Mailbox,
        ownership: Ownership,
        transcript: Transcript,
        buttons: Buttons,
        assistant: AssistantClient,
        escalate: Escalate,
        most_at_once: int,
        turn_timeout: float,
        dialogue_idle_minutes: int,
    ) -> None:
        self._mailbox = mailbox
        self._ownership = ownership
        self._transcript = transcript
        self._buttons = buttons
        self._assistant = assistant
        self._escalate = escalate
        self._slots = asyncio.Semaphore(most_at_once)
        self._turn_timeout = turn_timeout
        self._idle_ms = dialogue_idle_minutes * 60_000
        self._loops: List["asyncio.Task[None]"] = []
        self._turns: Set["asyncio.Task[None]"] = set()
        self._stopping = False

    def start(self) -> None:
        """Begin to work."""
        self._loops = [asyncio.create_task(self._listen()), asyncio.create_task(self._sweep())]

    async def stop(self) -> None:
        """Stop taking messages and finish the turns under way; leases cover the rest."""
        # A cancellation alone may be swallowed by the Redis client; the loops look themselves too.
        self._stopping = True
        for loop in self._loops:
            loop.cancel()
        if self._loops:
            await asyncio.wait(self._loops, timeout=_STOP_SECONDS)
        if self._turns:
            await asyncio.wait(self._turns, timeout=self._turn_timeout)

    async def _listen(self) -> None:
        while not self._stopping:
            try:
                conversation_id = await self._mailbox.wake(timeout=2)
            except (RedisError, OSError) as error:
                logger.warning("mailbox_unreachable error=%s", type(error).__name__)
                await asyncio.sleep(0.5)
                continue
            if conversation_id:
                await self._begin(conversation_id)

    async def _sweep(self) -> None:
        """Takes up what a dead worker left behind, or what was waked while nobody listened."""
        while not self._stopping:
            with contextlib.suppress(RedisError, OSError):
                for conversation_id in await self._mailbox.due():
                    await self._begin(conversation_id)
            await asyncio.sleep(1.0)

    async def _begin(self, conversation_id: str) -> None:
        await self._slots.acquire()
        task = asyncio.create_task(self._work(conversation_id))
        self._turns.add(task)
        task.add_done_callback(self._end)

    def _end(self, task: "asyncio.Task[None]") -> None:
        self._turns.discard(task)
        self._slots.release()
        if not task.cancelled() and task.exception():
            # The lease runs out and the message is taken up again.
            logger.error("turn_failed", exc_info=task.exception())

    async def _work(self, conversation_id: str) -> None:
        """Deals with a conversation's messages until none is left or another worker has it."""
        outcome = "more"
        while outcome == "more":
            claim = await self._mailbox.claim(conversation_id)
            if claim is None:
                return
            renewal = asyncio.create_task(self._keep(claim))
            try:
                outcome = await self._turn(claim)
            finally:
                renewal.cancel()

    async def _keep(self, claim: Claim) -> None:
        while True:
            await asyncio.sleep(LEASE_MS / 3000)
            with contextlib.suppress(RedisError, OSError):
                if not await self._mailbox.renew(claim):
                    return

    async def _turn(self, claim: Claim) -> str:
        state = await self._ownership.state(claim.conversation_id)
        entry = await self._transcript.entry(claim.conversation_id, claim.seq)
        language = (
            (state.language or DEFAULT) if entry.payload else detect(entry.text, state.language)
        )
        if state.owner is Owner.CLOSED:
            await self._ownership.transfer(claim.conversation_id, Owner.BOT)
            state = await self._ownership.state(claim.conversation_id)
        replies: List[Entry] = []
        if state.owner is Owner.BOT:
            replies = await self._answer(claim, entry, state, language)
        return await self._mailbox.complete(
            claim, owner_version=state.owner_version, language=language, replies=replies
        )

    async def _answer(self, claim: Claim, entry: Entry, state: State, language: str) -> List[Entry]:
        started = time.monotonic()
        try:
            replies = await asyncio.wait_for(
                self._ask(claim, entry, state, language), self._turn_timeout
            )
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
        """Rasa goes on without a word when the action server fails; silence is a failure here.

        Raises:
            AssistantUnavailable: nothing was said, and nobody else took the conversation over.
        """
        if replies:
            return
        now_state = await self._ownership.state(claim.conversation_id)
        if now_state.owner_version == state.owner_version:
            raise AssistantUnavailable("silent turn")

    async def _ask(
        self, claim: Claim, entry: Entry, state: State, language: str
    ) -> List[AssistantReply]:
        """Asks again while the turn's time lasts: a restarting assistant is back in seconds."""
        dialogue = await self._dialogue(claim.conversation_id, state)
        pressed = await self._pressed(claim.conversation_id, entry)
        trusted: Dict[str, Any] = {
            "conversation_id": claim.conversation_id,
            "message_id": claim.message_id,
            "language": language,
            "text": entry.text,
            "identity": {"customer_id": state.customer_id, "visitor_id": state.visitor_id},
        }
        delay = 0.2
        while True:
            try:
                return await self._assistant.turn(
                    claim.conversation_id,
                    dialogue,
                    claim.message_id,
                    fence=claim.fence,
                    text=None if pressed else entry.text,
                    payload=pressed,
                    trusted=trusted,
                )
            except AssistantUnavailable as error:
                logger.warning("assistant_retry error=%s", error)
                await asyncio.sleep(delay)
                delay = min(delay * 2, 2.0)

    async def _dialogue(self, conversation_id: str, state: State) -> int:
        idle = int(time.time() * 1000) - state.last_at
        if state.last_at and idle > self._idle_ms:
            return await self._ownership.begin_dialogue(conversation_id)
        return state.dialogue

    async def _pressed(self, conversation_id: str, entry: Entry) -> Optional[str]:
        if entry.payload is None:
            return None
        button = await self._buttons.pressed(conversation_id, entry.payload)
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
        )


def _written(value: Any, language: str) -> Any:
    """A card or source in the reader's script; ids and numbers have no Chinese in them."""
    if isinstance(value, str):
        return write(value, language)
    if isinstance(value, list):
        return [_written(item, language) for item in value]
    if isinstance(value, dict):
        return {name: _written(item, language) for name, item in value.items()}
    return value
