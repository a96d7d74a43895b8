"""Carrier tracking behind one protocol: the shop's own database, or an aggregator.

Step 6 of a message's way (act). ``open_tracking`` gives a ``ParcelTracking``.
"""

from datetime import datetime, timezone

from shop.settings import TrackingSettings
from shop.tracking.aggregated import AggregatedTracking
from shop.tracking.kuaidi100 import Kuaidi100
from shop.tracking.protocol import DatabaseTracking, ParcelTracking
from shop.tracking.report import Aggregator
from shop.tracking.seventeentrack import SeventeenTrack

__all__ = ["DatabaseTracking", "ParcelTracking", "TrackingSettings", "open_tracking"]

_KUAIDI100_URL = "https://poll.kuaidi100.com"
_SEVENTEENTRACK_URL = "https://api.17track.net"


def open_tracking(settings: TrackingSettings) -> ParcelTracking:
    """Open the tracking that the settings name, with the real clock; close it at the end."""
    if settings.tracking == "database":
        return DatabaseTracking()
    return AggregatedTracking(_aggregator(settings), lambda: datetime.now(timezone.utc))


def _aggregator(settings: TrackingSettings) -> Aggregator:
    if settings.tracking == "kuaidi100":
        return Kuaidi100(
            url=settings.tracking_url or _KUAIDI100_URL,
            key=settings.tracking_key,
            customer=settings.tracking_customer,
        )
    return SeventeenTrack(
        url=settings.tracking_url or _SEVENTEENTRACK_URL, key=settings.tracking_key
    )
