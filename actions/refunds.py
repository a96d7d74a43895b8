"""Refunds: where the money is, and what holds for any."""

from datetime import date
from pathlib import Path
from typing import Any, Dict, List, Optional, Text

from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions.beginning import BeginAction, names_order
from actions.order_form import MOST_LOOKED_AT, OrderFormValidation
from actions.promises import mention_promises
from actions.services import Services, services
from actions.shop_action import OrderAction, writer
from actions.turn import Turn
from actions.word_patterns import folded, load_patterns
from shop import Order, Refund, RefundState, ReturnState, ShopUnavailable

# The latest of an order; who asks means these.
MOST_TOLD = 3


class ValidateRefundStatusForm(OrderFormValidation):
    """Finds the order whose refund is meant: one that has a refund."""

    form = "refund_status_form"
    own_intents = ("refund_status",)

    def candidates(self, orders: List[Order]) -> List[Order]:
        """Orders with a refund."""
        return [order for order in orders if order.refund]


class ActionBeginRefundStatus(BeginAction):
    """Begins to look up a refund, or answers how long one takes and where it goes."""

    offer = "utter_refunds_offer"

    def name(self) -> Text:
        """See parent class for the full docstring."""
        return "action_begin_refund_status"

    async def form_for(self, turn: Turn) -> Optional[Text]:
        """See parent class; how long it takes is better told of a refund that is under way."""
        lists, text = load_patterns(Path(__file__).with_suffix(".yml")), folded(turn.question)
        is_own = names_order(turn) or lists["own"].search(text)
        if not is_own and lists["whither"].search(text):
            return None
        if not is_own and lists["how_long"].search(text) and not await _awaits_refund(turn):
            return None
        return ValidateRefundStatusForm.form


async def _awaits_refund(turn: Turn) -> bool:
    if turn.identity.customer_id is None:
        return False
    try:
        orders = await services().shop.orders(turn.identity, limit=MOST_LOOKED_AT)
    except ShopUnavailable:
        # What holds for anybody holds while the shop is down.
        return False
    refunds = [refund for order in orders for refund in order.refunds]
    return any(refund.state is not RefundState.PAID for refund in refunds)


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
