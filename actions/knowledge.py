"""Questions: an article's words with their source, a choice of articles, or "I do not know"."""

import json
from pathlib import Path
from typing import Any, ClassVar, Dict, List, Text, Union

from rasa_sdk import Action, Tracker
from rasa_sdk.events import UserUtteranceReverted
from rasa_sdk.executor import CollectingDispatcher

from actions.errors import KnowledgeUnavailable
from actions.handoff import hand_over
from actions.knowledge_client import ArticleAnswer, ArticleChoice
from actions.services import services
from actions.turn import Turn
from actions.word_patterns import load_words

ANSWER = "utter_knowledge_answer"
OTHER_LANGUAGE = "utter_knowledge_other_language"
CHOICES = "utter_knowledge_choices"
UNKNOWN = "utter_knowledge_unknown"
_TOPICS = Path(__file__).with_name("knowledge_topics.yml")


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
            answer = await ask_knowledge(turn)
        except KnowledgeUnavailable:
            dispatcher.utter_message(response="utter_knowledge_unavailable")
            return []
        if isinstance(answer, ArticleAnswer):
            say_answer(dispatcher, answer, turn)
        elif answer:
            dispatcher.utter_message(response=CHOICES, buttons=[_button(each) for each in answer])
        elif turn.was_said(UNKNOWN) or turn.was_said(self.unknown):
            await hand_over(dispatcher, tracker, turn, reason="not_understood")
        else:
            # Agents who read along can say what the right answer would have been.
            dispatcher.utter_message(response=self.unknown, json_message={"unanswered": True})
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


def say_answer(dispatcher: CollectingDispatcher, answer: ArticleAnswer, turn: Turn) -> None:
    """Say an article's words with their source, and that they are in the other language if so."""
    if answer.language != turn.language:
        dispatcher.utter_message(response=OTHER_LANGUAGE)
    source = {"id": answer.id, "title": answer.title, "updated": answer.updated}
    dispatcher.utter_message(
        response=ANSWER, json_message={"sources": [source]}, answer=answer.text
    )


async def ask_knowledge(turn: Turn) -> Union[ArticleAnswer, List[ArticleChoice], None]:
    """What the knowledge base says to the question, or the article whose button was pressed.

    Raises:
        KnowledgeUnavailable: the service is down, slow, or answers nonsense.
    """
    knowledge = services().knowledge
    for chosen in turn.entities("article"):
        return await knowledge.article(
            chosen,
            language=next(iter(turn.entities("article_language")), turn.language),
            conversation_id=turn.conversation_id,
        )
    return await knowledge.answer(
        turn.question,
        language=turn.language,
        topics=load_words(_TOPICS).get(turn.intent, []),
        conversation_id=turn.conversation_id,
        message_id=turn.message_id,
    )


def _button(choice: ArticleChoice) -> Dict[Text, Any]:
    # The intent whose every rule is to ask the knowledge base, in a form as well.
    meant = json.dumps({"article": choice.id, "article_language": choice.language})
    return {"title": choice.title, "payload": f"/out_of_scope{meant}"}
