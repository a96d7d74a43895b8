"""Which order is meant, and whether the asker may know about it."""

from typing import Any, List

import pytest
from rasa_sdk.events import ActionExecutionRejected, SlotSet

from actions.orders import ActionAskOrderNumber, ValidateTrackOrderForm
from actions.refunds import ValidateRefundStatusForm
from actions.returns import ValidateReturnForm
from shop import Identity


def button_numbers(scene: Any) -> List[str]:
    (message,) = scene.messages
    return [button["payload"] for button in message["buttons"]]


async def test_the_only_order_under_way_is_meant_without_asking(customer: Any) -> None:
    scene = customer("C1001")
    scene.hears("我的快递到哪了", intent="track_order")
    assert await scene.does(ValidateTrackOrderForm()) == []
    assert scene.filled == {"order_number": "XE20260001"}


async def test_without_an_order_under_way_the_newest_is_meant(customer: Any) -> None:
    scene = customer("C1003", "en")
    scene.hears("where is my order", intent="track_order")
    await scene.does(ValidateTrackOrderForm())
    assert scene.filled == {"order_number": "XE20260005"}


async def test_of_several_orders_under_way_the_shopper_chooses(customer: Any, rows: Any) -> None:
    ((number, count),) = rows(
        "select customer_id, count(*) from orders where status in ('unpaid', 'paid', 'shipped') "
        "group by customer_id having count(*) > 1 limit 1"
    )
    assert count > 1
    scene = customer(number)
    scene.hears("到哪了", intent="track_order")
    assert await scene.does(ValidateTrackOrderForm()) == []
    assert scene.filled == {"requested_slot": "order_number"}


@pytest.mark.parametrize(
    "form", [ValidateTrackOrderForm, ValidateRefundStatusForm, ValidateReturnForm]
)
async def test_a_customer_without_orders_is_asked_for_the_number(customer: Any, form: Any) -> None:
    scene = customer("C1004")
    scene.hears("我的订单")
    assert await scene.does(form()) == []
    assert scene.filled == {"requested_slot": "order_number"}


@pytest.mark.parametrize(("who", "number"), [("C1001", "XE20260001"), ("C1003", "XE20260005")])
async def test_the_latest_order_is_the_one_placed_last(
    customer: Any, who: str, number: str
) -> None:
    scene = customer(who)
    scene.hears("最近一单到哪了", intent="track_order", order_choice="latest")
    await scene.does(ValidateTrackOrderForm())
    assert scene.filled == {"order_number": number}


async def test_the_latest_order_replaces_one_that_was_spoken_of(customer: Any) -> None:
    scene = customer("C1001")
    scene.slots["order_number"] = "XE20260003"
    scene.hears("不对，最近那单", order_choice="latest")
    await scene.does(ValidateTrackOrderForm())
    assert scene.filled == {"order_number": "XE20260001"}


async def test_an_order_in_the_message_counts_more_than_a_guess(customer: Any) -> None:
    scene = customer("C1001")
    scene.hears("最近的订单 XE20260002", order_choice="latest", order_number="XE20260002")
    await scene.does(ValidateTrackOrderForm(), order_number="XE20260002")
    assert scene.filled == {"order_number": "XE20260002"}


@pytest.mark.parametrize("written", ["XE20260002", "xe20260002", "ｘｅ２０２６０００２"])
async def test_an_order_number_is_kept_as_the_shop_writes_it(customer: Any, written: str) -> None:
    scene = customer("C1001")
    scene.hears(written, order_number=written)
    await scene.does(ValidateTrackOrderForm(), order_number=written)
    assert scene.filled == {"order_number": "XE20260002"}


