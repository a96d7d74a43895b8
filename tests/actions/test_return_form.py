"""Collecting a return, step by step; the rules are asked at every step."""

from typing import Any, List

import pytest

from actions.goods_form import ActionAskOrderLines
from actions.request_form import ActionAskConfirmed
from actions.returns import ActionOpenReturn, ValidateReturnForm

COAT, FLASK, BLANKET = 2, 6, 7


async def fills(scene: Any, text: str, *, found: Any = None, **candidates: Any) -> List[str]:
    """One message to the form; returns the responses. `found` are further entities."""
    entities = {name: value for name, value in candidates.items() if isinstance(value, str)}
    scene.loop = "return_form"
    intent = {True: "affirm", False: "deny"}.get(candidates.get("confirmed"), "inform")
    scene.hears(text, intent=intent, **entities, **(found or {}))
    return list(await scene.does(ValidateReturnForm(), **candidates))


async def test_an_order_with_one_line_is_three_questions_short(customer: Any) -> None:
    scene = customer("C1001")
    assert await fills(scene, "我要退货 XE20260002", order_number="XE20260002") == []
    assert scene.filled == {
        "order_number": "XE20260002",
        "order_lines": [COAT],
        "requested_slot": "reason",
    }
    assert await fills(scene, "不想要了", reason="changed_mind") == []
    assert scene.slots["requested_slot"] == "confirmed"
    said = await scene.does(ActionAskConfirmed())
    assert said == ["utter_returns_ask_confirm_shopper"]
    facts = scene.messages[0]
    assert facts["verdict"] == "签收第二天起7天内可以无理由退货，最后一天是11月24日。"
    assert (facts["goods"], facts["refund_amount"]) == ("双面羊毛呢大衣 女款", "¥881.02")
    assert await fills(scene, "确认", confirmed=True) == []
    assert scene.slots["confirmed"] is True and scene.slots["requested_slot"] is None


async def test_the_only_returnable_order_is_meant_without_asking(customer: Any, rows: Any) -> None:
    rows("update orders set customer_id = 'C1002' where number = 'XE20260003'")
    scene = customer("C1001")
    await fills(scene, "我要退货")
    assert scene.slots["order_number"] == "XE20260002"
    assert scene.slots["requested_slot"] == "reason"


async def test_everything_may_be_said_in_one_message(customer: Any) -> None:
    scene = customer("C1003", "en")
    said = {"order_number": "XE20260005", "reason": "quality"}
    assert await fills(scene, "the second one is faulty", found={"line_choice": "2"}, **said) == []
    assert scene.filled == {**said, "order_lines": [BLANKET], "requested_slot": "confirmed"}


async def test_of_two_lines_the_shopper_chooses(customer: Any) -> None:
    scene = customer("C1003", "en")
    await fills(scene, "I want to return XE20260005", order_number="XE20260005")
    assert scene.slots["requested_slot"] == "order_lines"
    assert await scene.does(ActionAskOrderLines()) == ["utter_returns_ask_lines"]
    assert scene.messages[0]["buttons"] == [
        {"title": "Engraved steel flask", "payload": '/inform{"line_choice": "1"}'},
        {"title": "Flannel throw blanket", "payload": '/inform{"line_choice": "2"}'},
    ]


@pytest.mark.parametrize(
    ("language", "text", "choices", "lines"),
    [
        ("en", "All of them", ["all"], [FLASK, BLANKET]),
        ("en", "Flannel throw blanket", ["2"], [BLANKET]),
        ("en", "the blanket, please", [], [BLANKET]),
        ("en", "just the engraved flask", [], [FLASK]),
        ("zh-Hans", "全部都退", ["all", "all"], [FLASK, BLANKET]),
        ("zh-Hans", "第一个", ["1"], [FLASK]),
        ("zh-Hans", "法兰绒的那条毯子", [], [BLANKET]),
        ("zh-Hans", "保温杯", [], [FLASK]),
    ],
)
async def test_lines_are_chosen_by_button_by_place_or_by_name(
    customer: Any, language: str, text: str, choices: List[str], lines: List[int]
) -> None:
    scene = customer("C1003", language)
    scene.slots.update(order_number="XE20260005", requested_slot="order_lines")
    assert await fills(scene, text, found={"line_choice": choices}) == []
    assert scene.slots["order_lines"] == lines
    assert scene.slots["requested_slot"] == "reason"


@pytest.mark.parametrize(("language", "text"), [("en", "hmm not sure"), ("zh-Hans", "我想想")])
async def test_what_names_no_line_leaves_the_question_open(
    customer: Any, language: str, text: str
) -> None:
    scene = customer("C1003", language)
    scene.slots.update(order_number="XE20260005", requested_slot="order_lines")
    assert await fills(scene, text) == []
    assert scene.slots["order_lines"] is None
    assert scene.slots["requested_slot"] == "order_lines"


