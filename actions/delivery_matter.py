"""What is the matter with a delivery: what the shopper says, held against what the parcels show.

Somebody who waits does not know whether their parcel is late, stuck or lost; the scans do, and it
decides what can be offered.
"""

from datetime import datetime
from typing import Dict, Optional, Sequence, Text, Tuple, Union

from shop import (
    Inquiry,
    Order,
    ParcelState,
    Pieces,
    Problem,
    Reason,
    Remedy,
    ShipmentStatus,
    Verdict,
)

Matter = Union[Problem, Reason]

# What is wrong with goods that came.
GOODS = {
    reason.value: reason
    for reason in (Reason.DAMAGED, Reason.WRONG_ITEM, Reason.MISSING, Reason.QUALITY)
}
# What is wrong with a parcel that did not come.
ON_THE_WAY = {
    problem.value: problem
    for problem in (Problem.NOT_RECEIVED, Problem.LOST, Problem.STUCK, Problem.LATE)
}
# What a shopper means by a remedy, the better one for them first.
_MEANT: Dict[Text, Tuple[Remedy, ...]] = {
    "refund": (Remedy.REFUND_ONLY, Remedy.RETURN),
    "return": (Remedy.RETURN, Remedy.REFUND_ONLY),
    **{remedy.value: (remedy,) for remedy in Remedy if remedy is not Remedy.RETURN},
}
DELIVERED = ShipmentStatus.DELIVERED


def matter_of(said: Text, order: Order, states: Sequence[ParcelState], now: datetime) -> Matter:
    """What is the matter.

    Args:
        said: one of GOODS or ON_THE_WAY.
        order: the order, whose inquiries tell what has been looked for already.
        states: its parcels.
        now: aware.
    """
    if said in GOODS:
        return GOODS[said]
    coming = [state for state in states if state.shipment.status is not DELIVERED]
    problem = ON_THE_WAY[said]
    if not coming or (problem is Problem.NOT_RECEIVED and len(coming) < len(states)):
        return _of_arrived(problem, order, states, now)
    if any(state.is_lost for state in coming):
        return Problem.LOST
    if any(state.is_stuck for state in coming):
        return Problem.STUCK
    if problem is Problem.LATE or any(state.is_late for state in coming):
        return Problem.LATE
    return Problem.STUCK


def _of_arrived(
    problem: Problem, order: Order, states: Sequence[ParcelState], now: datetime
) -> Matter:
    if not states or problem is Problem.LATE:
        return Problem.LATE
    # Who was told to wait for the carrier's answer has waited: now it is for the shop to settle.
    searched = (each for each in order.inquiries if each.problem is Problem.NOT_RECEIVED)
    waited = any(not each.open or each.answer_by < now for each in searched)
    return Reason.MISSING if waited else Problem.NOT_RECEIVED


def parcel_of(
    matter: Matter, states: Sequence[ParcelState], line_ids: Sequence[int] = ()
) -> Optional[ParcelState]:
    """The parcel that a matter is about: one with these lines, else the one in most trouble."""
    arrived = matter in (Problem.NOT_RECEIVED, Reason.MISSING)
    fitting = [s for s in states if (s.shipment.status is DELIVERED) == arrived] or list(states)
    named = [s for s in fitting if set(line_ids) & set(s.shipment.line_ids)]
    if matter is Problem.LATE:
        return max(states, key=lambda state: state.days_late, default=None)
    return max(named or fitting, key=lambda state: state.quiet_days, default=None)


def lost_pieces(order: Order, states: Sequence[ParcelState]) -> Pieces:
    """What is left to be settled of the goods in lost parcels."""
    lost = [state.shipment.line_ids for state in states if state.is_lost]
    return tuple(
        (line.id, line.left_quantity)
        for line in sorted(order.lines, key=lambda line: line.id)
        if line.left_quantity > 0 and any(not ids or line.id in ids for ids in lost)
    )


def inquiry_about(order: Order, tracking_number: Text) -> Optional[Inquiry]:
    """The inquiry about a parcel that has not been answered yet."""
    return next(
        (each for each in order.inquiries if each.open and each.tracking_number == tracking_number),
        None,
    )


def meant(wanted: Text, options: Sequence[Verdict]) -> Optional[Verdict]:
    """The option that a shopper means by a remedy: an allowed one, else one that is refused."""
    remedies = _MEANT.get(wanted, ())
    fitting = [verdict for remedy in remedies for verdict in options if verdict.remedy is remedy]
    return next((verdict for verdict in fitting if verdict.allowed), next(iter(fitting), None))
