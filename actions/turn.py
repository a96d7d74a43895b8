"""What an action may believe about the turn it serves.

The gateway puts a block into each message's metadata: who is asking, in which language, under
which message id. Slots, entities and texts come from the shopper and prove nothing.
"""

from itertools import islice
from typing import Any, Dict, List

from rasa_sdk import Tracker

from shop import Identity

# Asks which of two intents was meant, with a button for each (actions/clarification.py).
CLARIFICATION = "utter_clarification_question"


class Turn:
    """The trusted side of the latest message, and what was found in it."""

    def __init__(self, tracker: Tracker) -> None:
        self._tracker = tracker
        self._trusted = self._sent(0)

    @property
    def identity(self) -> Identity:
        """Who is asking, as the door verified it.

        Raises:
            ValueError: the message did not come through the gateway.
        """
        identity = self._trusted.get("identity") or {}
        return Identity(
            customer_id=identity.get("customer_id"),
            visitor_id=identity.get("visitor_id"),
            origin=str(identity.get("origin") or ""),
        )

    @property
    def locale(self) -> str:
        """Language and script: `zh-Hans`, `zh-Hant` or `en`."""
        return str(self._trusted.get("language") or "zh-Hans")

    @property
    def language(self) -> str:
        """`zh` or `en`, the language of wording and of the shop's texts."""
        return self.locale.split("-")[0]

    @property
    def message_id(self) -> str:
        """The message's id; the idempotency key of whatever it sets off."""
        return str(self._trusted["message_id"])

    @property
    def conversation_id(self) -> str:
        """The gateway's conversation, not Rasa's dialogue."""
        return str(self._trusted["conversation_id"])

    @property
    def text(self) -> str:
        """What the shopper wrote, or the title of the button they pressed."""
        return str(self._trusted.get("text") or "")

    @property
    def question(self) -> str:
        """What is asked: the text, or the message that a button has just told the intent of."""
        explains = self.is_button and self.was_said(CLARIFICATION)
        return str(self._sent(1).get("text") or "") if explains else self.text

    @property
    def is_button(self) -> bool:
        """Whether a button was pressed; a text that begins like its payload loses the slash."""
        return str(self._tracker.latest_message.get("text") or "").startswith("/")

    @property
    def intent(self) -> str:
        """What the message was understood as."""
        return str((self._tracker.latest_message.get("intent") or {}).get("name") or "")

    def _sent(self, turns_ago: int) -> Dict[str, Any]:
        """The trusted block of the message so many before this one."""
        messages = (e for e in reversed(self._tracker.events) if e.get("event") == "user")
        event: Dict[str, Any] = next(islice(messages, turns_ago, None), {})
        return event.get("metadata") or {}

    def entities(self, name: str) -> List[str]:
        """Values of one entity in the latest message, in the order in which they stand."""
        found = self._tracker.latest_message.get("entities") or []
        return [str(entity["value"]) for entity in found if entity.get("entity") == name]

    def written(self, name: str) -> List[str]:
        """The same entities as the shopper wrote them; those of a button are their values."""
        message = self._tracker.latest_message
        return [
            str(message["text"][entity["start"] : entity["end"]])
            if "start" in entity
            else str(entity["value"])
            for entity in message.get("entities") or []
            if entity.get("entity") == name
        ]

    def previous_replies(self, turns_ago: int = 1) -> List[Dict[str, Any]]:
        """What the assistant said to the message so many before this one, oldest first."""
        replies: List[Dict[str, Any]] = []
        messages = 0
        for event in reversed(self._tracker.events):
            messages += event.get("event") == "user"
            if messages > turns_ago:
                break
            if messages == turns_ago and event.get("event") == "bot":
                replies.insert(0, dict(event))
        return replies

    def was_said(self, response: str, turns_ago: int = 1) -> bool:
        """Whether a response was among these replies."""
        return any(
            (reply.get("metadata") or {}).get("utter_action") == response
            for reply in self.previous_replies(turns_ago)
        )
