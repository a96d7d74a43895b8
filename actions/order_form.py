"""Which order, and is it theirs: the part that every form about an order begins with."""

from abc import abstractmethod
from copy import copy
from typing import Any, Dict, List, Optional, Sequence, Text

from rasa_sdk import Tracker
from rasa_sdk.events import ActionExecutionRejected, SlotSet
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.forms import FormValidationAction

from actions.services import services
from actions.shop_action import forget_form
from actions.turn import Turn
from shop import Order, OrderNotFound, ProofRejected, ShopUnavailable, TooManyAttempts

Slots = Dict[Text, Any]

# Intents that begin something else, even when the message also fits what the form asked for.
TOPICS = {
    "track_order",
    "return_item",
    "refund_status",
    "cancel_order",
    "change_address",
    "exchange_item",
    "human_agent",
}
# A message that has no more than this beside an order number is that number, whatever the
# classifier makes of it.
_BARE = 3


class OrderFormValidation(FormValidationAction):
    """Finds the order that is meant and makes a visitor prove that it is theirs."""

    # The form's slots as in the domain, which is too large to be sent with each call.
    slots: Sequence[Text] = ("order_number", "phone_last4")
    # The intent that starts this form.
    own_intent: Text

    def __init__(self) -> None:
        # What has been read of the shop by number; None: not there for the asker.
        self._read: Dict[Text, Optional[Order]] = {}

    @abstractmethod
    def name(self) -> Text:
        """`validate_` and the form's name."""

    @abstractmethod
    def candidates(self, orders: List[Order]) -> List[Order]:
        """The orders, of those given newest first, that this request is likely about."""

    def domain_slots(self, domain: Any) -> List[Text]:
        """See parent class for the full docstring."""
        return list(self.slots)

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Any
    ) -> List[Dict[Text, Any]]:
        """See parent class; another topic ends the form's turn, a shop that is down the form."""
        if self._is_another_topic(tracker):
            return [ActionExecutionRejected(self.form_name())]
        # rasa_sdk makes each form once and asks it several times in a call; what it has read
        # belongs to this call alone.
        form = copy(self)
        form._read = {}
        try:
            return list(await super(OrderFormValidation, form).run(dispatcher, tracker, domain))
        except ShopUnavailable:
            dispatcher.utter_message(response="utter_orders_shop_unavailable")
            return forget_form() + [SlotSet("requested_slot", None)]

    def _is_another_topic(self, tracker: Tracker) -> bool:
        if (tracker.active_loop or {}).get("name") != self.form_name():
            return False
        turn = Turn(tracker)
        beside = turn.text.strip()
        for number in turn.written("order_number"):
            beside = beside.upper().replace(number.upper(), "")
        return turn.intent in TOPICS - {self.own_intent} and len(beside) > _BARE

    async def required_slots(
        self, domain_slots: List[Text], dispatcher: Any, tracker: Tracker, domain: Any
    ) -> List[Text]:
        """The slots still of interest: no proof is asked of a customer, or twice."""
        return [slot for slot in domain_slots if slot != "phone_last4" or self.needs_proof(tracker)]

    def needs_proof(self, tracker: Tracker) -> bool:
        """Whether the asker is a visitor who has not yet shown that the order is theirs."""
        return not Turn(tracker).identity.customer_id and self.order(tracker) is None

    def order(self, tracker: Tracker) -> Optional[Order]:
        """The order in the slot, if the asker may see it."""
        number = tracker.get_slot("order_number")
        return self._find(str(number), tracker) if number else None

    def _find(self, number: Text, tracker: Tracker) -> Optional[Order]:
        if number not in self._read:
            try:
                self._read[number] = services().shop.order(Turn(tracker).identity, number)
            except OrderNotFound:
                self._read[number] = None
        return self._read[number]

    def extract_order_number(self, dispatcher: Any, tracker: Tracker, domain: Any) -> Slots:
        """A customer need not know the number: "my latest order", or the only one that fits."""
        turn = Turn(tracker)
        if turn.identity.customer_id is None or turn.entities("order_number"):
            return {}
        latest = "latest" in turn.entities("order_choice")
        if tracker.get_slot("order_number") and not latest:
            return {}
        orders = services().shop.orders(turn.identity, limit=20)
        self._read.update((order.number, order) for order in orders)
        fitting = orders if latest else self.candidates(orders)
        if fitting and (latest or len(fitting) == 1):
            return {"order_number": fitting[0].number}
        return {}

    def validate_order_number(
        self, value: Any, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Any
    ) -> Slots:
        """A customer's order must be theirs; a visitor's is checked with the proof."""
        number = str(value).upper()
        if Turn(tracker).identity.customer_id is None:
            return {"order_number": number}
        order = self._find(number, tracker)
        if order is None:
            dispatcher.utter_message(response="utter_orders_not_found", order_number=number)
            return {"order_number": None}
        return {"order_number": order.number}

    def validate_phone_last4(
        self, value: Any, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Any
    ) -> Slots:
        """Prove a visitor's order; after too many tries the form ends."""
        number = tracker.get_slot("order_number")
        identity = Turn(tracker).identity
        if not number or identity.customer_id:
            return {"phone_last4": None}
        try:
            proven = services().shop.prove_order(identity, str(number), str(value))
            self._read[str(number)] = proven
            # The shop remembers the proof and for how long; the digits are of no more use.
            return {"phone_last4": None}
        except ProofRejected:
            dispatcher.utter_message(response="utter_orders_proof_rejected")
            return {"order_number": None, "phone_last4": None}
        except TooManyAttempts as error:
            minutes = max(1, -(-error.retry_after_seconds // 60))
            dispatcher.utter_message(response="utter_orders_proof_locked", minutes=minutes)
            return {"order_number": None, "phone_last4": None, "requested_slot": None}
