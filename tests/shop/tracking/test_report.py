from dataclasses import replace
from datetime import timedelta

import pytest

from shop.models import ShipmentStatus
from shop.tracking.report import Report


@pytest.fixture
def collected(parcel):
    return parcel.events[0]


def told(event, text="已揽收", **later):
    return replace(event, at=event.at + timedelta(**later), text={"zh": text, "en": text})


def test_a_scan_that_the_shop_has_keeps_its_words(parcel, collected):
    same = told(collected, seconds=31)
    assert Report(None, (same,)).onto(parcel).events == (collected,)


def test_scans_of_one_minute_that_are_new_are_all_told(parcel, collected):
    news = (told(collected, "到达", hours=1), told(collected, "离开", hours=1, seconds=20))
    assert Report(None, news).onto(parcel).events == (collected, *news)


def test_events_are_told_oldest_first_wherever_they_come_from(parcel, collected):
    late, early = told(collected, hours=3), told(collected, hours=-3)
    assert Report(None, (late, early)).onto(parcel).events == (early, collected, late)


def test_what_the_shop_knows_stays_when_the_aggregator_knows_less(parcel):
    assert Report(None).onto(parcel) == parcel


@pytest.mark.parametrize("status", ShipmentStatus)
def test_the_status_is_the_aggregators(parcel, status):
    assert Report(status).onto(parcel).status is status
