"""What an aggregator says about one parcel, and how that joins what the shop knows."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Protocol

from shop.models import Shipment, ShipmentStatus, TrackingEvent


@dataclass(frozen=True)
class Report:
    """One answer. ``status`` is ``None`` when it says nothing about that."""

    status: ShipmentStatus | None
    events: tuple[TrackingEvent, ...] = ()

    def onto(self, shipment: Shipment) -> Shipment:
        """Return the shipment with this report in it.

        A scan that the shop has, too, keeps the shop's words, which are there in both languages;
        scans are the same when they were made in the same minute.
        """
        known = {_minute(event.at) for event in shipment.events}
        news = [event for event in self.events if _minute(event.at) not in known]
        events = sorted([*shipment.events, *news], key=lambda event: event.at)
        return replace(shipment, status=self.status or shipment.status, events=tuple(events))


class Aggregator(Protocol):
    """Somebody who knows the parcels of many carriers."""

    @property
    def name(self) -> str:
        """What the log calls it."""
        ...

    @property
    def keep_seconds(self) -> int:
        """How long an answer stands: each question costs the shop money."""
        ...

    def ask(self, shipment: Shipment, *, phone_last4: str) -> Report:
        """Ask about one parcel.

        Raises:
            TrackingUnavailable: no answer about this parcel.
        """
        ...

    def close(self) -> None:
        """Let go of connections."""
        ...


def _minute(moment: datetime) -> datetime:
    return moment.replace(second=0, microsecond=0)
