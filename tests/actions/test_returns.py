"""The return itself, and words for what the rules say."""

from typing import Any, Dict

import pytest

from actions.goods_form import ActionAskOrderLines
from actions.orders import ActionAskOrderNumber
from actions.returns import ActionOpenReturn
from shop import Identity

COAT, FLASK, BLANKET = 2, 6, 7
COAT_BACK: Dict[str, Any] = {
    "order_number": "XE20260002",
    "order_lines": [COAT],
    "reason": "changed_mind",
    "confirmed": True,
}


async def opens(scene: Any, *, message_id: str = "m-open", **slots: Any) -> str:
    scene.slots.update(slots)
    scene.hears("确认", intent="affirm", message_id=message_id)
    (response,) = await scene.does(ActionOpenReturn())
    return str(response)


@pytest.mark.parametrize(
    ("language", "title"),
    [
        ("zh-Hans", "双面羊毛呢大衣 女款"),
        ("zh-Hant", "双面羊毛呢大衣 女款"),
        ("en", "Women's double-faced wool coat"),
    ],
)
async def test_a_confirmed_return_is_in_the_database_and_told_with_its_number(
    customer: Any, rows: Any, language: str, title: str
) -> None:
    scene = customer("C1001", language)
    assert await opens(scene, **COAT_BACK) == "utter_returns_opened"
    ((rma, reason, cents, key),) = rows(
        "select rma_number, reason, r.refund_cents, idempotency_key "
        "from returns r join settlements on number = rma_number"
    )
    assert (reason, cents, key) == ("changed_mind", 88102, "m-open")
    facts = scene.messages[0]
    assert (facts["number"], facts["refund_amount"]) == (rma, "¥881.02")
    assert (facts["goods"], facts["pickup_hours"]) == (title, 24)
    assert facts["custom"]["card"] == {
        "type": "return",
        "rma": rma,
        "order": "XE20260002",
        "refund": "¥881.02",
        "items": [title],
    }
    assert scene.cleared


async def test_the_shoppers_own_words_go_along_as_a_note(customer: Any, rows: Any) -> None:
    await opens(customer("C1001"), **{**COAT_BACK, "reason": "other"}, note="起静电")
    assert rows("select reason, note from returns") == [("other", "起静电")]


async def test_a_visitor_returns_an_order_that_they_have_proven(
    visitor: Any, shop: Any, rows: Any
) -> None:
    scene = visitor()
    assert await opens(scene, **COAT_BACK) == "utter_orders_not_found"
    shop.prove_order(scene.identity, "XE20260002", "1001")
    assert await opens(scene, **COAT_BACK) == "utter_returns_opened"
    assert rows("select actor from settlements") == [("visitor:v-1",)]


@pytest.mark.parametrize("again", ["m-open", "m-later"])
async def test_a_return_is_opened_once_and_the_second_try_names_it(
    customer: Any, rows: Any, again: str
) -> None:
    assert await opens(customer("C1001"), **COAT_BACK) == "utter_returns_opened"
    ((rma,),) = rows("select rma_number from returns")
    scene = customer("C1001")
    await opens(scene, message_id=again, **COAT_BACK)
    assert scene.messages[0]["rma_number"] == rma
    assert rows("select rma_number from returns") == [(rma,)]
    assert scene.cleared


async def test_one_message_cannot_open_two_different_returns(customer: Any, rows: Any) -> None:
    slots = {"order_number": "XE20260005", "reason": "quality", "confirmed": True}
    first = await opens(customer("C1003"), order_lines=[BLANKET], **slots)
    assert first == "utter_returns_opened"
    scene = customer("C1003")
    assert await opens(scene, order_lines=[FLASK], **slots) == "utter_orders_outcome_unknown"
    assert len(rows("select * from returns")) == 1
    assert scene.cleared


async def test_what_is_left_of_an_order_can_be_returned_later(customer: Any, rows: Any) -> None:
    slots = {"order_number": "XE20260005", "reason": "quality", "confirmed": True}
    await opens(customer("C1003"), order_lines=[BLANKET], **slots)
    asking = customer("C1003")
    asking.slots["order_number"] = "XE20260005"
    asking.loop = "return_form"
    asking.hears("退货")
    await asking.does(ActionAskOrderLines())
    assert [button["title"] for button in asking.messages[0]["buttons"]] == ["刻字不锈钢保温杯"]
    said = await opens(customer("C1003"), message_id="m-2", order_lines=[FLASK], **slots)
    assert said == "utter_returns_opened"
    assert len(rows("select * from returns")) == 2