async def test_lines_are_not_guessed_from_words_about_something_else(customer: Any) -> None:
    scene = customer("C1003")
    await fills(scene, "保温杯的订单 XE20260005 想退", order_number="XE20260005")
    assert scene.slots["order_lines"] is None


@pytest.mark.parametrize(
    ("language", "title"), [("zh-Hans", "刻字不锈钢保温杯"), ("en", "Engraved steel flask")]
)
async def test_a_custom_made_line_drops_out_and_the_other_one_goes(
    customer: Any, language: str, title: str
) -> None:
    scene = customer("C1003", language)
    scene.slots.update(order_number="XE20260005", order_lines=[FLASK, BLANKET])
    said = await fills(scene, "不想要了", reason="changed_mind")
    assert said == ["utter_orders_line_left_out_custom_made"]
    assert scene.messages[0]["title"] == title
    assert scene.slots["order_lines"] == [BLANKET]
    assert scene.slots["requested_slot"] == "confirmed"
    await scene.does(ActionAskConfirmed())
    assert scene.messages[0]["refund_amount"] == "¥99.00"


async def test_a_line_past_its_time_drops_out_with_other_words(customer: Any, rows: Any) -> None:
    rows("update order_lines set traits = '[\"digital\"]' where id = ?", FLASK)
    scene = customer("C1003")
    scene.slots.update(order_number="XE20260005", order_lines=[FLASK, BLANKET])
    said = await fills(scene, "不想要了", reason="changed_mind")
    assert said == ["utter_orders_line_left_out_other"]
    assert scene.slots["order_lines"] == [BLANKET]


async def test_lines_chosen_after_the_reason_are_sifted_as_well(customer: Any) -> None:
    scene = customer("C1003", "en")
    scene.slots.update(
        order_number="XE20260005", reason="changed_mind", requested_slot="order_lines"
    )
    said = await fills(scene, "All of them", found={"line_choice": "all"})
    assert said == ["utter_orders_line_left_out_custom_made"]
    assert scene.slots["order_lines"] == [BLANKET]


async def test_a_fault_sends_custom_made_lines_back_too(customer: Any) -> None:
    scene = customer("C1003", "en")
    scene.slots.update(order_number="XE20260005", order_lines=[FLASK, BLANKET])
    assert await fills(scene, "Faulty", reason="quality") == []
    assert scene.slots["order_lines"] == [FLASK, BLANKET]
    said = await scene.does(ActionAskConfirmed())
    assert said == ["utter_returns_ask_confirm_shop"]
    assert "within 30 days" in scene.messages[0]["verdict"]
    assert "we pay for the parcel" in scene.messages[0]["verdict"]
    assert scene.messages[0]["refund_amount"] == "¥258.00"


@pytest.mark.parametrize(
    ("who", "number", "response"),
    [
        ("C1001", "XE20260003", "utter_returns_denied_window_over"),
        ("C1001", "XE20260001", "utter_returns_denied_not_delivered"),
        ("C1002", "XE20260004", "utter_returns_denied_not_delivered"),
        ("C1003", "XE20260006", "utter_rights_denied"),
    ],
)
async def test_what_no_reason_could_send_back_is_refused_before_any_question(
    customer: Any, who: str, number: str, response: str
) -> None:
    scene = customer(who)
    assert await fills(scene, f"我要退货 {number}", order_number=number) == []
    assert scene.slots["requested_slot"] is None
    assert scene.events[-1]["name"] == "requested_slot"
    assert await scene.does(ActionOpenReturn()) == [response]
    assert scene.facts(response)["order_number"] == number
    assert scene.cleared


async def test_a_custom_made_line_alone_is_refused_once_the_reason_is_known(
    customer: Any, rows: Any
) -> None:
    scene = customer("C1003", "en")
    scene.slots.update(order_number="XE20260005", order_lines=[FLASK])
    assert await fills(scene, "Changed my mind", reason="changed_mind") == []
    assert scene.slots["requested_slot"] is None
    assert await scene.does(ActionOpenReturn()) == ["utter_returns_denied_but_for_a_fault"]
    facts = scene.messages[0]
    assert facts["titles"] == "Engraved steel flask"
    assert facts["verdict"].endswith("If something is wrong with it, it can.")
    assert rows("select * from returns") == []


