"""What can go wrong between the shop and those who follow its parcels.

ShopError
└── TrackingUnavailable   no answer, or none that may be shown; never leaves ``shop.tracking``
    └── TrackingDown      nobody answers there now: the next parcel would wait in vain, too
"""

from shop.errors import ShopError


class TrackingUnavailable(ShopError):
    """``reason`` is one word for the log: never a number, a text or a key."""

    def __init__(self, reason: str) -> None:
        super().__init__(f"no tracking: {reason}")
        self.reason = reason


class TrackingDown(TrackingUnavailable):
    """Too slow, not reachable or broken."""
