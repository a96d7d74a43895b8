"""Refunds: where the money is."""

from datetime import date
from typing import Any, Dict, List, Optional, Text

from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions.order_form import OrderFormValidation
from actions.promises import mention_promises
from actions.services import Services
from actions.shop_action import OrderAction, writer
from actions.turn import Turn
from shop import Order, Refund, RefundState, ReturnState

# The latest of an order; who asks means these.
MOST_TOLD = 3


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
        if not order.refunds:
            dispatcher.utter_message(response="utter_refunds_none", order_number=order.number)
            return
        write = writer(turn, service)
        today = service.now().astimezone(service.policy.zone).date()
        card: Optional[Dict[Text, Any]] = {"card": write.order_card(order)}
        for refund in order.refunds[-MOST_TOLD:]:
            dispatcher.utter_message(
                response=f"utter_refunds_state_{_state(refund, order, today)}",
                json_message=card,
                order_number=order.number,
                refund_number=refund.number,
                refund_amount=write.money(refund.amount_cents),
                refund_due_on=write.day(refund.due_on),
                pickup_hours=service.policy.returns.pickup_within_hours,
            )
            card = None
        points = sum(refund.points for refund in order.refunds[-MOST_TOLD:])
        if points:
            dispatcher.utter_message(response="utter_refunds_points", points=points)


def _state(refund: Refund, order: Order, today: date) -> Text:
    """How far a refund is: its state, or that it should have come by now."""
    waiting = refund.state is RefundState.WAITING
    if waiting and _has_come_back(refund, order):
        return "inspecting"
    if refund.state is RefundState.PAID or waiting or today <= refund.due_on:
        return refund.state.value
    return "overdue"


def _has_come_back(refund: Refund, order: Order) -> bool:
    return any(
        each.rma_number == refund.rma_number
        and each.state in (ReturnState.RECEIVED, ReturnState.CLOSED)
        for each in order.returns
    )
