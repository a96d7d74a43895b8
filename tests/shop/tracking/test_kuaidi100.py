from datetime import datetime, timezone

import pytest

from shop.models import ShipmentStatus
from shop.tracking.errors import TrackingDown, TrackingUnavailable
from shop.tracking.kuaidi100 import Kuaidi100, sign


@pytest.fixture
def kuaidi100(aggregator, credentials):
    asked = Kuaidi100(url=aggregator.url, **credentials)
    yield asked
    asked.close()


def scan(time, context, **more):
    return {"time": time, "ftime": time, "context": context, **more}


def test_a_query_is_signed_as_the_documentation_says():
    param = '{"com":"yuantong","num":"YT1"}'
    assert sign(param, key="k3y", customer="C0DE") == "D8EEBD5957A377178E4A2A6EC97B62FD"


def test_what_the_carrier_scanned_is_told_in_order_and_in_utc(kuaidi100, aggregator, parcel):
    aggregator.parcels["YT100200300"] = {
        "state": "5",
        "data": [
            scan("2026-11-19 23:40:10", "已到达广州转运中心", areaName="广东,广州市"),
            scan("2026-11-20 08:05:00", "快递员正在派送", areaName=None),
        ],
    }
    report = kuaidi100.ask(parcel, phone_last4="")
    assert report.status is ShipmentStatus.IN_TRANSIT
    first, second = report.events
    assert first.at == datetime(2026, 11, 19, 15, 40, 10, tzinfo=timezone.utc)
    assert first.at.tzinfo is timezone.utc
    assert first.place == {"zh": "广东广州市", "en": "广东广州市"}
    assert first.text == {"zh": "已到达广州转运中心", "en": "已到达广州转运中心"}
    assert second.place == {"zh": "", "en": ""}
    assert second.text["zh"] == "快递员正在派送"


@pytest.mark.parametrize(
    ("state", "status"),
    [
        *((state, ShipmentStatus.IN_TRANSIT) for state in (0, 1, 2, 5, 7, 8, 10, 11, 12, 13)),
        *((state, ShipmentStatus.EXCEPTION) for state in (4, 6, 14)),
        (3, ShipmentStatus.DELIVERED),
    ],
)
@pytest.mark.parametrize("written", [str, int])
def test_every_state_has_its_status(kuaidi100, aggregator, parcel, state, status, written):
    aggregator.parcels["YT100200300"] = {"state": written(state)}
    assert kuaidi100.ask(parcel, phone_last4="").status is status


@pytest.mark.parametrize(
    ("carrier", "code"), [("sf", "shunfeng"), ("yto", "yuantong"), ("jd", "jd")]
)
def test_a_phone_goes_only_to_a_carrier_that_asks_for_it(
    kuaidi100, aggregator, make_parcel, carrier, code
):
    kuaidi100.ask(make_parcel(carrier), phone_last4="1001")
    (asked,) = aggregator.asked
    assert asked["com"] == code
    assert asked.get("phone") == ("1001" if carrier == "sf" else None)


def test_a_query_that_must_fail_is_not_paid_for(kuaidi100, aggregator, make_parcel):
    for carrier, reason in (("sf", "no_phone"), ("ours", "unknown_carrier")):
        with pytest.raises(TrackingUnavailable) as refused:
            kuaidi100.ask(make_parcel(carrier), phone_last4="")
        assert refused.value.reason == reason
    assert aggregator.asked == []


def test_a_parcel_of_which_nothing_is_known_yet_is_no_error(kuaidi100, parcel):
    report = kuaidi100.ask(parcel, phone_last4="")
    assert (report.status, report.events) == (None, ())


@pytest.mark.parametrize(("key", "customer"), [("other", "SHOP-CODE"), ("shop-key", "other")])
def test_a_wrong_signature_is_refused(aggregator, parcel, key, customer):
    stranger = Kuaidi100(url=aggregator.url, key=key, customer=customer)
    with pytest.raises(TrackingUnavailable) as refused:
        stranger.ask(parcel, phone_last4="")
    assert refused.value.reason == "refused_503"
    stranger.close()


@pytest.mark.parametrize(
    ("said", "reason"),
    [
        ({"result": False, "returnCode": "400", "message": "找不到对应公司"}, "refused_400"),
        ({"result": False, "returnCode": 408, "message": "验证码错误"}, "refused_408"),
        ({"status": "408", "nu": "", "state": "0"}, "refused_408"),
        ({"result": False, "returnCode": "601", "message": "KEY已过期"}, "refused_601"),
        ({"nu": "YT100200301"}, "other_number"),
        ({"nu": ""}, "other_number"),
        ({"nu": 100200300}, "malformed"),
        ({"status": "好"}, "malformed"),
        ({"status": None}, "malformed"),
        ({"state": None}, "malformed"),
        ({"state": "99"}, "malformed"),
        ({"state": "signed"}, "malformed"),
        ({"data": "none"}, "malformed"),
        ({"data": ["揽收"]}, "malformed"),
        ({"data": [scan("yesterday", "已揽收")]}, "malformed"),
        ({"data": [scan("2026-02-30 10:00:00", "已揽收")]}, "malformed"),
        ({"data": [scan("2026-11-19 10:00:00", {"text": "已揽收"})]}, "malformed"),
        ({"data": [{"time": "2026-11-19 10:00:00"}]}, "malformed"),
    ],
)
def test_an_answer_that_may_not_be_shown_is_none(kuaidi100, aggregator, parcel, said, reason):
    aggregator.parcels["YT100200300"] = said
    with pytest.raises(TrackingUnavailable) as refused:
        kuaidi100.ask(parcel, phone_last4="")
    assert refused.value.reason == reason
    assert not isinstance(refused.value, TrackingDown)


@pytest.mark.parametrize("code", ["501", "502"])
def test_a_busy_server_is_down(kuaidi100, aggregator, parcel, code):
    aggregator.parcels["YT100200300"] = {"result": False, "returnCode": code}
    with pytest.raises(TrackingDown):
        kuaidi100.ask(parcel, phone_last4="")


def test_a_scan_without_words_is_left_out(kuaidi100, aggregator, parcel):
    aggregator.parcels["YT100200300"] = {"data": [scan("2026-11-19 10:00:00", " ")]}
    assert kuaidi100.ask(parcel, phone_last4="").events == ()
