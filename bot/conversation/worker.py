"""Takes waiting messages to whoever speaks, and ends their turns (steps 3 to 8)."""

import asyncio
import contextlib
import logging
import time
from dataclasses import dataclass
from typing import Any, Awaitable, Callable, Coroutine, Dict, List, Optional, Set

from redis.exceptions import RedisError

from bot.conversation.assistant_client import (
    AssistantClient,
    AssistantReply,
    AssistantUnavailable,
    TurnSuperseded,
)
from bot.conversation.buttons import Buttons
from bot.conversation.clock import now_ms
from bot.conversation.events import EventHub
from bot.conversation.identity import Shopper
from bot.conversation.language import DEFAULT, detect, write
from bot.conversation.mailbox import LEASE_MS, Accepted, Claim, Completed, Mailbox
from bot.conversation.messages import BOT, Button, Entry, now
from bot.conversation.metrics import TURN_SECONDS, TURNS
from bot.conversation.owner import Owner, Ownership, State

logger = logging.getLogger(__name__)

# Longer than a worker waits for the next message.
_STOP_SECONDS = 5.0

# Called when the assistant cannot answer: (conversation id, message id, language).
Escalate = Callable[[str, str, str], Awaitable[None]]


@dataclass(frozen=True)
class WorkerSettings:
    """How much at once, how long a turn may take, and when a dialogue has been left."""

    most_at_once: int
    turn_timeout: float
    dialogue_idle_minutes: int


class Worker:
    """Works through the mailbox; any number may run, in any number of processes."""

    def __init__(
        self,
        *,
        mailbox: Mailbox,
        ownership: Ownership,
        buttons: Buttons,
        hub: EventHub,
        assistant: AssistantClient,
        escalate: Escalate,
        settings: WorkerSettings,
    ) -> None:
        self._mailbox = mailbox
        self._ownership = ownership
        self._buttons = buttons
        self._hub = hub
        self._assistant = assistant
        self._escalate = escalate
        self._settings = settings
        self._slots = asyncio.Semaphore(settings.most_at_once)
        # Whether somebody waits for a slot already; whoever comes now has to queue behind them.
        self._is_full = False
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
            await asyncio.wait(self._turns, timeout=self._settings.turn_timeout)

    async def accept(
        self, shopper: Shopper, message_id: str, entry: Entry, digest: str, **how: Any
    ) -> Accepted:
        """Store a message (see `Mailbox.accept`), and begin its turn here when there is room."""
        has_room = not (self._stopping or self._is_full or self._slots.locked())
        claim: Optional[Claim] = None
        if has_room:
            await self._slots.acquire()
        try:
            accepted = await self._mailbox.accept(
                shopper, message_id, entry, digest, **how, lease=has_room
            )
            claim = accepted.claim
        finally:
            if has_room and claim is None:
                self._slots.release()
        if claim is not None:
            self._run(self._work(shopper.conversation_id, claim))
        elif accepted.due_ms:
            # The sweep would find it too, up to a second later.
            asyncio.get_running_loop().call_later(
                accepted.due_ms / 1000, self._wait_over, shopper.conversation_id
            )
        return accepted

    def _wait_over(self, conversation_id: str) -> None:
        if not self._stopping:
            task = asyncio.create_task(self._begin(self._work(conversation_id)))
            self._turns.add(task)
            task.add_done_callback(self._turns.discard)

    async def _listen(self) -> None:
        while not self._stopping:
            try:
                conversation_id = await self._mailbox.wake(timeout=2)
            except (RedisError, OSError) as error:
                logger.warning("mailbox_unreachable error=%s", type(error).__name__)
                await asyncio.sleep(0.5)
                continue
            if conversation_id:
                await self._begin(self._work(conversation_id))

    async def _sweep(self) -> None:
        """Takes up what a dead worker left behind, or what was waked while nobody listened."""
        while not self._stopping:
            with contextlib.suppress(RedisError, OSError):
                for conversation_id in await self._mailbox.due():
                    await self._begin(self._work(conversation_id))
            await asyncio.sleep(1.0)

    async def _begin(self, work: Coroutine[Any, Any, None]) -> None:
        if self._slots.locked():
            self._is_full = True
        await self._slots.acquire()
        self._is_full = False
        self._run(work)

    def _run(self, work: Coroutine[Any, Any, None]) -> None:
        """Start work for which a slot was acquired; it is released at the end."""
        task = asyncio.create_task(work)
        self._turns.add(task)
        task.add_done_callback(self._end)

    def _end(self, task: "asyncio.Task[None]") -> None:
        self._turns.discard(task)
        self._slots.release()
        if not task.cancelled() and task.exception():
            # The lease runs out and the message is taken up again.
            logger.error("turn_failed", exc_info=task.exception())

    async def _work(self, conversation_id: str, claim: Optional[Claim] = None) -> None:
        """Deals with a conversation's messages until none is left or another worker has it."""
        outcome = "more"
        while outcome == "more":
            claim = claim or await self._mailbox.claim(conversation_id)
            if claim is None:
                return
            renewal = asyncio.create_task(self._keep(claim))
            try:
                outcome = await self._turn(claim)
            finally:
                renewal.cancel()
            claim = None

    async def _keep(self, claim: Claim) -> None:
        while True:
            await asyncio.sleep(LEASE_MS / 3000)
            with contextlib.suppress(RedisError, OSError):
                if not await self._mailbox.renew(claim):
                    return

    async def _turn(self, claim: Claim) -> str:
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
            replies = await asyncio.wait_for(
                self._ask(claim, state, language), self._settings.turn_timeout
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
            "identity": {"customer_id": state.customer_id, "visitor_id": state.visitor_id},
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
        if state.last_at and idle_ms > self._settings.dialogue_idle_minutes * 60_000:
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
