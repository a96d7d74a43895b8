"""Kuaidi100 (快递100), which knows the parcels of Chinese carriers.

Its real-time query; fields, states, codes and signature from its documentation "实时快递查询":
https://api.kuaidi100.com/document/5f0ffb5ebc8da837cbd8aefc
"""

import hashlib
import json
from datetime import datetime, timezone
from typing import Any
from zoneinfo import ZoneInfo

from pydantic import StrictStr, validator

from shop.models import Shipment, ShipmentStatus, TrackingEvent
from shop.tracking.carriers import find_carrier
from shop.tracking.client import AggregatorClient, AnswerPart
from shop.tracking.errors import TrackingDown, TrackingUnavailable
from shop.tracking.report import Report

_QUERY = "/poll/query.do"
_ZONE = ZoneInfo("Asia/Shanghai")

_OK = "200"
_NOTHING_KNOWN = "500"  # no result for this number yet
_SERVER_FAILED = ("501", "502")  # broken, busy
# Others are refusals: 400 no such carrier, 408 wrong phone digits, 503 wrong signature, 601 the
# key has run out.

# What is difficult (2) or held by the customs (13) is still on its way; the scans say why.
_STATES = {
    **dict.fromkeys((0, 1, 2, 5, 7, 8, 10, 11, 12, 13), ShipmentStatus.IN_TRANSIT),
    3: ShipmentStatus.DELIVERED,
    # Taken back after signing, on its way back, refused.
    **dict.fromkeys((4, 6, 14), ShipmentStatus.EXCEPTION),
}


class _Scan(AnswerPart):
    time: datetime
    context: StrictStr
    areaName: StrictStr = ""  # noqa: N815

    @validator("time")
    def _in_utc(cls, time: datetime) -> datetime:
        aware = time if time.tzinfo else time.replace(tzinfo=_ZONE)
        return aware.astimezone(timezone.utc)


class _Answer(AnswerPart):
    """An answer about a parcel, or an error, which has a ``returnCode`` instead of a ``status``."""

    returnCode: str = ""  # noqa: N815
    status: str = ""
    nu: StrictStr = ""
    state: int | None = None
    data: list[_Scan] = []


class Kuaidi100:
    """An ``Aggregator``; ``customer`` and ``key`` are what Kuaidi100 gave the shop."""

    name = "kuaidi100"
    # It locks a number that is asked about more than once in half an hour.
    keep_seconds = 1800

    def __init__(self, *, url: str, key: str, customer: str) -> None:
        self._key = key
        self._customer = customer
        self._client = AggregatorClient(url)

    def ask(self, shipment: Shipment, *, phone_last4: str) -> Report:
        """See ``Aggregator``; a carrier is given the phone's digits only if it asks for them."""
        carrier = find_carrier(shipment.carrier)
        if carrier is None:
            raise TrackingUnavailable("unknown_carrier")
        param: dict[str, Any] = {
            "com": carrier.kuaidi100,
            "num": shipment.tracking_number,
            "resultv2": "1",
            "order": "asc",
        }
        if carrier.asks_for_phone:
            if not phone_last4:
                raise TrackingUnavailable("no_phone")
            param["phone"] = phone_last4
        return _read(self._query(param), shipment.tracking_number)

    def close(self) -> None:
        """Close the connections."""
        self._client.close()

    def _query(self, param: dict[str, Any]) -> _Answer:
        written = json.dumps(param, ensure_ascii=False)
        form = {
            "customer": self._customer,
            "param": written,
            "sign": sign(written, key=self._key, customer=self._customer),
        }
        return self._client.post(_QUERY, _Answer, data=form)


def sign(param: str, *, key: str, customer: str) -> str:
    """Return the signature of a query: MD5 of all three in this order, in capitals."""
    text = f"{param}{key}{customer}".encode()
    return hashlib.md5(text, usedforsecurity=False).hexdigest().upper()


def _read(answer: _Answer, number: str) -> Report:
    code = answer.returnCode or answer.status
    if code == _NOTHING_KNOWN:
        return Report(status=None)
    if code in _SERVER_FAILED:
        raise TrackingDown(f"refused_{code}")
    if code != _OK:
        raise TrackingUnavailable(f"refused_{code}" if code.isdecimal() else "malformed")
    if answer.nu.upper() != number.upper():
        raise TrackingUnavailable("other_number")
    if answer.state not in _STATES:
        raise TrackingUnavailable("malformed")
    events = tuple(_event(scan) for scan in answer.data if scan.context.strip())
    return Report(_STATES[answer.state], events)


def _event(scan: _Scan) -> TrackingEvent:
    # "广东,深圳市,龙岗区": from the province down to the district.
    place = scan.areaName.replace(",", "")
    text = scan.context.strip()
    return TrackingEvent(
        at=scan.time, place={"zh": place, "en": place}, text={"zh": text, "en": text}
    )
