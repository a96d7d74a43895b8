"""Parcels followed as actions need it: side by side, and never longer than a shopper waits."""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from typing import Text

from actions.shop_client import seconds_left
from shop import Order, Shipment, ShipmentStatus
from shop.tracking import ParcelTracking

# Each question may cost the shop money; the others are told as the shop has them.
MOST_FOLLOWED = 3
_THREADS = 8


class TrackingClient:
    """A ``ParcelTracking`` for coroutines; what comes too late is left out."""

    def __init__(self, tracking: ParcelTracking) -> None:
        self._tracking = tracking
        self._threads = ThreadPoolExecutor(_THREADS, thread_name_prefix="parcels")

    def close(self) -> None:
        """Let go of the threads; questions that hang are not waited for."""
        self._threads.shutdown(wait=False, cancel_futures=True)

    async def follow(self, order: Order) -> Order:
        """The order with its parcels as their carriers see them now."""
        digits = order.address.phone[-4:] if order.address else ""
        open_ones = [
            each for each in order.shipments if each.status is not ShipmentStatus.DELIVERED
        ][:MOST_FOLLOWED]
        seen = await asyncio.gather(*(self._seen(each, digits) for each in open_ones))
        news = {each.tracking_number: each for each in seen}
        return replace(
            order,
            shipments=tuple(news.get(each.tracking_number, each) for each in order.shipments),
        )

    async def _seen(self, shipment: Shipment, digits: Text) -> Shipment:
        asked = self._threads.submit(self._tracking.follow, shipment, phone_last4=digits)
        try:
            return await asyncio.wait_for(asyncio.wrap_future(asked), seconds_left())
        except asyncio.TimeoutError:
            return shipment
