"""Several requests in one message: all are served, whatever needs no question back first.

What has to wait for a form to end is kept in the slot `waiting_requests` and served in the turn in
which the form ends, so that nobody has to ask twice.
"""

from typing import Any, Awaitable, Callable, Dict, List, Optional, Text

from rasa.core.channels.channel import UserMessage
from rasa.shared.core.events import ActionExecuted, BotUttered, Event

from bot.nlu.requests import Request, parts, several

WAITING = "waiting_requests"
HANDOFF = "action_request_handoff"
# What that action says when nobody was reached, or nobody asked for.
_STAYED = {"utter_handoff_unavailable", "utter_handoff_offer"}
# From here on a part is taken for a request of its own; a wrong cut is worse than none.
_LEAST = 0.6

Parse = Callable[[UserMessage], Awaitable[Dict[Text, Any]]]


async def requests_of(message: UserMessage, parse: Parse, *, busy: bool) -> List[UserMessage]:
    """The message's requests in the order of serving; the message itself when it is one.

    Args:
        message: what was written, or a button's payload.
        parse: understands a message.
        busy: a form waits for its answer, so that whatever comes is that first.
    """
    found = parts(message.text) if not busy and _is_written(message) else []
    if len(found) < 2:
        return [message]
    understood = []
    for part in found:
        intent = (await parse(UserMessage(part.text, metadata=message.metadata)))["intent"]
        understood.append(Request(part, intent["name"] or "", intent["confidence"]))
    chosen = several(understood, least=_LEAST)
    return [request(message, each.part.text, n) for n, each in enumerate(chosen)] or [message]


def request(message: UserMessage, text: Text, number: int) -> UserMessage:
    """One request as a message of its own: what acts on it must not read the others' words."""
    trusted = dict(message.metadata or {})
    trusted["text"] = text
    if number and "message_id" in trusted:
        # The id is the idempotency key of what a request sets off; two must not share one.
        trusted["message_id"] = f"{trusted['message_id']}.{number}"
    return UserMessage(
        text,
        message.output_channel,
        message.sender_id,
        input_channel=message.input_channel,
        message_id=message.message_id,
        metadata=trusted,
    )


def is_handed_over(events: List[Event]) -> bool:
    """Whether a person was reached in one of these events: then nothing is left to serve."""
    called = any(isinstance(e, ActionExecuted) and e.action_name == HANDOFF for e in events)
    said = {e.metadata.get("utter_action") for e in events if isinstance(e, BotUttered)}
    return called and not said & _STAYED


def _is_written(message: UserMessage) -> bool:
    parsed: Optional[Dict[Text, Any]] = message.parse_data
    return parsed is None and not message.text.startswith("/")
