"""Conversations on the real Redis, shoppers who write into them, and waiting for a condition."""

import asyncio
import inspect
import itertools
import time
from typing import Any, Awaitable, Callable, Optional

import pytest

from bot.conversation import Conversations
from bot.conversation.identity import Shopper
from bot.conversation.mailbox import ALONE, Accepted, Pace, digest
from bot.conversation.messages import BOT, SHOPPER, Entry, now
from bot.conversation.wording import Wording

PACE = Pace(most_waiting=5, burst=1000, per_second=1000.0, fragment_ms=200)


@pytest.fixture(scope="session")
def domain_wording() -> Wording:
    """The domain's responses."""
    return Wording.from_domain()


@pytest.fixture
def read_once(domain_wording: Wording, monkeypatch: pytest.MonkeyPatch) -> None:
    """The domain files are read once for all tests, which is what takes longest otherwise."""
    monkeypatch.setattr(Wording, "from_domain", lambda: domain_wording)


@pytest.fixture
def conversations(redis: Any, read_once: None) -> Conversations:
    """Empty conversations; at most five messages wait in one."""
    return Conversations.on(redis, PACE)


@pytest.fixture(scope="session")
def until() -> Callable[..., Awaitable[Any]]:
    """Ask again and again until it is true, while everything else goes on."""

    async def until_true(condition: Callable[[], Any], what: str, seconds: float = 10) -> Any:
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            found = condition()
            if inspect.isawaitable(found):
                found = await found
            if found:
                return found
            await asyncio.sleep(0.01)
        raise AssertionError(f"waited {seconds} s in vain for {what}")

    return until_true


@pytest.fixture
def make_shopper() -> Callable[[], Shopper]:
    """A new visitor each time."""
    numbers = itertools.count(1)

    def make() -> Shopper:
        number = next(numbers)
        return Shopper(f"c_{number}", visitor_id=f"v-{number}")

    return make


@pytest.fixture
def shopper(make_shopper: Callable[[], Shopper]) -> Shopper:
    """One visitor."""
    return make_shopper()


@pytest.fixture(scope="session")
def make_entry() -> Callable[..., Entry]:
    """Something said, by the assistant unless told otherwise."""

    def make(text: str, sender: str = BOT, **more: Any) -> Entry:
        return Entry(sender=sender, text=text, at=now(), **{"language": "zh-Hans", **more})

    return make


@pytest.fixture
def write(
    conversations: Conversations, shopper: Shopper, make_entry: Callable[..., Entry]
) -> Callable[..., Awaitable[Accepted]]:
    """Put a shopper's message into the mailbox, as a door does."""

    async def write_message(
        message_id: str,
        text: str = "你好",
        *,
        by: Optional[Shopper] = None,
        payload: Optional[str] = None,
        kind: str = ALONE,
        lease: bool = False,
    ) -> Accepted:
        entry = make_entry(text, SHOPPER, message_id=message_id, payload=payload)
        return await conversations.mailbox.accept(
            by or shopper,
            message_id,
            entry,
            digest(None if payload else text, payload),
            door="web",
            kind=kind,
            lease=lease,
        )

    return write_message


@pytest.fixture
def texts(conversations: Conversations) -> Callable[..., Awaitable[Any]]:
    """What was said in a conversation, as (who, text)."""

    async def said(conversation_id: str) -> Any:
        entries = await conversations.transcript.after(conversation_id, 0)
        return [(numbered.entry.sender, numbered.entry.text) for numbered in entries]

    return said
