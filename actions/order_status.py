"""How an order stands, in messages: each parcel's latest scan, and unasked what is wrong."""

from dataclasses import dataclass
from typing import Any, Dict, Iterator, List, Optional, Text, Tuple

from actions.delivery_matter import DELIVERED, inquiry_about
from actions.facts import FactWriter
from actions.services import Services
from shop import (
    CompensationRequest,
    Order,
    OrderStatus,
    ParcelState,
    Problem,
    ShipmentStatus,
    assess,
    parcels,
)

# A response and the facts that it may name.
Message = Tuple[Text, Dict[Text, Any]]
MOVING, PLACELESS = "moving", "placeless"


@dataclass(frozen=True)
class Standing:
    """An order with its parcels, as they are to be told."""

    order: Order
    states: Tuple[ParcelState, ...]
    write: FactWriter
    service: Services

    @classmethod
    def of(cls, order: Order, write: FactWriter, service: Services) -> "Standing":
        """Look at an order as it is now."""
        states = parcels(order, policies=service.book, now=service.now())
        return cls(order, states, write, service)

    def messages(self) -> List[Message]:
        """What is said of the order, the status first and what has to be noticed last."""
        if len(self.states) > 1 and self.order.status is OrderStatus.SHIPPED:
            said = [self._message("utter_orders_status_parcels"), *self._parcels()]
        else:
            said = [self._message(self._response())]
        noticed = self._noticed()
        return [*said, noticed] if noticed else said

    def _message(self, response: Text) -> Message:
        return response, self._facts()

    def _response(self) -> Text:
        status = self.order.status
        response = f"utter_orders_status_{status.value}"
        if status is OrderStatus.PAID and self._dispatch_is_overdue():
            return f"{response}_overdue"
        if status is not OrderStatus.SHIPPED:
            return response
        kind = _kind(self.states[-1]) if self.states else "unknown"
        return response if kind == MOVING else f"{response}_{kind}"

    def _dispatch_is_overdue(self) -> bool:
        gone = self.service.now() - self.order.placed_at
        hours = self.service.book.at(self.order.placed_at).shipping.dispatch_within_hours
        return gone.total_seconds() > hours * 3600

    def _facts(self) -> Dict[Text, Any]:
        """What any word about the status may name; what does not apply is left out."""
        order, write, policy = self.order, self.write, self.service.policy
        facts: Dict[Text, Any] = {
            "order_number": order.number,
            "title": write.order_title(order),
            "dispatch_hours": policy.shipping.dispatch_within_hours,
            "unpaid_minutes": policy.cancellation.unpaid_closes_after_minutes,
            "parcels": len(self.states),
        }
        if order.delivered_at:
            facts["delivered_on"] = write.day(order.delivered_at)
        if order.refund:
            facts["refund_amount"] = write.money(order.refund.amount_cents)
            facts["refund_due_on"] = write.day(order.refund.due_on)
        return {**facts, **(self._parcel_facts(self.states[-1]) if self.states else {})}

    def _parcels(self) -> Iterator[Message]:
        """One message for each parcel, and one for what has not left."""
        for state in self.states:
            kind = _kind(state)
            told = MOVING if kind == PLACELESS else kind
            yield f"utter_orders_parcel_{told}", self._parcel_facts(state)
        packed = {line_id for state in self.states for line_id in self._line_ids(state)}
        waiting = [line for line in self.order.lines if line.id not in packed]
        if waiting:
            facts = {**self._facts(), "titles": self.write.titles(waiting)}
            yield "utter_orders_parcel_waiting", facts

    def _line_ids(self, state: ParcelState) -> Tuple[int, ...]:
        return state.shipment.line_ids or tuple(line.id for line in self.order.lines)

    def _parcel_facts(self, state: ParcelState) -> Dict[Text, Any]:
        shipment, write = state.shipment, self.write
        inside = [line for line in self.order.lines if line.id in self._line_ids(state)]
        facts: Dict[Text, Any] = {
            "order_number": self.order.number,
            "titles": write.titles(inside),
            "carrier": write.text(shipment.carrier),
            "tracking_number": shipment.tracking_number,
            "promised_on": write.day(shipment.promised_on),
            "since": write.day(self.order.placed_at),
        }
        if shipment.events:
            event = shipment.events[-1]
            facts["event_at"] = write.moment(event.at)
            facts["event_place"] = write.text(event.place)
            facts["event_text"] = write.text(event.text)
            facts["since"] = facts["event_on"] = write.day(event.at)
        return facts

    def _noticed(self) -> Optional[Message]:
        """The worst that is to be noticed about the parcels."""
        for problem, kind in _NOTICED:
            state = next((each for each in self.states if problem(each)), None)
            if state is not None:
                return self._notice(state, kind)
        if self._gets_compensation():
            latest = max(self.states, key=lambda state: state.days_late)
            return "utter_orders_noticed_came_late", self._parcel_facts(latest)
        return None

    def _notice(self, state: ParcelState, kind: Text) -> Message:
        facts = self._parcel_facts(state)
        inquiry = inquiry_about(self.order, state.shipment.tracking_number)
        if inquiry is None:
            return f"utter_orders_noticed_{kind}", facts
        facts["inquiry_number"] = inquiry.number
        facts["answer_by"] = self.write.moment(inquiry.answer_by)
        overdue = "_overdue" if inquiry.answer_by < self.service.now() else ""
        return f"utter_orders_noticed_inquiry{overdue}", facts

    def _gets_compensation(self) -> bool:
        if self.order.status not in (OrderStatus.SHIPPED, OrderStatus.DELIVERED):
            return False
        now = self.service.now()
        return assess(
            self.order, CompensationRequest(), policies=self.service.book, now=now
        ).allowed


# The worst first; a problem that the carrier reports counts before any silence short of a loss.
_NOTICED = (
    (lambda state: state.is_lost, Problem.LOST.value),
    (lambda state: state.shipment.status is ShipmentStatus.EXCEPTION, "exception"),
    (lambda state: state.is_stuck, Problem.STUCK.value),
    (lambda state: state.is_late and state.shipment.status is not DELIVERED, Problem.LATE.value),
)


def _kind(state: ParcelState) -> Text:
    """How a parcel is told; of one in trouble only where it is, the rest is said after it."""
    if state.shipment.status is DELIVERED:
        return "arrived"
    if any(problem(state) for problem, _ in _NOTICED):
        return "troubled"
    if not state.shipment.events:
        return "quiet"
    return MOVING if any(state.shipment.events[-1].place.values()) else PLACELESS
