"""What a delivery problem takes: the order, what is the matter, which goods, a remedy, consent."""

from dataclasses import replace
from typing import Any, Callable, Dict, List, Optional, Sequence, Text, Tuple

from rasa_sdk import Tracker
from rasa_sdk.events import SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.beginning import names_order
from actions.delivery_matter import (
    DELIVERED,
    GOODS,
    ON_THE_WAY,
    Matter,
    lost_pieces,
    matter_of,
    meant,
    parcel_of,
)
from actions.goods_form import GoodsForm
from actions.order_form import MOST_LOOKED_AT, Slots
from actions.request_form import told
from actions.services import services
from actions.shop_action import writer
from actions.turn import Turn
from shop import (
    CompensationRequest,
    ExchangeRequest,
    InquiryRequest,
    Order,
    OrderStatus,
    Outcome,
    ParcelState,
    Pieces,
    Problem,
    Reason,
    RefundOnlyRequest,
    Remedy,
    RepairRequest,
    Request,
    ResendRequest,
    ReturnRequest,
    Verdict,
    parcels,
    remedies,
)

NOT_RECEIVED = Problem.NOT_RECEIVED.value
_OVER = (OrderStatus.CANCELLED, OrderStatus.REFUNDING, OrderStatus.REFUNDED)
# Intents that only say which remedy it shall be, once there is something to choose from.
_ABOUT_REMEDIES = {"return_item", "exchange_item", "refund_status", "warranty_repair"}
_REQUESTS: Dict[Remedy, Callable[[Pieces, Reason], Request]] = {
    Remedy.REFUND_ONLY: RefundOnlyRequest,
    Remedy.RESEND: ResendRequest,
    Remedy.RETURN: ReturnRequest,
    Remedy.EXCHANGE: ExchangeRequest,
    Remedy.REPAIR: RepairRequest,
}


