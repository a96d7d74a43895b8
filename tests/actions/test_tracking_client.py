"""Parcels followed side by side, within the time of a turn."""

import threading
import time
from dataclasses import replace
from typing import Any, Iterator, List

import pytest

from actions.shop_client import begin_turn
from actions.tracking_client import MOST_FOLLOWED, TrackingClient
from shop import Identity, Order, Shipment, ShipmentStatus


class Carrier:
    """Knows that every parcel has arrived; answers when it is let to."""

    def __init__(self) -> None:
        self.answers = threading.Event()
        self.answers.set()
        self.asked: List[str] = []
        self.digits: List[str] = []

    def follow(self, shipment: Shipment, *, phone_last4: str = "") -> Shipment:
        self.asked.append(shipment.tracking_number)
        self.digits.append(phone_last4)
        self.answers.wait(10)
        return replace(shipment, status=ShipmentStatus.DELIVERED)

    def close(self) -> None:
        self.answers.set()


@pytest.fixture
def carrier() -> Iterator[Carrier]:
    running = Carrier()
    yield running
    running.close()


@pytest.fixture
def client(carrier: Carrier) -> Iterator[TrackingClient]:
    running = TrackingClient(carrier)
    yield running
    running.close()


@pytest.fixture
def order(shop: Any) -> Order:
    """One of five parcels, the first of which has arrived."""
    one: Order = shop.order(Identity(customer_id="C1001"), "XE20260001")
    (parcel,) = one.shipments
    came = replace(parcel, tracking_number="P0", status=ShipmentStatus.DELIVERED)
    others = [replace(parcel, tracking_number=f"P{n}") for n in range(1, 5)]
    return replace(one, shipments=(came, *others))


async def test_the_carriers_news_are_in_the_order(
    client: TrackingClient, carrier: Carrier, order: Order
) -> None:
    followed = await client.follow(order)
    assert [each.status.value for each in followed.shipments] == [
        *["delivered"] * 4,
        "in_transit",
    ]
    # What has arrived is not asked about, and not more parcels than the shop would pay for.
    assert sorted(carrier.asked) == ["P1", "P2", "P3"]
    assert len(carrier.asked) == MOST_FOLLOWED
    assert set(carrier.digits) == {order.address.phone[-4:] if order.address else ""}


async def test_a_carrier_that_hangs_costs_the_turns_time_and_no_more(
    client: TrackingClient, carrier: Carrier, order: Order
) -> None:
    carrier.answers.clear()
    begin_turn(time.time() - 2.7)
    began = time.monotonic()
    assert (await client.follow(order)).shipments == order.shipments
    assert time.monotonic() - began < 1
