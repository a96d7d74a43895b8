"""The whole demo shop for one day: customers, products and orders.

Beside the way of a message: ``shop.seed`` writes it down.
"""

import random
from dataclasses import dataclass, replace
from datetime import date, datetime, time, timedelta
from functools import partial

from shop.demo.addresses import AddressBook
from shop.demo.catalogue import load_catalogue
from shop.demo.fixed_orders import FixedOrders
from shop.demo.journeys import Journeys
from shop.demo.payments import with_invoice
from shop.demo.people import KNOWN, make_people
from shop.demo.purses import OwnedCoupon, Purses
from shop.demo.random_orders import RandomOrders
from shop.demo.sketch import Sketch
from shop.demo.till import Till
from shop.models import Customer, Order, OrderStatus, PointsEntry, Product
from shop.rights import Policy

SEED = 20260001
CUSTOMERS = 220
ORDERS = 1500
_FIRST_RANDOM_NUMBER = 20261000
# The place of XE20260003.
_INVOICED = 2


@dataclass(frozen=True)
class World:
    """What the demo database holds; orders by number."""

    customers: list[Customer]
    products: list[Product]
    orders: list[Order]
    coupons: list[OwnedCoupon]
    # Whose they are, and the movement.
    points: list[tuple[str, PointsEntry]]


def make_world(today: date, policy: Policy) -> World:
    """Make the demo shop as it is on a day in the shop's time zone; the same every time."""
    rng = random.Random(SEED)
    midnight = datetime.combine(today, time(), tzinfo=policy.zone)
    catalogue = load_catalogue(today)
    journeys = Journeys(
        promise_days=policy.shipping.days_typical[1],
        remote_promise_days=policy.shipping.days_remote[1],
    )
    people = make_people(rng, count=CUSTOMERS)
    named = FixedOrders(rng, midnight, catalogue, journeys, policy).draw()
    sketches = {number: replace(sketch, is_named=True) for number, sketch in named.items()}
    crowd = [person.id for person in people[len(KNOWN) :]]
    rest = RandomOrders(rng, midnight, catalogue, journeys, policy)
    drawn = rest.draw(crowd, count=ORDERS - len(sketches))
    _split_one(drawn, journeys, midnight)
    for place, sketch in enumerate(drawn):
        sketches[f"XE{_FIRST_RANDOM_NUMBER + place}"] = sketch
    book, purses = AddressBook(), Purses(policy, today)
    addresses = {each.id: book.address(each, journeys.city(each.id)) for each in people}
    till = Till(policy, purses, addresses)
    orders = _ring_up(till, sketches)
    orders[_INVOICED] = with_invoice(orders[_INVOICED])
    accounts = [till.account(person) for person in people]
    return World(accounts, catalogue, orders, purses.coupons, purses.entries)


def _split_one(sketches: list[Sketch], journeys: Journeys, midnight: datetime) -> None:
    """Let the first order of several lines that is on its way come in two parcels, one stuck."""
    place, sketch = next(
        (place, sketch)
        for place, sketch in enumerate(sketches)
        if sketch.status is OrderStatus.SHIPPED and len(sketch.basket) > 1
    )
    rng = random.Random(SEED)
    dispatched = midnight - timedelta(days=6) + timedelta(hours=10)
    send = partial(
        journeys.make_shipment,
        rng,
        customer_id=sketch.customer_id,
        dispatched=dispatched,
        arrives=dispatched + timedelta(hours=50),
    )
    came, stuck = send(), send(seen_until=midnight, scans=2)
    placed_at = dispatched - timedelta(hours=20)
    sketches[place] = replace(sketch, placed_at=placed_at, shipments=(came, stuck))


def _ring_up(till: Till, sketches: dict[str, Sketch]) -> list[Order]:
    first_ids, next_id = {}, 1
    for number, sketch in sketches.items():
        first_ids[number] = next_id
        next_id += len(sketch.basket)
    oldest_first = sorted(sketches, key=lambda number: (sketches[number].placed_at, number))
    orders = [
        till.ring_up(sketches[number], number=number, first_line_id=first_ids[number])
        for number in oldest_first
    ]
    return sorted(orders, key=lambda order: order.number)
