"""Where is my order: customers, visitors, and people who ask for what is not theirs."""

import re
import sqlite3
from typing import Any

import pytest

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(400)]


def last_event(system: Any, number: str, language: str) -> str:
    """The newest tracking event of an order, read from the shop's database."""
    with sqlite3.connect(system.data_dir / "shop.db") as database:
        (text,) = database.execute(
            f"select json_extract(e.text, '$.{language}') from tracking_events e "
            "join shipments s on s.tracking_number = e.tracking_number "
            "where s.order_number = ? order by e.at desc limit 1",
            (number,),
        ).fetchone()
    return str(text)


def test_a_customer_hears_the_last_tracking_event_of_the_order_under_way(
    system: Any, customer: Any
) -> None:
    shopper = customer("C1001")
    said = shopper.say("我的快递到哪了")
    assert "XE20260001" in said
    assert last_event(system, "XE20260001", "zh") in said
    assert shopper.last["language"] == "zh-Hans"
    card = shopper.last["replies"][0]["card"]
    assert card["type"] == "order" and len(card["events"]) == 3


def test_traditional_is_answered_in_traditional(customer: Any) -> None:
    shopper = customer("C1002")
    said = shopper.say("我的訂單到哪裡了")
    assert "XE20260004" in said and "備貨" in said
    assert not re.search("[备货发]", said)
    assert shopper.last["language"] == "zh-Hant"


def test_english_is_answered_in_english(customer: Any) -> None:
    shopper = customer("C1003")
    said = shopper.say("Hi, where is my order XE20260005?")
    assert "was delivered on" in said
    assert not re.search("[\u4e00-\u9fff]", said)
    assert shopper.last["language"] == "en"


def test_several_orders_are_a_choice_and_latest_is_understood(customer: Any) -> None:
    shopper = customer("C1003")
    assert "XE2026000" in shopper.say("where is my latest order")


def test_a_visitor_must_prove_that_an_order_is_theirs(system: Any, visitor: Any) -> None:
    assert "订单号" in visitor.say("我的快递到哪了")
    assert "后四位" in visitor.say("XE20260001")
    refused = visitor.say("0000")
    assert "对不上" in refused and "顺丰" not in refused and "送到" not in refused
    visitor.say("XE20260001")
    assert last_event(system, "XE20260001", "zh") in visitor.say("1001")


def test_an_order_that_does_not_exist_looks_like_wrong_digits(visitor: Any) -> None:
    visitor.say("where is my order")
    assert "last four digits" in visitor.say("XE20999999")
    assert "don't go together" in visitor.say("1001")


@pytest.mark.parametrize("number", ["XE20260001", "XE20999999"])
def test_somebody_elses_order_and_no_order_are_one_answer(customer: Any, number: str) -> None:
    said = customer("C1003").say(f"where is my parcel {number}")
    assert f"I can't find {number}" in said
    assert "on its way" not in said and "tracking number" not in said


def test_a_customer_without_orders_is_told_so_and_has_a_next_step(customer: Any) -> None:
    shopper = customer("C1004")
    assert "还没有订单" in shopper.say("我的快递到哪了")
    assert shopper.last["replies"][0]["buttons"]
