"""What every door does with a message: check it, store it, wait for its replies.

A door of its own adds two things: reading its request and rendering the replies.
"""

import asyncio
import time
import unicodedata
from dataclasses import dataclass
from typing import Any, Dict, List, Optional

from bot.conversation import Conversations, State
from bot.conversation.identity import Shopper
from bot.conversation.language import DEFAULT
from bot.conversation.limits import Limit
from bot.conversation.mailbox import Accepted, digest
from bot.conversation.messages import SHOPPER, Entry, Numbered
from bot.conversation.metrics import MESSAGES
from bot.errors import GatewayError, Unprocessable

MOST_MESSAGE_ID = 128
_ALLOWED_CONTROLS = "\n\r\t"


@dataclass(frozen=True)
class Receipt:
    """What became of a message: `replies` is None while it is still being answered."""

    message_id: str
    seq: int
    replies: Optional[List[Numbered]]
    state: State

    def view(self, conversation_id: str) -> Dict[str, Any]:
        """The answer of `POST /v1/messages`."""
        return {
            "conversation_id": conversation_id,
            "message_id": self.message_id,
            "seq": self.seq,
            "replies": [reply.view() for reply in self.replies or []],
            "owner": owner_view(self.state),
            "language": self.state.language or DEFAULT,
        }


def owner_view(state: State) -> str:
    """The owner as shoppers see it: after a person's service the assistant is there again."""
    return "bot" if state.owner.value == "closed" else state.owner.value


class Door:
    """The shared part of all doors. `pushed`: a relay delivers what is said to its shoppers."""

    def __init__(
        self,
        conversations: Conversations,
        limit: Limit,
        *,
        most_text: int,
        name: str = "web",
        pushed: bool = False,
    ) -> None:
        self.conversations = conversations
        self._limit = limit
        self._most_text = most_text
        self._name = name
        self._pushed = pushed

    async def receive(
        self,
        shopper: Shopper,
        message_id: str,
        *,
        text: Optional[str],
        payload: Optional[str],
        now: str,
        wait: float,
    ) -> Receipt:
        """Take a shopper's message in and wait at most `wait` seconds for its replies.

        Raises:
            Unprocessable: empty, too long, control characters, or a button never shown.
            Conflict: the message id was used for something else.
            TooManyRequests, Unavailable: over a limit; nothing was stored.
        """
        try:
            check_message_id(message_id)
            known = await self.conversations.mailbox.find(shopper.conversation_id, message_id)
            if known is None:
                # A repetition costs nothing: a client that retries must not be locked out.
                await self._limit.take(shopper.conversation_id)
            entry = await self._entry(shopper, message_id, text, payload, now)
        except GatewayError:
            MESSAGES.labels(outcome="refused").inc()
            raise
        conversation_id = shopper.conversation_id
        async with self.conversations.hub.subscribe(conversation_id) as events:
            accepted = await self.conversations.mailbox.accept(
                shopper,
                message_id,
                entry,
                digest(text, payload),
                door=self._name,
                pushed=self._pushed,
            )
            MESSAGES.labels(outcome="accepted").inc()
            done = await self._done(conversation_id, message_id, accepted, events, wait)
        return await self._receipt(conversation_id, message_id, accepted.seq, done)

    async def _entry(
        self,
        shopper: Shopper,
        message_id: str,
        text: Optional[str],
        payload: Optional[str],
        now: str,
    ) -> Entry:
        state = await self.conversations.ownership.state(shopper.conversation_id)
        if payload is not None:
            button = await self.conversations.buttons.pressed(shopper.conversation_id, payload)
            if button is None:
                raise Unprocessable("unknown_button", "This button was not shown here.")
            text = button["title"]
        else:
            text = self._checked(text or "")
        return Entry(
            sender=SHOPPER,
            text=text,
            at=now,
            language=state.language or DEFAULT,
            message_id=message_id,
            payload=payload,
        )

    def _checked(self, text: str) -> str:
        if not text.strip():
            raise Unprocessable("text_empty", "The text is empty.")
        if len(text) > self._most_text:
            raise Unprocessable(
                "text_too_long",
                f"The text may have {self._most_text} characters at most.",
                detail={"most": self._most_text},
            )
        if any(is_forbidden(character) for character in text):
            raise Unprocessable("text_characters", "The text has characters that cannot be read.")
        return text

    async def _done(
        self,
        conversation_id: str,
        message_id: str,
        accepted: Accepted,
        events: "asyncio.Queue[Dict[str, Any]]",
        wait: float,
    ) -> Optional[int]:
        """The number of the message's last reply, or None when `wait` ran out."""
        found: Optional[Accepted] = accepted
        deadline = time.monotonic() + wait
        while found is not None and found.done is None:
            left = deadline - time.monotonic()
            if left <= 0:
                return None
            try:
                event = await asyncio.wait_for(events.get(), min(left, 2.0))
            except asyncio.TimeoutError:
                # The event may have been lost on the way; the mailbox has not.
                event = {"kind": "done", "message_id": message_id}
            if event["kind"] == "done" and event["message_id"] == message_id:
                found = await self.conversations.mailbox.find(conversation_id, message_id)
        return found.done if found else None

    async def _receipt(
        self, conversation_id: str, message_id: str, seq: int, done: Optional[int]
    ) -> Receipt:
        replies: Optional[List[Numbered]] = None
        if done is not None:
            said = await self.conversations.transcript.after(conversation_id, seq, until=done)
            # The assistant's words to another message sent meanwhile are that one's replies.
            replies = [
                numbered
                for numbered in said
                if numbered.entry.sender != SHOPPER
                and numbered.entry.message_id in (None, message_id)
            ]
        state = await self.conversations.ownership.state(conversation_id)
        return Receipt(message_id, seq, replies, state)


def check_message_id(message_id: str) -> None:
    """Message ids are the client's own, but they become keys and log lines.

    Raises:
        Unprocessable: empty, too long, or with characters that are not printable ASCII.
    """
    if not 0 < len(message_id) <= MOST_MESSAGE_ID or not all(
        "!" <= character <= "~" for character in message_id
    ):
        raise Unprocessable(
            "message_id_invalid",
            f"A message_id has 1 to {MOST_MESSAGE_ID} printable ASCII characters.",
        )


def is_forbidden(character: str) -> bool:
    """Control characters and lone surrogates: nobody types them, and stores choke on them."""
    return unicodedata.category(character) in ("Cc", "Cs") and character not in _ALLOWED_CONTROLS
