"""Where an order or a refund stands, asked in the middle of a form: answered at once.

The form goes on afterwards where it stood, so nothing is asked back here and no slot is touched.
bot/assistant/rule_policy.py chooses these actions in place of the forms that look up.
"""

from typing import Any, Dict, List, Text

from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions.knowledge import ActionAnswerQuestion
from actions.order_form import MOST_LOOKED_AT, OrderFormValidation
from actions.order_list import order_list
from actions.orders import (
    MOST_CHOICES,
    ActionTellOrderStatus,
    ValidateTrackOrderForm,
    order_buttons,
)
from actions.refunds import (
    ActionBeginRefundStatus,
    ActionTellRefundStatus,
    ValidateRefundStatusForm,
)
from actions.services import Services
from actions.shop_action import (
    OrderAction,
    ShopAction,
    begin_turn,
    forget_form,
    leave_form,
    writer,
)
from actions.turn import Turn
from shop import Order, OrderNotFound, ShopUnavailable


class LookUpAction(ShopAction):
    """Tells of the order that is named, else of the one that is likely meant."""

    form: OrderFormValidation
    tells: OrderAction
    # What pressing an order's button asks.
    intent: Text

    async def act(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, turn: Turn, service: Services
    ) -> List[Dict[Text, Any]]:
        """See parent class for the full docstring."""
        try:
            orders = await self._meant(turn, service)
        except OrderNotFound:
            dispatcher.utter_message(response="utter_orders_look_up_later")
            return []
        except ShopUnavailable:
            dispatcher.utter_message(response="utter_orders_shop_unavailable")
            return [*leave_form(), *forget_form()]
        if len(orders) == 1:
            await self.tells.settle(dispatcher, tracker, orders[0], turn, service)
            return []
        write = writer(turn, service)
        dispatcher.utter_message(
            response=f"utter_orders_look_up_{'choice' if orders else 'later'}",
            orders=order_list(orders, write),
            buttons=order_buttons(orders, self.intent, write),
        )
        return []

    async def _meant(self, turn: Turn, service: Services) -> List[Order]:
        named = turn.entities("order_number")
        if named:
            return [await service.shop.order(turn.identity, named[-1])]
        orders = await service.shop.orders(turn.identity, limit=MOST_LOOKED_AT)
        if "latest" in turn.entities("order_choice"):
            return orders[:1]
        return (self.form.candidates(orders) or orders)[:MOST_CHOICES]


class ActionLookUpOrder(LookUpAction):
    """Where an order is, beside the form that runs."""

    form = ValidateTrackOrderForm()
    tells = ActionTellOrderStatus()
    intent = "track_order"

    def name(self) -> Text:
        """See parent class for the full docstring."""
        return "action_look_up_order"


class ActionLookUpRefund(LookUpAction):
    """Where a refund is, beside the form that runs."""

    form = ValidateRefundStatusForm()
    tells = ActionTellRefundStatus()
    intent = "refund_status"

    def name(self) -> Text:
        """See parent class for the full docstring."""
        return "action_look_up_refund"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Dict[Text, Any]
    ) -> List[Dict[Text, Any]]:
        """See parent class; what holds for any refund is answered."""
        begin_turn(tracker)
        if await ActionBeginRefundStatus().form_for(Turn(tracker)) is None:
            return await ActionAnswerQuestion().run(dispatcher, tracker, domain)
        return await super().run(dispatcher, tracker, domain)
