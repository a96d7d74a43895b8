"""Returns: which lines, why, what the rules say, and the return itself.

The verdict is asked of shop/rights at every step that could change it, so that a shopper whose
return is impossible hears so before they have answered needless questions.
"""

from typing import Any, Dict, List, Optional, Sequence, Text

from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions.facts import FactWriter
from actions.line_choice import chosen_lines
from actions.order_form import OrderFormValidation, Slots
from actions.services import Services, services
from actions.shop_action import ShopAction, forget_form, writer
from actions.turn import Turn
from shop import (
    IdempotencyConflict,
    Order,
    OrderNotFound,
    OrderStatus,
    ReturnReason,
    ReturnRefused,
    Verdict,
    assess_return,
)

REASONS = {reason.value for reason in ReturnReason}
MOST_NOTE = 500
# Rules that are told with the same words.
TOLD_AS = {
    "perishable": "excluded",
    "digital": "excluded",
    "newspaper": "excluded",
    "nothing_left": "already_returned",
}


def assess(order: Order, tracker: Tracker, service: Services) -> Verdict:
    """The verdict on what the form knows so far."""
    return assess_return(
        order,
        line_ids=tracker.get_slot("return_lines"),
        reason=tracker.get_slot("return_reason"),
        policy=service.policy,
        now=service.now(),
    )


class ValidateReturnForm(OrderFormValidation):
    """Collects order, lines, reason and consent; stops as soon as the rules say no."""

    slots: Sequence[Text] = (
        "order_number",
        "phone_last4",
        "return_lines",
        "return_reason",
        "return_confirmed",
    )

    def name(self) -> Text:
        """See parent class for the full docstring."""
        return "validate_return_form"

    def candidates(self, orders: List[Order]) -> List[Order]:
        """Orders of which something can still be returned; without any, what was delivered."""
        service = services()
        open_orders = [
            order
            for order in orders
            if assess_return(
                order, line_ids=None, reason=None, policy=service.policy, now=service.now()
            ).allowed
        ]
        return open_orders or [o for o in orders if o.status is OrderStatus.DELIVERED]

    async def required_slots(
        self, domain_slots: List[Text], dispatcher: Any, tracker: Tracker, domain: Any
    ) -> List[Text]:
        """Nothing more is asked once the verdict is a refusal."""
        slots = await super().required_slots(domain_slots, dispatcher, tracker, domain)
        order = self.order(tracker)
        if order is not None and not assess(order, tracker, services()).allowed:
            return ["order_number"]
        return slots

    def validate_order_number(
        self, value: Any, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Any
    ) -> Slots:
        """See parent class; lines and consent of another order no longer count."""
        slots = super().validate_order_number(value, dispatcher, tracker, domain)
        return {**slots, "return_lines": None, "return_confirmed": None}

    def extract_return_lines(self, dispatcher: Any, tracker: Tracker, domain: Any) -> Slots:
        """The lines meant in this message, or the only ones there are."""
        order = self.order(tracker)
        if order is None or tracker.get_slot("return_lines"):
            return {}
        turn = Turn(tracker)
        open_lines = [line for line in order.lines if line.left_quantity > 0]
        if len(open_lines) == 1:
            return {"return_lines": [open_lines[0].id]}
        asked = tracker.get_slot("requested_slot") == "return_lines"
        chosen = chosen_lines(
            open_lines, turn.entities("line_choice"), turn.text if asked else "", turn.language
        )
        return {"return_lines": [line.id for line in chosen]} if chosen else {}

    def validate_return_lines(
        self, value: Any, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Any
    ) -> Slots:
        """Only lines of this order."""
        order = self.order(tracker)
        own = {line.id for line in order.lines} if order else set()
        lines = [line_id for line_id in value or [] if line_id in own]
        return {"return_lines": lines or None}

    def validate_return_reason(
        self, value: Any, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Any
    ) -> Slots:
        """A known reason, or the shopper's own words as a note; refused lines drop out."""
        if value not in REASONS:
            return {"return_reason": "other", "return_note": str(value)[:MOST_NOTE]}
        tracker.slots["return_reason"] = value
        order = self.order(tracker)
        kept = self._lines_that_can_go(order, dispatcher, tracker) if order else None
        return {"return_reason": value, **({"return_lines": kept} if kept else {})}

    def validate_return_confirmed(
        self, value: Any, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Any
    ) -> Slots:
        """Yes or no as understood."""
        return {"return_confirmed": bool(value)}

    def _lines_that_can_go(
        self, order: Order, dispatcher: CollectingDispatcher, tracker: Tracker
    ) -> Optional[List[int]]:
        """Of several chosen lines, those that may go back; None when all or none may."""
        service = services()
        verdict = assess(order, tracker, service)
        allowed = [line.line_id for line in verdict.line_verdicts if line.allowed]
        if not tracker.get_slot("return_lines") or not allowed or verdict.allowed:
            return None
        write = writer(Turn(tracker), service)
        titles = {line.id: write.text(line.title) for line in order.lines}
        for line in verdict.line_verdicts:
            if not line.allowed:
                dispatcher.utter_message(
                    response="utter_returns_line_excluded", title=titles[line.line_id]
                )
        return allowed


