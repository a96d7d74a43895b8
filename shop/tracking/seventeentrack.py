"""17TRACK, which knows the parcels of carriers all over the world.

Its API v2.2: a number is registered once and can then be asked about; fields, states, codes and the
signature of what it pushes from its documentation: https://api.17track.net/en/doc?version=v2.2
"""

import hashlib
import hmac
from datetime import datetime, timezone
from typing import Any

from pydantic import StrictStr, validator

from shop.models import Shipment, ShipmentStatus, TrackingEvent
from shop.tracking.carriers import find_carrier
from shop.tracking.client import AggregatorClient, AnswerPart
from shop.tracking.errors import TrackingUnavailable
from shop.tracking.report import Report

_REGISTER = "/track/v2.2/register"
_QUERY = "/track/v2.2/gettrackinfo"

_ALREADY_REGISTERED = -18019901
_NOT_REGISTERED = -18019902
_NOTHING_KNOWN = -18019909

# ``NotFound`` and ``Expired`` (no news for long) are not here: they say nothing of the parcel.
_STATUS = {
    "InfoReceived": ShipmentStatus.IN_TRANSIT,
    "InTransit": ShipmentStatus.IN_TRANSIT,
    "OutForDelivery": ShipmentStatus.IN_TRANSIT,
    "AvailableForPickup": ShipmentStatus.IN_TRANSIT,
    "DeliveryFailure": ShipmentStatus.IN_TRANSIT,  # the courier comes again
    "Delivered": ShipmentStatus.DELIVERED,
    "Exception": ShipmentStatus.EXCEPTION,
}
# Where the sub-status says otherwise.
_SUB_STATUS = {
    "DeliveryFailure_Rejected": ShipmentStatus.EXCEPTION,
    "Exception_Delayed": ShipmentStatus.IN_TRANSIT,
    "Exception_NoBody": ShipmentStatus.IN_TRANSIT,
    "Exception_Security": ShipmentStatus.IN_TRANSIT,  # held by the customs
}


class _Translation(AnswerPart):
    lang: StrictStr = ""
    description: StrictStr = ""


class _Event(AnswerPart):
    time_utc: datetime | None = None
    description: StrictStr = ""
    description_translation: _Translation = _Translation()
    location: StrictStr = ""

    @validator("time_utc")
    def _in_utc(cls, time: datetime | None) -> datetime | None:
        if time is None:
            return None
        return (
            time.replace(tzinfo=timezone.utc) if not time.tzinfo else time.astimezone(timezone.utc)
        )


class _Provider(AnswerPart):
    events: list[_Event] = []


class _Tracking(AnswerPart):
    providers: list[_Provider] = []


class _LatestStatus(AnswerPart):
    status: StrictStr = "NotFound"
    sub_status: StrictStr = ""


class _TrackInfo(AnswerPart):
    latest_status: _LatestStatus = _LatestStatus()
    tracking: _Tracking = _Tracking()


class _Accepted(AnswerPart):
    number: StrictStr
    track_info: _TrackInfo = _TrackInfo()


class _Error(AnswerPart):
    code: int


class _Rejected(AnswerPart):
    number: StrictStr
    error: _Error


class _Data(AnswerPart):
    accepted: list[_Accepted] = []
    rejected: list[_Rejected] = []
    errors: list[_Error] = []


class _Answer(AnswerPart):
    code: int
    data: _Data = _Data()


class SeventeenTrack:
    """An ``Aggregator``; ``key`` is the shop's API key."""

    name = "17track"
    # Asking costs nothing once a number is registered, and it looks itself every few hours.
    keep_seconds = 300

    def __init__(self, *, url: str, key: str) -> None:
        self._client = AggregatorClient(url, headers={"17token": key})

    def ask(self, shipment: Shipment, *, phone_last4: str) -> Report:
        """See ``Aggregator``; a number that is not registered yet is registered first."""
        parcel: dict[str, Any] = {"number": shipment.tracking_number}
        carrier = find_carrier(shipment.carrier)
        if carrier and carrier.seventeentrack:
            parcel["carrier"] = carrier.seventeentrack
        found, code = self._post(_QUERY, parcel)
        if code == _NOT_REGISTERED:
            # What a carrier wants to know besides the number; a phone's digits here.
            more = {"param": phone_last4} if carrier and carrier.asks_for_phone else {}
            _, code = self._post(_REGISTER, {**parcel, **more})
            if code not in (None, _ALREADY_REGISTERED):
                raise TrackingUnavailable(f"refused_{code}")
            found, code = self._post(_QUERY, parcel)
        if code not in (None, _NOTHING_KNOWN):
            raise TrackingUnavailable(f"refused_{code}")
        return _report(found.track_info) if found else Report(status=None)

    def close(self) -> None:
        """Close the connections."""
        self._client.close()

    def _post(self, path: str, parcel: dict[str, Any]) -> tuple[_Accepted | None, int | None]:
        """Return what was accepted about the parcel, or the code of its rejection."""
        answer = self._client.post(path, _Answer, json=[parcel])
        failed = [error.code for error in answer.data.errors] or (
            [answer.code] if answer.code else []
        )
        if failed:
            raise TrackingUnavailable(f"refused_{failed[0]}")
        for accepted in answer.data.accepted:
            if accepted.number.upper() == parcel["number"].upper():
                return accepted, None
        for rejected in answer.data.rejected:
            if rejected.number.upper() == parcel["number"].upper():
                return None, rejected.error.code
        raise TrackingUnavailable("other_number")


def is_signed(body: bytes, signature: str, key: str) -> bool:
    """Tell whether 17TRACK pushed this body.

    Its header ``sign`` is the SHA-256 of the body as received, a slash and the key.
    """
    expected = hashlib.sha256(body + b"/" + key.encode()).hexdigest()
    return hmac.compare_digest(expected.encode(), signature.lower().encode())


def _report(info: _TrackInfo) -> Report:
    latest = info.latest_status
    status = _SUB_STATUS.get(latest.sub_status, _STATUS.get(latest.status))
    scans = [event for provider in info.tracking.providers for event in provider.events]
    # Newest first, as it comes.
    events = (
        _event(scan, scan.time_utc)
        for scan in reversed(scans)
        if scan.time_utc and scan.description.strip()
    )
    return Report(status, tuple(events))


def _event(scan: _Event, at: datetime) -> TrackingEvent:
    place = scan.location.strip()
    text = dict.fromkeys(("zh", "en"), scan.description.strip())
    translation = scan.description_translation
    language = translation.lang[:2].lower()
    if language in text and translation.description:
        text[language] = translation.description
    return TrackingEvent(at=at, place={"zh": place, "en": place}, text=text)
