"""What a push door promises to the relay: it sends a word, or says why not."""

from dataclasses import dataclass
from typing import Optional, Protocol

from bot.conversation.messages import Numbered


class TryLater(Exception):
    """The receiver cannot take it now. `error` is a short code, `retry_after` in seconds."""

    def __init__(self, error: str, *, retry_after: Optional[float] = None) -> None:
        super().__init__(error)
        self.error = error
        self.retry_after = retry_after


class Undeliverable(Exception):
    """The receiver will never take it. `error` is a short code."""

    def __init__(self, error: str) -> None:
        super().__init__(error)
        self.error = error


@dataclass(frozen=True)
class Delivery:
    """A word and whom it is for. `delivery_id` stays the same however often it is tried."""

    delivery_id: str
    conversation_id: str
    customer_id: Optional[str]
    visitor_id: Optional[str]
    word: Numbered


class PushDoor(Protocol):
    """A door that sends by itself. `name` is what it passes to the mailbox with each message."""

    name: str

    async def deliver(self, delivery: Delivery) -> None:
        """Send a word; to return means that the receiver has it.

        May be cut off and called again with the same delivery, also when the receiver has it.

        Raises:
            TryLater: it may be taken later.
            Undeliverable: it never will.
        """

    async def close(self) -> None:
        """Let go of connections."""
