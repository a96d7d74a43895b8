"""Where a parcel is: the protocol, and the embedded way of knowing it.

Step 6 of a message's way (act). The calls block; in an event loop they belong in a thread.
"""

from typing import Protocol

from shop.models import Shipment


class ParcelTracking(Protocol):
    """Follows parcels. A carrier that cannot be asked is no error: the shop's record stands."""

    def follow(self, shipment: Shipment, *, phone_last4: str = "") -> Shipment:
        """Return the shipment with the newest events and status.

        ``phone_last4`` are the recipient's last four digits, which some carriers ask for.
        """
        ...

    def close(self) -> None:
        """Let go of connections and threads."""
        ...


class DatabaseTracking:
    """The shop's database holds the events already, as somebody else writes them there."""

    def follow(self, shipment: Shipment, *, phone_last4: str = "") -> Shipment:
        """Return the shipment as it is."""
        return shipment

    def close(self) -> None:
        """Nothing is open."""
