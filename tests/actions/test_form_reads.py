"""A form reads an order once in a call, and nothing of it outlives the call."""

from typing import Any, List

import pytest
from sqlalchemy import event

from actions.returns import ActionOpenReturn, ValidateReturnForm


@pytest.mark.parametrize("candidates", [{}, {"order_number": "XE20260002"}])
async def test_the_shop_is_asked_once_in_a_call(
    customer: Any, shop: Any, rows: Any, candidates: Any
) -> None:
    rows("update orders set customer_id = 'C1002' where number = 'XE20260003'")
    begun: List[Any] = []
    event.listen(shop._engine, "begin", begun.append)
    scene = customer("C1001")
    scene.hears("我要退货", **candidates)
    await scene.does(ValidateReturnForm(), **candidates)
    assert scene.slots["order_lines"] == [2]
    assert len(begun) == 1


async def test_a_form_knows_nothing_of_the_call_before(customer: Any, rows: Any) -> None:
    form, scene = ValidateReturnForm(), customer("C1001")
    scene.hears("我要退货 XE20260002", order_number="XE20260002")
    await scene.does(form, order_number="XE20260002")
    assert scene.slots["requested_slot"] == "reason"
    rows("update orders set delivered_at = '2026-10-01 00:00:00' where number = 'XE20260002'")
    scene.hears("嗯")
    await scene.does(form)
    assert scene.slots["requested_slot"] is None


async def test_a_form_sees_the_return_that_was_just_opened(customer: Any, rows: Any) -> None:
    form, scene = ValidateReturnForm(), customer("C1001")
    said = {"order_number": "XE20260002", "reason": "quality"}
    scene.hears("XE20260002 质量问题要退", order_number="XE20260002")
    await scene.does(form, **said)
    scene.hears("确认", intent="affirm")
    await scene.does(form)
    assert await scene.does(ActionOpenReturn()) == ["utter_returns_opened"]
    assert len(rows("select * from returns")) == 1
    scene.hears("再退一次 XE20260002", order_number="XE20260002")
    await scene.does(form, order_number="XE20260002")
    assert scene.slots["requested_slot"] is None
    assert await scene.does(ActionOpenReturn()) == ["utter_returns_denied_already"]


async def test_a_form_tells_nobody_what_another_asker_may_see(customer: Any, visitor: Any) -> None:
    form, owner = ValidateReturnForm(), customer("C1001")
    owner.hears("退 XE20260002", order_number="XE20260002")
    await owner.does(form, order_number="XE20260002")
    stranger = customer("C1003", "en")
    stranger.hears("return XE20260002", order_number="XE20260002")
    said = await stranger.does(form, order_number="XE20260002")
    assert said == ["utter_orders_not_found"]
    guest = visitor()
    guest.hears("退 XE20260002", order_number="XE20260002")
    await guest.does(form, order_number="XE20260002")
    assert guest.slots["order_lines"] is None