async def test_a_return_that_runs_out_while_it_is_talked_about_is_refused_at_the_end(
    customer: Any, clock: Any, rows: Any
) -> None:
    scene = customer("C1001")
    await fills(scene, "我要退货 XE20260002", order_number="XE20260002")
    await fills(scene, "不想要了", reason="changed_mind")
    clock.forward(days=10)
    await fills(scene, "确认", confirmed=True)
    assert scene.slots["requested_slot"] is None
    assert await scene.does(ActionOpenReturn()) == ["utter_returns_denied_window_over"]
    facts = scene.messages[0]
    assert facts["verdict"] == "这件是11月17日签收的，退货期限有7天，到11月24日为止，已经过了。"
    assert rows("select * from returns") == []


async def test_a_visitor_proves_the_order_on_the_way(visitor: Any, shop: Any) -> None:
    scene = visitor()
    await fills(scene, "我要退货 XE20260002", order_number="XE20260002")
    assert scene.filled == {"order_number": "XE20260002"}
    await fills(scene, "1001", phone_last4="1001")
    assert shop.has_stepped_up(scene.identity, "XE20260002")


async def test_consent_is_yes_or_no(customer: Any) -> None:
    for said, kept in ((True, True), (False, False)):
        scene = customer("C1001")
        scene.slots.update(order_number="XE20260002", order_lines=[COAT], reason="changed_mind")
        await fills(scene, "好", confirmed=said)
        assert scene.slots["confirmed"] is kept


@pytest.mark.parametrize(
    ("language", "words"), [("zh-Hans", "拉链用了两天就不顺滑"), ("en", "my cat hates it")]
)
async def test_a_reason_in_the_shoppers_own_words_becomes_a_note(
    customer: Any, language: str, words: str
) -> None:
    scene = customer("C1001", language)
    scene.slots.update(order_number="XE20260002", order_lines=[COAT], requested_slot="reason")
    assert await fills(scene, words, reason=words) == []
    assert scene.slots["reason"] == "other"
    assert scene.slots["note"] == words
    assert scene.slots["requested_slot"] == "confirmed"


async def test_a_long_note_is_cut(customer: Any) -> None:
    scene = customer("C1001")
    scene.slots.update(order_number="XE20260002", order_lines=[COAT])
    await fills(scene, "长" * 900, reason="长" * 900)
    assert scene.slots["note"] == "长" * 500


async def test_another_order_begins_with_its_own_lines(customer: Any) -> None:
    scene = customer("C1003", "en")
    scene.slots.update(
        order_number="XE20260005",
        order_lines=[BLANKET],
        reason="quality",
        requested_slot="confirmed",
    )
    await fills(scene, "XE20260006", order_number="XE20260006")
    assert scene.slots["order_number"] == "XE20260006"
    assert scene.slots["confirmed"] is None


async def test_another_order_with_one_line_needs_no_choice(customer: Any, rows: Any) -> None:
    rows(
        "update orders set delivered_at = (select delivered_at from orders "
        "where number='XE20260002') where number='XE20260003'"
    )
    scene = customer("C1001")
    scene.slots.update(
        order_number="XE20260002",
        order_lines=[COAT],
        reason="quality",
        requested_slot="confirmed",
    )
    await fills(scene, "XE20260003", order_number="XE20260003")
    assert scene.slots["order_lines"] == [3]
    assert scene.slots["requested_slot"] == "confirmed"


async def test_the_same_order_again_keeps_its_only_line(customer: Any) -> None:
    scene = customer("C1001")
    scene.slots.update(
        order_number="XE20260002",
        order_lines=[COAT],
        reason="quality",
        requested_slot="confirmed",
    )
    await fills(scene, "XE20260002", order_number="XE20260002")
    assert scene.slots["order_lines"] == [COAT]
    assert scene.slots["requested_slot"] == "confirmed"


async def test_a_proof_that_ran_out_is_asked_for_again(visitor: Any, shop: Any, clock: Any) -> None:
    scene = visitor()
    shop.prove_order(scene.identity, "XE20260005", "1003")
    scene.slots.update(order_number="XE20260005", requested_slot="order_lines")
    clock.forward(minutes=31)
    assert await fills(scene, "all", found={"line_choice": "all"}) == []
    # Nothing is taken from an order that is not proven, and the digits are open again.
    assert scene.slots["order_lines"] is None and scene.slots["phone_last4"] is None


@pytest.mark.parametrize("action", [ActionAskOrderLines, ActionAskConfirmed])
async def test_a_proof_that_ran_out_is_no_crash(
    visitor: Any, shop: Any, clock: Any, action: Any
) -> None:
    scene = visitor()
    shop.prove_order(scene.identity, "XE20260002", "1001")
    scene.slots.update(order_number="XE20260002", order_lines=[COAT], reason="quality")
    clock.forward(minutes=31)
    scene.loop = "return_form"
    scene.hears("ok")
    assert await scene.does(action()) == ["utter_orders_not_found"]
