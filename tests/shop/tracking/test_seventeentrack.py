from datetime import datetime, timezone

import pytest

from shop.models import ShipmentStatus
from shop.tracking.errors import TrackingUnavailable
from shop.tracking.seventeentrack import SeventeenTrack, is_signed

BODY = b'{"event":"TRACKING_UPDATED"}'
SIGNATURE = "6a34beff39cc0243a80947178530264173118bef1bcb860eae681bfe9d0552bd"


@pytest.fixture
def seventeentrack(aggregator):
    asked = SeventeenTrack(url=aggregator.url, key="shop-key")
    yield asked
    asked.close()


@pytest.fixture
def said(aggregator):
    """What is said of the parcel, which is registered."""

    def say(status="InTransit", sub_status=None, events=()):
        aggregator.registered["YT100200300"] = {}
        aggregator.parcels["YT100200300"] = {
            "latest_status": {"status": status, "sub_status": sub_status},
            "tracking": {"providers": [{"provider": {"name": "YTO"}, "events": list(events)}]},
        }

    return say


def event(time, description, **more):
    return {"time_utc": time, "time_iso": None, "description": description, **more}


def test_what_the_carrier_scanned_is_told_oldest_first(seventeentrack, said, parcel):
    said(
        events=[
            event("2026-11-20T01:00:00Z", "Out for delivery", location="Leeds, GB"),
            event("2026-11-19T20:00:00+08:00", "Arrived at hub", location=None),
            event("2026-11-18T02:15:30Z", "Collected", stage="PickedUp"),
        ]
    )
    report = seventeentrack.ask(parcel, phone_last4="")
    assert report.status is ShipmentStatus.IN_TRANSIT
    collected, arrived, out = report.events
    assert collected.text == {"zh": "Collected", "en": "Collected"}
    assert arrived.at == datetime(2026, 11, 19, 12, tzinfo=timezone.utc)
    assert arrived.at.tzinfo is timezone.utc
    assert (arrived.place["en"], out.place["en"]) == ("", "Leeds, GB")


@pytest.mark.parametrize(
    ("translation", "text"),
    [
        ({"lang": "en", "description": "Collected"}, {"zh": "已揽收", "en": "Collected"}),
        ({"lang": "de", "description": "Abgeholt"}, {"zh": "已揽收", "en": "已揽收"}),
        ({"lang": None, "description": None}, {"zh": "已揽收", "en": "已揽收"}),
        (None, {"zh": "已揽收", "en": "已揽收"}),
    ],
)
def test_a_translation_is_used_for_its_language(seventeentrack, said, parcel, translation, text):
    said(events=[event("2026-11-18T02:15:30Z", "已揽收", description_translation=translation)])
    (collected,) = seventeentrack.ask(parcel, phone_last4="").events
    assert collected.text == text


def test_a_scan_without_moment_or_words_is_left_out(seventeentrack, said, parcel):
    said(events=[event(None, "Collected"), event("2026-11-18T02:15:30Z", None)])
    assert seventeentrack.ask(parcel, phone_last4="").events == ()


@pytest.mark.parametrize(
    ("status", "sub_status", "expected"),
    [
        ("NotFound", "NotFound_Other", None),
        ("InfoReceived", None, ShipmentStatus.IN_TRANSIT),
        ("InTransit", "InTransit_Departure", ShipmentStatus.IN_TRANSIT),
        ("OutForDelivery", "OutForDelivery_Other", ShipmentStatus.IN_TRANSIT),
        ("AvailableForPickup", None, ShipmentStatus.IN_TRANSIT),
        ("DeliveryFailure", "DeliveryFailure_NoBody", ShipmentStatus.IN_TRANSIT),
        ("DeliveryFailure", "DeliveryFailure_Rejected", ShipmentStatus.EXCEPTION),
        ("Delivered", "Delivered_Other", ShipmentStatus.DELIVERED),
        ("Exception", "Exception_Returning", ShipmentStatus.EXCEPTION),
        ("Exception", "Exception_Lost", ShipmentStatus.EXCEPTION),
        ("Exception", None, ShipmentStatus.EXCEPTION),
        ("Exception", "Exception_Delayed", ShipmentStatus.IN_TRANSIT),
        ("Expired", "Expired_Other", None),
        ("SomethingNew", None, None),
        (None, None, None),
    ],
)
def test_every_status_has_ours(seventeentrack, said, parcel, status, sub_status, expected):
    said(status, sub_status)
    assert seventeentrack.ask(parcel, phone_last4="").status is expected


