"""Which tracking the settings open, and that they are documented."""

import re
from pathlib import Path

import pytest
from pydantic import ValidationError

from shop.models import ShipmentStatus
from shop.tracking import DatabaseTracking, TrackingSettings, open_tracking

ROOT = Path(__file__).resolve().parents[3]


@pytest.fixture(autouse=True)
def clean_environment(monkeypatch, tmp_path):
    for name in TrackingSettings.__fields__:
        monkeypatch.delenv(name.upper(), raising=False)
    monkeypatch.chdir(tmp_path)


@pytest.mark.parametrize("name", TrackingSettings.__fields__)
def test_every_setting_is_in_the_example_with_its_default(name):
    text = (ROOT / ".env.example").read_text(encoding="utf-8")
    example = dict(re.findall(r"^([A-Z_]+)=(.*)$", text, re.M))
    assert example[name.upper()] == TrackingSettings.__fields__[name].default


def test_the_shops_database_is_the_default_and_its_word_stands(parcel):
    tracking = open_tracking(TrackingSettings())
    assert isinstance(tracking, DatabaseTracking)
    assert tracking.follow(parcel, phone_last4="1001") is parcel
    tracking.close()


@pytest.mark.parametrize("tracking", ["kuaidi100", "17track"])
def test_an_aggregator_is_asked_at_the_address_given(monkeypatch, aggregator, parcel, tracking):
    aggregator.registered["YT100200300"] = {}
    aggregator.parcels["YT100200300"] = {
        "state": "6",
        "latest_status": {"status": "Exception", "sub_status": "Exception_Returning"},
    }
    monkeypatch.setenv("TRACKING", tracking)
    monkeypatch.setenv("TRACKING_URL", aggregator.url)
    monkeypatch.setenv("TRACKING_KEY", "shop-key")
    monkeypatch.setenv("TRACKING_CUSTOMER", "SHOP-CODE")
    opened = open_tracking(TrackingSettings())
    assert opened.follow(parcel).status is ShipmentStatus.EXCEPTION
    opened.close()


def test_settings_are_read_from_the_file_too(tmp_path):
    (tmp_path / ".env").write_text("TRACKING=17track\nTRACKING_KEY=k\nPORT=9000\n")
    assert TrackingSettings().tracking == "17track"


@pytest.mark.parametrize(
    ("values", "wrong"),
    [
        ({"TRACKING": "carrier pigeon"}, "tracking"),
        ({"TRACKING": "kuaidi100", "TRACKING_CUSTOMER": "c"}, "tracking_key"),
        ({"TRACKING": "17track"}, "tracking_key"),
        ({"TRACKING": "kuaidi100", "TRACKING_KEY": "k"}, "tracking_customer"),
        ({"TRACKING_URL": "http://relay.shop.example"}, "tracking_url"),
        ({"TRACKING_URL": "http://localhost@relay.shop.example"}, "tracking_url"),
        ({"TRACKING_URL": "relay.shop.example"}, "tracking_url"),
        ({"TRACKING_URL": "https://"}, "tracking_url"),
        ({"TRACKING_URL": "https://[::1/"}, "tracking_url"),
    ],
)
def test_a_wrong_setting_is_named(monkeypatch, values, wrong):
    for name, value in values.items():
        monkeypatch.setenv(name, value)
    with pytest.raises(ValidationError) as refused:
        TrackingSettings()
    assert [error["loc"] for error in refused.value.errors()] == [(wrong,)]
