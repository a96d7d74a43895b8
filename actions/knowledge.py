"""Questions: an article's words with their source, or an honest "I do not know"."""

from typing import Any, ClassVar, Dict, List, Text

from rasa_sdk import Action, Tracker
from rasa_sdk.events import UserUtteranceReverted
from rasa_sdk.executor import CollectingDispatcher

from actions.errors import KnowledgeUnavailable
from actions.handoff import hand_over
from actions.services import services
from actions.turn import Turn

ANSWER = "utter_knowledge_answer"
UNKNOWN = "utter_knowledge_unknown"


class ActionAnswerQuestion(Action):
    """Asks the knowledge base; at the second failure in a row a person takes over."""

    # What is said to what the knowledge base does not know.
    unknown: ClassVar[Text] = UNKNOWN

    def name(self) -> Text:
        """See parent class for the full docstring."""
        return "action_answer_question"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Dict[Text, Any]
    ) -> List[Dict[Text, Any]]:
        """See parent class for the full docstring."""
        turn = Turn(tracker)
        try:
            answer = await services().knowledge.answer(turn.text, language=turn.language)
        except KnowledgeUnavailable:
            dispatcher.utter_message(response="utter_knowledge_unavailable")
            return []
        if answer is not None:
            source = {"id": answer.id, "title": answer.title, "updated": answer.updated}
            dispatcher.utter_message(
                response=ANSWER,
                json_message={"sources": [source]},
                answer=answer.text,
            )
        elif turn.was_said(UNKNOWN) or turn.was_said(self.unknown):
            await hand_over(dispatcher, tracker, turn, reason="not_understood")
        else:
            dispatcher.utter_message(response=self.unknown)
        return []


class ActionFallback(ActionAnswerQuestion):
    """The same for what no rule covers in the present state.

    The message is taken back afterwards: to the dialogue it never happened, a form goes on where it
    was.
    """

    def name(self) -> Text:
        """See parent class for the full docstring."""
        return "action_fallback"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Dict[Text, Any]
    ) -> List[Dict[Text, Any]]:
        """See parent class for the full docstring."""
        events = await super().run(dispatcher, tracker, domain)
        return [*events, UserUtteranceReverted()]
