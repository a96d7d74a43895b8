"""Which goods of an order, how many of them, and why: what forms about goods collect."""

from typing import Any, Dict, List, Optional, Sequence, Text

from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions.facts import FactWriter
from actions.line_choice import chosen_lines
from actions.order_form import OTHER, OTHER_ONE, Slots
from actions.request_form import RequestForm
from actions.services import Services, services
from actions.shop_action import ShopAction, writer
from actions.turn import Turn
from shop import Order, OrderLine, Outcome, Payer, Pieces, Reason, Verdict

REASONS = {reason.value for reason in Reason}
MOST_NOTE = 500
CUSTOM_MADE = "custom_made"
FREIGHT_INSURED = "freight_insured"
# Intents of which a reason alone may remind.
_REASON_GIVEN = {"delivery_problem", "warranty_repair", "return_item", "exchange_item"}
# Intents that are no reason in own words.
NO_REASON = {
    *("human_agent", "affirm", "deny", "greet", "thanks", "goodbye", "nlu_fallback"),
    *("return_policy", "shipping_fee_policy", "complaint", "bot_challenge", "other_language"),
}


class GoodsForm(RequestForm):
    """Collects order, lines, pieces, reason and consent."""

    slots: Sequence[Text] = ("order_number", "phone_last4", "order_lines", "reason", "confirmed")
    corrections = (*RequestForm.corrections, "line_choice", "quantity", "return_reason")
    # What asks for the lines.
    lines_question: Text = "utter_orders_ask_lines"

    def corrects(self, tracker: Tracker) -> bool:
        """See parent class; "it is damaged" is a reason where one was asked for."""
        turn = Turn(tracker)
        asked = tracker.get_slot("requested_slot") == "reason"
        given = turn.intent in _REASON_GIVEN and bool(turn.entities("return_reason"))
        return (asked and given) or super().corrects(tracker)

    def open_lines(self, order: Order) -> List[OrderLine]:
        """The lines that can be chosen."""
        return [line for line in order.lines if line.left_quantity > 0]

    async def extract_order_number(self, dispatcher: Any, tracker: Tracker, domain: Any) -> Slots:
        """See parent class; "the other one" is the other item where there is one in the order."""
        turn = Turn(tracker)
        if turn.entities("order_choice") == [OTHER_ONE] and not turn.entities("order_number"):
            order = await self.order(tracker)
            if order and lines_of(order, tracker) and len(self.open_lines(order)) > 1:
                return {}
        return dict(await super().extract_order_number(dispatcher, tracker, domain))

    async def extract_order_lines(self, dispatcher: Any, tracker: Tracker, domain: Any) -> Slots:
        """The lines meant in this message, or the only ones there are."""
        order = await self.order(tracker)
        if order is None:
            return {}
        known = lines_of(order, tracker)
        asked = tracker.get_slot("requested_slot") == "order_lines"
        chosen = self._chosen(order, tracker, known, asked=asked)
        if chosen is None:
            # Neither named now nor before, or before in another order: then that was agreed to.
            return {} if known == tracker.get_slot("order_lines") else {"order_lines": None}
        return {"order_lines": chosen}

    def _chosen(
        self, order: Order, tracker: Tracker, known: Optional[List[int]], *, asked: bool
    ) -> Optional[List[int]]:
        turn = Turn(tracker)
        lines = self.open_lines(order)
        choices = turn.entities("line_choice")
        if known and OTHER in choices:
            others = [line.id for line in lines if line.id not in known]
            return others if len(others) == 1 else []
        if len(lines) == 1:
            return [lines[0].id] if not known or turn.entities("quantity") else None
        if known and not choices and not asked:
            return known if turn.entities("quantity") else None
        chosen = chosen_lines(lines, choices, turn.text if asked else "", turn.language)
        named = [line for line in lines if line.sku in turn.entities("product")]
        return [line.id for line in chosen or named] or None

    async def validate_order_lines(
        self, value: Any, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Any
    ) -> Slots:
        """Only lines of this order, of several only those that may go; and how many pieces."""
        order = await self.order(tracker)
        lines = lines_of(order, tracker) if order else None
        tracker.slots["order_lines"] = lines
        tracker.slots["quantity"] = self._quantity(order, dispatcher, tracker)
        if order is not None and lines and self.knows_reason(tracker):
            await self._drop_refused_lines(order, dispatcher, tracker)
        return {
            "order_lines": tracker.get_slot("order_lines") or None,
            "quantity": tracker.get_slot("quantity"),
            # What was agreed to was another choice.
            "confirmed": None,
        }

    def _quantity(
        self, order: Optional[Order], dispatcher: CollectingDispatcher, tracker: Tracker
    ) -> Optional[int]:
        """How many pieces of the one line that is meant; more than there are is said so."""
        asked = next(iter(Turn(tracker).entities("quantity")), "")
        chosen = lines_of(order, tracker) if order else None
        line = order.line(chosen[0]) if order and chosen and len(chosen) == 1 else None
        if line is None or not asked.isdecimal():
            return None
        if 0 < int(asked) <= line.left_quantity:
            return int(asked)
        dispatcher.utter_message(
            response="utter_orders_fewer_pieces",
            title=writer(Turn(tracker), services()).text(line.title),
            quantity=line.left_quantity,
        )
        return None

    async def extract_reason(self, dispatcher: Any, tracker: Tracker, domain: Any) -> Slots:
        """A reason that is named, or whatever is said when it was asked for."""
        turn = Turn(tracker)
        named = turn.entities("return_reason")
        if named and named[0] != tracker.get_slot("reason"):
            return {"reason": named[0]}
        asked = tracker.get_slot("requested_slot") == "reason"
        if asked and turn.text.strip() and turn.intent not in NO_REASON:
            return {"reason": turn.text}
        return {}

    async def validate_reason(
        self, value: Any, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Any
    ) -> Slots:
        """A known reason, or the shopper's own words as a note; refused lines drop out."""
        if value is None:
            return {"reason": None}
        note = None if value in REASONS else str(value)[:MOST_NOTE]
        tracker.slots["reason"] = value if value in REASONS else Reason.OTHER.value
        order = await self.order(tracker)
        if order is not None and tracker.get_slot("order_lines"):
            await self._drop_refused_lines(order, dispatcher, tracker)
        return {
            "reason": tracker.get_slot("reason"),
            "confirmed": None,
            "note": note or tracker.get_slot("note"),
            "order_lines": tracker.get_slot("order_lines"),
        }

    async def _drop_refused_lines(
        self, order: Order, dispatcher: CollectingDispatcher, tracker: Tracker
    ) -> None:
        """Of several chosen lines keep those that may go, and say which ones may not.

        When none may, all stay: the refusal then tells the rule.
        """
        verdict = await self.verdict(order, tracker)
        if verdict is None:
            return
        allowed = [line.line_id for line in verdict.line_verdicts if line.allowed]
        if not allowed:
            return
        tracker.slots["order_lines"] = allowed
        write = writer(Turn(tracker), services())
        titles = {line.id: write.text(line.title) for line in order.lines}
        for refused in verdict.line_verdicts:
            if not refused.allowed:
                kind = CUSTOM_MADE if refused.rule == CUSTOM_MADE else "other"
                dispatcher.utter_message(
                    response=f"utter_orders_line_left_out_{kind}", title=titles[refused.line_id]
                )

    def is_final(self, verdict: Verdict, tracker: Tracker) -> bool:
        """See parent class; while something is open, only what no answer could change."""
        if tracker.get_slot("order_lines") and self.knows_reason(tracker):
            return not verdict.allowed
        return all(line.outcome is Outcome.DENIED for line in verdict.line_verdicts)

    def knows_reason(self, tracker: Tracker) -> bool:
        """Whether the reason is not open any more."""
        return tracker.get_slot("reason") in REASONS

    def reason(self, tracker: Tracker) -> Reason:
        """Why; while it is open, the reason for which the rules grant most."""
        reason = tracker.get_slot("reason")
        if reason is None:
            return Reason.QUALITY
        return Reason(reason) if reason in REASONS else Reason.OTHER

    def pieces(self, order: Order, tracker: Tracker) -> Pieces:
        """The chosen pieces; while the lines are open, all that there are."""
        return pieces_of(order, tracker) or tuple(
            (line.id, line.left_quantity or line.quantity) for line in order.lines
        )

    def offer(
        self, order: Order, verdict: Verdict, tracker: Tracker, write: FactWriter
    ) -> Dict[Text, Any]:
        """See parent class; pieces are named where not all go."""
        return {"goods": goods(order, self.pieces(order, tracker), write)}


