"""Where a question and a wish share an intent: the one is answered, the other begins a form."""

from abc import ABC, abstractmethod
from typing import Any, ClassVar, Dict, List, Optional, Text

from rasa_sdk import Tracker
from rasa_sdk.events import FollowupAction
from rasa_sdk.executor import CollectingDispatcher

from actions.knowledge import ANSWER, ActionAnswerQuestion
from actions.shop_action import begin_turn, leave_form
from actions.turn import Turn
from actions.wishes import asks_for_conditions, asks_to_know, is_question


class BeginAction(ActionAnswerQuestion, ABC):
    """Begins the form for a wish; answers a question, with a button that begins it."""

    # What offers to begin after an answer; never empty.
    offer: ClassVar[Text]

    @abstractmethod
    async def form_for(self, turn: Turn) -> Optional[Text]:
        """The form that this message begins; None when it is a question."""

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Dict[Text, Any]
    ) -> List[Dict[Text, Any]]:
        """See parent class for the full docstring."""
        begin_turn(tracker)
        form = await self.form_for(Turn(tracker))
        running = (tracker.active_loop or {}).get("name")
        if form is not None and form == running:
            # Begun anew it could take another order than the one that it has asked for.
            dispatcher.utter_message(response="utter_form_again")
            return []
        if form is not None:
            # Left first, a form that runs does not keep the new one from reading this message.
            return [*leave_form(), FollowupAction(form)]
        events = await super().run(dispatcher, tracker, domain)
        answered = any(message["response"] == ANSWER for message in dispatcher.messages)
        if answered and not running:
            dispatcher.utter_message(response=self.offer)
        return events


def names_order(turn: Turn) -> bool:
    """Whether the message says which order it is about."""
    return bool(turn.entities("order_number") or turn.entities("order_choice"))


def is_wish(turn: Turn) -> bool:
    """Whether it is to be done: of an order that is named unless it asks how, else no question."""
    return not (asks_to_know(turn.question) if names_order(turn) else is_question(turn.question))


def asks_what_holds_for_anybody(turn: Turn) -> bool:
    """Whether it asks until when or for how much orders can be changed, and names none."""
    return asks_for_conditions(turn.question) and not names_order(turn)