def test_a_number_is_registered_once_with_what_its_carrier_asks_for(
    seventeentrack, aggregator, make_parcel
):
    parcel = make_parcel("sf", "SF100200300")
    for _ in range(2):
        report = seventeentrack.ask(parcel, phone_last4="1001")
        assert (report.status, report.events) == (None, ())
    query = {"number": "SF100200300", "carrier": 100012}
    assert aggregator.asked == [
        ("gettrackinfo", query),
        ("register", {**query, "param": "1001"}),
        ("gettrackinfo", query),
        ("gettrackinfo", query),
    ]


@pytest.mark.parametrize("carrier", ["jd", "ours"])
def test_a_carrier_without_a_number_is_left_to_the_aggregator(
    seventeentrack, aggregator, make_parcel, carrier
):
    seventeentrack.ask(make_parcel(carrier), phone_last4="1001")
    assert aggregator.registered == {"YT100200300": {"number": "YT100200300"}}


def test_a_number_that_cannot_be_registered_is_an_error(seventeentrack, make_parcel):
    with pytest.raises(TrackingUnavailable) as refused:
        seventeentrack.ask(make_parcel(number="none"), phone_last4="")
    assert refused.value.reason == "refused_-18019903"


def test_a_wrong_key_is_refused(aggregator, parcel):
    stranger = SeventeenTrack(url=aggregator.url, key="other")
    with pytest.raises(TrackingUnavailable) as refused:
        stranger.ask(parcel, phone_last4="")
    assert refused.value.reason == "refused_-18010002"
    stranger.close()


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        ({"code": -18010014, "data": None}, "refused_-18010014"),
        ({"code": 0, "data": {"accepted": [], "rejected": []}}, "other_number"),
        ({"code": 0, "data": {"accepted": [{"number": "YT100200301"}]}}, "other_number"),
        ({"code": 0, "data": {"accepted": [{"number": 100200300}]}}, "malformed"),
        (
            {"code": 0, "data": {"accepted": [{"number": "YT100200300", "track_info": 1}]}},
            "malformed",
        ),
        ({"code": 0, "data": "none"}, "malformed"),
        ({"data": {}}, "malformed"),
        ({"code": "fine", "data": {}}, "malformed"),
    ],
)
def test_an_answer_that_may_not_be_shown_is_none(
    seventeentrack, aggregator, parcel, answer, reason
):
    aggregator.seventeentrack = lambda token, path, parcels: answer
    with pytest.raises(TrackingUnavailable) as refused:
        seventeentrack.ask(parcel, phone_last4="")
    assert refused.value.reason == reason


def test_what_17track_pushed_is_known_by_its_signature():
    assert is_signed(BODY, SIGNATURE, "k3y")
    assert is_signed(BODY, SIGNATURE.upper(), "k3y")


@pytest.mark.parametrize(
    ("body", "signature", "key"),
    [
        (BODY + b" ", SIGNATURE, "k3y"),
        (BODY, SIGNATURE, "other"),
        (BODY, SIGNATURE[:-1], "k3y"),
        (BODY, "", "k3y"),
        (BODY, "签名", "k3y"),
    ],
)
def test_what_somebody_else_pushed_is_not(body, signature, key):
    assert not is_signed(body, signature, key)
