"""What passes between door, assistant, desk and transcript."""

import json
from dataclasses import dataclass, field
from datetime import datetime, timezone
from typing import Any, Dict, List, Optional

SHOPPER, BOT, AGENT, SYSTEM = "shopper", "bot", "agent", "system"


def now() -> str:
    """The present moment as entries carry it."""
    return datetime.now(timezone.utc).isoformat(timespec="milliseconds")


@dataclass(frozen=True)
class Button:
    """A choice under a reply. `payload` is opaque to the door; see buttons.py."""

    title: str
    payload: str

    def view(self) -> Dict[str, str]:
        """As in the shopper API."""
        return {"title": self.title, "payload": self.payload}


@dataclass(frozen=True)
class Entry:
    """One thing said. `sender` is `shopper`, `bot`, `agent` or `system`; `at` is ISO 8601 UTC.

    `message_id` is a shopper's own id, or the id of the message that the assistant answers.

    `origin` names where a shopper's connection came from, without its address.

    `text` alone always makes sense; card, buttons and sources only add to it.

    `unanswered` marks the assistant's "I don't know".
    """

    sender: str
    text: str
    at: str
    language: str
    message_id: Optional[str] = None
    payload: Optional[str] = None
    agent: Optional[str] = None
    card: Optional[Dict[str, Any]] = None
    buttons: List[Button] = field(default_factory=list)
    sources: List[Dict[str, Any]] = field(default_factory=list)
    origin: str = ""
    unanswered: bool = False

    @property
    def asks(self) -> bool:
        """Whether the shopper was just asked something: whatever comes next answers it."""
        return bool(self.buttons) or self.text.rstrip().endswith(("?", "？"))

    def dumps(self) -> str:
        """The stored form; its number is the stream's entry id."""
        stored = {
            "from": self.sender,
            "text": self.text,
            "at": self.at,
            "language": self.language,
            "message_id": self.message_id,
            "payload": self.payload,
            "agent": self.agent,
            "card": self.card,
            "buttons": [button.view() for button in self.buttons],
            "sources": self.sources,
            "origin": self.origin,
            "unanswered": self.unanswered,
        }
        return json.dumps({k: v for k, v in stored.items() if v}, ensure_ascii=False)

    @classmethod
    def loads(cls, stored: str) -> "Entry":
        """Read the stored form."""
        content = json.loads(stored)
        return cls(
            sender=content["from"],
            text=content.get("text", ""),
            at=content["at"],
            language=content.get("language", ""),
            message_id=content.get("message_id"),
            payload=content.get("payload"),
            agent=content.get("agent"),
            card=content.get("card"),
            buttons=[Button(**button) for button in content.get("buttons", [])],
            sources=content.get("sources", []),
            origin=content.get("origin", ""),
            unanswered=content.get("unanswered", False),
        )

    def view(self, seq: int) -> Dict[str, Any]:
        """A `Reply` of the shopper API; a shopper's own entry carries its message id as well."""
        view: Dict[str, Any] = {
            "seq": seq,
            "from": self.sender,
            "text": self.text,
            "at": self.at,
            "buttons": [button.view() for button in self.buttons],
            "card": self.card,
            "sources": self.sources,
            "language": self.language,
        }
        if self.agent:
            view["agent"] = self.agent
        if self.unanswered:
            view["unanswered"] = True
        if self.sender == SHOPPER:
            view["message_id"] = self.message_id
        return view


@dataclass(frozen=True)
class Numbered:
    """An entry with its place in the conversation, from 1."""

    seq: int
    entry: Entry

    def view(self) -> Dict[str, Any]:
        """See `Entry.view`."""
        return self.entry.view(self.seq)
