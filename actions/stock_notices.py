"""A word when something is back in stock: offered with a button, asked for in words."""

import json
from pathlib import Path
from typing import Optional, Text, Tuple

from rasa_sdk.executor import CollectingDispatcher

from actions.services import Services
from actions.shop_action import writer
from actions.turn import Turn
from actions.variants import item_title
from actions.word_patterns import folded, load_patterns

_INTENT = "/stock"

# A product's SKU and the id of one of its variants.
Watched = Tuple[Text, Text]


def watch_payload(sku: Text, variant_id: Text) -> Text:
    """What the button says that asks for a word when a variant is back."""
    return _INTENT + json.dumps({"product": sku, "watch": variant_id})


def asks_for_notice(text: Text) -> bool:
    """Whether the shopper wants to be told when something is back."""
    lists = load_patterns(Path(__file__).with_suffix(".yml"))
    return bool(lists["notice"].search(folded(text)))


def pressed(turn: Turn) -> Optional[Watched]:
    """What the button was for that was just pressed."""
    skus, variant_ids = turn.entities("product"), turn.entities("watch")
    return (skus[0], variant_ids[0]) if skus and variant_ids else None


def offered(turn: Turn) -> Optional[Watched]:
    """For what a word was offered in the last replies, if it was a single thing."""
    buttons = [
        button
        for reply in turn.previous_replies()
        for button in (reply.get("data") or {}).get("buttons") or []
    ]
    found = {_watched(str(button.get("payload"))) for button in buttons} - {None}
    return found.pop() if len(found) == 1 else None


def _watched(payload: Text) -> Optional[Watched]:
    if not payload.startswith(_INTENT + "{"):
        return None
    entities = json.loads(payload[len(_INTENT) :])
    if not entities.get("product") or not entities.get("watch"):
        return None
    return str(entities["product"]), str(entities["watch"])


async def watch(
    dispatcher: CollectingDispatcher, turn: Turn, service: Services, sku: Text, variant_id: Text
) -> None:
    """Note that the shopper wants to be told; nobody can tell a visitor later.

    Raises:
        ShopUnavailable: the shop does not answer.
    """
    if turn.identity.customer_id is None:
        dispatcher.utter_message(response="utter_stock_log_in")
        return
    product = await service.shop.product(sku)
    variant = product.variant(variant_id) if product else None
    if product is None or variant is None:
        dispatcher.utter_message(response="utter_products_person")
        return
    item, now = item_title(product, variant, writer(turn, service)), service.now()
    if variant.stock:
        dispatcher.utter_message(response="utter_stock_there", item=item)
        return
    notice = await service.shop.watch_stock(turn.identity, variant.id, now=now)
    response = "utter_stock_watched" if notice.requested_at >= now else "utter_stock_watched_before"
    dispatcher.utter_message(response=response, item=item)
