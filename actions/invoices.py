"""Invoices: asked for, or asked for anew."""

from typing import Any, Dict, List, Optional, Text

from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions.beginning import BeginAction, is_wish
from actions.facts import FactWriter
from actions.invoice_form import COMPANY, ValidateInvoiceForm, details, valid_invoice
from actions.request_form import RequestAction
from actions.services import Services
from actions.shop_action import ShopAction, writer
from actions.turn import Turn
from shop import Order, Settlement


class ActionBeginInvoice(BeginAction):
    """Begins an invoice, or answers a question about them."""

    offer = "utter_invoices_offer"

    def name(self) -> Text:
        """See parent class for the full docstring."""
        return "action_begin_invoice"

    async def form_for(self, turn: Turn) -> Optional[Text]:
        """See parent class for the full docstring."""
        return ValidateInvoiceForm.form if is_wish(turn) else None


class ActionAskInvoiceKind(ShopAction):
    """Asks to whom it is made out; says first to whom it was, if there is one already."""

    def name(self) -> Text:
        """See parent class for the full docstring."""
        return "action_ask_invoice_kind"

    async def act(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, turn: Turn, service: Services
    ) -> List[Dict[Text, Any]]:
        """See parent class for the full docstring."""
        order = await service.shop.order(turn.identity, str(tracker.get_slot("order_number")))
        earlier = valid_invoice(order)
        if earlier is None:
            dispatcher.utter_message(response="utter_invoices_ask_kind", order_number=order.number)
            return []
        write = writer(turn, service)
        dispatcher.utter_message(
            response=f"utter_invoices_ask_kind_{earlier.state.value}",
            order_number=order.number,
            number=earlier.number,
            details=details(earlier, write),
            due_at=write.moment(earlier.due_at),
        )
        return []


class ActionAskInvoiceTitle(ShopAction):
    """Asks for the name: a person's own, or the company's as it is registered."""

    def name(self) -> Text:
        """See parent class for the full docstring."""
        return "action_ask_invoice_title"

    async def act(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, turn: Turn, service: Services
    ) -> List[Dict[Text, Any]]:
        """See parent class for the full docstring."""
        kind = "company" if tracker.get_slot("invoice_kind") == COMPANY else "personal"
        dispatcher.utter_message(response=f"utter_invoices_ask_title_{kind}")
        return []


class ActionRequestInvoice(RequestAction):
    """Asks the shop for the invoice after a yes, or says why there cannot be one."""

    form = ValidateInvoiceForm()

    def name(self) -> Text:
        """See parent class for the full docstring."""
        return "action_request_invoice"

    def says(self, settled: Settlement) -> Text:
        """See parent class for the full docstring."""
        return "utter_invoices_requested"

    def more(
        self,
        order: Order,
        settled: Settlement,
        tracker: Tracker,
        write: FactWriter,
        service: Services,
    ) -> Dict[Text, Any]:
        """See parent class for the full docstring."""
        request = self.form.request(order, tracker)
        assert request is not None
        return {"details": details(request, write)}
