"""What each piece of an order was really paid with, to the cent.

Step 6 of a message's way (act). Coupons, points and discounts belong to the order; sent back are
pieces. So the money paid for goods is spread over the lines by their price, by largest remainder,
and over the pieces of a line by cumulative rounding: whatever is returned, in whatever portions,
all refunds together are exactly what was paid.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from shop.models import Order, OrderLine, PaymentState, Remedy, ReturnState

_UNDER_WAY = (ReturnState.OPEN, ReturnState.RECEIVED)
_COUNTED_AS_RETURNED = (Remedy.RETURN, Remedy.REFUND_ONLY)


@dataclass(frozen=True)
class Share:
    """What came in for a line of so many pieces: ``cents`` and ``points``."""

    quantity: int
    cents: int
    points: int

    def cents_of(self, pieces: int, *, after: int = 0) -> int:
        """Give the money for some pieces, when ``after`` of them have been settled before."""
        return _portion(self.cents, self.quantity, pieces, after)

    def points_of(self, pieces: int, *, after: int = 0) -> int:
        """Give the points for some pieces, when ``after`` of them have been settled before."""
        return _portion(self.points, self.quantity, pieces, after)


def shares(order: Order) -> dict[int, Share]:
    """Spread what was paid for goods over the lines, by line id. Gifts have cost nothing."""
    prices = {line.id: _list_price(line) for line in order.lines}
    if not any(prices.values()):
        # Everything was free, or nothing is known of prices: by pieces, then.
        prices = {line.id: line.quantity for line in order.lines}
    cents, points = spread(goods_paid_cents(order), prices), spread(order.points_used, prices)
    return {line.id: Share(line.quantity, cents[line.id], points[line.id]) for line in order.lines}


def spread(amount: int, weights: Mapping[int, int]) -> dict[int, int]:
    """Divide an amount by weights into whole parts that add up to it, by largest remainder.

    Equal remainders go to the lower key, so that the order of the keys changes nothing. Without any
    weight the lowest key gets it all.
    """
    total = sum(weights.values())
    if not total:
        lowest = min(weights, default=0)
        return {key: amount if key == lowest else 0 for key in weights}
    parts = {key: amount * weight // total for key, weight in weights.items()}
    left = amount - sum(parts.values())
    by_remainder = sorted(weights, key=lambda key: (-(amount * weights[key] % total), key))
    return {key: part + (key in by_remainder[:left]) for key, part in parts.items()}


def goods_paid_cents(order: Order) -> int:
    """Give the money that came in for goods: freight is not part of it."""
    return max(0, order.total_cents - order.freight_cents)


def refunded_cents(order: Order) -> int:
    """Give the money that has gone back or is on its way, apart from what was paid twice."""
    return sum(
        refund.amount_cents
        for refund in order.refunds
        if refund.cause is not Remedy.DUPLICATE_PAYMENT
    )


def received_cents(order: Order) -> int:
    """Give the money that all attempts to pay have brought in together."""
    return sum(each.amount_cents for each in order.payments if each.state is PaymentState.PAID)


def pieces_under_way(order: Order, line_id: int) -> int:
    """Count the pieces of a line for which a case is open."""
    return sum(
        quantity
        for case in order.returns
        if case.state in _UNDER_WAY
        for each, quantity in case.pieces
        if each == line_id
    )


def pieces_left(order: Order, line: OrderLine) -> int:
    """Count the pieces about which nothing has been settled and nothing is under way.

    A return counts as returned from its opening on; what is exchanged, mended or sent again is the
    shopper's as before once its case is closed.
    """
    swapped = sum(
        quantity
        for case in order.returns
        if case.state in _UNDER_WAY and case.kind not in _COUNTED_AS_RETURNED
        for each, quantity in case.pieces
        if each == line.id
    )
    return line.quantity - line.returned_quantity - swapped


def _list_price(line: OrderLine) -> int:
    return 0 if line.gift_with is not None else line.unit_price_cents * line.quantity


def _portion(amount: int, quantity: int, pieces: int, after: int) -> int:
    if quantity <= 0:
        return 0
    return amount * (after + pieces) // quantity - amount * after // quantity
