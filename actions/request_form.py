"""From the wish to the deed: forms that collect a request about an order, and what ends them.

The rules are asked at every step that could change the verdict, so that a shopper whose request is
impossible hears so before they have answered needless questions; nothing is done without a yes.
"""

from abc import abstractmethod
from typing import Any, Dict, List, Mapping, Optional, Sequence, Set, Text

from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions.consent import agrees
from actions.facts import FactWriter
from actions.order_form import OrderFormValidation, Slots
from actions.promises import promise_outcome
from actions.services import Services, services
from actions.shop_action import OrderAction, ShopAction, writer
from actions.turn import Turn
from shop import (
    IdempotencyConflict,
    Order,
    OrderNotFound,
    Request,
    RequestRefused,
    Settlement,
    ShopUnavailable,
    StepUpRequired,
    Verdict,
    assess,
    explain,
)


class RequestForm(OrderFormValidation):
    """Collects a request; stops as soon as the rules say no."""

    # What asks for consent, says that it is done, and is said to a no at the end.
    confirm: Text = ""
    done: Text = ""
    kept: Text = "utter_form_stopped"
    # Entities that change what would be agreed to: "no, the other one" is no refusal.
    corrections: Sequence[Text] = ("order_number", "order_choice")

    @abstractmethod
    def request(self, order: Order, tracker: Tracker) -> Optional[Request]:
        """The request as far as it is known; None while too little is known to ask the rules."""

    async def verdict(self, order: Order, tracker: Tracker) -> Optional[Verdict]:
        """What the rules say to it so far."""
        request = self.request(order, tracker)
        if request is None:
            return None
        service = services()
        skus = tuple(sorted({line.sku for line in order.lines}))
        products = await service.shop.products(skus) if self.asks_products else {}
        return assess(order, request, policies=service.book, now=service.now(), products=products)

    # Whether the verdict depends on prices or stock.
    asks_products = False

    def offer(
        self, order: Order, verdict: Verdict, tracker: Tracker, write: FactWriter
    ) -> Dict[Text, Any]:
        """What the question for consent names beside the verdict's own facts."""
        return {}

    def asks(self, verdict: Verdict) -> Text:
        """The response that asks for consent."""
        return self.confirm

    # Responses that say a refusal with ways on of their own, by rule.
    refusals: Mapping[Text, Text] = {}

    def refusal(self, order: Order, verdict: Verdict) -> Text:
        """The response that says why it cannot be done."""
        return self.refusals.get(verdict.rule, f"utter_rights_{verdict.outcome.value}")

    async def required_slots(
        self, domain_slots: List[Text], dispatcher: Any, tracker: Tracker, domain: Any
    ) -> List[Text]:
        """Nothing more is asked once the verdict is a refusal."""
        slots = await super().required_slots(domain_slots, dispatcher, tracker, domain)
        order = await self.order(tracker)
        if order is not None:
            verdict = await self.verdict(order, tracker)
            if verdict is not None and self.is_final(verdict, tracker):
                # What was said is kept: the verdict came of it.
                return [slot for slot in slots if tracker.get_slot(slot) is not None]
        return slots

    def is_final(self, verdict: Verdict, tracker: Tracker) -> bool:
        """Whether a verdict ends the questions: no answer could change it."""
        return not verdict.allowed

    async def extract_confirmed(self, dispatcher: Any, tracker: Tracker, domain: Any) -> Slots:
        """A yes or no to the question for consent, and to no other."""
        turn = Turn(tracker)
        answer = {"affirm": True, "deny": False}.get(turn.intent)
        if turn.intent in self.own_intents and agrees(turn.text):
            answer = True
        if tracker.get_slot("requested_slot") != "confirmed":
            return {}
        if self.corrects(tracker) or any(turn.entities(name) for name in self.corrections):
            return {"confirmed": None}
        return {} if answer is None else {"confirmed": answer}

    async def validate_confirmed(
        self, value: Any, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Any
    ) -> Slots:
        """Yes or no as understood."""
        return {"confirmed": value}


class ActionAskConfirmed(ShopAction):
    """Says what the rules grant and asks for consent before anything is done."""

    def name(self) -> Text:
        """See parent class for the full docstring."""
        return "action_ask_confirmed"

    async def act(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, turn: Turn, service: Services
    ) -> List[Dict[Text, Any]]:
        """See parent class for the full docstring."""
        form = OrderFormValidation.active(tracker)
        assert isinstance(form, RequestForm)
        order = await form.order(tracker)
        if order is None:
            raise OrderNotFound()
        verdict = await form.verdict(order, tracker)
        assert verdict is not None
        write = writer(turn, service)
        dispatcher.utter_message(
            response=form.asks(verdict),
            **{**told(verdict, order, write), **form.offer(order, verdict, tracker, write)},
        )
        return []


