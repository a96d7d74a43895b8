"""Questions about products, answered with the catalogue's own facts; nothing is made up."""

from typing import Any, Dict, List, Text

from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions.asked_facts import PRICE, asked_facts
from actions.facts import FactWriter
from actions.knowledge import ActionAnswerQuestion
from actions.named_products import products_meant
from actions.services import Services, services
from actions.shop_action import begin_turn, writer
from actions.turn import Turn
from shop import Product, ShopUnavailable


class ActionAnswerProduct(ActionAnswerQuestion):
    """Says what the catalogue knows; the knowledge base is asked where it has nothing."""

    unknown = "utter_products_person"

    def name(self) -> Text:
        """See parent class for the full docstring."""
        return "action_answer_product"

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Dict[Text, Any]
    ) -> List[Dict[Text, Any]]:
        """See parent class for the full docstring."""
        begin_turn(tracker)
        turn, service = Turn(tracker), services()
        asked = asked_facts(turn.question, turn.written("product"))
        try:
            products = await products_meant(tracker, turn, service) if asked else []
        except ShopUnavailable:
            products = []
        write = writer(turn, service)
        told = [(product, _facts(product, asked, write, service)) for product in products]
        if not any(facts for _, facts in told):
            return await super().run(dispatcher, tracker, domain)
        for product, facts in told:
            title = write.text(product.title)
            if facts:
                dispatcher.utter_message(
                    response="utter_products_fact", title=title, facts=write.listed(facts)
                )
            elif turn.entities("product"):
                # Of those that were bought together only what is known is of interest.
                dispatcher.utter_message(response="utter_products_fact_missing", title=title)
        return []


def _facts(product: Product, asked: List[Text], write: FactWriter, service: Services) -> List[Text]:
    """The product's own words to what is asked; today's price is one of them."""
    known = dict(product.facts)
    price = product.price_on(service.now().astimezone(service.policy.zone).date())
    told = {key: write.text(known[key]) for key in asked if key in known}
    if PRICE in asked:
        told[PRICE] = write.money(price.cents)
    return [told[key] for key in asked if key in told]
