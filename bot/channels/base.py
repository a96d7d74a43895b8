"""What every door does with a message: check it, store it, wait for its replies.

A door of its own adds two things: reading its request and rendering the replies.
"""

import asyncio
import time
import unicodedata
from dataclasses import dataclass
from typing import Any, Dict, List, Optional, Sequence

from bot.conversation import Conversations, State
from bot.conversation.bursts import is_fragment
from bot.conversation.identity import Shopper
from bot.conversation.language import DEFAULT, detect
from bot.conversation.mailbox import ALONE, FRAGMENT, WHOLE, Accepted, Completed, digest
from bot.conversation.messages import SHOPPER, Entry, Numbered
from bot.conversation.metrics import MESSAGES
from bot.conversation.owner import Owner
from bot.conversation.worker import Worker
from bot.errors import GatewayError, Unprocessable

MOST_MESSAGE_ID = 128
# How often somebody who waits looks themselves, should no event come.
_LOOK_SECONDS = 15.0
_ALLOWED_CONTROLS = "\n\r\t"


@dataclass(frozen=True)
class Receipt:
    """What became of a message.

    `replies` is None while it is still being answered. A message that was merged with a later one
    of the same burst has no replies of its own: they are that one's, `merged_into`.
    """

    message_id: str
    seq: int
    replies: Optional[Sequence[Numbered]]
    owner: Owner
    language: str
    merged_into: Optional[str] = None

    def view(self, conversation_id: str) -> Dict[str, Any]:
        """The answer of `POST /v1/messages`."""
        view: Dict[str, Any] = {
            "conversation_id": conversation_id,
            "message_id": self.message_id,
            "seq": self.seq,
            "replies": [reply.view() for reply in self.replies or []],
            "owner": owner_view(self.owner),
            "language": self.language,
        }
        return {**view, "merged_into": self.merged_into} if self.merged_into else view


def owner_view(owner: Owner) -> str:
    """The owner as shoppers see it: after a person's service the assistant is there again."""
    return "bot" if owner is Owner.CLOSED else owner.value


class Door:
    """The shared part of all doors.

    `merges`: it waits for the rest of a burst. `pushed`: a relay delivers what is said to its
    shoppers.
    """

    def __init__(
        self,
        name: str,
        conversations: Conversations,
        worker: Worker,
        *,
        most_text: int,
        merges: bool,
        pushed: bool = False,
    ) -> None:
        self.name = name
        self.conversations = conversations
        self._worker = worker
        self._most_text = most_text
        self._merges = merges
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
        merge: bool = True,
        origin: str = "",
    ) -> Receipt:
        """Take a shopper's message in and wait at most `wait` seconds for its replies.

        `origin` is a name for where the shopper's connection comes from; attempts to prove an order
        are counted by it as well.

        Raises:
            Unprocessable: empty, too long, control characters, or a button never shown.
            Conflict: the message id was used for something else.
            TooManyRequests, Unavailable: over a limit; nothing was stored.
        """
        conversation_id = shopper.conversation_id
        async with self.conversations.hub.subscribe(conversation_id) as events:
            try:
                check_message_id(message_id)
                entry = await self._entry(shopper, message_id, text, payload, now, origin)
                accepted = await self._worker.accept(
                    shopper,
                    message_id,
                    entry,
                    digest(text, payload),
                    door=self.name,
                    pushed=self._pushed,
                    kind=self._kind(entry, merge=merge),
                )
            except GatewayError:
                MESSAGES.labels(outcome="refused").inc()
                raise
            MESSAGES.labels(outcome="accepted").inc()
            return await self._answered(conversation_id, message_id, accepted, events, wait)

    def _kind(self, entry: Entry, *, merge: bool) -> str:
        """Whether a message may be continued by the next one."""
        if entry.payload is not None or not (merge and self._merges):
            return ALONE
        return FRAGMENT if is_fragment(entry.text) else WHOLE

    async def _entry(
        self,
        shopper: Shopper,
        message_id: str,
        text: Optional[str],
        payload: Optional[str],
        now: str,
        origin: str,
    ) -> Entry:
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
            language=detect(text, None),
            message_id=message_id,
            payload=payload,
            origin=origin,
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

    async def _answered(
        self,
        conversation_id: str,
        message_id: str,
        accepted: Accepted,
        events: "asyncio.Queue[Dict[str, Any]]",
        wait: float,
    ) -> Receipt:
        found: Optional[Accepted] = accepted
        deadline = time.monotonic() + wait
        while found is not None and found.done is None:
            left = deadline - time.monotonic()
            if left <= 0:
                break
            try:
                event = await asyncio.wait_for(events.get(), min(left, _LOOK_SECONDS))
            except asyncio.TimeoutError:
                event = {"kind": "resync"}
            # Events may be lost on the way; the mailbox is not.
            if event["kind"] != "resync" and message_id not in event.get("message_ids", ()):
                continue
            completed: Optional[Completed] = event.get("completed")
            if completed is not None and _is_all(accepted.seq, event["message_ids"], completed):
                # Answered in this process: nothing has to be looked up.
                owner, language = completed.owner, event["language"]
                return Receipt(message_id, accepted.seq, completed.replies, owner, language)
            found = await self.conversations.mailbox.find(conversation_id, message_id)
        return await self._receipt(conversation_id, message_id, found or accepted)

    async def _receipt(self, conversation_id: str, message_id: str, found: Accepted) -> Receipt:
        replies: Optional[List[Numbered]] = None
        if found.merged_into is not None:
            replies = []
        elif found.done is not None:
            said = await self.conversations.transcript.after(
                conversation_id, found.seq, until=found.done
            )
            # The assistant's words to another message sent meanwhile are that one's replies.
            replies = [
                numbered
                for numbered in said
                if numbered.entry.sender != SHOPPER
                and numbered.entry.message_id in (None, message_id)
            ]
        state: State = await self.conversations.ownership.state(conversation_id)
        language = state.language or DEFAULT
        return Receipt(message_id, found.seq, replies, state.owner, language, found.merged_into)


def _is_all(seq: int, message_ids: List[str], completed: Completed) -> bool:
    """Whether a turn's replies are all that was said since this message, its only one."""
    spoken = len(completed.replies)
    return len(message_ids) == 1 and spoken > 0 and completed.last_seq - spoken == seq


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
