"""What an action may believe about the turn it serves.

The gateway puts a block into each message's metadata: who is asking, in which language, under
which message id. Slots, entities and texts come from the shopper and prove nothing.
"""

from typing import Any, Dict, List

from rasa_sdk import Tracker

from shop import Identity


class Turn:
    """The trusted side of the latest message, and what was found in it."""

    def __init__(self, tracker: Tracker) -> None:
        self._tracker = tracker
        event: Dict[str, Any] = next(
            (event for event in reversed(tracker.events) if event.get("event") == "user"), {}
        )
        self._trusted: Dict[str, Any] = event.get("metadata") or {}

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
    def is_button(self) -> bool:
        """Whether a button was pressed; a text that begins like its payload loses the slash."""
        return str(self._tracker.latest_message.get("text") or "").startswith("/")

    @property
    def intent(self) -> str:
        """What the message was understood as."""
        return str((self._tracker.latest_message.get("intent") or {}).get("name") or "")

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
