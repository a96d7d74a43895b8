"""Parcels of the demo shop on their way from the warehouse to a shopper.

Beside the way of a message: makes shipments whose scans follow one another as a carrier's
would; texts and places in ``journeys.yml``.
"""

import random
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import yaml

from shop.models import Shipment, ShipmentStatus, Text, TrackingEvent

_FILE = Path(__file__).with_name("journeys.yml")

# How far into the journey each scan lies; the last two hang on the hour of arrival.
_SHARES = {"collected": 0.0, "left_origin": 0.15, "at_hub": 0.45, "at_depot": 0.75}
_COURIER_LEAVES = timedelta(hours=3)
# So many customers are there for each one who lives far away.
_ONE_IN = 40


class Journeys:
    """Makes shipments. What is promised is the slowest usual delivery in ``policy.yml``."""

    def __init__(self, *, promise_days: int, remote_promise_days: int) -> None:
        self._atlas: dict[str, Any] = yaml.safe_load(_FILE.read_text(encoding="utf-8"))
        self._promise = timedelta(days=promise_days)
        self._remote_promise = timedelta(days=remote_promise_days)

    def city(self, customer_id: str) -> Text:
        """Give the city to which all parcels of a customer go."""
        number, cities = int(customer_id[1:]), self._atlas["destinations"]
        if self._is_remote(customer_id):
            number, cities = number // _ONE_IN, self._atlas["remote"]
        city: Text = cities[number % len(cities)]
        return city

    def make_shipment(
        self,
        rng: random.Random,
        *,
        customer_id: str,
        dispatched: datetime,
        arrives: datetime,
        seen_until: datetime | None = None,
        scans: int | None = None,
    ) -> Shipment:
        """Make a parcel that leaves and arrives at these local moments.

        A customer's parcels all go to one city.

        With ``seen_until`` it is still in transit and shows the scans before that moment; at
        most ``scans`` of them, as when it got stuck.
        """
        carrier = rng.choice(self._atlas["carriers"])
        number = f"{carrier['prefix']}{rng.randrange(10**11, 10**12)}"
        city = self.city(customer_id)
        promise = self._remote_promise if self._is_remote(customer_id) else self._promise
        events = self._events(rng.choice(self._atlas["hubs"]), city, dispatched, arrives)
        if seen_until is not None:
            events = [event for event in events[:4] if event.at < seen_until][:scans]
        return Shipment(
            tracking_number=number,
            carrier={"zh": carrier["zh"], "en": carrier["en"]},
            status=ShipmentStatus.IN_TRANSIT if seen_until else ShipmentStatus.DELIVERED,
            promised_on=(dispatched + promise).date(),
            events=tuple(events),
        )

    def _is_remote(self, customer_id: str) -> bool:
        return int(customer_id[1:]) % _ONE_IN == 0

    def _events(
        self, hub: Text, city: Text, dispatched: datetime, arrives: datetime
    ) -> list[TrackingEvent]:
        places = (self._atlas["origin"], self._atlas["origin"], hub, city, city, city)
        travel = arrives - dispatched
        moments = [dispatched + travel * share for share in _SHARES.values()]
        moments += [arrives - _COURIER_LEAVES, arrives]
        steps: tuple[Text, ...] = tuple(self._atlas["steps"].values())
        return [
            TrackingEvent(
                at=at.replace(second=0, microsecond=0).astimezone(timezone.utc),
                place=dict(place),
                text={key: text.format(hub=hub[key], city=city[key]) for key, text in step.items()},
            )
            for at, place, step in zip(moments, places, steps)
        ]
