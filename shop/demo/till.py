"""The demo shop's till: the day's prices, discounts, points and levels by ``policy.yml``.

Beside the way of a message: turns sketches into orders, in the order in which they were
placed, because a discount depends on what a customer had bought before.
"""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import replace
from datetime import timezone

from shop.demo.catalogue import is_digital
from shop.demo.payments import make_payments
from shop.demo.people import Person
from shop.demo.purses import Purses
from shop.demo.sketch import RefundSketch, Sketch
from shop.models import (
    Address,
    Customer,
    Level,
    Order,
    OrderLine,
    OrderStatus,
    Product,
    Refund,
    Shipment,
)
from shop.rights import Policy

_BOUGHT = (OrderStatus.PAID, OrderStatus.SHIPPED, OrderStatus.DELIVERED)
_WALLETS, _CARDS = slice(0, 2), slice(2, None)


class Till:
    """Keeps what each customer has spent (fen). ``addresses`` are by customer."""

    def __init__(self, policy: Policy, purses: Purses, addresses: Mapping[str, Address]) -> None:
        self._policy = policy
        self._purses = purses
        self._addresses = addresses
        self._spent: dict[str, int] = defaultdict(int)

    def ring_up(self, sketch: Sketch, *, number: str, first_line_id: int) -> Order:
        """Make an order of a sketch; to be called oldest first."""
        lines = tuple(self._insure(line, sketch) for line in _lines(sketch, first_line_id))
        goods = self._goods_cents(sketch, lines)
        freight = self._freight_cents(sketch, goods)
        coupon, points = self._beside_money(sketch, number, goods)
        worth = points * int(self._policy.membership.yuan_per_100_points)
        total = goods - coupon - worth + freight
        order = Order(
            number=number,
            customer_id=sketch.customer_id,
            status=sketch.status,
            placed_at=sketch.placed_at.astimezone(timezone.utc),
            delivered_at=sketch.delivered_at and sketch.delivered_at.astimezone(timezone.utc),
            total_cents=total,
            freight_cents=freight,
            coupon_cents=coupon,
            points_used=points,
            lines=lines,
            shipments=_packed(sketch, lines),
            address=self._addresses[sketch.customer_id],
            payments=make_payments(
                number, sketch.status, total, sketch.placed_at, self._methods(sketch)
            ),
        )
        self._remember(order)
        return order if sketch.refund is None else _give_back(order, sketch.refund)

    def account(self, person: Person) -> Customer:
        """Give a person the level and points that they have by now."""
        return Customer(
            id=person.id,
            name=person.name,
            language=person.language,
            level=self._level(person.id),
            phone=person.phone,
            points=self._purses.points(person.id),
        )

    def _level(self, customer_id: str) -> Level:
        spent, rules = self._spent[customer_id], self._policy.membership
        if spent >= rules.gold_from_cents:
            return Level.GOLD
        return Level.SILVER if spent >= rules.silver_from_cents else Level.STANDARD

    def _goods_cents(self, sketch: Sketch, lines: tuple[OrderLine, ...]) -> int:
        rules = self._policy.membership
        percent = {
            Level.STANDARD: 0,
            Level.SILVER: int(rules.silver_discount_percent),
            Level.GOLD: int(rules.gold_discount_percent),
        }[self._level(sketch.customer_id)]
        goods = sum(line.unit_price_cents * line.quantity for line in lines)
        return goods * (100 - percent) // 100

    def _freight_cents(self, sketch: Sketch, goods_cents: int) -> int:
        shipping = self._policy.shipping
        if all(is_digital(product) for product, _ in sketch.basket):
            return 0
        region = self._addresses[sketch.customer_id].region
        if any(region.startswith(area) for area in shipping.remote_areas):
            return int(shipping.remote_fee_cents)
        return 0 if goods_cents >= shipping.free_from_cents else int(shipping.fee_cents)

    def _beside_money(self, sketch: Sketch, number: str, goods: int) -> tuple[int, int]:
        """What is paid by coupon (fen) and in points; the named orders are paid in money alone."""
        if sketch.is_named or sketch.status not in (*_BOUGHT, OrderStatus.UNPAID):
            return 0, 0
        customer, placed_at = sketch.customer_id, sketch.placed_at
        coupon = self._purses.use_coupon(customer, number, placed_at.date(), goods)
        return coupon, self._purses.use_points(customer, number, placed_at, goods - coupon)

    def _insure(self, line: OrderLine, sketch: Sketch) -> OrderLine:
        """Buy freight insurance for one line in ten of those that go by parcel."""
        if sketch.is_named or not sketch.shipments or line.id % 10:
            return line
        return replace(line, traits=(*line.traits, self._policy.returns.freight_insured))

    def _methods(self, sketch: Sketch) -> tuple[str, ...]:
        """The ways of paying that fit: a refund's due day tells a wallet from a card."""
        methods = tuple(self._policy.payment.methods)
        if sketch.refund is None:
            return methods
        return methods[_WALLETS] if sketch.refund.to_wallet else methods[_CARDS]

    def _remember(self, order: Order) -> None:
        if order.status in _BOUGHT:
            self._spent[order.customer_id] += order.total_cents
        if order.status is OrderStatus.DELIVERED and order.delivered_at is not None:
            self._purses.earn(
                order.customer_id, order.number, order.delivered_at, order.total_cents
            )


def _packed(sketch: Sketch, lines: tuple[OrderLine, ...]) -> tuple[Shipment, ...]:
    """Put the lines into the parcels; a single one holds them all."""
    parcels = sketch.shipments
    if len(parcels) < 2:
        return parcels
    return tuple(
        replace(parcel, line_ids=tuple(line.id for line in lines[place :: len(parcels)]))
        for place, parcel in enumerate(parcels)
    )


def _lines(sketch: Sketch, first_line_id: int) -> tuple[OrderLine, ...]:
    return tuple(
        OrderLine(
            id=first_line_id + place,
            sku=product.sku,
            title=product.title,
            category=product.category,
            quantity=quantity,
            unit_price_cents=product.price_on(sketch.placed_at.date()).cents,
            traits=product.traits,
            variant=_variant(product, first_line_id + place),
        )
        for place, (product, quantity) in enumerate(sketch.basket)
    )


def _variant(product: Product, line_id: int) -> str:
    # In tens, so that the lines of the fixed orders all have the first variant of the shelf.
    variants = product.variants
    return variants[line_id // 10 % len(variants)].id if len(variants) > 1 else ""


def _give_back(order: Order, sketch: RefundSketch) -> Order:
    refund = Refund(
        number=f"RF{order.number[2:]}",
        amount_cents=order.total_cents - order.freight_cents,
        state=sketch.state,
        opened_at=sketch.opened_at,
        due_on=sketch.due_on,
    )
    lines = tuple(replace(line, returned_quantity=line.quantity) for line in order.lines)
    return replace(order, lines=lines, refunds=(refund,))
