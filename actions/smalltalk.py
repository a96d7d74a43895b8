"""Yes and no outside of a question: an offer taken up, and whatever runs ended."""

from typing import Any, Dict, List, Text

from rasa_sdk import Action, Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions.handoff import hand_over
from actions.shop_action import forget_form, leave_form
from actions.turn import Turn

PERSON = "/human_agent"


class ActionAcceptOffer(Action):
    """A typed yes means the same as pressing the button for a person that was just shown."""

    def name(self) -> Text:
        """See parent class for the full docstring."""
        return "action_accept_offer"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Dict[Text, Any]
    ) -> List[Dict[Text, Any]]:
        """See parent class for the full docstring."""
        turn = Turn(tracker)
        replies = turn.previous_replies()
        buttons = (replies[-1].get("data") or {}).get("buttons") if replies else None
        # Only where a person is what was offered first, not one choice among others.
        if buttons and buttons[0].get("payload") == PERSON:
            return await hand_over(dispatcher, tracker, turn, reason="accepted_offer")
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
