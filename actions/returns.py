"""Returns: asking, the return itself, and words for what the rules say."""

from typing import Any, Dict, List, Text

from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions.facts import FactWriter
from actions.orders import ActionAskOrderNumber
from actions.return_form import assess
from actions.services import Services
from actions.shop_action import OrderAction, ShopAction, writer
from actions.turn import Turn
from shop import IdempotencyConflict, Order, OrderStatus, ReturnRefused, Verdict

# Rules that are told with the same words.
TOLD_AS = {"perishable": "excluded", "digital": "excluded", "newspaper": "excluded"}
RETURNED_RULES = {"already_returned", "nothing_left"}


class ActionAskReturnFormOrderNumber(ActionAskOrderNumber):
    """Asks which order goes back; only what has arrived can."""

    question = "utter_returns_ask_choice"

    def name(self) -> Text:
        """See parent class for the full docstring."""
        return "action_ask_return_form_order_number"

    def choices(self, orders: List[Order]) -> List[Order]:
        """Orders that were delivered."""
        return [order for order in orders if order.status is OrderStatus.DELIVERED]


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


class ActionOpenReturn(OrderAction):
    """Opens the return that was confirmed, or says why it cannot be."""

    def name(self) -> Text:
        """See parent class for the full docstring."""
        return "action_open_return"

    def settle(
        self,
        dispatcher: CollectingDispatcher,
        tracker: Tracker,
        order: Order,
        turn: Turn,
        service: Services,
    ) -> None:
        """See parent class for the full docstring."""
        verdict = assess(order, tracker, service)
        if not verdict.allowed:
            self._refuse(dispatcher, order, verdict, turn, service)
        elif tracker.get_slot("return_confirmed"):
            self._open(dispatcher, tracker, order, turn, service)
        else:
            dispatcher.utter_message(response="utter_returns_kept")

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
        facts = verdict_facts(order, verdict, writer(turn, service), service)
        opened = service.shop.returns(turn.identity, order.number)
        if rule in RETURNED_RULES:
            # Settled without a return of ours: cancelled, or refunded by the desk.
            rule = "already_returned" if opened else "settled"
            facts["rma_number"] = opened[0].rma_number if opened else ""
        dispatcher.utter_message(response=f"utter_returns_denied_{rule}", **facts)


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
