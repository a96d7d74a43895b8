import logging
import socket
import time

import pytest

from shop.models import ShipmentStatus
from shop.tracking.aggregated import AggregatedTracking
from shop.tracking.kuaidi100 import Kuaidi100
from shop.tracking.seventeentrack import SeventeenTrack

ON_ITS_WAY = {
    "state": "5",
    "data": [
        {"time": "2026-11-20 08:05:00", "context": "快递员正在派送", "areaName": "广东,广州市"}
    ],
}


@pytest.fixture
def opened(aggregator, credentials, clock):
    trackings = []

    def open_tracking(**options):
        kuaidi100 = Kuaidi100(url=options.pop("url", aggregator.url), **credentials)
        trackings.append(AggregatedTracking(kuaidi100, clock, **options))
        return trackings[-1]

    yield open_tracking
    aggregator.go_on.set()
    for tracking in trackings:
        tracking.close()


@pytest.fixture
def tracking(opened, aggregator):
    aggregator.parcels["YT100200300"] = ON_ITS_WAY
    return opened()


def test_the_news_join_what_the_shop_knows(tracking, parcel):
    followed = tracking.follow(parcel)
    assert [event.text["zh"] for event in followed.events] == ["快递员已揽收", "快递员正在派送"]
    assert followed.events[0] == parcel.events[0]
    assert followed.promised_on == parcel.promised_on


def test_a_parcel_that_has_arrived_is_not_asked_about(tracking, aggregator, make_parcel):
    arrived = make_parcel(status=ShipmentStatus.DELIVERED)
    assert tracking.follow(arrived) == arrived
    assert aggregator.asked == []


def test_an_answer_stands_for_as_long_as_the_aggregator_wants(tracking, aggregator, clock, parcel):
    first = tracking.follow(parcel)
    clock.forward(minutes=29, seconds=59)
    assert tracking.follow(parcel) == first
    assert len(aggregator.asked) == 1
    clock.forward(seconds=1)
    tracking.follow(parcel)
    assert len(aggregator.asked) == 2


def test_17track_may_be_asked_again_after_five_minutes(aggregator, clock, parcel):
    tracking = AggregatedTracking(SeventeenTrack(url=aggregator.url, key="shop-key"), clock)
    tracking.follow(parcel)
    asked = len(aggregator.asked)
    clock.forward(minutes=4, seconds=59)
    tracking.follow(parcel)
    assert len(aggregator.asked) == asked
    clock.forward(seconds=1)
    tracking.follow(parcel)
    assert len(aggregator.asked) == asked + 1
    tracking.close()


def test_that_nothing_is_known_yet_is_an_answer_too(opened, aggregator, parcel):
    tracking = opened()
    assert tracking.follow(parcel) == tracking.follow(parcel) == parcel
    assert len(aggregator.asked) == 1


def test_a_refusal_is_no_answer(tracking, aggregator, parcel):
    aggregator.parcels["YT100200300"] = {"nu": "YT100200301"}
    assert tracking.follow(parcel) == parcel
    aggregator.parcels["YT100200300"] = ON_ITS_WAY
    assert len(tracking.follow(parcel).events) == 2


def test_the_oldest_answer_goes_when_there_are_too_many(opened, aggregator, make_parcel):
    tracking = opened(most_answers=2)
    for number in ("YT1", "YT2", "YT3", "YT3", "YT2", "YT1"):
        tracking.follow(make_parcel(number=number))
    assert [param["num"] for param in aggregator.asked] == ["YT1", "YT2", "YT3", "YT1"]


def test_answers_of_several_parcels_are_not_mixed_up(tracking, aggregator, make_parcel):
    aggregator.parcels["YT2"] = {"state": "3"}
    for _ in range(2):
        assert tracking.follow(make_parcel()).status is ShipmentStatus.IN_TRANSIT
        assert tracking.follow(make_parcel(number="YT2")).status is ShipmentStatus.DELIVERED


@pytest.mark.parametrize(
    ("behaviour", "reason"),
    [
        ("broken", "http_500"),
        ("overloaded", "http_429"),
        ("redirecting", "http_302"),
        ("forbidden", "http_403"),
        ("maintained", "not_json"),
        ("cut_off", "not_json"),
        ("nested", "not_json"),
        ("huge", "too_large"),
        ("a_list", "malformed"),
        ("null", "malformed"),
    ],
)
def test_without_a_good_answer_the_shops_record_stands(
    tracking, aggregator, parcel, caplog, behaviour, reason
):
    aggregator.behaviour = behaviour
    with caplog.at_level(logging.DEBUG, logger="shop"):
        assert tracking.follow(parcel, phone_last4="1001") == parcel
    (line,) = [record.getMessage() for record in caplog.records if record.name.startswith("shop")]
    assert line == f"tracking_unavailable carrier=yto by=kuaidi100 reason={reason}"
    assert "YT100200300" not in caplog.text and "shop-key" not in caplog.text


@pytest.mark.parametrize("behaviour", ["slow", "one_byte_at_a_time"])
def test_a_shopper_waits_two_seconds_and_no_longer(tracking, aggregator, parcel, caplog, behaviour):
    aggregator.behaviour = behaviour
    began = time.monotonic()
    assert tracking.follow(parcel) == parcel
    assert 1.9 < time.monotonic() - began < 2.5
    assert "reason=timeout" in caplog.text


def test_an_answer_that_came_too_late_is_there_for_the_next_question(
    opened, aggregator, parcel, wait_for
):
    tracking = opened(deadline_seconds=0.2)
    aggregator.parcels["YT100200300"] = ON_ITS_WAY
    aggregator.behaviour = "slow"
    assert tracking.follow(parcel) == parcel
    aggregator.go_on.set()
    wait_for(lambda: len(tracking.follow(parcel).events) == 2, 5, "the late answer")
    assert len(aggregator.asked) == 1


def test_a_carrier_that_is_down_is_left_alone_for_half_a_minute(
    tracking, aggregator, clock, make_parcel
):
    aggregator.parcels.update({"YT2": ON_ITS_WAY, "JD1": ON_ITS_WAY})
    aggregator.behaviour = "broken"
    tracking.follow(make_parcel())
    aggregator.behaviour = "fine"
    other = make_parcel(number="YT2")
    clock.forward(seconds=29)
    assert tracking.follow(other) == other
    assert len(aggregator.asked) == 1
    # Others may be well: an aggregator asks each carrier itself.
    assert len(tracking.follow(make_parcel("jd", "JD1")).events) == 2
    clock.forward(seconds=1)
    assert len(tracking.follow(other).events) == 2


@pytest.mark.parametrize(("drops", "events"), [(1, 2), (2, 1)])
def test_a_broken_connection_is_tried_once_more(tracking, aggregator, parcel, drops, events):
    aggregator.drops = drops
    assert len(tracking.follow(parcel).events) == events
    assert aggregator.drops == 0


@pytest.mark.parametrize("behaviour", ["broken", "maintained", "overloaded"])
def test_a_bad_answer_is_not_asked_for_twice(tracking, aggregator, parcel, behaviour):
    aggregator.behaviour = behaviour
    tracking.follow(parcel)
    assert len(aggregator.asked) == 1


def test_where_nobody_listens_the_shops_record_stands(opened, parcel, caplog):
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        port = unused.getsockname()[1]
        assert opened(url=f"http://127.0.0.1:{port}").follow(parcel) == parcel
    assert "reason=connection" in caplog.text
