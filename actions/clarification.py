"""Asking back when two intents are about equally likely: in human words, and not for ever."""

from pathlib import Path
from typing import Any, Dict, List, Text

from rasa_sdk import Action, Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions.turn import Turn
from actions.word_patterns import load_words

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
        turn = Turn(tracker)
        if all(turn.was_said(QUESTION, turns_ago) for turns_ago in range(1, _MOST_ASKED + 1)):
            dispatcher.utter_message(response="utter_clarification_person")
            return []
        buttons = [
            {"title": titles()[intent][turn.language], "payload": f"/{intent}"}
            for intent in _candidates(tracker)
        ]
        dispatcher.utter_message(response=QUESTION, buttons=buttons)
        return []


def titles() -> Dict[Text, Dict[Text, Text]]:
    """What each intent is called on a button, by language."""
    return load_words(Path(__file__).with_suffix(".yml"))


def _candidates(tracker: Tracker) -> List[Text]:
    ranked = tracker.latest_message.get("intent_ranking") or []
    return [each["name"] for each in ranked if each["name"] in titles()][:2]
