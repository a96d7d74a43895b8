"""Getting a person. That it worked is said by the desk, which alone knows (domain/handoff.yml)."""

from typing import Any, Dict, List, Text

from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions.errors import HandoffUnavailable
from actions.promises import promise_facts
from actions.services import services
from actions.shop_action import forget_form, leave_form
from actions.turn import Turn

# Intents that are answers, not topics.
NO_TOPIC = {
    *("affirm", "deny", "inform", "human_agent", "greet", "thanks"),
    *("nlu_fallback", "nlu_ambiguous", None),
}
# How soon the desk should look at somebody who is upset.
PRIORITIES = {"anger": "high", "distress": "high", "threat": "urgent"}


async def hand_over(
    dispatcher: CollectingDispatcher, tracker: Tracker, turn: Turn, *, reason: Text
) -> List[Dict[Text, Any]]:
    """Ask the desk to take over with what is known; say so only when it failed."""
    service = services()
    facts = known_facts(tracker)
    promises = await promise_facts(turn, service)
    if promises:
        facts["promises"] = promises
    try:
        await service.handoff.request(
            conversation_id=turn.conversation_id,
            reason=reason,
            priority=PRIORITIES.get(str(tracker.get_slot("emotion")), "normal"),
            facts=facts,
            language=turn.locale,
            idempotency_key=turn.message_id,
        )
    except HandoffUnavailable:
        dispatcher.utter_message(response="utter_handoff_unavailable")
        return leave_form()
    return [*leave_form(), *forget_form()]


def known_facts(tracker: Tracker) -> Dict[Text, Any]:
    """What the dialogue found out: the mood, the topic, the order, what a return collected."""
    intents = [
        ((event.get("parse_data") or {}).get("intent") or {}).get("name")
        for event in tracker.events
        if event.get("event") == "user"
    ]
    topic = next((intent for intent in reversed(intents) if intent not in NO_TOPIC), None)
    emotion = tracker.get_slot("emotion")
    facts = {
        "emotion": emotion if emotion in PRIORITIES else None,
        "topic": topic,
        "order_number": tracker.get_slot("order_number") or _last_order(tracker),
        "return_reason": tracker.get_slot("reason"),
        "note": tracker.get_slot("note"),
    }
    return {name: value for name, value in facts.items() if value}


def _last_order(tracker: Tracker) -> Any:
    """The order spoken of last; the slot itself is cleared when a form ends."""
    for event in reversed(tracker.events):
        if event.get("event") == "slot" and event.get("name") == "order_number" and event["value"]:
            return event["value"]
        if event.get("event") == "user":
            found = (event.get("parse_data") or {}).get("entities") or []
            named = [each["value"] for each in found if each.get("entity") == "order_number"]
            if named:
                return named[0]
    return None
