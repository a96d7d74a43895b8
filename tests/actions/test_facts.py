"""Dates, money and titles in the reader's way."""

import re
from dataclasses import replace
from datetime import date, datetime, timezone
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from actions.facts import FactWriter
from shop import Identity, OrderLine


def writer(language: str) -> FactWriter:
    return FactWriter(language=language, timezone="Asia/Shanghai")


def utc(*parts: int) -> datetime:
    return datetime(*parts, tzinfo=timezone.utc)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("value", "zh", "en"),
    [
        (date(2026, 11, 20), "11月20日", "20 Nov"),
        (date(2026, 1, 1), "1月1日", "1 Jan"),
        (utc(2026, 11, 19, 15, 59, 59), "11月19日", "19 Nov"),
        (utc(2026, 11, 19, 16, 0), "11月20日", "20 Nov"),
        (utc(2026, 12, 31, 15, 59), "12月31日", "31 Dec"),
        (utc(2026, 12, 31, 16, 0), "1月1日", "1 Jan"),
    ],
)
def test_a_day_is_the_day_in_the_shop(value: Any, zh: str, en: str) -> None:
    assert (writer("zh").day(value), writer("en").day(value)) == (zh, en)


@pytest.mark.parametrize(
    ("value", "zh", "en"),
    [
        (utc(2026, 11, 19, 15, 59), "11月19日 23:59", "19 Nov 23:59"),
        (utc(2026, 11, 19, 16, 0), "11月20日 00:00", "20 Nov 00:00"),
        (utc(2026, 11, 20, 4, 5), "11月20日 12:05", "20 Nov 12:05"),
    ],
)
def test_a_moment_is_told_by_the_shops_clock(value: datetime, zh: str, en: str) -> None:
    assert (writer("zh").moment(value), writer("en").moment(value)) == (zh, en)


@pytest.mark.parametrize(
    ("cents", "written"),
    [
        (0, "¥0.00"),
        (5, "¥0.05"),
        (800, "¥8.00"),
        (88102, "¥881.02"),
        (349900, "¥3,499.00"),
        (123456789, "¥1,234,567.89"),
    ],
)
@pytest.mark.parametrize("language", ["zh", "en"])
def test_money_is_written_in_yuan_with_two_decimals(
    language: str, cents: int, written: str
) -> None:
    assert writer(language).money(cents) == written


@given(st.integers(0, 10**11))
def test_no_fen_is_lost_or_won(cents: int) -> None:
    for language in ("zh", "en"):
        assert int(re.sub(r"\D", "", writer(language).money(cents))) == cents


@pytest.mark.parametrize(
    ("texts", "zh", "en"),
    [
        ({"zh": "毯子", "en": "Blanket"}, "毯子", "Blanket"),
        ({"zh": "毯子"}, "毯子", "毯子"),
        ({"en": "Blanket", "zh": ""}, "Blanket", "Blanket"),
        ({}, "", ""),
    ],
)
def test_a_text_is_given_in_the_language_that_the_shop_has(texts: Any, zh: str, en: str) -> None:
    assert (writer("zh").text(texts), writer("en").text(texts)) == (zh, en)


def test_titles_stand_in_a_row_as_each_language_lists_them() -> None:
    lines = [
        OrderLine(1, "A", {"zh": "毯子", "en": "Blanket"}, "home", 1, 100),
        OrderLine(2, "B", {"zh": "水壶", "en": "Flask"}, "home", 1, 100),
    ]
    assert writer("zh").titles(lines) == "毯子、水壶"
    assert writer("en").titles(lines) == "Blanket, Flask"
    assert writer("en").titles([]) == ""


def test_an_order_is_called_by_its_first_line_and_how_many_more(shop: Any) -> None:
    coat = shop.order(Identity(customer_id="C1001"), "XE20260002")
    both = shop.order(Identity(customer_id="C1003"), "XE20260005")
    assert writer("zh").order_title(coat) == "双面羊毛呢大衣 女款"
    assert writer("en").order_title(both) == "Engraved steel flask +1"


def test_a_card_shows_the_last_three_events_newest_last(shop: Any) -> None:
    order = shop.order(Identity(customer_id="C1001"), "XE20260002")
    events = order.shipments[0].events
    assert len(events) > 3
    card = writer("en").order_card(order)
    assert [event["at"] for event in card["events"]] == [e.at.isoformat() for e in events[-3:]]
    assert card["amount"] == "¥881.02" and card["status"] == "delivered"
    assert card["timezone"] == "Asia/Shanghai"
    assert writer("zh").order_card(replace(order, shipments=()))["events"] == []