@pytest.mark.parametrize("language", ["zh-Hans", "zh-Hant", "en"])
@pytest.mark.parametrize("number", ["XE20260001", "XE20999999"])
@pytest.mark.parametrize(
    "form", [ValidateTrackOrderForm, ValidateRefundStatusForm, ValidateReturnForm]
)
async def test_somebody_elses_order_and_none_at_all_are_told_alike(
    customer: Any, form: Any, number: str, language: str
) -> None:
    scene = customer("C1003", language)
    scene.hears(number, order_number=number)
    assert await scene.does(form(), order_number=number) == ["utter_orders_not_found"]
    assert scene.facts("utter_orders_not_found")["order_number"] == number
    assert scene.filled == {"requested_slot": "order_number"}


async def test_a_customer_has_nothing_to_prove(customer: Any) -> None:
    scene = customer("C1001")
    scene.hears("XE20260002 尾号9999", order_number="XE20260002", phone_last4="9999")
    await scene.does(ValidateTrackOrderForm(), order_number="XE20260002", phone_last4="9999")
    assert scene.messages == [] and scene.slots["requested_slot"] is None
    assert "phone_last4" not in [event["name"] for event in scene.events]


async def test_a_visitors_number_alone_opens_nothing(visitor: Any, shop: Any) -> None:
    scene = visitor()
    scene.hears("XE20260001", order_number="XE20260001")
    assert await scene.does(ValidateTrackOrderForm(), order_number="XE20260001") == []
    # Rasa itself asks for what is missing next, the digits.
    assert scene.filled == {"order_number": "XE20260001"}
    assert "requested_slot" not in [event["name"] for event in scene.events]
    assert not shop.has_stepped_up(scene.identity, "XE20260001")


async def test_right_digits_open_the_order_to_this_visitor_alone(visitor: Any, shop: Any) -> None:
    scene = visitor()
    scene.slots["order_number"] = "XE20260001"
    scene.hears("1001", phone_last4="1001")
    assert await scene.does(ValidateTrackOrderForm(), phone_last4="1001") == []
    assert scene.slots["requested_slot"] is None
    assert shop.has_stepped_up(scene.identity, "XE20260001")
    assert not shop.has_stepped_up(Identity(visitor_id="v-2"), "XE20260001")


async def test_number_and_digits_may_come_in_one_message(visitor: Any, shop: Any) -> None:
    scene = visitor(language="en")
    said = {"order_number": "XE20260005", "phone_last4": "1003"}
    scene.hears("XE20260005, phone ends in 1003", intent="track_order", **said)
    assert await scene.does(ValidateTrackOrderForm(), **said) == []
    assert scene.filled["order_number"] == "XE20260005"
    # The digits have done their work and are not kept.
    assert scene.slots["phone_last4"] is None
    assert shop.has_stepped_up(scene.identity, "XE20260005")


async def test_what_a_proof_opens_is_seen_in_the_same_call(visitor: Any, rows: Any) -> None:
    scene = visitor()
    said = {"order_number": "XE20260003", "phone_last4": "1001"}
    scene.hears("退 XE20260003，尾号 1001", **said)
    await scene.does(ValidateReturnForm(), **said)
    # Delivered too long ago: the verdict is known at once, so that nothing more is asked.
    assert scene.events[-1] == SlotSet("requested_slot", None)


async def test_a_proof_is_not_asked_twice_and_lasts_half_an_hour(
    visitor: Any, shop: Any, clock: Any
) -> None:
    scene = visitor()
    shop.prove_order(scene.identity, "XE20260001", "1001")
    clock.forward(minutes=29)
    scene.hears("XE20260001", order_number="XE20260001")
    await scene.does(ValidateTrackOrderForm(), order_number="XE20260001")
    assert scene.events[-1]["name"] == "requested_slot" and scene.events[-1]["value"] is None
    clock.forward(minutes=2)
    await scene.does(ValidateTrackOrderForm(), order_number="XE20260001")
    assert "requested_slot" not in [event["name"] for event in scene.events]


@pytest.mark.parametrize("number", ["XE20260001", "XE20999999"])
@pytest.mark.parametrize("language", ["zh-Hans", "en"])
async def test_wrong_digits_and_a_wrong_number_look_alike(
    visitor: Any, shop: Any, number: str, language: str
) -> None:
    scene = visitor(language=language)
    scene.slots["order_number"] = number
    scene.hears("0000", phone_last4="0000")
    said = await scene.does(ValidateTrackOrderForm(), phone_last4="0000")
    assert said == ["utter_orders_proof_rejected"]
    assert scene.cleared
    assert not shop.has_stepped_up(scene.identity, number)


