"""What actions that ask the shop share: the trusted turn, and one behaviour when it is down."""

import time
from abc import ABC, abstractmethod
from typing import Any, Dict, List, Text

from rasa_sdk import Action, Tracker
from rasa_sdk.events import ActiveLoop, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions import shop_client
from actions.facts import FactWriter
from actions.services import Services, services
from actions.turn import Turn
from shop import Order, OrderNotFound, ShopUnavailable

# A form's own answers; the next request starts without them.
FORM_SLOTS = (
    *("order_number", "phone_last4", "order_lines", "quantity", "reason", "note", "confirmed"),
    *("new_address", "variant", "variant_title", "problem", "remedy"),
    *("invoice_kind", "invoice_title", "tax_number", "email"),
)


def leave_form() -> List[Dict[Text, Any]]:
    """Events that end the form that runs, if any does."""
    return [ActiveLoop(None), SlotSet("requested_slot", None)]


def forget_form() -> List[Dict[Text, Any]]:
    """Events that clear what a form collected."""
    return [SlotSet(slot, None) for slot in FORM_SLOTS]


def writer(turn: Turn, service: Services) -> FactWriter:
    """The fact writer for a turn."""
    return FactWriter(language=turn.language, timezone=service.policy.timezone)


def begin_turn(tracker: Tracker) -> None:
    """Let the shop take no longer than the shopper's patience, from their message on."""
    sent = (event["timestamp"] for event in reversed(tracker.events) if event["event"] == "user")
    shop_client.begin_turn(next(sent, None) or time.time())


class ShopAction(Action, ABC):
    """An action that asks the shop; when that is down, the shopper hears so and is not stuck."""

    @abstractmethod
    def name(self) -> Text:
        """The action's name in the domain."""

    @abstractmethod
    async def act(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, turn: Turn, service: Services
    ) -> List[Dict[Text, Any]]:
        """The action itself; may raise OrderNotFound and ShopUnavailable."""

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Dict[Text, Any]
    ) -> List[Dict[Text, Any]]:
        """See parent class for the full docstring."""
        begin_turn(tracker)
        try:
            return await self.act(dispatcher, tracker, Turn(tracker), services())
        except OrderNotFound:
            # Never theirs, or a visitor's proof ran out meanwhile.
            number = str(tracker.get_slot("order_number"))
            dispatcher.utter_message(response="utter_orders_not_found", order_number=number)
            return forget_form()
        except ShopUnavailable:
            dispatcher.utter_message(response="utter_orders_shop_unavailable")
            return forget_form()


class OrderAction(ShopAction):
    """What comes after a form has found an order: say or do it, then forget what was collected."""

    @abstractmethod
    async def settle(
        self,
        dispatcher: CollectingDispatcher,
        tracker: Tracker,
        order: Order,
        turn: Turn,
        service: Services,
    ) -> None:
        """The action on the order; may raise OrderNotFound and ShopUnavailable."""

    async def act(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, turn: Turn, service: Services
    ) -> List[Dict[Text, Any]]:
        """See parent class; without an order the form has said already why it ended."""
        number = tracker.get_slot("order_number")
        if number is not None:
            order = await service.shop.order(turn.identity, str(number))
            await self.settle(dispatcher, tracker, order, turn, service)
        return forget_form()
