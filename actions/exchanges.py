"""Exchanges: the goods back, another size or colour, or a whole one, instead."""

from typing import Any, Dict, List, Optional, Text

from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions.facts import FactWriter
from actions.goods_form import GoodsForm, freight, goods, lines_of
from actions.order_form import Slots
from actions.request_form import RequestAction
from actions.services import Services, services
from actions.shop_action import ShopAction, writer
from actions.stock_notices import watch_payload
from actions.turn import Turn
from actions.variants import MOST_CHOICES, meant, variant_title
from shop import (
    ExchangeRequest,
    Order,
    OrderLine,
    OrderStatus,
    Product,
    Settlement,
    Variant,
    Verdict,
)

# Entities by which a variant is named.
_NAMED = ("size", "color")


class ValidateExchangeForm(GoodsForm):
    """Collects order, line, reason, the variant wanted and consent."""

    form = "exchange_form"
    own_intents = ("exchange_item",)
    corrections = (*GoodsForm.corrections, *_NAMED)
    slots = ("order_number", "phone_last4", "order_lines", "reason", "variant", "confirmed")
    question = "utter_returns_ask_exchange_choice"
    lines_question = "utter_returns_ask_exchange_line"
    done = "utter_returns_exchange_opened"
    kept = "utter_returns_exchange_kept"
    asks_products = True
    refusals = {
        "variant_sold_out": "utter_returns_exchange_sold_out",
        "window_over": "utter_returns_denied_window_over",
        "not_delivered": "utter_returns_denied_not_delivered",
        **dict.fromkeys(("already_returned", "already_open"), "utter_returns_denied_already"),
    }

    def candidates(self, orders: List[Order]) -> List[Order]:
        """Orders that were delivered and of which something is left."""
        return [
            order
            for order in orders
            if order.status is OrderStatus.DELIVERED and self.open_lines(order)
        ]

    def _is_another_topic(self, tracker: Tracker) -> bool:
        turn = Turn(tracker)
        # "Do you have it in L?" names what shall come instead.
        names = tracker.get_slot("order_lines") and any(turn.entities(each) for each in _NAMED)
        return not (turn.intent == "stock" and names) and super()._is_another_topic(tracker)

    def request(self, order: Order, tracker: Tracker) -> Optional[ExchangeRequest]:
        """See parent class; one line at a time."""
        pieces = self.pieces(order, tracker)
        variant = tracker.get_slot("variant") or ""
        if len(pieces) != 1:
            pieces, variant = pieces[:1], ""
        return ExchangeRequest(
            pieces, self.reason(tracker), tracker.get_slot("note") or "", variant=variant
        )

    def is_final(self, verdict: Verdict, tracker: Tracker) -> bool:
        """See parent class; what is sold out may be asked for otherwise."""
        if not tracker.get_slot("order_lines"):
            return False
        return super().is_final(verdict, tracker) and (
            bool(tracker.get_slot("variant")) or verdict.rule not in _OPEN_WITHOUT_A_VARIANT
        )

    def asks(self, verdict: Verdict) -> Text:
        """See parent class for the full docstring."""
        return f"utter_returns_ask_exchange_confirm_{freight(verdict)}"

    def offer(
        self, order: Order, verdict: Verdict, tracker: Tracker, write: FactWriter
    ) -> Dict[Text, Any]:
        """See parent class for the full docstring."""
        shown = tracker.get_slot("variant_title") or ""
        return {**super().offer(order, verdict, tracker, write), "variant": shown}

    async def validate_order_lines(
        self, value: Any, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Any
    ) -> Slots:
        """See parent class; one line at a time, and another line has other variants."""
        before = tracker.get_slot("order_lines")
        slots = await super().validate_order_lines(value, dispatcher, tracker, domain)
        lines = slots["order_lines"]
        if lines and len(lines) > 1:
            dispatcher.utter_message(response="utter_returns_exchange_one_by_one")
            return {**slots, "order_lines": None, "variant": None}
        return slots if lines == before else {**slots, "variant": None}

    async def extract_variant(self, dispatcher: Any, tracker: Tracker, domain: Any) -> Slots:
        """The variant that is named; the same again for what came faulty, damaged or wrong."""
        found = await line_and_product(self, tracker)
        if found is None:
            return {}
        line, product = found
        turn = Turn(tracker)
        before = product.variant(tracker.get_slot("variant") or line.variant)
        if not any(turn.entities(each) for each in _NAMED):
            same_again = tracker.get_slot("reason") and self.reason(tracker).is_claim
            only = len(product.variants) <= 1
            if (same_again or only) and not tracker.get_slot("variant"):
                return {"variant": line.variant or _only(product)}
            return {}
        fitting = [v for v in meant(product, turn, before) if v.id != line.variant]
        return {"variant": fitting[0].id} if len(fitting) == 1 else {}

    async def validate_variant(
        self, value: Any, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Any
    ) -> Slots:
        """A variant of this product that can be sent; what is sold out is said so at once."""
        found = await line_and_product(self, tracker)
        variant = found[1].variant(str(value)) if found and value else None
        if variant is None:
            return {"variant": None}
        title = variant_title(variant, writer(Turn(tracker), services()))
        if variant.stock < 1:
            dispatcher.utter_message(
                response="utter_returns_exchange_variant_sold_out",
                variant=title,
                watch=watch_payload(found[1].sku, variant.id) if found else "",
            )
            return {"variant": None}
        return {"variant": variant.id, "variant_title": title, "confirmed": None}