async def test_after_five_failures_even_right_digits_are_refused_and_the_form_ends(
    visitor: Any, shop: Any, clock: Any
) -> None:
    scene = visitor()
    for wrong in ("0000", "0001", "0002", "0003", "0004"):
        scene.slots["order_number"] = "XE20260001"
        scene.hears(wrong, phone_last4=wrong)
        said = await scene.does(ValidateTrackOrderForm(), phone_last4=wrong)
        assert said == ["utter_orders_proof_rejected"]
    scene.slots.update(order_number="XE20260001", requested_slot="phone_last4")
    scene.hears("1001", phone_last4="1001")
    clock.forward(seconds=30)
    said = await scene.does(ValidateTrackOrderForm(), phone_last4="1001")
    assert said == ["utter_orders_proof_locked"]
    assert scene.facts("utter_orders_proof_locked")["minutes"] == 30
    assert scene.cleared
    assert {"requested_slot": None}.items() <= {e["name"]: e["value"] for e in scene.events}.items()
    assert not shop.has_stepped_up(scene.identity, "XE20260001")


async def test_the_lock_out_ends(visitor: Any, shop: Any, clock: Any) -> None:
    scene = visitor()
    for wrong in ("0000", "0001", "0002", "0003", "0004"):
        scene.slots["order_number"] = "XE20260001"
        scene.hears(wrong, phone_last4=wrong)
        await scene.does(ValidateTrackOrderForm(), phone_last4=wrong)
    clock.forward(minutes=31)
    scene.slots["order_number"] = "XE20260001"
    scene.hears("1001", phone_last4="1001")
    assert await scene.does(ValidateTrackOrderForm(), phone_last4="1001") == []
    assert shop.has_stepped_up(scene.identity, "XE20260001")


async def test_digits_before_any_number_prove_nothing(visitor: Any, rows: Any) -> None:
    scene = visitor()
    scene.hears("1001", phone_last4="1001")
    assert await scene.does(ValidateTrackOrderForm(), phone_last4="1001") == []
    assert scene.cleared
    assert rows("select * from proof_failures") == []


@pytest.mark.parametrize(
    ("form", "loop", "text", "intent"),
    [
        (ValidateTrackOrderForm, "track_order_form", "我要退货", "return_item"),
        (ValidateTrackOrderForm, "track_order_form", "I want to send it back", "return_item"),
        (ValidateRefundStatusForm, "refund_status_form", "我的快递到哪了", "track_order"),
        (ValidateReturnForm, "return_form", "get me a person", "human_agent"),
        (ValidateReturnForm, "return_form", "查一下 XE20260001 到哪了", "track_order"),
    ],
)
async def test_another_topic_is_left_to_the_rules(
    customer: Any, form: Any, loop: str, text: str, intent: str
) -> None:
    scene = customer("C1001")
    scene.loop = loop
    scene.hears(text, intent=intent)
    await scene.does(form())
    assert scene.events == [ActionExecutionRejected(loop)]


@pytest.mark.parametrize(
    ("form", "loop", "text", "intent"),
    [
        (ValidateTrackOrderForm, "track_order_form", "XE20260002", "return_item"),
        (ValidateTrackOrderForm, "track_order_form", "xe20260002。", "return_item"),
        (ValidateReturnForm, "return_form", "XE20260002", "track_order"),
        (ValidateReturnForm, "return_form", "我要退 XE20260002", "return_item"),
        (ValidateReturnForm, None, "退 XE20260002 这单", "track_order"),
    ],
)
async def test_a_bare_number_or_the_same_topic_goes_on_with_the_form(
    customer: Any, form: Any, loop: Any, text: str, intent: str
) -> None:
    scene = customer("C1001")
    scene.loop = loop
    scene.hears(text, intent=intent, order_number="XE20260002")
    await scene.does(form(), order_number="XE20260002")
    assert scene.slots["order_number"] == "XE20260002"