def lines_of(order: Order, tracker: Tracker) -> Optional[List[int]]:
    """The chosen lines as far as they belong to this order; None when another was meant before."""
    own = {line.id for line in order.lines}
    return [line_id for line_id in tracker.get_slot("order_lines") or [] if line_id in own] or None


def pieces_of(order: Order, tracker: Tracker) -> Pieces:
    """The chosen lines with their pieces: all that are left, or as many as were named."""
    chosen = lines_of(order, tracker) or []
    asked = tracker.get_slot("quantity")
    lines = [line for line in order.lines if line.id in chosen]
    if asked and len(lines) == 1:
        return ((lines[0].id, int(asked)),)
    # Of a line that is settled already the rules say so themselves.
    return tuple((line.id, line.left_quantity or line.quantity) for line in lines)


def goods(order: Order, pieces: Pieces, write: FactWriter) -> Text:
    """The titles of these pieces, with their number where it is not one."""
    titles = {line.id: write.text(line.title) for line in order.lines}
    return write.joined(
        titles[line_id] if number == 1 else f"{titles[line_id]} × {number}"
        for line_id, number in pieces
    )


class ActionAskOrderLines(ShopAction):
    """Asks which lines are meant, one button a line."""

    def name(self) -> Text:
        """See parent class for the full docstring."""
        return "action_ask_order_lines"

    async def act(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, turn: Turn, service: Services
    ) -> List[Dict[Text, Any]]:
        """See parent class for the full docstring."""
        form = GoodsForm.active(tracker)
        assert isinstance(form, GoodsForm)
        order = await service.shop.order(turn.identity, str(tracker.get_slot("order_number")))
        write = writer(turn, service)
        buttons = [
            {"title": write.text(line.title), "payload": f'/inform{{"line_choice": "{position}"}}'}
            for position, line in enumerate(form.open_lines(order), start=1)
        ]
        dispatcher.utter_message(
            response=form.lines_question, buttons=buttons, order_number=order.number
        )
        return []


def freight(verdict: Verdict) -> Text:
    """Who pays the parcel back, as responses are named: shopper, shop or insurance."""
    if FREIGHT_INSURED in verdict.rules:
        return "insurance"
    return (verdict.freight_paid_by or Payer.SHOPPER).value
