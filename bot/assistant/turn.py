"""One turn on its way through the assistant: its message, and the replies to it."""

from dataclasses import dataclass
from typing import Any, Dict, List, Optional, Text

from rasa.core.channels.channel import OutputChannel, UserMessage


class TurnSuperseded(Exception):
    """Another worker has the message now; what this turn did is not stored."""


@dataclass(frozen=True)
class Turn:
    """A message for one dialogue; `fence` is the worker's lease on the conversation."""

    conversation_id: Text
    dialogue: int
    message_id: Text
    fence: Optional[int]
    message: UserMessage


class ReplyCollector(OutputChannel):
    """Collects a turn's replies, each with its text, buttons and custom part together."""

    def __init__(self) -> None:
        self.replies: List[Dict[Text, Any]] = []

    @classmethod
    def name(cls) -> Text:
        """See parent class for the full docstring."""
        return "xiaoer"

    async def send_response(self, recipient_id: Text, message: Dict[Text, Any]) -> None:
        """Keeps a reply."""
        self.replies.append(_reply(message))

    def begin_with(self, message: Dict[Text, Any]) -> None:
        """Puts a reply in front of those that were collected."""
        self.replies.insert(0, _reply(message))


def _reply(message: Dict[Text, Any]) -> Dict[Text, Any]:
    return {part: message.get(part) for part in ("text", "buttons", "custom")}
