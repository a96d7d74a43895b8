"""Cancelling an order before it is dispatched."""

from typing import List, Optional, Text

from rasa_sdk import Tracker

from actions.beginning import BeginAction, asks_what_holds_for_anybody
from actions.request_form import RequestAction, RequestForm
from actions.turn import Turn
from shop import CancelRequest, Order, OrderStatus, Settlement, Verdict

_BEFORE_DISPATCH = (OrderStatus.UNPAID, OrderStatus.PAID)


class ValidateCancelForm(RequestForm):
    """Collects the order to cancel, and consent."""

    form = "cancel_form"
    own_intents = ("cancel_order",)
    slots = ("order_number", "phone_last4", "confirmed")
    question = "utter_orders_ask_cancel_choice"
    kept = "utter_orders_cancel_kept"
    refusals = {
        "already_dispatched": "utter_orders_cancel_denied_dispatched",
        "already_delivered": "utter_orders_cancel_denied_delivered",
    }

    def candidates(self, orders: List[Order]) -> List[Order]:
        """Orders that have not left; without any, those on their way."""
        waiting = [order for order in orders if order.status in _BEFORE_DISPATCH]
        return waiting or [order for order in orders if order.status is OrderStatus.SHIPPED]

    def request(self, order: Order, tracker: Tracker) -> Optional[CancelRequest]:
        """See parent class for the full docstring."""
        return CancelRequest()

    def asks(self, verdict: Verdict) -> Text:
        """See parent class; before paying there is no money to speak of."""
        paid = "paid" if verdict.refund_cents else "unpaid"
        return f"utter_orders_ask_cancel_confirm_{paid}"


class ActionBeginCancel(BeginAction):
    """Begins to cancel an order, or answers until when and for how much that can be done."""

    offer = "utter_orders_cancel_offer"

    def name(self) -> Text:
        """See parent class for the full docstring."""
        return "action_begin_cancel"

    async def form_for(self, turn: Turn) -> Optional[Text]:
        """See parent class; "can I still cancel" is told by the order itself."""
        return None if asks_what_holds_for_anybody(turn) else ValidateCancelForm.form


class ActionCancelOrder(RequestAction):
    """Cancels the order after a yes, or says why it cannot be."""

    form = ValidateCancelForm()

    def name(self) -> Text:
        """See parent class for the full docstring."""
        return "action_cancel_order"

    def says(self, settled: Settlement) -> Text:
        """See parent class for the full docstring."""
        return f"utter_orders_cancelled_{'paid' if settled.refund_cents else 'unpaid'}"
