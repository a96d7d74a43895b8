"""Which products a message is about: named in it, spoken of before, or bought last."""

from pathlib import Path
from typing import List, Text

from rasa_sdk import Tracker

from actions.services import Services
from actions.turn import Turn
from actions.word_patterns import folded, load_patterns
from shop import Product

# More are hardly compared in one message.
MOST_PRODUCTS = 3


async def products_meant(tracker: Tracker, turn: Turn, service: Services) -> List[Product]:
    """The products that are meant, at most three; empty when that is not known.

    Raises:
        ShopUnavailable: the catalogue does not answer.
    """
    skus = turn.entities("product")
    if not skus and is_own(turn.question):
        skus = await _bought_last(turn, service)
    if not skus and tracker.get_slot("product"):
        skus = [str(tracker.get_slot("product"))]
    unique = tuple(dict.fromkeys(skus))[:MOST_PRODUCTS]
    found = await service.shop.products(unique) if unique else {}
    return [found[sku] for sku in unique if sku in found]


def is_own(text: Text) -> bool:
    """Whether the shopper speaks of something they have bought."""
    lists = load_patterns(Path(__file__).with_suffix(".yml"))
    return bool(lists["own"].search(folded(text)))


async def _bought_last(turn: Turn, service: Services) -> List[Text]:
    if turn.identity.customer_id is None:
        return []
    orders = await service.shop.orders(turn.identity, limit=1)
    return [line.sku for order in orders for line in order.lines]
