"""Warranty: how long it lasts, and what broke is mended."""

from pathlib import Path
from typing import Any, Dict, List, Optional, Sequence, Text

from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions.beginning import BeginAction, is_wish, names_order
from actions.facts import FactWriter
from actions.goods_form import MOST_NOTE, NO_REASON, GoodsForm, goods
from actions.named_products import is_own
from actions.order_form import Slots
from actions.request_form import RequestAction, told
from actions.services import Services, services
from actions.shop_action import writer
from actions.turn import Turn
from actions.word_patterns import folded, load_patterns
from shop import Order, OrderStatus, Reason, RepairRequest, Settlement, assess

# Intents that do not say what is wrong; what was not understood may well do.
_NO_NOTE = NO_REASON - {"nlu_fallback", "complaint"} | {"membership_points", "account_login"}


class ActionBeginRepair(BeginAction):
    """Begins a repair, looks up until when something is covered, or answers a question."""

    offer = "utter_products_repair_offer"

    def name(self) -> Text:
        """See parent class for the full docstring."""
        return "action_begin_repair"

    async def form_for(self, turn: Turn) -> Optional[Text]:
        """See parent class; "is mine still covered?" is told from the order."""
        if _asks_for_cover(turn):
            return ValidateWarrantyForm.form
        return ValidateRepairForm.form if is_wish(turn) else None


def _asks_for_cover(turn: Turn) -> bool:
    lists = load_patterns(Path(__file__).with_suffix(".yml"))
    text = folded(turn.question)
    asked = lists["covered"].search(text)
    own = names_order(turn) or is_own(turn.question) or lists["own"].search(text)
    return bool(lists["covered_still"].search(text) or (asked and own))


class ValidateRepairForm(GoodsForm):
    """Collects order, line, what is wrong, and consent."""

    form = "repair_form"
    own_intents = ("warranty_repair",)
    slots: Sequence[Text] = ("order_number", "phone_last4", "order_lines", "note", "confirmed")
    question = "utter_products_ask_repair_choice"
    lines_question = "utter_products_ask_repair_line"
    confirm = "utter_products_ask_repair_confirm"
    done = "utter_products_repair_opened"
    kept = "utter_products_repair_kept"
    refusals = {
        "not_delivered": "utter_returns_denied_not_delivered",
        "already_open": "utter_products_repair_already",
        "already_returned": "utter_products_repair_already",
    }

    def candidates(self, orders: List[Order]) -> List[Order]:
        """Orders with something under warranty; without any, what was delivered."""
        delivered = [order for order in orders if order.status is OrderStatus.DELIVERED]
        return [order for order in delivered if _any_covered(order)] or delivered

    def knows_reason(self, tracker: Tracker) -> bool:
        """See parent class for the full docstring."""
        return True

    def reason(self, tracker: Tracker) -> Reason:
        """See parent class; it is always a fault."""
        return Reason.QUALITY

    def request(self, order: Order, tracker: Tracker) -> Optional[RepairRequest]:
        """See parent class for the full docstring."""
        note = tracker.get_slot("note") or ""
        return RepairRequest(self.pieces(order, tracker), Reason.QUALITY, note)

    def _is_another_topic(self, tracker: Tracker) -> bool:
        # "It came apart" tells what is wrong with it.
        asked = tracker.get_slot("requested_slot") == "note"
        told = asked and Turn(tracker).intent == "delivery_problem"
        return not told and super()._is_another_topic(tracker)

    async def extract_note(self, dispatcher: Any, tracker: Tracker, domain: Any) -> Slots:
        """Whatever is said when it was asked what is wrong."""
        turn = Turn(tracker)
        asked = tracker.get_slot("requested_slot") == "note"
        if not asked or turn.intent in _NO_NOTE or not turn.text.strip():
            return {}
        return {"note": turn.text}

    async def validate_note(
        self, value: Any, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Any
    ) -> Slots:
        """The shopper's own words, as long as the shop keeps them."""
        return {"note": str(value)[:MOST_NOTE] if value else None}


class ValidateWarrantyForm(ValidateRepairForm):
    """Collects the order and the line whose warranty is asked about."""

    form = "warranty_form"
    slots = ("order_number", "phone_last4", "order_lines")
    question = "utter_products_ask_warranty_choice"
    lines_question = "utter_products_ask_warranty_line"


class ActionTellWarranty(RequestAction):
    """Says until when something is covered, and offers the repair."""

    form = ValidateWarrantyForm()

    def name(self) -> Text:
        """See parent class for the full docstring."""
        return "action_tell_warranty"

    async def settle(
        self,
        dispatcher: CollectingDispatcher,
        tracker: Tracker,
        order: Order,
        turn: Turn,
        service: Services,
    ) -> None:
        """See parent class; nothing is settled."""
        verdict = await self.form.verdict(order, tracker)
        assert verdict is not None
        if not verdict.allowed:
            self.refuse(dispatcher, order, verdict, turn, service)
            return
        write = writer(turn, service)
        dispatcher.utter_message(
            response="utter_products_under_warranty",
            **{**told(verdict, order, write), **self.form.offer(order, verdict, tracker, write)},
        )


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


def _any_covered(order: Order) -> bool:
    service = services()
    pieces = tuple((line.id, line.left_quantity) for line in order.lines if line.left_quantity)
    if not pieces:
        return False
    request = RepairRequest(pieces, Reason.QUALITY)
    verdict = assess(order, request, policies=service.book, now=service.now())
    return any(line.allowed for line in verdict.line_verdicts)
