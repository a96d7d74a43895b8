"""Where the money is."""

from typing import Any

import pytest

from actions.refunds import ActionTellRefundStatus, ValidateRefundStatusForm
from shop import Identity, Reason, RefundState, ReturnRequest


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
@pytest.mark.parametrize("state", [s for s in RefundState if s is not RefundState.WAITING])
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


async def told(scene: Any, number: str) -> Any:
    scene.slots["order_number"] = number
    scene.hears(number)
    return await scene.does(ActionTellRefundStatus())


def settle_return(shop: Any, clock: Any, key: str = "k") -> None:
    """A return of XE20260002, whose refund waits for the parcel."""
    identity = Identity(customer_id="C1001")
    (line,) = shop.order(identity, "XE20260002").lines
    request = ReturnRequest(((line.id, 1),), Reason.CHANGED_MIND)
    shop.settle(identity, "XE20260002", request, idempotency_key=key, now=clock())


@pytest.mark.parametrize("language", ["zh-Hans", "en"])
async def test_a_refund_that_waits_for_the_parcel_says_what_to_do(
    customer: Any, shop: Any, clock: Any, language: str
) -> None:
    settle_return(shop, clock)
    assert await told(customer("C1001", language), "XE20260002") == ["utter_refunds_state_waiting"]


async def test_once_the_parcel_is_back_it_is_being_checked(
    customer: Any, shop: Any, rows: Any, clock: Any
) -> None:
    settle_return(shop, clock)
    rows("update returns set state = 'received' where order_number = 'XE20260002'")
    assert await told(customer("C1001"), "XE20260002") == ["utter_refunds_state_inspecting"]


@pytest.mark.parametrize("language", ["zh-Hans", "en"])
async def test_an_overdue_refund_is_told_with_an_apology(
    customer: Any, clock: Any, language: str
) -> None:
    clock.forward(days=5)
    assert await told(customer("C1003", language), "XE20260006") == ["utter_refunds_state_overdue"]


async def test_on_its_last_day_a_refund_is_not_overdue(customer: Any, clock: Any) -> None:
    clock.forward(days=4, hours=13)
    assert await told(customer("C1003"), "XE20260006") == ["utter_refunds_state_approved"]


async def test_each_refund_of_an_order_is_told_and_the_points_that_come_back(
    customer: Any, rows: Any
) -> None:
    (refund,) = rows("select * from refunds where order_number = 'XE20260006'")
    names = [column[1] for column in rows("pragma table_info(refunds)")]
    second = {**dict(zip(names, refund)), "number": "RF-2", "state": "paid", "points": 120}
    rows(
        f"insert into refunds ({','.join(second)}) values ({','.join('?' * len(second))})",
        *second.values(),
    )
    scene = customer("C1003")
    said = await told(scene, "XE20260006")
    assert sorted(said[:2]) == ["utter_refunds_state_approved", "utter_refunds_state_paid"]
    assert said[2:] == ["utter_refunds_points"]
    assert scene.messages[-1]["points"] == 120
    assert [bool(message["custom"]) for message in scene.messages] == [True, False, False]
