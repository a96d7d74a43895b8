"""A person is asked for: one is got, unless the question is when or how one can be reached.

That has an answer; whoever still wants somebody after it gets them.
"""

from pathlib import Path
from typing import Any, Dict, List, Optional, Text

from rasa_sdk import Action, Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions.errors import KnowledgeUnavailable
from actions.handoff import PRIORITIES, hand_over
from actions.knowledge import ask_knowledge, say_answer
from actions.knowledge_client import ArticleAnswer
from actions.turn import Turn
from actions.word_patterns import folded, load_patterns

OFFER = "utter_handoff_offer"


class ActionRequestHandoff(Action):
    """Hands the conversation to the service desk, or answers and offers it with a button."""

    def name(self) -> Text:
        """See parent class for the full docstring."""
        return "action_request_handoff"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Dict[Text, Any]
    ) -> List[Dict[Text, Any]]:
        """See parent class; who is upset, or has just been told, gets a person."""
        turn = Turn(tracker)
        upset = tracker.get_slot("emotion") in PRIORITIES
        if not upset and not turn.was_said(OFFER) and asks_for_contact(turn.text):
            answer = await _answer(turn)
            if answer:
                say_answer(dispatcher, answer, turn)
                dispatcher.utter_message(response=OFFER)
                return []
        # Nobody asked for a person then: the assistant itself gets one (bot/assistant/empathy.py).
        threatened = "threat" in turn.entities("emotion")
        reason = "threat" if threatened else "asked_for_person"
        return await hand_over(dispatcher, tracker, turn, reason=reason)


def asks_for_contact(text: Text) -> bool:
    """Whether it asks when people are there or under which number, and not for one of them."""
    lists, said = load_patterns(Path(__file__).with_suffix(".yml")), folded(text)
    return bool(lists["asked"].search(said) and not lists["wanted"].search(said))


async def _answer(turn: Turn) -> Optional[ArticleAnswer]:
    try:
        answer = await ask_knowledge(turn)
    except KnowledgeUnavailable:
        return None
    return answer if isinstance(answer, ArticleAnswer) else None
