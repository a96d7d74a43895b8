"""The whole demo shop for one day: customers, products and orders.

Beside the way of a message: ``shop.seed`` writes it down.
"""

import random
from dataclasses import dataclass
from datetime import date, datetime, time

from shop.demo.catalogue import load_catalogue
from shop.demo.fixed_orders import FixedOrders
from shop.demo.journeys import Journeys
from shop.demo.people import KNOWN, make_people
from shop.demo.random_orders import RandomOrders
from shop.demo.sketch import Sketch
from shop.demo.till import Till
from shop.models import Customer, Order, Product
from shop.rights import Policy

SEED = 20260001
CUSTOMERS = 220
ORDERS = 1500
_FIRST_RANDOM_NUMBER = 20261000


@dataclass(frozen=True)
class World:
    """What the demo database holds; orders by number."""

    customers: list[Customer]
    products: list[Product]
    orders: list[Order]


def make_world(today: date, policy: Policy) -> World:
    """Make the demo shop as it is on a day in the shop's time zone; the same every time."""
    rng = random.Random(SEED)
    midnight = datetime.combine(today, time(), tzinfo=policy.zone)
    catalogue = load_catalogue(today)
    journeys = Journeys(promise_days=policy.shipping.days_typical[1])
    people = make_people(rng, count=CUSTOMERS)
    sketches = FixedOrders(rng, midnight, catalogue, journeys, policy).draw()
    crowd = [person.id for person in people[len(KNOWN) :]]
    rest = RandomOrders(rng, midnight, catalogue, journeys, policy)
    drawn = rest.draw(crowd, count=ORDERS - len(sketches))
    for place, sketch in enumerate(drawn):
        sketches[f"XE{_FIRST_RANDOM_NUMBER + place}"] = sketch
    till = Till(policy, today)
    orders = _ring_up(till, sketches)
    return World([till.account(person) for person in people], catalogue, orders)


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
