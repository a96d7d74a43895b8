"""Which order, and is it theirs: the part that every form about an order begins with."""

from abc import abstractmethod
from copy import copy
from itertools import takewhile
from typing import Any, ClassVar, Dict, List, Optional, Sequence, Text, Type

from rasa_sdk import Tracker
from rasa_sdk.events import ActionExecutionRejected, SlotSet
from rasa_sdk.executor import CollectingDispatcher
from rasa_sdk.forms import FormValidationAction

from actions.services import services
from actions.shop_action import begin_turn, forget_form
from actions.turn import Turn
from shop import (
    Order,
    OrderNotFound,
    ProofRejected,
    ShopUnavailable,
    TooManyAttempts,
    is_order_number,
    normalise_order_number,
)

Slots = Dict[Text, Any]

# Intents that begin something else, even when the message also fits what the form asked for.
TOPICS = {
    *("track_order", "delivery_problem", "return_item", "exchange_item", "refund_status"),
    *("cancel_order", "change_address", "invoice", "price_protection", "warranty_repair"),
    *("payment_issue", "stock", "human_agent"),
}
# A message that has no more than this beside an order number is that number, whatever the
# classifier makes of it.
_BARE = 3
MOST_LOOKED_AT = 20
# Another order than the one that is meant now; or another one of whatever there are several of.
OTHER, OTHER_ONE = "other", "other_one"


