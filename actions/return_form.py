"""Returns, collecting: which lines, why, and consent.

The verdict is asked of shop/rights at every step that could change it, so that a shopper whose
return is impossible hears so before they have answered needless questions.
"""

from typing import Any, List, Sequence, Text

from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions.line_choice import chosen_lines
from actions.order_form import OrderFormValidation, Slots
from actions.services import Services, services
from actions.shop_action import writer
from actions.turn import Turn
from shop import Order, OrderStatus, Reason, Verdict, assess_return

REASONS = {reason.value for reason in Reason}
MOST_NOTE = 500
CUSTOM_MADE = "custom_made"


def assess(order: Order, tracker: Tracker, service: Services) -> Verdict:
    """The verdict on what the form knows so far; a reason in own words counts as `other`."""
    reason = tracker.get_slot("return_reason")
    return assess_return(
        order,
        line_ids=lines_of(order, tracker) or None,
        reason=reason if reason is None or reason in REASONS else "other",
        policy=service.policy,
        now=service.now(),
    )


def lines_of(order: Order, tracker: Tracker) -> List[int]:
    """The chosen lines as far as they belong to this order; none when another was meant before."""
    own = {line.id for line in order.lines}
    return [line_id for line_id in tracker.get_slot("return_lines") or [] if line_id in own]


class ValidateReturnForm(OrderFormValidation):
    """Collects order, lines, reason and consent; stops as soon as the rules say no."""

    own_intent = "return_item"
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
        if order is not None:
            verdicts = assess(order, tracker, services()).line_verdicts
            if not any(verdict.allowed for verdict in verdicts):
                return ["order_number"]
        return slots

    def extract_return_lines(self, dispatcher: Any, tracker: Tracker, domain: Any) -> Slots:
        """The lines meant in this message, or the only ones there are."""
        order = self.order(tracker)
        if order is None or lines_of(order, tracker):
            return {}
        chosen = self._chosen(order, tracker)
        if tracker.get_slot("return_lines"):
            # They were another order's: what was agreed to was that order too.
            return {"return_lines": chosen or None, "return_confirmed": None}
        return {"return_lines": chosen} if chosen else {}

    def _chosen(self, order: Order, tracker: Tracker) -> List[int]:
        turn = Turn(tracker)
        open_lines = [line for line in order.lines if line.left_quantity > 0]
        if len(open_lines) == 1:
            return [open_lines[0].id]
        asked = tracker.get_slot("requested_slot") == "return_lines"
        chosen = chosen_lines(
            open_lines, turn.entities("line_choice"), turn.text if asked else "", turn.language
        )
        return [line.id for line in chosen]

    def validate_return_lines(
        self, value: Any, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Any
    ) -> Slots:
        """Only lines of this order, and of several only those that may go."""
        order = self.order(tracker)
        tracker.slots["return_lines"] = lines_of(order, tracker) if order else None
        if order is not None and tracker.get_slot("return_reason") in REASONS:
            self._drop_refused_lines(order, dispatcher, tracker)
        return {"return_lines": tracker.get_slot("return_lines") or None}

    def validate_return_reason(
        self, value: Any, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Any
    ) -> Slots:
        """A known reason, or the shopper's own words as a note; refused lines drop out."""
        note = None if value in REASONS else str(value)[:MOST_NOTE]
        reason = value if value in REASONS else "other"
        tracker.slots["return_reason"] = reason
        order = self.order(tracker)
        if order is not None and tracker.get_slot("return_lines"):
            self._drop_refused_lines(order, dispatcher, tracker)
        return {
            "return_reason": reason,
            "return_note": note or tracker.get_slot("return_note"),
            "return_lines": tracker.get_slot("return_lines"),
        }

    def validate_return_confirmed(
        self, value: Any, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Any
    ) -> Slots:
        """Yes or no as understood; None when what was agreed to is another order's."""
        return {"return_confirmed": value}

    def _drop_refused_lines(
        self, order: Order, dispatcher: CollectingDispatcher, tracker: Tracker
    ) -> None:
        """Of several chosen lines keep those that may go back, and say which ones may not.

        When none may, all stay: the refusal then tells the rule.
        """
        verdicts = assess(order, tracker, services()).line_verdicts
        allowed = [verdict.line_id for verdict in verdicts if verdict.allowed]
        if not allowed:
            return
        tracker.slots["return_lines"] = allowed
        write = writer(Turn(tracker), services())
        titles = {line.id: write.text(line.title) for line in order.lines}
        for verdict in verdicts:
            if not verdict.allowed:
                kind = CUSTOM_MADE if verdict.rule == CUSTOM_MADE else "other"
                dispatcher.utter_message(
                    response=f"utter_returns_line_excluded_{kind}", title=titles[verdict.line_id]
                )
