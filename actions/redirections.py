"""Another address, phone number or recipient for an order that has not left yet.

Whoever is at somebody's open browser must not send their parcels elsewhere: the digits of the
order's phone number are asked for first, of everybody.
"""

import re
from typing import Any, Dict, List, Optional, Text

from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions.beginning import BeginAction, asks_what_holds_for_anybody
from actions.facts import FactWriter
from actions.order_form import Slots
from actions.request_form import RequestAction, RequestForm
from actions.services import services
from actions.turn import Turn
from shop import Address, Order, OrderStatus, RedirectRequest, Settlement, Verdict

PARTS = ("recipient", "phone", "address")
MOST_ADDRESS = 200
# Province and city in front of a Chinese address; what has neither lies in the same city.
_REGION = re.compile(
    r"(?P<region>[\u4e00-\u9fff]{2,8}?(?:省|自治区|特别行政区))?\s*(?P<city>[\u4e00-\u9fff]{2,8}?(?:市|州|盟))?\s*"
)
# What the rules say of an order while nothing is named.
_OPEN = ("same_address", "address_incomplete")
_LATIN = re.compile(r"[A-Za-z]{3}")


class ValidateAddressForm(RequestForm):
    """Collects the order, the proof, what is to be changed, and consent."""

    form = "address_form"
    own_intents = ("change_address",)
    corrections = (*RequestForm.corrections, *PARTS)
    slots = ("order_number", "phone_last4", "new_address", "confirmed")
    question = "utter_orders_ask_address_choice"
    confirm = "utter_orders_ask_address_confirm"
    done = "utter_orders_address_changed"
    kept = "utter_orders_address_kept"
    refusals = {"already_dispatched": "utter_orders_address_denied_dispatched"}

    def candidates(self, orders: List[Order]) -> List[Order]:
        """Orders that have not left; without any, those on their way."""
        waiting = (OrderStatus.UNPAID, OrderStatus.PAID)
        return [order for order in orders if order.status in waiting] or [
            order for order in orders if order.status is OrderStatus.SHIPPED
        ]

    async def needs_proof(self, tracker: Tracker) -> bool:
        """See parent class; here a customer has to show it as well."""
        number = tracker.get_slot("order_number")
        if not number or await super().needs_proof(tracker):
            return True
        return not await services().shop.has_stepped_up(Turn(tracker).identity, str(number))

    async def extract_new_address(self, dispatcher: Any, tracker: Tracker, domain: Any) -> Slots:
        """Whatever of recipient, phone and address is named, beside what was named before."""
        turn = Turn(tracker)
        found = {part: turn.entities(part)[-1] for part in PARTS if turn.entities(part)}
        asked = tracker.get_slot("requested_slot") == "new_address"
        if not found and asked and turn.intent == "inform" and _looks_like_address(turn.text):
            found = {"address": turn.text}
        if not found:
            return {}
        return {"new_address": {**(tracker.get_slot("new_address") or {}), **found}}

    async def validate_new_address(
        self, value: Any, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Any
    ) -> Slots:
        """At most what fits on a parcel; whatever was agreed to before was another address."""
        named = {part: str(text)[:MOST_ADDRESS] for part, text in (value or {}).items()}
        return {"new_address": named or None, "confirmed": None}

    def request(self, order: Order, tracker: Tracker) -> Optional[RedirectRequest]:
        """See parent class; while nothing is named, to where it goes already."""
        return RedirectRequest(redirected(order.address, tracker.get_slot("new_address") or {}))

    def is_final(self, verdict: Verdict, tracker: Tracker) -> bool:
        """See parent class; that nothing changes yet ends nothing."""
        return super().is_final(verdict, tracker) and (
            verdict.rule not in _OPEN or bool(tracker.get_slot("new_address"))
        )

    def offer(
        self, order: Order, verdict: Verdict, tracker: Tracker, write: FactWriter
    ) -> Dict[Text, Any]:
        """See parent class for the full docstring."""
        request = self.request(order, tracker)
        assert request is not None
        return {"address": write.address(request.address)}


class ActionBeginAddressChange(BeginAction):
    """Begins to change where an order goes, or answers until when that can be done."""

    offer = "utter_orders_address_offer"

    def name(self) -> Text:
        """See parent class for the full docstring."""
        return "action_begin_address_change"

    async def form_for(self, turn: Turn) -> Optional[Text]:
        """See parent class; whoever says where to means an order of theirs."""
        named = any(turn.entities(part) for part in PARTS)
        is_question = asks_what_holds_for_anybody(turn) and not named
        return None if is_question else ValidateAddressForm.form


class ActionChangeAddress(RequestAction):
    """Changes where the order goes after a yes, or says why it cannot be."""

    form = ValidateAddressForm()

    def name(self) -> Text:
        """See parent class for the full docstring."""
        return "action_change_address"

    def more(
        self, order: Order, settled: Settlement, tracker: Tracker, write: FactWriter, service: Any
    ) -> Dict[Text, Any]:
        """See parent class for the full docstring."""
        request = self.form.request(order, tracker)
        assert request is not None
        return {"address": write.address(request.address)}


def redirected(old: Optional[Address], named: Dict[Text, Text]) -> Address:
    """The whole address as it shall be: what was named over what it was."""
    old = old or Address("", "", "", "", "")
    region, city, detail = old.region, old.city, old.detail
    if "address" in named:
        found = _REGION.match(named["address"])
        assert found is not None
        rest = named["address"][found.end() :].strip()
        if found["region"] or found["city"]:
            known = region if _same_city(found["city"], city) else ""
            region, city, detail = found["region"] or known, found["city"] or "", rest
        elif _names_place(named["address"]):
            region, city, detail = "", "", named["address"]
        else:
            detail = rest
    return Address(
        named.get("recipient", old.recipient), named.get("phone", old.phone), region, city, detail
    )


def _same_city(one: Optional[Text], other: Text) -> bool:
    return bool(one) and (one or "").rstrip("市") == other.rstrip("市")


def _names_place(address: Text) -> bool:
    """Whether an address in Latin letters ends with a place: "25 Linden Road, Shanghai"."""
    *before, last = address.split(",")
    return bool(before and _LATIN.search(last)) and not re.search(r"\d", last)


def _looks_like_address(text: Text) -> bool:
    return bool(re.search(r"\d", text)) and len(text.strip()) >= 6
