"""When two intents are about equally likely: an answer that fits anyway, else a question back."""

from pathlib import Path
from typing import Any, Dict, List, Optional, Text

from rasa_sdk import Action, Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions.errors import KnowledgeUnavailable
from actions.knowledge import ask_knowledge, say_answer
from actions.knowledge_client import ArticleAnswer
from actions.turn import CLARIFICATION, Turn
from actions.wishes import is_question
from actions.word_patterns import load_words

# Intents that the knowledge base answers alone (data/rules/knowledge.yml).
ANSWERED = {"shipping_fee_policy", "return_policy", "account_login"}
# Whoever was asked twice and still is not understood is offered a person.
_MOST_ASKED = 2


class ActionClarifyIntent(Action):
    """Answers a question that an article answers; else names what the shopper may have meant.

    After two questions in vain it offers a person.
    """

    def name(self) -> Text:
        """See parent class for the full docstring."""
        return "action_clarify_intent"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Dict[Text, Any]
    ) -> List[Dict[Text, Any]]:
        """See parent class for the full docstring."""
        turn = Turn(tracker)
        candidates = _candidates(tracker)
        if is_question(turn.text) or ANSWERED.intersection(candidates):
            answer = await _answer(turn)
            if answer is not None:
                say_answer(dispatcher, answer, turn)
                return []
        if all(turn.was_said(CLARIFICATION, turns_ago) for turns_ago in range(1, _MOST_ASKED + 1)):
            dispatcher.utter_message(response="utter_clarification_person")
            return []
        buttons = [
            {"title": titles()[intent][turn.language], "payload": f"/{intent}"}
            for intent in candidates
        ]
        dispatcher.utter_message(response=CLARIFICATION, buttons=buttons)
        return []


def titles() -> Dict[Text, Dict[Text, Text]]:
    """What each intent is called on a button, by language."""
    return load_words(Path(__file__).with_suffix(".yml"))


async def _answer(turn: Turn) -> Optional[ArticleAnswer]:
    """The article that answers the message as it stands, if one surely does."""
    try:
        answer = await ask_knowledge(turn)
    except KnowledgeUnavailable:
        return None
    return answer if isinstance(answer, ArticleAnswer) else None


def _candidates(tracker: Tracker) -> List[Text]:
    ranked = tracker.latest_message.get("intent_ranking") or []
    return [each["name"] for each in ranked if each["name"] in titles()][:2]
