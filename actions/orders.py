"""Orders: which one, and how it stands."""

from typing import Any, Dict, List, Text

from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions.facts import FactWriter
from actions.order_form import MOST_LOOKED_AT, OrderFormValidation
from actions.promises import mention_promises
from actions.services import Services
from actions.shop_action import OrderAction, ShopAction, writer
from actions.turn import Turn
from shop import Order, OrderStatus, Policy

# More would not fit under a message.
MOST_CHOICES = 5
UNDER_WAY = {OrderStatus.UNPAID, OrderStatus.PAID, OrderStatus.SHIPPED}


class ValidateTrackOrderForm(OrderFormValidation):
    """Finds the order to look up: the one under way, else the shopper chooses."""

    form = "track_order_form"
    own_intents = ("track_order",)

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
        buttons = [
            {
                "title": f"{order.number} {write.order_title(order)}",
                "payload": f'/inform{{"order_number": "{order.number}"}}',
            }
            for order in form.shown(orders, await form.likely(orders))[:MOST_CHOICES]
        ]
        response = form.question if buttons else "utter_orders_none"
        dispatcher.utter_message(response=response, buttons=buttons)
        return []


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
        dispatcher.utter_message(
            response=status_response(order),
            json_message={"card": write.order_card(order)},
            **status_facts(order, write, service.policy),
        )


def status_response(order: Order) -> Text:
    """The response for an order's status."""
    response = f"utter_orders_status_{order.status.value}"
    if order.status is not OrderStatus.SHIPPED:
        return response
    if not order.shipments:
        return f"{response}_unknown"
    return response if order.shipments[-1].events else f"{response}_quiet"


def status_facts(order: Order, write: FactWriter, policy: Policy) -> Dict[Text, Any]:
    """The facts that any status response may name; those that do not apply are left out."""
    facts: Dict[Text, Any] = {
        "order_number": order.number,
        "title": write.order_title(order),
        "dispatch_hours": policy.shipping.dispatch_within_hours,
        "unpaid_minutes": policy.cancellation.unpaid_closes_after_minutes,
    }
    if order.delivered_at:
        facts["delivered_on"] = write.day(order.delivered_at)
    if order.refund:
        facts["refund_amount"] = write.money(order.refund.amount_cents)
        facts["refund_due_on"] = write.day(order.refund.due_on)
    if order.shipments:
        shipment = order.shipments[-1]
        facts["carrier"] = write.text(shipment.carrier)
        facts["tracking_number"] = shipment.tracking_number
        facts["promised_on"] = write.day(shipment.promised_on)
        if shipment.events:
            event = shipment.events[-1]
            facts["event_at"] = write.moment(event.at)
            facts["event_place"] = write.text(event.place)
            facts["event_text"] = write.text(event.text)
    return facts
