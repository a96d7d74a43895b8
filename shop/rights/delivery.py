"""Parcels: which are late, stuck or lost, what is asked of the carrier, what the delay is worth.

Step 6 of a message's way (act).
"""

from dataclasses import dataclass
from datetime import timedelta

from shop.models import (
    CompensationRequest,
    InquiryRequest,
    OrderStatus,
    Problem,
    Remedy,
    Shipment,
    ShipmentStatus,
)
from shop.rights.situation import Situation
from shop.rights.verdict import Outcome, Verdict

_DAY = timedelta(days=1)


@dataclass(frozen=True)
class ParcelState:
    """What is to be noticed about a parcel.

    ``days_late``: days past its promise, until today or until it came; 0 when it is in time.
    ``quiet_days``: whole days since its last scan; 0 once it has come.
    """

    shipment: Shipment
    days_late: int
    quiet_days: int
    is_late: bool
    is_stuck: bool
    is_lost: bool


def parcel_states(situation: Situation) -> tuple[ParcelState, ...]:
    """Look at every parcel, in the order's own order."""
    return tuple(_state(situation, shipment) for shipment in situation.order.shipments)


def _state(situation: Situation, shipment: Shipment) -> ParcelState:
    rules = situation.policy.delivery
    scan = shipment.events[-1].at if shipment.events else situation.order.placed_at
    came = shipment.status is ShipmentStatus.DELIVERED
    seen_on = situation.day(scan) if came else situation.today
    days_late = max(0, (seen_on - shipment.promised_on).days)
    quiet = timedelta() if came else max(timedelta(), situation.now - scan)
    is_exception = shipment.status is ShipmentStatus.EXCEPTION
    return ParcelState(
        shipment,
        days_late,
        quiet // _DAY,
        is_late=days_late > rules.late_after_days,
        is_stuck=not came and (is_exception or quiet >= timedelta(hours=rules.stuck_after_hours)),
        is_lost=not came and quiet >= timedelta(days=rules.lost_after_days),
    )


def lost_lines(situation: Situation) -> frozenset[int]:
    """Name the lines that were in a parcel that counts as lost."""
    lost = [state.shipment for state in parcel_states(situation) if state.is_lost]
    return frozenset(
        line.id
        for line in situation.order.lines
        for shipment in lost
        if shipment in situation.parcels_of(line)
    )


def assess_inquiry(situation: Situation, request: InquiryRequest) -> Verdict:
    """Say whether there is something that the carrier has to look for."""
    rules = situation.policy.delivery
    state = next(
        (
            each
            for each in parcel_states(situation)
            if each.shipment.tracking_number == request.tracking_number
        ),
        None,
    )
    if state is None:
        rule = "parcel_unknown" if situation.order.shipments else "not_dispatched"
        return situation.denied(Remedy.INQUIRY, rule, **_about(situation))
    missing = request.problem is Problem.NOT_RECEIVED
    facts = {
        "tracking_number": request.tracking_number,
        "promised_on": state.shipment.promised_on,
        "days_late": state.days_late,
        "quiet_days": state.quiet_days,
        "hours": rules.not_received_within_hours if missing else rules.inquiry_within_hours,
    }
    outcome, rule = _weigh_inquiry(situation, request, state)
    return situation.verdict(Remedy.INQUIRY, outcome, rule, facts=facts)


def _weigh_inquiry(
    situation: Situation, request: InquiryRequest, state: ParcelState
) -> tuple[Outcome, str]:
    came = state.shipment.status is ShipmentStatus.DELIVERED
    if any(
        each.open and each.tracking_number == request.tracking_number
        for each in situation.order.inquiries
    ):
        return Outcome.DENIED, "inquiry_open"
    if request.problem in (Problem.DAMAGED, Problem.WRONG_ITEM, Problem.MISSING):
        return Outcome.DENIED, "about_the_goods"
    if request.problem is Problem.NOT_RECEIVED:
        return _weigh_not_received(situation, state) if came else (Outcome.DENIED, "not_signed")
    if came:
        return Outcome.DENIED, "parcel_arrived"
    if request.problem is Problem.LATE and state.is_late:
        return Outcome.ALLOWED, "late"
    if state.is_lost:
        return Outcome.ALLOWED, "lost"
    if state.shipment.status is ShipmentStatus.EXCEPTION:
        return Outcome.ALLOWED, "carrier_problem"
    if state.is_stuck:
        return Outcome.ALLOWED, "stuck"
    late = request.problem is Problem.LATE
    return Outcome.DENIED, "not_late" if late else "still_moving"


def _weigh_not_received(situation: Situation, state: ParcelState) -> tuple[Outcome, str]:
    signed_at = state.shipment.events[-1].at if state.shipment.events else situation.now
    days = situation.policy.delivery.not_received_days
    if (situation.today - situation.day(signed_at)).days > days:
        return Outcome.NEEDS_PERSON, "signed_long_ago"
    return Outcome.ALLOWED, "signed_not_received"


def assess_compensation(situation: Situation, request: CompensationRequest) -> Verdict:
    """Say whether something is due for a delivery past its promise."""
    order, rules = situation.order, situation.policy.compensation
    states = parcel_states(situation)
    worst = max(states, key=lambda state: state.days_late, default=None)
    facts = {
        **_about(situation),
        "days_late": worst.days_late if worst else 0,
        "late_days": rules.late_days,
        "promised_on": worst.shipment.promised_on if worst else None,
        "coupon_cents": rules.coupon_cents,
        "from_cents": rules.coupon_from_cents,
        "valid_days": rules.coupon_valid_days,
    }
    if order.status is OrderStatus.CANCELLED:
        return situation.denied(Remedy.COMPENSATION, "order_cancelled", **facts)
    if order.compensated:
        return situation.denied(Remedy.COMPENSATION, "already_compensated", **facts)
    if worst is None:
        return situation.denied(Remedy.COMPENSATION, "not_dispatched", **facts)
    if worst.days_late < max(1, rules.late_days):
        return situation.denied(Remedy.COMPENSATION, _not_late(worst), **facts)
    return situation.verdict(
        Remedy.COMPENSATION,
        Outcome.ALLOWED,
        "late_coupon",
        facts=facts,
        coupon_cents=rules.coupon_cents,
    )


def _not_late(state: ParcelState) -> str:
    if state.days_late:
        return "not_late_enough"
    came = state.shipment.status is ShipmentStatus.DELIVERED
    return "delivered_in_time" if came else "not_late"


def _about(situation: Situation) -> dict[str, object]:
    return {"hours": situation.policy.shipping.dispatch_within_hours}