async def test_a_bare_number_is_one_however_it_is_written(customer: Any) -> None:
    scene = customer("C1001")
    scene.loop = "track_order_form"
    scene.hears("xe 2026 0002", intent="return_item", order_number="XE20260002")
    scene.history[-1]["entities"][0].update(start=0, end=12)
    await scene.does(ValidateTrackOrderForm(), order_number="XE20260002")
    assert scene.slots["order_number"] == "XE20260002"


async def test_a_customers_orders_are_lines_and_buttons(customer: Any) -> None:
    scene = customer("C1003", "en")
    scene.loop = "track_order_form"
    scene.hears("where is it")
    assert await scene.does(ActionAskOrderNumber()) == ["utter_orders_ask_under_way"]
    assert scene.messages[0]["orders"].startswith(
        "· XE20260005 Engraved steel flask +1: delivered on 19 Nov"
    )
    assert button_numbers(scene) == [
        '/inform{"order_number": "XE20260005"}',
        '/inform{"order_number": "XE20260006"}',
    ]
    assert scene.messages[0]["buttons"][0]["title"] == "XE20260005 Engraved steel flask +1"
    assert scene.events == []


async def test_no_more_orders_are_shown_than_fit_under_a_message(customer: Any, rows: Any) -> None:
    ((busy,),) = rows(
        "select customer_id from orders group by customer_id order by count(*) desc limit 1"
    )
    rows("update orders set status = 'paid' where customer_id = ?", busy)
    scene = customer(busy)
    scene.loop = "track_order_form"
    scene.hears("我的订单")
    await scene.does(ActionAskOrderNumber())
    newest = rows(
        "select number from orders where customer_id = ? "
        "order by placed_at desc, number desc limit 5",
        busy,
    )
    assert button_numbers(scene) == [f'/inform{{"order_number": "{n}"}}' for (n,) in newest]


async def test_of_several_orders_under_way_those_are_the_buttons(customer: Any, rows: Any) -> None:
    rows("update orders set status = 'paid' where number in ('XE20260001', 'XE20260003')")
    scene = customer("C1001")
    scene.loop = "track_order_form"
    scene.hears("我的订单", intent="track_order")
    await scene.does(ActionAskOrderNumber())
    assert button_numbers(scene) == [
        f'/inform{{"order_number": "{number}"}}' for number in ("XE20260001", "XE20260003")
    ]
    scene.hears("第二个", order_choice="2")
    await scene.does(ValidateTrackOrderForm())
    assert scene.slots["order_number"] == "XE20260003"


@pytest.mark.parametrize("language", ["zh-Hans", "en"])
async def test_whoever_did_not_mean_the_likely_order_is_shown_the_others(
    customer: Any, language: str
) -> None:
    scene = customer("C1001", language)
    scene.loop = "track_order_form"
    scene.slots["order_number"] = "XE20260001"
    scene.hears("不是这个 not that one", order_choice="other")
    assert await scene.does(ValidateTrackOrderForm()) == []
    assert scene.filled == {"requested_slot": "order_number"}
    assert await scene.does(ActionAskOrderNumber()) == ["utter_orders_ask_under_way"]
    assert '/inform{"order_number": "XE20260003"}' in button_numbers(scene)


async def test_a_visitor_is_asked_for_the_number_and_shown_no_orders(visitor: Any) -> None:
    scene = visitor()
    scene.hears("我的快递到哪了")
    assert await scene.does(ActionAskOrderNumber()) == ["utter_orders_ask_number"]
    assert scene.messages[0]["buttons"] == []


async def test_a_customer_without_orders_is_told_so(customer: Any) -> None:
    scene = customer("C1004")
    scene.loop = "track_order_form"
    scene.hears("我的快递到哪了")
    assert await scene.does(ActionAskOrderNumber()) == ["utter_orders_none"]
