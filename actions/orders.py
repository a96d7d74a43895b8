"""Orders: which one, and how it stands."""

from typing import Any, Dict, List, Optional, Sequence, Text

from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions.facts import FactWriter
from actions.order_form import MOST_LOOKED_AT, OrderFormValidation
from actions.order_list import order_list
from actions.order_status import Standing
from actions.promises import mention_promises
from actions.services import Services
from actions.shop_action import OrderAction, ShopAction, writer
from actions.turn import Turn
from shop import Order, OrderStatus

# More would not fit under a message.
MOST_CHOICES = 5
UNDER_WAY = {OrderStatus.UNPAID, OrderStatus.PAID, OrderStatus.SHIPPED}


class ValidateTrackOrderForm(OrderFormValidation):
    """Finds the order to look up: the one under way, else the shopper chooses."""

    form = "track_order_form"
    own_intents = ("track_order",)
    question = "utter_orders_ask_under_way"

    def candidates(self, orders: List[Order]) -> List[Order]:
        """Orders under way; without any, the newest."""
        return [order for order in orders if order.status in UNDER_WAY] or orders[:1]


class ActionAskOrderNumber(ShopAction):
    """Asks which order is meant, with the shopper's own orders as buttons where they are known."""

    def name(self) -> Text:
        """See parent class for the full docstring."""
        return "action_ask_order_number"

    async def act(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, turn: Turn, service: Services
    ) -> List[Dict[Text, Any]]:
        """See parent class for the full docstring."""
        if turn.identity.customer_id is None:
            dispatcher.utter_message(response="utter_orders_ask_number")
            return []
        form = OrderFormValidation.active(tracker)
        orders = await service.shop.orders(turn.identity, limit=MOST_LOOKED_AT)
        write = writer(turn, service)
        shown = form.shown(orders, await form.likely(orders))[:MOST_CHOICES]
        dispatcher.utter_message(
            response=form.question if shown else "utter_orders_none",
            buttons=order_buttons(shown, "inform", write),
            orders=order_list(shown, write),
        )
        return []


def order_buttons(
    orders: Sequence[Order], intent: Text, write: FactWriter
) -> List[Dict[Text, Text]]:
    """A button for each order, which says the intent about it."""
    return [
        {
            "title": f"{order.number} {write.order_title(order)}",
            "payload": f'/{intent}{{"order_number": "{order.number}"}}',
        }
        for order in orders
    ]


class ActionTellOrderStatus(OrderAction):
    """Says how an order stands, with the carrier's latest word while it travels."""

    def name(self) -> Text:
        """See parent class for the full docstring."""
        return "action_tell_order_status"

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
        write = writer(turn, service)
        followed = await service.tracking.follow(order)
        card: Optional[Dict[Text, Any]] = {"card": write.order_card(followed)}
        for response, facts in Standing.of(followed, write, service).messages():
            dispatcher.utter_message(response=response, json_message=card, **facts)
            card = None
