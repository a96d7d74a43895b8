"""Yes and no outside of a question: an offer taken up, and whatever runs ended."""

from typing import Any, Dict, List, Text

from rasa_sdk import Action, Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions.handoff import hand_over
from actions.offers import offers_person, taken_up
from actions.shop_action import forget_form, leave_form
from actions.turn import Turn


class ActionAcceptOffer(Action):
    """A typed yes means the same as pressing the button that was just shown."""

    def name(self) -> Text:
        """See parent class for the full docstring."""
        return "action_accept_offer"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Dict[Text, Any]
    ) -> List[Dict[Text, Any]]:
        """See parent class for the full docstring."""
        turn = Turn(tracker)
        if offers_person(turn):
            return await hand_over(dispatcher, tracker, turn, reason="accepted_offer")
        events = taken_up(turn)
        if events is not None:
            return events
        dispatcher.utter_message(response="utter_smalltalk_affirm")
        return []


class ActionDecline(Action):
    """No: ends the form that runs, with nothing done; outside of one it leaves it there."""

    def name(self) -> Text:
        """See parent class for the full docstring."""
        return "action_decline"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Dict[Text, Any]
    ) -> List[Dict[Text, Any]]:
        """See parent class for the full docstring."""
        if not (tracker.active_loop or {}).get("name"):
            dispatcher.utter_message(response="utter_smalltalk_deny")
            return []
        dispatcher.utter_message(response="utter_form_stopped")
        return [*leave_form(), *forget_form()]