class ValidateDeliveryProblemForm(GoodsForm):
    """Collects order, problem, goods, remedy and consent; parcels as their carriers see them."""

    form = "delivery_problem_form"
    own_intents = ("delivery_problem",)
    slots = ("order_number", "phone_last4", "problem", "order_lines", "remedy", "confirmed")
    corrections = (*GoodsForm.corrections, "delivery_problem", "remedy")
    question = "utter_delivery_ask_choice"
    lines_question = "utter_delivery_ask_lines"
    kept = "utter_delivery_kept"
    refusals = {
        "not_dispatched": "utter_delivery_denied_not_dispatched",
        **dict.fromkeys(("not_late", "still_moving", "not_signed"), "utter_delivery_denied_moving"),
    }

    def candidates(self, orders: List[Order]) -> List[Order]:
        """Orders on their way or that came; those about which nothing can be done are left out."""
        return [order for order in orders if order.shipments and order.status not in _OVER]

    async def order(self, tracker: Tracker) -> Optional[Order]:
        """See parent class; the parcels as their carriers see them now."""
        order = await super().order(tracker)
        return order and await services().tracking.follow(order)

    async def extract_order_number(self, dispatcher: Any, tracker: Tracker, domain: Any) -> Slots:
        """See parent class; what is stuck travels, so it is not in an order that came."""
        turn = Turn(tracker)
        begins = tracker.get_slot("requested_slot") is None
        stuck = Problem.STUCK.value in turn.entities("delivery_problem")
        if begins and stuck and turn.identity.customer_id and not names_order(turn):
            travelling = await self._travelling(turn)
            if travelling and tracker.get_slot("order_number") not in travelling:
                return {"order_number": travelling[0] if len(travelling) == 1 else None}
        return dict(await super().extract_order_number(dispatcher, tracker, domain))

    async def _travelling(self, turn: Turn) -> List[Text]:
        orders = await services().shop.orders(turn.identity, limit=MOST_LOOKED_AT)
        return [
            order.number
            for order in self.candidates(orders)
            if any(each.status is not DELIVERED for each in order.shipments)
        ]

    def _is_another_topic(self, tracker: Tracker) -> bool:
        turn = Turn(tracker)
        chooses = tracker.get_slot("requested_slot") in ("remedy", "confirmed")
        if chooses and turn.entities("remedy") and turn.intent in _ABOUT_REMEDIES:
            return False
        return super()._is_another_topic(tracker)

    async def get_validation_events(
        self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Any
    ) -> List[Dict[Text, Any]]:
        """See parent class; what has been delivered is not stuck: what else it is, is asked."""
        events = list(await super().get_validation_events(dispatcher, tracker, domain))
        order = await self.order(tracker)
        if order and tracker.get_slot("problem") == Problem.STUCK.value and _has_come(order):
            dispatcher.utter_message(
                response="utter_delivery_shows_delivered", order_number=order.number
            )
            events.append(SlotSet("problem", None))
        return events

    async def extract_problem(self, dispatcher: Any, tracker: Tracker, domain: Any) -> Slots:
        """What is the matter, as it is named; what is wrong with goods counts more than a delay."""
        turn = Turn(tracker)
        named = [each for each in turn.entities("return_reason") if each in GOODS]
        named += [each for each in turn.entities("delivery_problem") if each in _PROBLEMS]
        if not named or named[0] == tracker.get_slot("problem"):
            return {}
        return {"problem": named[0]}

    async def validate_problem(
        self, value: Any, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Any
    ) -> Slots:
        """One that is known; a remedy for another one is not what is wanted now."""
        known = str(value) if value in _PROBLEMS else None
        wanted = Turn(tracker).entities("remedy")
        remedy = tracker.get_slot("remedy") if wanted else None
        return {"problem": known, "remedy": remedy, "confirmed": None}

    async def extract_remedy(self, dispatcher: Any, tracker: Tracker, domain: Any) -> Slots:
        """What shall be done about it, as it is named."""
        named = Turn(tracker).entities("remedy")
        return {"remedy": named[-1]} if named else {}

    async def validate_remedy(
        self, value: Any, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Any
    ) -> Slots:
        """One that is possible; of another one that it is not, and why."""
        order = await self.order(tracker)
        options = await self.options(order, tracker) if order and value else ()
        option = meant(str(value), options)
        if option is None or option.allowed:
            return {"remedy": value if option or not options else None, "confirmed": None}
        if any(each.allowed for each in options):
            write = writer(Turn(tracker), services())
            assert order is not None
            dispatcher.utter_message(
                response="utter_delivery_remedy_denied", **told(option, order, write)
            )
        return {"remedy": None, "confirmed": None}

    async def extract_confirmed(self, dispatcher: Any, tracker: Tracker, domain: Any) -> Slots:
        """See parent class; who says once more that it never came has looked for it."""
        asked = tracker.get_slot("requested_slot") == "confirmed"
        misses_it = tracker.get_slot("problem") == NOT_RECEIVED
        if asked and misses_it and NOT_RECEIVED in Turn(tracker).entities("delivery_problem"):
            return {"confirmed": True}
        return await super().extract_confirmed(dispatcher, tracker, domain)

    async def required_slots(
        self, domain_slots: List[Text], dispatcher: Any, tracker: Tracker, domain: Any
    ) -> List[Text]:
        """See parent class; goods and remedy only where there is something to choose."""
        slots = await super().required_slots(domain_slots, dispatcher, tracker, domain)
        order = await self.order(tracker)
        if order is None or not tracker.get_slot("problem"):
            return slots
        allowed = [each for each in await self.options(order, tracker) if each.allowed]
        needless = {
            "order_lines": not self._asks_lines(order, tracker),
            "remedy": len(allowed) < 2,
        }
        return [slot for slot in slots if not needless.get(slot)]

    def _asks_lines(self, order: Order, tracker: Tracker) -> bool:
        arrived = [each for each in order.shipments if each.status is DELIVERED]
        matter = self.matter(order, tracker)
        is_about_goods = tracker.get_slot("problem") in GOODS or (
            len(arrived) > 1 and matter in (Problem.NOT_RECEIVED, Reason.MISSING)
        )
        return is_about_goods and len(self.open_lines(order)) > 1

    def is_final(self, verdict: Verdict, tracker: Tracker) -> bool:
        """See parent class; what is best is refused only where everything is."""
        return not verdict.allowed

    def states(self, order: Order) -> Tuple[ParcelState, ...]:
        """The parcels of an order, as the rules see them."""
        return parcels(order, policies=services().book, now=services().now())

    def matter(self, order: Order, tracker: Tracker) -> Optional[Matter]:
        """What is the matter by the parcels; None while nothing was said."""
        said = tracker.get_slot("problem")
        return matter_of(said, order, self.states(order), services().now()) if said else None

    def pieces(self, order: Order, tracker: Tracker) -> Pieces:
        """See parent class; of a parcel that never came what was in it."""
        if self.matter(order, tracker) is Problem.LOST:
            return lost_pieces(order, self.states(order))
        pieces, parcel = super().pieces(order, tracker), self.parcel(order, tracker)
        if tracker.get_slot("problem") == NOT_RECEIVED and parcel and parcel.shipment.line_ids:
            return tuple(each for each in pieces if each[0] in parcel.shipment.line_ids)
        return pieces

    def parcel(self, order: Order, tracker: Tracker) -> Optional[ParcelState]:
        """The parcel that is meant."""
        matter = self.matter(order, tracker)
        lines: Sequence[int] = tracker.get_slot("order_lines") or ()
        return parcel_of(matter, self.states(order), lines) if matter else None

    async def options(self, order: Order, tracker: Tracker) -> Tuple[Verdict, ...]:
        """What can be done about it, allowed first, then best for the shopper; none yet: empty."""
        matter = self.matter(order, tracker)
        if matter is None:
            return ()
        service, pieces = services(), self.pieces(order, tracker)
        skus = tuple(sorted({line.sku for line in order.lines}))
        products = await service.shop.products(skus)
        seen, parcel = order, self.parcel(order, tracker)
        if parcel is not None and matter in (Problem.NOT_RECEIVED, Problem.STUCK):
            # The inquiry is to be about this parcel, not about whichever the rules would name.
            seen = replace(order, shipments=(parcel.shipment,))
        return remedies(
            seen, pieces, matter, policies=service.book, now=service.now(), products=products
        )

    async def verdict(self, order: Order, tracker: Tracker) -> Optional[Verdict]:
        """See parent class; of what was chosen, else of the best."""
        options = await self.options(order, tracker)
        if not options:
            return None
        if self._asks_lines(order, tracker) and not tracker.get_slot("order_lines"):
            # Which goods are meant may change it, unless it is no for each of them.
            lines = [line for option in options for line in option.line_verdicts]
            hopeless = all(line.outcome is Outcome.DENIED for line in lines)
            return options[0] if lines and hopeless else None
        chosen = meant(tracker.get_slot("remedy") or "", options)
        return chosen if chosen and chosen.allowed else options[0]

    def request(self, order: Order, tracker: Tracker) -> Optional[Request]:
        """See parent class; None while there is no remedy."""
        matter, parcel = self.matter(order, tracker), self.parcel(order, tracker)
        wanted = tracker.get_slot("remedy")
        if matter is None or not wanted:
            return None
        remedy = Remedy(wanted)
        if remedy is Remedy.COMPENSATION:
            return CompensationRequest()
        if remedy is Remedy.INQUIRY:
            assert parcel is not None
            assert isinstance(matter, Problem)
            return InquiryRequest(parcel.shipment.tracking_number, matter)
        reason = matter if isinstance(matter, Reason) else Reason.MISSING
        return _REQUESTS[remedy](self.pieces(order, tracker), reason)

    def asks(self, verdict: Verdict) -> Text:
        """See parent class; who misses a parcel that was signed for looks for it first."""
        if verdict.rule == "signed_not_received":
            return "utter_delivery_ask_confirm_not_received"
        return f"utter_delivery_ask_confirm_{verdict.remedy.value}"


def _has_come(order: Order) -> bool:
    return {each.status for each in order.shipments} == {DELIVERED}


_PROBLEMS = {*GOODS, *ON_THE_WAY}