class RequestAction(OrderAction):
    """Does what was collected and agreed to, or says why it cannot be done."""

    form: RequestForm

    async def settle(
        self,
        dispatcher: CollectingDispatcher,
        tracker: Tracker,
        order: Order,
        turn: Turn,
        service: Services,
    ) -> None:
        """See parent class for the full docstring."""
        request = self.form.request(order, tracker)
        verdict = await self.form.verdict(order, tracker)
        if verdict is not None and not verdict.allowed:
            self.refuse(dispatcher, order, verdict, turn, service)
        elif request is None or verdict is None or not tracker.get_slot("confirmed"):
            dispatcher.utter_message(response=self.form.kept, order_number=order.number)
        else:
            await self._do(dispatcher, tracker, order, request, turn, service)

    async def _do(
        self,
        dispatcher: CollectingDispatcher,
        tracker: Tracker,
        order: Order,
        request: Request,
        turn: Turn,
        service: Services,
    ) -> None:
        try:
            settled = await service.shop.settle(
                turn.identity,
                order.number,
                request,
                idempotency_key=turn.message_id,
                now=service.now(),
            )
        except RequestRefused as error:
            self.refuse(dispatcher, order, error.verdict, turn, service)
        except StepUpRequired:
            dispatcher.utter_message(
                response="utter_orders_step_up_over", order_number=order.number
            )
        except (IdempotencyConflict, ShopUnavailable):
            # It may have been done all the same: the shop's own record will say so.
            dispatcher.utter_message(
                response="utter_orders_outcome_unknown", order_number=order.number
            )
        else:
            await self.tell(dispatcher, tracker, order, settled, turn, service)

    async def tell(
        self,
        dispatcher: CollectingDispatcher,
        tracker: Tracker,
        order: Order,
        settled: Settlement,
        turn: Turn,
        service: Services,
    ) -> None:
        """Say what was done, with its card."""
        write = writer(turn, service)
        facts = settlement_facts(settled, order, write)
        facts.update(self.more(order, settled, tracker, write, service))
        card = self.card(order, settled, tracker, write)
        dispatcher.utter_message(
            response=self.says(settled), json_message={"card": card} if card else None, **facts
        )
        await promise_outcome(turn, service, settled)

    def says(self, settled: Settlement) -> Text:
        """The response that says what was done."""
        return self.form.done

    def more(
        self,
        order: Order,
        settled: Settlement,
        tracker: Tracker,
        write: FactWriter,
        service: Services,
    ) -> Dict[Text, Any]:
        """What the last word names beside the settlement's own facts."""
        return {}

    def card(
        self, order: Order, settled: Settlement, tracker: Tracker, write: FactWriter
    ) -> Optional[Dict[Text, Any]]:
        """A card that a door may draw."""
        return None

    def refuse(
        self,
        dispatcher: CollectingDispatcher,
        order: Order,
        verdict: Verdict,
        turn: Turn,
        service: Services,
    ) -> None:
        """Say why it cannot be done, or not without a person, and what can be done instead."""
        dispatcher.utter_message(
            response=self.form.refusal(order, verdict),
            **told(verdict, order, writer(turn, service)),
        )


def told(verdict: Verdict, order: Order, write: FactWriter) -> Dict[Text, Any]:
    """What words about a verdict may name: its sentence, the order, the goods, the money."""
    lines = [line for line in order.lines if line.id in _told_lines(verdict)]
    return {
        "order_number": order.number,
        "verdict": explain(verdict, write.language),
        "titles": write.titles(lines or list(order.lines)),
        "refund_amount": write.money(verdict.refund_cents),
        "rma_number": _rma_number(order, {line.id for line in lines}),
    }


def _told_lines(verdict: Verdict) -> Sequence[int]:
    return [line.line_id for line in verdict.line_verdicts if line.outcome is verdict.outcome]


def _rma_number(order: Order, lines: Set[int]) -> Text:
    """The return under which these lines go back already, else the latest one, if any."""
    numbers = [r.rma_number for r in order.returns if lines & set(r.line_ids)]
    return next(reversed(numbers or [r.rma_number for r in order.returns]), "")


def settlement_facts(settled: Settlement, order: Order, write: FactWriter) -> Dict[Text, Any]:
    """What the last word about a settlement may name; what does not apply is left out."""
    facts: Dict[Text, Any] = {"order_number": order.number, "number": settled.number}
    facts["refund_amount"] = write.money(settled.refund_cents)
    facts["coupon_amount"] = write.money(settled.coupon_cents)
    facts["points"] = settled.points
    if settled.due_at is not None:
        facts["due_on"] = write.day(settled.due_at)
        facts["due_at"] = write.moment(settled.due_at)
    return facts
