"""Price protection: what has become cheaper soon after it was bought, and the difference back."""

from typing import Any, Dict, List, Optional, Text

from rasa_sdk import Tracker

from actions.beginning import BeginAction, is_wish
from actions.facts import FactWriter
from actions.order_form import MOST_LOOKED_AT
from actions.request_form import RequestAction, RequestForm
from actions.services import services
from actions.turn import Turn
from actions.wishes import asks_to_know
from shop import Order, PriceProtectionRequest, ShopUnavailable, Verdict, assess


class ValidatePriceProtectionForm(RequestForm):
    """Collects the order and consent; which lines have become cheaper the rules find out."""

    form = "price_protection_form"
    own_intents = ("price_protection",)
    slots = ("order_number", "phone_last4", "confirmed")
    question = "utter_promotions_ask_price_choice"
    confirm = "utter_promotions_ask_price_confirm"
    done = "utter_promotions_price_protected"
    kept = "utter_promotions_price_kept"
    refusals = {"price_not_lower": "utter_promotions_price_denied_not_lower"}
    asks_products = True

    def candidates(self, orders: List[Order]) -> List[Order]:
        """See parent class; without today's prices any order may be meant."""
        return orders

    async def likely(self, orders: List[Order]) -> List[Order]:
        """Orders of which something can be bought for less today."""
        service = services()
        skus = tuple(sorted({line.sku for order in orders for line in order.lines}))
        products = await service.shop.products(skus) if skus else {}
        now = service.now()
        verdicts = (
            assess(
                order, PriceProtectionRequest(), policies=service.book, now=now, products=products
            )
            for order in orders
        )
        return [order for order, verdict in zip(orders, verdicts) if verdict.allowed]

    def request(self, order: Order, tracker: Tracker) -> Optional[PriceProtectionRequest]:
        """See parent class for the full docstring."""
        return PriceProtectionRequest()

    def offer(
        self, order: Order, verdict: Verdict, tracker: Tracker, write: FactWriter
    ) -> Dict[Text, Any]:
        """See parent class; each line with its difference."""
        titles = {line.id: write.text(line.title) for line in order.lines}
        differences = (
            f"{titles[line.line_id]} {write.money(line.refund_cents)}"
            for line in verdict.line_verdicts
            if line.allowed
        )
        return {"differences": write.joined(differences)}


class ActionBeginPriceProtection(BeginAction):
    """Begins price protection, or answers a question about it."""

    offer = "utter_promotions_price_offer"

    def name(self) -> Text:
        """See parent class for the full docstring."""
        return "action_begin_price_protection"

    async def form_for(self, turn: Turn) -> Optional[Text]:
        """See parent class; "can I get it?" is best answered by looking at their orders."""
        if is_wish(turn):
            return ValidatePriceProtectionForm.form
        customer = turn.identity.customer_id is not None and not asks_to_know(turn.question)
        return ValidatePriceProtectionForm.form if customer and await _any_cheaper(turn) else None


async def _any_cheaper(turn: Turn) -> bool:
    try:
        orders = await services().shop.orders(turn.identity, limit=MOST_LOOKED_AT)
        return bool(await ValidatePriceProtectionForm().likely(orders))
    except ShopUnavailable:
        return False


class ActionProtectPrice(RequestAction):
    """Has the difference paid back after a yes, or says why there is none."""

    form = ValidatePriceProtectionForm()

    def name(self) -> Text:
        """See parent class for the full docstring."""
        return "action_protect_price"