class ActionAskReturnFormReturnLines(ShopAction):
    """Asks which lines go back, one button a line."""

    def name(self) -> Text:
        """See parent class for the full docstring."""
        return "action_ask_return_form_return_lines"

    async def act(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, turn: Turn, service: Services
    ) -> List[Dict[Text, Any]]:
        """See parent class for the full docstring."""
        order = service.shop.order(turn.identity, str(tracker.get_slot("order_number")))
        write = writer(turn, service)
        open_lines = [line for line in order.lines if line.left_quantity > 0]
        buttons = [
            {"title": write.text(line.title), "payload": f'/inform{{"line_choice": "{position}"}}'}
            for position, line in enumerate(open_lines, start=1)
        ]
        dispatcher.utter_message(
            response="utter_returns_ask_lines", buttons=buttons, order_number=order.number
        )
        return []


class ActionAskReturnFormReturnConfirmed(ShopAction):
    """Says what the rules grant and asks for consent before anything is opened."""

    def name(self) -> Text:
        """See parent class for the full docstring."""
        return "action_ask_return_form_return_confirmed"

    async def act(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, turn: Turn, service: Services
    ) -> List[Dict[Text, Any]]:
        """See parent class for the full docstring."""
        order = service.shop.order(turn.identity, str(tracker.get_slot("order_number")))
        verdict = assess(order, tracker, service)
        dispatcher.utter_message(
            response=f"utter_returns_ask_confirm_{verdict.rule}",
            **verdict_facts(order, verdict, writer(turn, service), service),
        )
        return []


class ActionOpenReturn(ShopAction):
    """Opens the return that was confirmed, or says why it cannot be."""

    def name(self) -> Text:
        """See parent class for the full docstring."""
        return "action_open_return"

    async def act(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, turn: Turn, service: Services
    ) -> List[Dict[Text, Any]]:
        """See parent class for the full docstring."""
        number = tracker.get_slot("order_number")
        if number is None:
            return forget_form()
        try:
            order = service.shop.order(turn.identity, str(number))
            verdict = assess(order, tracker, service)
            if not verdict.allowed:
                self._refuse(dispatcher, order, verdict, turn, service)
            elif tracker.get_slot("return_confirmed"):
                self._open(dispatcher, tracker, order, turn, service)
            else:
                dispatcher.utter_message(response="utter_returns_kept")
        except OrderNotFound:
            dispatcher.utter_message(response="utter_orders_not_found", order_number=str(number))
        return forget_form()

    def _open(
        self,
        dispatcher: CollectingDispatcher,
        tracker: Tracker,
        order: Order,
        turn: Turn,
        service: Services,
    ) -> None:
        try:
            opened = service.shop.open_return(
                turn.identity,
                order.number,
                line_ids=tracker.get_slot("return_lines"),
                reason=tracker.get_slot("return_reason"),
                note=tracker.get_slot("return_note") or "",
                idempotency_key=turn.message_id,
                now=service.now(),
            )
        except ReturnRefused as error:
            self._refuse(dispatcher, order, error.verdict, turn, service)
            return
        except IdempotencyConflict:
            dispatcher.utter_message(response="utter_orders_shop_unavailable")
            return
        write = writer(turn, service)
        lines = [line for line in order.lines if line.id in opened.line_ids]
        refund = write.money(opened.refund_cents)
        dispatcher.utter_message(
            response="utter_returns_opened",
            json_message={
                "card": {
                    "type": "return",
                    "rma": opened.rma_number,
                    "order": order.number,
                    "refund": refund,
                    "items": [write.text(line.title) for line in lines],
                }
            },
            rma_number=opened.rma_number,
            order_number=order.number,
            titles=write.titles(lines),
            refund_amount=refund,
            pickup_hours=service.policy.returns.pickup_within_hours,
        )

    def _refuse(
        self,
        dispatcher: CollectingDispatcher,
        order: Order,
        verdict: Verdict,
        turn: Turn,
        service: Services,
    ) -> None:
        rule = TOLD_AS.get(verdict.rule, verdict.rule)
        opened = service.shop.returns(turn.identity, order.number)
        dispatcher.utter_message(
            response=f"utter_returns_denied_{rule}",
            rma_suffix=f" ({opened[0].rma_number})" if opened else "",
            **verdict_facts(order, verdict, writer(turn, service), service),
        )


class ActionOfferExchange(ShopAction):
    """Says how long an exchange is possible and offers the person who arranges it."""

    def name(self) -> Text:
        """See parent class for the full docstring."""
        return "action_offer_exchange"

    async def act(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, turn: Turn, service: Services
    ) -> List[Dict[Text, Any]]:
        """See parent class for the full docstring."""
        dispatcher.utter_message(
            response="utter_returns_exchange_person", exchange_days=service.policy.exchanges.days
        )
        return []


def verdict_facts(
    order: Order, verdict: Verdict, write: FactWriter, service: Services
) -> Dict[Text, Any]:
    """The facts that the words about a verdict may name; those that do not apply are left out."""
    told = [
        line
        for line in order.lines
        if any(v.line_id == line.id and v.outcome == verdict.outcome for v in verdict.line_verdicts)
    ]
    facts: Dict[Text, Any] = {
        "order_number": order.number,
        "titles": write.titles(told),
        "days": verdict.facts["days"],
        "quality_days": service.policy.returns.quality_days,
        "refund_amount": write.money(int(str(verdict.facts["refund_cents"]))),
    }
    for name in ("delivered_on", "last_day"):
        if verdict.facts.get(name):
            facts[name] = write.day(verdict.facts[name])  # type: ignore[arg-type]
    return facts
