"""Returns: the goods back, the money back."""

from typing import Any, Dict, List, Optional, Text

from rasa_sdk import Tracker

from actions.facts import FactWriter
from actions.goods_form import GoodsForm, freight, goods
from actions.request_form import RequestAction
from actions.services import Services, services
from shop import Order, OrderStatus, ReturnRequest, Settlement, Verdict, returnable

_ALREADY = ("already_returned", "already_open", "already_refunded")
_WITHOUT_A_REASON = (
    *("custom_made", "perishable", "digital", "newspaper", "excluded_by_agreement", "opened"),
)
# A fault, or what is not what was ordered, can still go back.
_BUT_FOR_A_FAULT = "utter_returns_denied_but_for_a_fault"


class ValidateReturnForm(GoodsForm):
    """Collects order, lines, reason and consent for a return."""

    form = "return_form"
    own_intents = ("return_item",)
    question = "utter_returns_ask_choice"
    lines_question = "utter_returns_ask_lines"
    done = "utter_returns_opened"
    kept = "utter_returns_kept"
    refusals = {
        **dict.fromkeys(_WITHOUT_A_REASON, _BUT_FOR_A_FAULT),
        "window_over": "utter_returns_denied_window_over",
        "not_delivered": "utter_returns_denied_not_delivered",
    }

    def shown(self, orders: List[Order], fitting: List[Order]) -> List[Order]:
        """See parent class; nothing goes back that has not arrived."""
        return super().shown([o for o in orders if _has_arrived(o)] or orders, fitting)

    def refusal(self, order: Order, verdict: Verdict) -> Text:
        """See parent class; a return that is open is named."""
        if verdict.rule in _ALREADY and order.returns:
            return "utter_returns_denied_already"
        return super().refusal(order, verdict)

    def candidates(self, orders: List[Order]) -> List[Order]:
        """Orders of which something can still be returned; without any, what was delivered."""
        service = services()
        returnable = [order for order in orders if _any_returnable(order, service)]
        return returnable or [order for order in orders if _has_arrived(order)]

    def request(self, order: Order, tracker: Tracker) -> Optional[ReturnRequest]:
        """See parent class for the full docstring."""
        note = tracker.get_slot("note") or ""
        return ReturnRequest(self.pieces(order, tracker), self.reason(tracker), note)

    def asks(self, verdict: Verdict) -> Text:
        """See parent class; who pays the parcel back is said before, not after."""
        return f"utter_returns_ask_confirm_{freight(verdict)}"


def _has_arrived(order: Order) -> bool:
    return order.status is OrderStatus.DELIVERED


def _any_returnable(order: Order, service: Services) -> bool:
    verdict = returnable(order, policies=service.book, now=service.now())
    return bool(verdict.facts["returnable_line_ids"])


class ActionOpenReturn(RequestAction):
    """Opens the return that was confirmed, or says why it cannot be."""

    form = ValidateReturnForm()

    def name(self) -> Text:
        """See parent class for the full docstring."""
        return "action_open_return"

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

    def card(
        self, order: Order, settled: Settlement, tracker: Tracker, write: FactWriter
    ) -> Dict[Text, Any]:
        """See parent class for the full docstring."""
        chosen = [line_id for line_id, _ in self.form.pieces(order, tracker)]
        return {
            "type": "return",
            "rma": settled.number,
            "order": order.number,
            "refund": write.money(settled.refund_cents),
            "items": [write.text(line.title) for line in order.lines if line.id in chosen],
        }
