"""Warranty: what broke is mended."""

from typing import Any, Dict, List, Optional, Text

from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions.facts import FactWriter
from actions.goods_form import MOST_NOTE, GoodsForm, goods
from actions.order_form import Slots
from actions.request_form import RequestAction
from actions.services import Services
from actions.turn import Turn
from shop import Order, OrderStatus, Reason, RepairRequest, Settlement


class ValidateRepairForm(GoodsForm):
    """Collects order, line, what is wrong, and consent."""

    form = "repair_form"
    own_intents = ("warranty_repair",)
    slots = ("order_number", "phone_last4", "order_lines", "note", "confirmed")
    question = "utter_products_ask_repair_choice"
    lines_question = "utter_products_ask_repair_line"
    confirm = "utter_products_ask_repair_confirm"
    done = "utter_products_repair_opened"
    kept = "utter_products_repair_kept"
    refusals = {
        "not_delivered": "utter_returns_denied_not_delivered",
        **dict.fromkeys(("already_returned", "already_open"), "utter_returns_denied_already"),
    }

    def candidates(self, orders: List[Order]) -> List[Order]:
        """Orders that were delivered."""
        return [order for order in orders if order.status is OrderStatus.DELIVERED]

    def reason(self, tracker: Tracker) -> Reason:
        """See parent class; it is always a fault."""
        return Reason.QUALITY

    def request(self, order: Order, tracker: Tracker) -> Optional[RepairRequest]:
        """See parent class for the full docstring."""
        note = tracker.get_slot("note") or ""
        return RepairRequest(self.pieces(order, tracker), Reason.QUALITY, note)

    async def extract_note(self, dispatcher: Any, tracker: Tracker, domain: Any) -> Slots:
        """Whatever is said when it was asked what is wrong."""
        turn = Turn(tracker)
        asked = tracker.get_slot("requested_slot") == "note"
        if not asked or turn.intent in ("deny", "human_agent") or not turn.text.strip():
            return {}
        return {"note": turn.text}

    async def validate_note(
        self, value: Any, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Any
    ) -> Slots:
        """The shopper's own words, as long as the shop keeps them."""
        return {"note": str(value)[:MOST_NOTE] if value else None}


class ActionOpenRepair(RequestAction):
    """Opens the repair after a yes, or says why it cannot be."""

    form = ValidateRepairForm()

    def name(self) -> Text:
        """See parent class for the full docstring."""
        return "action_open_repair"

    def more(
        self,
        order: Order,
        settled: Settlement,
        tracker: Tracker,
        write: FactWriter,
        service: Services,
    ) -> Dict[Text, Any]:
        """See parent class for the full docstring."""
        return {
            "goods": goods(order, self.form.pieces(order, tracker), write),
            "pickup_hours": service.policy.returns.pickup_within_hours,
        }
