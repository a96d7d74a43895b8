"""Refunds: where the money is."""

from typing import Any, Dict, List, Text

from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions.order_form import OrderFormValidation
from actions.promises import mention_promises
from actions.services import Services
from actions.shop_action import OrderAction, writer
from actions.turn import Turn
from shop import Order


class ValidateRefundStatusForm(OrderFormValidation):
    """Finds the order whose refund is meant: one that has a refund."""

    form = "refund_status_form"
    own_intents = ("refund_status",)

    def candidates(self, orders: List[Order]) -> List[Order]:
        """Orders with a refund."""
        return [order for order in orders if order.refund]


class ActionTellRefundStatus(OrderAction):
    """Says how far a refund is, how much it is and when it is due."""

    def name(self) -> Text:
        """See parent class for the full docstring."""
        return "action_tell_refund_status"

    async def act(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, turn: Turn, service: Services
    ) -> List[Dict[Text, Any]]:
        """See parent class; what else the shopper waits for is mentioned after it."""
        events = await super().act(dispatcher, tracker, turn, service)
        return events + await mention_promises(dispatcher, tracker, turn, service)

    async def settle(
        self,
        dispatcher: CollectingDispatcher,
        tracker: Tracker,
        order: Order,
        turn: Turn,
        service: Services,
    ) -> None:
        """See parent class for the full docstring."""
        if order.refund is None:
            dispatcher.utter_message(response="utter_refunds_none", order_number=order.number)
            return
        write = writer(turn, service)
        dispatcher.utter_message(
            response=f"utter_refunds_state_{order.refund.state.value}",
            json_message={"card": write.order_card(order)},
            order_number=order.number,
            refund_amount=write.money(order.refund.amount_cents),
            refund_due_on=write.day(order.refund.due_on),
        )