# While no variant is chosen these only say that one has to be.
_OPEN_WITHOUT_A_VARIANT = {"variant_sold_out", "variant_unknown", "same_variant"}


def _only(product: Product) -> Optional[Text]:
    return product.variants[0].id if product.variants else None


async def line_and_product(
    form: GoodsForm, tracker: Tracker
) -> "Optional[tuple[OrderLine, Product]]":
    """The one line that is meant, and what the catalogue knows of it."""
    order = await form.order(tracker)
    chosen = lines_of(order, tracker) if order else None
    line = order.line(chosen[0]) if order and chosen and len(chosen) == 1 else None
    product = await services().shop.product(line.sku) if line else None
    return (line, product) if line and product else None


class ActionAskVariant(ShopAction):
    """Asks what shall come instead, with what is in stock as buttons."""

    def name(self) -> Text:
        """See parent class for the full docstring."""
        return "action_ask_variant"

    async def act(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, turn: Turn, service: Services
    ) -> List[Dict[Text, Any]]:
        """See parent class for the full docstring."""
        found = await line_and_product(ValidateExchangeForm(), tracker)
        write = writer(turn, service)
        line, product = found if found else (None, None)
        others = [
            variant
            for variant in (product.variants if product else ())
            if variant.stock > 0 and line and variant.id != line.variant
        ]
        title = write.text(line.title) if line else ""
        response = "utter_returns_ask_variant" if others else "utter_returns_no_other_variant"
        dispatcher.utter_message(
            response=response,
            title=title,
            order_number=str(tracker.get_slot("order_number")),
            buttons=[_button(variant, write) for variant in others[:MOST_CHOICES]],
        )
        return []


def _button(variant: Variant, write: FactWriter) -> Dict[Text, Text]:
    named = [("size", variant.size), ("color", variant.colour)]
    entities = ", ".join(f'"{name}": "{value}"' for name, value in named if value)
    return {"title": variant_title(variant, write), "payload": f"/inform{{{entities}}}"}


class ActionOpenExchange(RequestAction):
    """Opens the exchange after a yes, or says why it cannot be."""

    form = ValidateExchangeForm()

    def name(self) -> Text:
        """See parent class for the full docstring."""
        return "action_open_exchange"

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
            "variant": tracker.get_slot("variant_title") or "",
            "pickup_hours": service.policy.returns.pickup_within_hours,
        }
