"""Where an order or a refund stands, asked in the middle of a form."""

from typing import Any

import pytest

from actions.look_ups import ActionLookUpOrder, ActionLookUpRefund
from actions.returns import ValidateReturnForm

REJECTED = {"event": "action_execution_rejected", "name": "return_form"}


@pytest.fixture
def returning(customer: Any) -> Any:
    """Somebody whose return has got as far as the reason."""

    def begin(who: str = "C1001", number: str = "XE20260002", language: str = "zh-Hans") -> Any:
        scene = customer(who, language)
        scene.loop = "return_form"
        scene.slots.update(order_number=number, order_lines=[2], requested_slot="reason")
        return scene

    return begin


@pytest.mark.parametrize("language", ["zh-Hans", "en"])
async def test_the_order_under_way_is_told_and_the_form_keeps_what_it_had(
    returning: Any, language: str
) -> None:
    scene = returning(language=language)
    before = dict(scene.slots)
    scene.hears("我的快递到哪了", intent="track_order")
    assert await scene.does(ActionLookUpOrder()) == ["utter_orders_status_shipped"]
    assert (scene.slots, scene.loop) == (before, "return_form")


async def test_the_order_that_is_named_is_told_whatever_the_form_is_about(returning: Any) -> None:
    scene = returning()
    scene.hears("XE20260003 到了吗", intent="track_order", order_number="XE20260003")
    assert await scene.does(ActionLookUpOrder()) == ["utter_orders_status_delivered"]
    assert scene.messages[0]["order_number"] == "XE20260003"
    assert scene.slots["order_number"] == "XE20260002"


async def test_of_several_a_list_is_given_and_nothing_asked(returning: Any, rows: Any) -> None:
    rows("update orders set status = 'shipped' where customer_id = 'C1001'")
    scene = returning()
    scene.hears("我的快递到哪了", intent="track_order")
    assert await scene.does(ActionLookUpOrder()) == ["utter_orders_look_up_choice"]
    assert len(scene.messages[0]["orders"].splitlines()) == 3
    payloads = [button["payload"] for button in scene.messages[0]["buttons"]]
    assert '/track_order{"order_number": "XE20260001"}' in payloads


@pytest.mark.parametrize("number", ["XE20260005", "XE29999999"])
async def test_what_is_not_theirs_is_not_told(returning: Any, number: str) -> None:
    scene = returning()
    scene.hears(f"{number} 到哪了", intent="track_order", order_number=number)
    assert await scene.does(ActionLookUpOrder()) == ["utter_orders_look_up_later"]


async def test_a_visitor_hears_of_what_they_have_proven_alone(visitor: Any, shop: Any) -> None:
    scene = visitor()
    scene.loop = "return_form"
    scene.hears("到哪了", intent="track_order")
    assert await scene.does(ActionLookUpOrder()) == ["utter_orders_look_up_later"]
    shop.prove_order(scene.identity, "XE20260001", "1001")
    assert await scene.does(ActionLookUpOrder()) == ["utter_orders_status_shipped"]


async def test_a_refund_is_told_the_same_way(returning: Any) -> None:
    scene = returning("C1003", "XE20260005")
    scene.hears("退款到哪了", intent="refund_status")
    assert await scene.does(ActionLookUpRefund()) == ["utter_refunds_state_approved"]
    assert scene.slots["order_number"] == "XE20260005"


async def test_a_shop_that_is_down_ends_the_form_with_one_word(
    returning: Any, break_shop: Any
) -> None:
    scene = returning()
    break_shop()
    scene.hears("我的快递到哪了", intent="track_order")
    assert await scene.does(ActionLookUpOrder()) == ["utter_orders_shop_unavailable"]
    assert (scene.loop, scene.cleared) == (None, True)


async def test_the_form_takes_nothing_from_what_was_asked_in_between(returning: Any) -> None:
    scene = returning()
    said = {"intent": "track_order", "order_number": "XE20260001", "return_reason": "size"}
    scene.hears("XE20260001 到哪了", **said)
    scene.history.append(REJECTED)
    assert await scene.does(ValidateReturnForm()) == []
    assert scene.slots["order_number"] == "XE20260002"
    assert scene.slots["reason"] is None


async def test_a_pressed_button_of_another_topic_is_no_answer(returning: Any) -> None:
    scene = returning()
    scene.hears("查", intent="track_order", order_number="XE20260001")
    scene.history[-1]["text"] = '/track_order{"order_number": "XE20260001"}'
    await scene.does(ValidateReturnForm())
    assert [event["event"] for event in scene.events] == ["action_execution_rejected"]
