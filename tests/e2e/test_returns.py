"""Returns end in the database, or with a reason and a way on."""

import sqlite3
from typing import Any, List, Tuple

import pytest

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(400)]


def returns_of(system: Any, number: str) -> List[Tuple[Any, ...]]:
    """Rows of the shop's returns table for an order."""
    with sqlite3.connect(system.data_dir / "shop.db") as database:
        return database.execute(
            "select rma_number, reason from returns where order_number = ?", (number,)
        ).fetchall()


def test_a_return_is_opened_once_and_is_in_the_database(system: Any, customer: Any) -> None:
    shopper = customer("C1001")
    assert "原因" in shopper.say("我要退货 XE20260002")
    offer = shopper.press("不想要了")
    assert "7天内可以无理由退货" in offer and "¥" in offer
    assert returns_of(system, "XE20260002") == []
    body = {"message_id": "return-xe20260002", "text": "确认"}
    first = shopper.post(**body).json()
    again = shopper.post(**body).json()
    assert first["replies"] == again["replies"]
    rows = returns_of(system, "XE20260002")
    assert len(rows) == 1 and rows[0][1] == "changed_mind"
    assert rows[0][0] in first["replies"][0]["text"]
    assert "办过退货" in shopper.say("我要退货 XE20260002")


def test_a_return_after_the_window_is_refused_with_the_reason_and_a_way_on(
    system: Any, customer: Any
) -> None:
    shopper = customer("C1001")
    said = shopper.say("XE20260003 我要退货")
    assert "退不了" in said and "签收" in said and "天" in said
    titles = [b["title"] for reply in shopper.last["replies"] for b in reply["buttons"]]
    assert "转人工" in titles
    assert returns_of(system, "XE20260003") == []


def test_a_custom_made_line_stays_and_the_other_one_goes(system: Any, customer: Any) -> None:
    shopper = customer("C1003")
    assert "Which items" in shopper.say("I want to return XE20260005")
    shopper.press("All of them")
    said = shopper.press("Changed my mind")
    assert "made to order" in said and "Return Flannel throw blanket" in said
    shopper.press("No, keep it")
    assert returns_of(system, "XE20260005") == []


def test_a_question_in_the_middle_of_a_return_is_answered_and_the_return_goes_on(
    customer: Any,
) -> None:
    shopper = customer("C1003")
    shopper.say("I want to return XE20260005")
    said = shopper.say("how much is delivery?")
    assert "¥99" in said and "Which items" in said
    assert "stopped" in shopper.say("never mind, forget it")


def test_traditional_chinese_return_of_an_order_that_was_not_delivered(customer: Any) -> None:
    said = customer("C1002").say("我想退貨 XE20260004")
    assert "還沒簽收" in said
