"""The demo shop's till: the day's prices, discounts, points and levels by ``policy.yml``.

Beside the way of a message: turns sketches into orders, in the order in which they were
placed, because a discount depends on what a customer had bought before.
"""

from collections import defaultdict
from dataclasses import replace
from datetime import date, timedelta, timezone

from shop.demo.catalogue import is_digital
from shop.demo.people import Person
from shop.demo.sketch import RefundSketch, Sketch
from shop.models import Customer, Level, Order, OrderLine, OrderStatus, Product, Refund
from shop.rights import Policy

_BOUGHT = (OrderStatus.PAID, OrderStatus.SHIPPED, OrderStatus.DELIVERED)
_MONTH = timedelta(days=30)


class Till:
    """Keeps what each customer has spent (fen) and earned (points)."""

    def __init__(self, policy: Policy, today: date) -> None:
        self._policy = policy
        self._points_from = today - _MONTH * policy.membership.points_valid_months
        self._spent: dict[str, int] = defaultdict(int)
        self._points: dict[str, int] = defaultdict(int)

    def ring_up(self, sketch: Sketch, *, number: str, first_line_id: int) -> Order:
        """Make an order of a sketch; to be called oldest first."""
        lines = _lines(sketch, first_line_id)
        goods_cents = self._goods_cents(sketch, lines)
        freight_cents = self._freight_cents(sketch, goods_cents)
        order = Order(
            number=number,
            customer_id=sketch.customer_id,
            status=sketch.status,
            placed_at=sketch.placed_at.astimezone(timezone.utc),
            delivered_at=sketch.delivered_at and sketch.delivered_at.astimezone(timezone.utc),
            total_cents=goods_cents + freight_cents,
            freight_cents=freight_cents,
            lines=lines,
            shipments=sketch.shipments,
        )
        self._remember(order, sketch.placed_at.date())
        return order if sketch.refund is None else _give_back(order, sketch.refund)

    def account(self, person: Person) -> Customer:
        """Give a person the level and points that they have by now."""
        return Customer(
            id=person.id,
            name=person.name,
            language=person.language,
            level=self._level(person.id),
            phone=person.phone,
            points=self._points[person.id],
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
        posted = any(not is_digital(product) for product, _ in sketch.basket)
        shipping = self._policy.shipping
        return shipping.fee_cents if posted and goods_cents < shipping.free_from_cents else 0

    def _remember(self, order: Order, placed_on: date) -> None:
        if order.status in _BOUGHT:
            self._spent[order.customer_id] += order.total_cents
        if order.status is OrderStatus.DELIVERED and placed_on >= self._points_from:
            rate = self._policy.membership.points_per_yuan
            self._points[order.customer_id] += order.total_cents // 100 * rate


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