class OrderFormValidation(FormValidationAction):
    """Finds the order that is meant and makes a visitor prove that it is theirs."""

    # The form's slots as in the domain, which is too large to be sent with each call.
    slots: Sequence[Text] = ("order_number", "phone_last4")
    # The form's name, and the intents that start it.
    form: ClassVar[Text]
    own_intents: Sequence[Text]
    # What asks which order is meant.
    question: Text = "utter_orders_ask_choice"

    _by_form: ClassVar[Dict[Text, Type["OrderFormValidation"]]] = {}

    def __init_subclass__(cls) -> None:
        """Let what asks for a slot find the form that it asks for."""
        super().__init_subclass__()
        if "form" in cls.__dict__:
            cls._by_form[cls.form] = cls

    def __init__(self) -> None:
        # What has been read of the shop by number; None: not there for the asker.
        self._read: Dict[Text, Optional[Order]] = {}

    @classmethod
    def active(cls, tracker: Tracker) -> "OrderFormValidation":
        """The form that is being filled in."""
        return cls._by_form[str((tracker.active_loop or {}).get("name"))]()

    def name(self) -> Text:
        """See parent class for the full docstring."""
        return f"validate_{self.form}"

    @abstractmethod
    def candidates(self, orders: List[Order]) -> List[Order]:
        """The orders, of those given newest first, that this request is likely about."""

    async def likely(self, orders: List[Order]) -> List[Order]:
        """The same, where more than the orders has to be looked up."""
        return self.candidates(orders)

    def shown(self, orders: List[Order], fitting: List[Order]) -> List[Order]:
        """The orders that the question shows: those that fit, unless at most one does."""
        return fitting if len(fitting) > 1 else orders

    def domain_slots(self, domain: Any) -> List[Text]:
        """See parent class for the full docstring."""
        return list(self.slots)

    async def run(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Any
    ) -> List[Dict[Text, Any]]:
        """See parent class; another topic ends the form's turn, a shop that is down the form."""
        resumed = self._is_resumed(tracker)
        if not resumed and self._is_another_topic(tracker):
            return [ActionExecutionRejected(self.form_name())]
        # rasa_sdk makes each form once and asks it several times in a call; what it has read
        # belongs to this call alone.
        form = copy(self)
        form._read = {}
        begin_turn(tracker)
        try:
            if resumed:
                asked = await form.next_requested_slot(dispatcher, tracker, domain)
                return [asked] if asked else []
            return list(await super(OrderFormValidation, form).run(dispatcher, tracker, domain))
        except ShopUnavailable:
            dispatcher.utter_message(response="utter_orders_shop_unavailable")
            return forget_form() + [SlotSet("requested_slot", None)]

    def _is_resumed(self, tracker: Tracker) -> bool:
        """Whether the message was about something else, which has been seen to by now."""
        turn = takewhile(lambda event: event["event"] != "user", reversed(tracker.events))
        return any(
            event["event"] == "action_execution_rejected" and event["name"] == self.form_name()
            for event in turn
        )

    def _is_another_topic(self, tracker: Tracker) -> bool:
        if (tracker.active_loop or {}).get("name") != self.form_name():
            return False
        if self.corrects(tracker):
            return False
        turn = Turn(tracker)
        beside = turn.text.strip()
        for number in turn.written("order_number"):
            beside = beside.upper().replace(number.upper(), "")
        is_more = turn.is_button or len(beside) > _BARE
        return turn.intent in TOPICS - set(self.own_intents) and is_more

    def corrects(self, tracker: Tracker) -> bool:
        """Whether the message changes what was said, whatever else its words could begin."""
        return not {OTHER, OTHER_ONE}.isdisjoint(Turn(tracker).entities("order_choice"))

    async def required_slots(
        self, domain_slots: List[Text], dispatcher: Any, tracker: Tracker, domain: Any
    ) -> List[Text]:
        """The slots still of interest: no proof is asked of a customer, or twice."""
        return [
            slot
            for slot in domain_slots
            if slot != "phone_last4" or await self.needs_proof(tracker)
        ]

    async def needs_proof(self, tracker: Tracker) -> bool:
        """Whether the asker is a visitor who has not yet shown that the order is theirs."""
        return not Turn(tracker).identity.customer_id and await self.order(tracker) is None

    async def order(self, tracker: Tracker) -> Optional[Order]:
        """The order in the slot, if the asker may see it."""
        number = tracker.get_slot("order_number")
        return await self._find(str(number), tracker) if number else None

    async def _find(self, number: Text, tracker: Tracker) -> Optional[Order]:
        if number not in self._read:
            try:
                self._read[number] = await services().shop.order(Turn(tracker).identity, number)
            except OrderNotFound:
                self._read[number] = None
        return self._read[number]

    async def extract_order_number(self, dispatcher: Any, tracker: Tracker, domain: Any) -> Slots:
        """A customer need not know the number: "my latest order", or the only one that fits."""
        turn = Turn(tracker)
        named, known = turn.entities("order_number"), tracker.get_slot("order_number")
        if named:
            # "Not XE…1, but XE…2": of several the one that is new.
            return {"order_number": next((n for n in named if n.upper() != known), named[0])}
        if turn.identity.customer_id is None:
            return {}
        choice = next(iter(turn.entities("order_choice")), None)
        asked = tracker.get_slot("requested_slot") == "order_number"
        if choice is None and (known or (asked and not turn.entities("product"))):
            # Whoever was asked which one has to say it: another one must not be taken instead.
            return {}
        orders = await services().shop.orders(turn.identity, limit=MOST_LOOKED_AT)
        self._read.update((order.number, order) for order in orders)
        fitting = await self.likely(orders)
        holding = _named(turn.entities("product"), orders, fitting)
        chosen = _chosen(choice, orders, known, holding, shown=self.shown(orders, fitting))
        if known and chosen is None:
            # Not this one, but which one has to be asked.
            return {"order_number": None, "order_lines": None, "confirmed": None}
        return {"order_number": chosen} if chosen else {}

    async def validate_order_number(
        self, value: Any, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Any
    ) -> Slots:
        """A customer's order must be theirs; a visitor's is checked with the proof."""
        if value is None:
            return {"order_number": None}
        number = normalise_order_number(str(value))
        if not is_order_number(number):
            dispatcher.utter_message(response="utter_orders_number_odd", order_number=number)
            return {"order_number": None}
        if Turn(tracker).identity.customer_id is None:
            return {"order_number": number}
        order = await self._find(number, tracker)
        if order is None:
            dispatcher.utter_message(response="utter_orders_not_found", order_number=number)
            return {"order_number": None}
        return {"order_number": order.number}

    async def extract_phone_last4(self, dispatcher: Any, tracker: Tracker, domain: Any) -> Slots:
        """The digits that prove an order, forgotten as soon as they have been checked."""
        digits = Turn(tracker).entities("phone_last4")
        return {"phone_last4": digits[0]} if digits else {}

    async def validate_phone_last4(
        self, value: Any, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Any
    ) -> Slots:
        """Prove an order; after too many tries the form ends."""
        number = tracker.get_slot("order_number")
        if not number or value is None:
            return {"phone_last4": None}
        identity = Turn(tracker).identity
        try:
            proven = await services().shop.prove_order(identity, str(number), str(value))
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


def _named(skus: List[Text], orders: List[Order], fitting: List[Order]) -> List[Order]:
    """The orders with what is named, the fitting ones first of all; without any, what fits."""

    def has(order: Order) -> bool:
        return any(line.sku in skus for line in order.lines)

    return [o for o in fitting if has(o)] or [o for o in orders if has(o)] or fitting


def _chosen(
    choice: Optional[Text],
    orders: List[Order],
    known: Optional[Text],
    fitting: List[Order],
    *,
    shown: List[Order],
) -> Optional[Text]:
    if choice == "latest":
        return orders[0].number if orders else None
    if choice in (OTHER, OTHER_ONE):
        fitting = [order for order in fitting or orders if order.number != known]
    elif choice is not None and choice.isdecimal():
        return shown[int(choice) - 1].number if 0 < int(choice) <= len(shown) else None
    elif not fitting:
        # What cannot be done about somebody's only order is better said than asked about.
        fitting = orders
    return fitting[0].number if len(fitting) == 1 else None
