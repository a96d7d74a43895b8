"""Yes, after an offer: taking it up."""

from typing import Any, Dict, List, Text

from rasa_sdk import Action, Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions.handoff import hand_over
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
