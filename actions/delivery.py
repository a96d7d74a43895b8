"""Delivery problems: late, stuck, lost, not received, damaged, wrong or missing, each settled."""

from pathlib import Path
from typing import Any, Dict, List, Optional, Text

from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions.beginning import BeginAction, names_order
from actions.delivery_form import ValidateDeliveryProblemForm
from actions.delivery_matter import DELIVERED, inquiry_about
from actions.facts import FactWriter
from actions.goods_form import goods
from actions.request_form import RequestAction, told
from actions.services import Services
from actions.shop_action import ShopAction, writer
from actions.turn import Turn
from actions.wishes import asks_in_general
from actions.word_patterns import load_words
from shop import Order, OrderNotFound, Settlement, Verdict

_TITLES = Path(__file__).with_name("remedies.yml")


class ActionBeginDeliveryProblem(BeginAction):
    """Begins to settle a delivery problem, or answers a question about deliveries."""

    offer = "utter_delivery_offer"

    def name(self) -> Text:
        """See parent class for the full docstring."""
        return "action_begin_delivery_problem"

    async def form_for(self, turn: Turn) -> Optional[Text]:
        """See parent class; whoever asks what the rule is has no parcel in trouble yet."""
        is_question = asks_in_general(turn.text) and not turn.is_button and not names_order(turn)
        return None if is_question else ValidateDeliveryProblemForm.form


class ActionAskProblem(ShopAction):
    """Asks what is the matter: with a parcel under way, or with what came."""

    def name(self) -> Text:
        """See parent class for the full docstring."""
        return "action_ask_problem"

    async def act(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, turn: Turn, service: Services
    ) -> List[Dict[Text, Any]]:
        """See parent class for the full docstring."""
        order = await _order(tracker)
        coming = any(each.status is not DELIVERED for each in order.shipments)
        kind = "under_way" if coming or not order.shipments else "arrived"
        dispatcher.utter_message(
            response=f"utter_delivery_ask_problem_{kind}", order_number=order.number
        )
        return []


class ActionAskRemedy(ShopAction):
    """Says what the rules grant and asks which of it is wanted, one button each."""

    def name(self) -> Text:
        """See parent class for the full docstring."""
        return "action_ask_remedy"

    async def act(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, turn: Turn, service: Services
    ) -> List[Dict[Text, Any]]:
        """See parent class for the full docstring."""
        order = await _order(tracker)
        options = await ValidateDeliveryProblemForm().options(order, tracker)
        allowed = [option for option in options if option.allowed]
        write = writer(turn, service)
        dispatcher.utter_message(
            response="utter_delivery_ask_remedy",
            buttons=[_button(option, write) for option in allowed],
            **told(allowed[0], order, write),
        )
        return []


class ActionSettleDeliveryProblem(RequestAction):
    """Does what was agreed to about a delivery, or says why it cannot be done."""

    form = ValidateDeliveryProblemForm()

    def name(self) -> Text:
        """See parent class for the full docstring."""
        return "action_settle_delivery_problem"

    async def settle(
        self,
        dispatcher: CollectingDispatcher,
        tracker: Tracker,
        order: Order,
        turn: Turn,
        service: Services,
    ) -> None:
        """See parent class; where one thing can be done it need not have been named."""
        order = await service.tracking.follow(order)
        verdict = await self.form.verdict(order, tracker)
        tracker.slots["remedy"] = verdict.remedy.value if verdict else None
        await super().settle(dispatcher, tracker, order, turn, service)

    def says(self, settled: Settlement) -> Text:
        """See parent class for the full docstring."""
        return f"utter_delivery_done_{settled.remedy.value}"

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

    def refuse(
        self,
        dispatcher: CollectingDispatcher,
        order: Order,
        verdict: Verdict,
        turn: Turn,
        service: Services,
    ) -> None:
        """See parent class; of what is looked for already, until when."""
        inquiry = inquiry_about(order, str(verdict.facts.get("tracking_number")))
        if verdict.rule != "inquiry_open" or inquiry is None:
            super().refuse(dispatcher, order, verdict, turn, service)
            return
        overdue = inquiry.answer_by < service.now()
        write = writer(turn, service)
        dispatcher.utter_message(
            response=f"utter_delivery_inquiry_{'overdue' if overdue else 'open'}",
            inquiry_number=inquiry.number,
            answer_by=write.moment(inquiry.answer_by),
            **told(verdict, order, write),
        )


async def _order(tracker: Tracker) -> Order:
    order = await ValidateDeliveryProblemForm().order(tracker)
    if order is None:
        raise OrderNotFound()
    return order


def _button(option: Verdict, write: FactWriter) -> Dict[Text, Text]:
    remedy = option.remedy.value
    return {
        "title": load_words(_TITLES)[remedy][write.language],
        "payload": f'/inform{{"remedy": "{remedy}"}}',
    }
