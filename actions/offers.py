"""What a typed yes takes up: what the button would have done that was just shown."""

import json
from typing import Any, Dict, List, Optional, Text

from rasa_sdk.events import FollowupAction, SlotSet

from actions.turn import Turn

PERSON = "/human_agent"
# By the intent of a button that stands alone.
TAKEN_UP = {
    "cancel_order": "cancel_form",
    "change_address": "address_form",
    "refund_status": "refund_status_form",
    "invoice": "invoice_form",
    "price_protection": "price_protection_form",
    "stock": "action_watch_stock",
    "warranty_repair": "repair_form",
}


def offers_person(turn: Turn) -> bool:
    """Whether a person is what was offered first, not one choice among others."""
    return next(iter(_buttons(turn)), None) == PERSON


def taken_up(turn: Turn) -> Optional[List[Dict[Text, Any]]]:
    """Events that do what was offered; None when it was not a single thing."""
    buttons = _buttons(turn)
    if len(buttons) != 1:
        return None
    intent, brace, rest = buttons[0].lstrip("/").partition("{")
    if intent not in TAKEN_UP:
        return None
    entities = json.loads(brace + rest) if brace else {}
    number = entities.get("order_number")
    slots = [SlotSet("order_number", str(number))] if number else []
    return [*slots, FollowupAction(TAKEN_UP[intent])]


def _buttons(turn: Turn) -> List[Text]:
    """The payloads under the last reply."""
    replies = turn.previous_replies()
    buttons = (replies[-1].get("data") or {}).get("buttons") if replies else None
    return [str(button.get("payload")) for button in buttons or []]
