"""Asking back when two intents are about equally likely: in human words, and not for ever."""

import functools
from pathlib import Path
from typing import Any, Dict, List, Text

import yaml
from rasa_sdk import Action, Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions.turn import Turn

QUESTION = "utter_clarification_question"
# Whoever was asked twice and still is not understood is offered a person.
_MOST_ASKED = 2


class ActionClarifyIntent(Action):
    """Names what the shopper may have meant; after two questions in vain it offers a person."""

    def name(self) -> Text:
        """See parent class for the full docstring."""
        return "action_clarify_intent"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Dict[Text, Any]
    ) -> List[Dict[Text, Any]]:
        """See parent class for the full docstring."""
        if _times_asked(tracker) >= _MOST_ASKED:
            dispatcher.utter_message(response="utter_clarification_person")
            return []
        language = Turn(tracker).language
        buttons = [
            {"title": titles()[intent][language], "payload": f"/{intent}"}
            for intent in _candidates(tracker)
        ]
        dispatcher.utter_message(response=QUESTION, buttons=buttons)
        return []


@functools.lru_cache(maxsize=1)
def titles() -> Dict[Text, Dict[Text, Text]]:
    """What each intent is called on a button, by language."""
    stored = Path(__file__).with_suffix(".yml").read_text(encoding="utf-8")
    return dict(yaml.safe_load(stored))


def _candidates(tracker: Tracker) -> List[Text]:
    ranked = tracker.latest_message.get("intent_ranking") or []
    return [each["name"] for each in ranked if each["name"] in titles()][:2]


def _times_asked(tracker: Tracker) -> int:
    """How many of the latest turns, one after another, ended in this question."""
    asked, said = 0, False
    for event in reversed(tracker.events):
        if event.get("event") == "bot":
            said = said or (event.get("metadata") or {}).get("utter_action") == QUESTION
        elif event.get("event") == "user":
            # The latest message has no reply yet.
            if event is not _latest(tracker) and not said:
                break
            asked, said = asked + said, False
    return asked


def _latest(tracker: Tracker) -> Any:
    return next((e for e in reversed(tracker.events) if e.get("event") == "user"), None)
