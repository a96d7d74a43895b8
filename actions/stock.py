"""Stock: whether something can be bought now, and a word when it can be again."""

from typing import Any, Dict, List, Text

from rasa_sdk import Tracker
from rasa_sdk.events import ActionExecutionRejected, FollowupAction
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.forms import FormValidationAction

from actions.facts import FactWriter
from actions.knowledge import ActionAnswerQuestion
from actions.named_products import products_meant
from actions.order_form import TOPICS
from actions.services import Services
from actions.shop_action import ShopAction, writer
from actions.stock_notices import asks_for_notice, offered, pressed, watch, watch_payload
from actions.turn import Turn
from actions.variants import MOST_CHOICES, grouped, item_title, meant, named_variant, variant_title
from shop import Product, Variant

# So few that a shopper should know.
FEW = 3


class ValidateStockForm(FormValidationAction):
    """Collects which product is meant; the entity fills the slot."""

    def name(self) -> Text:
        """See parent class for the full docstring."""
        return "validate_stock_form"

    def domain_slots(self, domain: Any) -> List[Text]:
        """See parent class; the domain is too large to be sent with each call."""
        return ["product"]

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Any
    ) -> List[Dict[Text, Any]]:
        """See parent class; another topic ends the form's turn."""
        running = (tracker.active_loop or {}).get("name") == self.form_name()
        if running and Turn(tracker).intent in TOPICS - {"stock"}:
            return [ActionExecutionRejected(self.form_name())]
        return list(await super().run(dispatcher, tracker, domain))


class ActionTellStock(ShopAction):
    """Says what is in stock of the product that is meant; asks which one when that is not known."""

    def name(self) -> Text:
        """See parent class for the full docstring."""
        return "action_tell_stock"

    async def act(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, turn: Turn, service: Services
    ) -> List[Dict[Text, Any]]:
        """See parent class for the full docstring."""
        notice = asks_for_notice(turn.text)
        chosen = pressed(turn) or (offered(turn) if notice else None)
        if chosen:
            await watch(dispatcher, turn, service, *chosen)
            return []
        products = await products_meant(tracker, turn, service)
        if not products:
            if (tracker.active_loop or {}).get("name"):
                return await ActionAnswerQuestion().run(dispatcher, tracker, {})
            return [FollowupAction("stock_form")]
        for product in products:
            variants = meant(product, turn)
            if notice and len(variants) == 1 and not variants[0].stock:
                await watch(dispatcher, turn, service, product.sku, variants[0].id)
            else:
                _tell(dispatcher, product, variants, turn, writer(turn, service))
        return []


class ActionWatchStock(ShopAction):
    """Takes up the offer that was just made: a word when it is back."""

    def name(self) -> Text:
        """See parent class for the full docstring."""
        return "action_watch_stock"

    async def act(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, turn: Turn, service: Services
    ) -> List[Dict[Text, Any]]:
        """See parent class for the full docstring."""
        chosen = offered(turn)
        if chosen:
            await watch(dispatcher, turn, service, *chosen)
        return []


def _tell(
    dispatcher: CollectingDispatcher,
    product: Product,
    variants: List[Variant],
    turn: Turn,
    write: FactWriter,
) -> None:
    """Say how these variants of a product stand; none of them: it does not come like that."""
    title = write.text(product.title)
    there = [variant for variant in product.variants if variant.stock]
    left = [variant for variant in variants if variant.stock]
    facts = {"title": title, "choices": grouped(there, write)}
    if not variants:
        asked = named_variant(turn, write)
        dispatcher.utter_message(response="utter_stock_no_such", variant=asked, **facts)
    elif len(variants) > 1 and left:
        facts["choices"] = grouped(left, write)
        dispatcher.utter_message(response="utter_stock_choices", **facts)
    elif len(variants) > 1:
        _tell_sold_out(dispatcher, product, variants, title, facts, write)
    elif not left:
        item = item_title(product, variants[0], write)
        _tell_sold_out(dispatcher, product, variants, item, facts, write)
    else:
        state = "low" if left[0].stock <= FEW else "there"
        item = item_title(product, left[0], write)
        dispatcher.utter_message(response=f"utter_stock_{state}", item=item, pieces=left[0].stock)


def _tell_sold_out(
    dispatcher: CollectingDispatcher,
    product: Product,
    variants: List[Variant],
    item: Text,
    facts: Dict[Text, Any],
    write: FactWriter,
) -> None:
    """Say that these are sold out, what else there is, and offer a word when they are back."""
    if len(variants) == 1:
        payload = watch_payload(product.sku, variants[0].id)
        response = "utter_stock_sold_out" if facts["choices"] else "utter_stock_sold_out_all"
        dispatcher.utter_message(response=response, item=item, watch=payload, **facts)
        return
    buttons = [
        {"title": variant_title(variant, write), "payload": watch_payload(product.sku, variant.id)}
        for variant in variants[:MOST_CHOICES]
    ]
    dispatcher.utter_message(response="utter_stock_sold_out_which", buttons=buttons, **facts)