async def test_without_consent_nothing_is_opened(customer: Any, rows: Any) -> None:
    scene = customer("C1001")
    said = await opens(scene, **{**COAT_BACK, "confirmed": False})
    assert said == "utter_returns_kept"
    assert rows("select * from returns") == []
    assert scene.cleared


async def test_somebody_elses_order_is_not_returned(customer: Any, rows: Any) -> None:
    scene = customer("C1003")
    assert await opens(scene, **COAT_BACK) == "utter_orders_not_found"
    assert rows("select * from returns") == []
    assert scene.cleared


async def test_without_an_order_nothing_is_said_and_all_is_forgotten(customer: Any) -> None:
    scene = customer("C1001")
    scene.slots.update(reason="size", confirmed=True)
    scene.hears("好", intent="affirm")
    assert await scene.does(ActionOpenReturn()) == []
    assert scene.cleared


@pytest.mark.parametrize("language", ["zh-Hans", "en"])
@pytest.mark.parametrize(
    ("trait", "words"),
    [
        ("custom_made", {"zh": "定制", "en": "made for you"}),
        ("perishable", {"zh": "生鲜", "en": "Fresh goods"}),
        ("digital", {"zh": "数字商品", "en": "Digital goods"}),
        ("newspaper", {"zh": "报纸", "en": "Newspapers"}),
    ],
)
async def test_every_trait_of_the_rules_has_its_refusal(
    customer: Any, rows: Any, trait: str, words: Dict[str, str], language: str
) -> None:
    rows("update order_lines set traits = ? where id = ?", f'["{trait}"]', COAT)
    scene = customer("C1001", language)
    assert await opens(scene, **COAT_BACK) == "utter_returns_denied_but_for_a_fault"
    assert words[language[:2]] in scene.messages[0]["verdict"]
    assert rows("select * from returns") == []


@pytest.mark.parametrize("status", ["cancelled", "refunding", "refunded"])
async def test_a_settled_order_has_nothing_left_to_return(
    customer: Any, rows: Any, status: str
) -> None:
    rows("update orders set status = ? where number = 'XE20260002'", status)
    scene = customer("C1001")
    assert await opens(scene, **COAT_BACK) == "utter_rights_denied"
    assert ("取消" if status == "cancelled" else "退") in scene.messages[0]["verdict"]
    assert rows("select * from returns") == []


@pytest.mark.parametrize(
    ("number", "response", "words"),
    [
        ("XE20260003", "utter_returns_denied_window_over", "the 30 days to send it back"),
        ("XE20260001", "utter_returns_denied_not_delivered", "hasn't been delivered yet"),
    ],
)
async def test_a_refusal_names_the_rule(
    customer: Any, number: str, response: str, words: str
) -> None:
    scene = customer("C1001", "en")
    assert await opens(scene, order_number=number) == response
    assert words in scene.messages[0]["verdict"]


async def test_only_what_has_arrived_is_offered_for_return(customer: Any) -> None:
    scene = customer("C1001")
    scene.loop = "return_form"
    scene.hears("我要退货", intent="return_item")
    said = await scene.does(ActionAskOrderNumber())
    assert said == ["utter_returns_ask_choice"]
    assert [button["payload"] for button in scene.messages[0]["buttons"]] == [
        '/inform{"order_number": "XE20260002"}',
        '/inform{"order_number": "XE20260003"}',
    ]


async def test_where_nothing_has_arrived_all_orders_are_offered(customer: Any) -> None:
    scene = customer("C1002")
    scene.loop = "return_form"
    scene.hears("我要退貨", intent="return_item")
    said = await scene.does(ActionAskOrderNumber())
    assert said == ["utter_returns_ask_choice"]
    assert "XE20260004" in scene.messages[0]["buttons"][0]["title"]


async def test_what_was_opened_is_what_the_shop_lists(customer: Any, shop: Any) -> None:
    scene = customer("C1003", "en")
    await opens(
        scene,
        order_number="XE20260005",
        order_lines=[FLASK, BLANKET],
        reason="damaged",
        confirmed=True,
    )
    (opened,) = shop.order(Identity(customer_id="C1003"), "XE20260005").returns
    assert opened.rma_number == scene.messages[0]["number"]
    assert opened.line_ids == (FLASK, BLANKET)
    assert opened.freight_paid_by.value == "shop"
    assert scene.messages[0]["goods"] == "Engraved steel flask, Flannel throw blanket"
