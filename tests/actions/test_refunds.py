"""Where the money is."""

from typing import Any

import pytest

from actions.refunds import ActionTellRefundStatus, ValidateRefundStatusForm
from shop import RefundState


async def test_the_order_with_a_refund_is_meant(customer: Any) -> None:
    scene = customer("C1003", "en")
    scene.hears("where is my refund", intent="refund_status")
    await scene.does(ValidateRefundStatusForm())
    assert scene.filled == {"order_number": "XE20260006"}


async def test_without_any_refund_the_shopper_says_which_order(customer: Any) -> None:
    scene = customer("C1001")
    scene.hears("退款到哪了", intent="refund_status")
    await scene.does(ValidateRefundStatusForm())
    assert scene.filled == {"requested_slot": "order_number"}


@pytest.mark.parametrize("language", ["zh-Hans", "en"])
@pytest.mark.parametrize("state", list(RefundState))
async def test_every_state_of_a_refund_has_its_words(
    customer: Any, rows: Any, state: RefundState, language: str
) -> None:
    if state is RefundState.WAITING:
        # In the demo shop nobody's parcel is on its way back.
        rows("update refunds set state = 'waiting' where order_number = 'XE20260006'")
    ((number, owner, cents),) = rows(
        "select o.number, o.customer_id, r.amount_cents from orders o "
        "join refunds r on r.order_number = o.number where r.state = ? order by o.number limit 1",
        state.value,
    )
    scene = customer(owner, language)
    scene.slots["order_number"] = number
    scene.hears(number)
    response = f"utter_refunds_state_{state.value}"
    assert await scene.does(ActionTellRefundStatus()) == [response]
    facts = scene.facts(response)
    assert facts["order_number"] == number
    assert facts["refund_amount"] == f"¥{cents / 100:,.2f}"
    assert facts["custom"]["card"]["number"] == number
    assert scene.cleared


@pytest.mark.parametrize(("language", "day"), [("zh-Hans", "11月24日"), ("en", "24 Nov")])
async def test_the_day_on_which_it_is_due_is_told(customer: Any, language: str, day: str) -> None:
    scene = customer("C1003", language)
    scene.slots["order_number"] = "XE20260006"
    scene.hears("XE20260006")
    await scene.does(ActionTellRefundStatus())
    assert scene.messages[0]["refund_amount"] == "¥459.00"
    assert scene.messages[0]["refund_due_on"] == day


async def test_an_order_without_a_refund_is_told_as_such(customer: Any) -> None:
    scene = customer("C1001")
    scene.slots["order_number"] = "XE20260002"
    scene.hears("XE20260002")
    assert await scene.does(ActionTellRefundStatus()) == ["utter_refunds_none"]
    assert scene.cleared


@pytest.mark.parametrize("number", ["XE20260006", "XE20999999"])
async def test_somebody_elses_refund_is_not_told(customer: Any, number: str) -> None:
    scene = customer("C1001")
    scene.slots["order_number"] = number
    scene.hears(number)
    assert await scene.does(ActionTellRefundStatus()) == ["utter_orders_not_found"]
    assert scene.cleared


async def test_without_an_order_nothing_is_told(customer: Any) -> None:
    scene = customer("C1001")
    scene.hears("算了")
    assert await scene.does(ActionTellRefundStatus()) == []
    assert scene.cleared
