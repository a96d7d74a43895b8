"""What holds for any order is answered; what is about one of theirs begins as ever."""

from typing import Any, List, Optional

import pytest

from actions.beginning import BeginAction
from actions.cancellations import ActionBeginCancel
from actions.look_ups import ActionLookUpRefund
from actions.redirections import ActionBeginAddressChange
from actions.refunds import ActionBeginRefundStatus

CANCEL, ADDRESS, REFUND = ActionBeginCancel, ActionBeginAddressChange, ActionBeginRefundStatus
ANSWER = "utter_knowledge_answer"
OFFERS = {
    CANCEL: "utter_orders_cancel_offer",
    ADDRESS: "utter_orders_address_offer",
    REFUND: "utter_refunds_offer",
}
FORMS = {CANCEL: "cancel_form", ADDRESS: "address_form", REFUND: "refund_status_form"}
AWAITS, OVER, NOBODY = "C1003", "C1001", None


GENERAL = {
    CANCEL: [
        *("发货之后还能取消吗", "取消訂單要手續費嗎", "can I cancel after it shipped"),
        "is there a cancellation fee?",
    ],
    ADDRESS: ["发货后还能改地址吗", "改地址要加錢嗎", "can I change the address after shipping"],
    REFUND: [
        *("退款退到哪里，我那张卡已经注销了", "退款包不包括運費", "我那张卡注销了退款怎么办"),
        *("which account does the refund go to", "does the refund include postage"),
    ],
}
OF_THEIRS = {
    CANCEL: ["能取消吗", "已經出貨了還能取消嗎", "can I cancel it"],
    ADDRESS: ["能改地址吗", "地址填错了", "change my address"],
    REFUND: [
        *("退款到哪了", "Where is my refund", "怎麼還沒退款", "我的退款多久到"),
        *("退款退到哪里了", "我退的货什么时候给钱"),
    ],
}


def each(texts: Any) -> Any:
    return [(action, text) for action in texts for text in texts[action]]


def begun(scene: Any) -> List[str]:
    return [event["name"] for event in scene.events if event["event"] == "followup"]


@pytest.mark.parametrize(("action", "text"), each(GENERAL))
async def test_what_holds_for_anybody_is_answered_and_the_form_offered(
    customer: Any, action: BeginAction, text: str
) -> None:
    # Also to somebody who has a refund under way: its state does not say where it goes.
    scene = customer(AWAITS)
    scene.hears(text)
    assert await scene.does(action()) == [ANSWER, OFFERS[action]]
    assert begun(scene) == []


@pytest.mark.parametrize(("action", "text"), each(OF_THEIRS))
async def test_what_is_about_an_order_of_theirs_begins_the_form(
    customer: Any, neighbour: Any, action: BeginAction, text: str
) -> None:
    scene = customer(OVER)
    scene.hears(text)
    assert await scene.does(action()) == []
    assert begun(scene) == [FORMS[action]]
    assert neighbour.bodies == []


@pytest.mark.parametrize(
    ("action", "text"),
    [
        (CANCEL, "帮我取消XE20260004"),
        (CANCEL, "XE20260004 发货后还能取消吗"),
        (ADDRESS, "can I change the address of XE20260004 after shipping"),
        (REFUND, "how long does the refund for XE20260004 take"),
    ],
)
async def test_an_order_that_is_named_is_looked_at(
    customer: Any, action: BeginAction, text: str
) -> None:
    scene = customer(OVER)
    scene.hears(text, order_number="XE20260004")
    await scene.does(action())
    assert begun(scene) == [FORMS[action]]


async def test_a_new_recipient_is_no_question_about_the_rule(customer: Any) -> None:
    scene = customer()
    scene.hears("寄出后还能改成李雷收吗", recipient="李雷")
    await scene.does(ADDRESS())
    assert begun(scene) == ["address_form"]


HOW_LONG = pytest.mark.parametrize(
    "text", ["退款多久到账", "退款要幾天", "how long till I get my money back after returning"]
)


@HOW_LONG
async def test_how_long_a_refund_takes_is_told_of_the_one_that_is_under_way(
    customer: Any, text: str
) -> None:
    scene = customer(AWAITS)
    scene.hears(text)
    assert await scene.does(REFUND()) == []
    assert begun(scene) == ["refund_status_form"]


@HOW_LONG
@pytest.mark.parametrize("who", [OVER, NOBODY])
async def test_whoever_awaits_none_hears_how_long_it_takes_in_general(
    customer: Any, visitor: Any, rows: Any, who: Optional[str], text: str
) -> None:
    rows("update refunds set state = 'paid'")
    scene = customer(who) if who else visitor()
    scene.hears(text)
    assert await scene.does(REFUND()) == [ANSWER, OFFERS[REFUND]]


async def test_it_is_told_in_general_while_the_shop_is_down(customer: Any, break_shop: Any) -> None:
    scene = customer(AWAITS)
    break_shop()
    scene.hears("退款多久到账")
    assert await scene.does(REFUND()) == [ANSWER, OFFERS[REFUND]]


@pytest.mark.parametrize(
    ("text", "said"),
    [("退款退到哪里", ANSWER), ("退款多久到账", "utter_refunds_state_approved")],
)
async def test_within_another_form_a_refund_is_answered_or_looked_up(
    customer: Any, text: str, said: str
) -> None:
    scene = customer(AWAITS)
    scene.loop = "return_form"
    scene.hears(text, intent="refund_status")
    assert await scene.does(ActionLookUpRefund()) == [said]
    assert scene.loop == "return_form"


@pytest.mark.parametrize("action", [CANCEL, ADDRESS, REFUND])
async def test_the_form_that_runs_goes_on_instead_of_beginning_anew(
    customer: Any, action: BeginAction
) -> None:
    scene = customer()
    scene.loop = FORMS[action]
    scene.slots["requested_slot"] = "order_number"
    scene.hears("我想问一下这个", intent=FORMS[action])
    assert await scene.does(action()) == ["utter_form_again"]
    assert (scene.events, scene.loop) == ([], FORMS[action])


async def test_another_form_is_left_for_the_new_one(customer: Any) -> None:
    scene = customer()
    scene.loop = "track_order_form"
    scene.hears("退款到哪了", intent="refund_status")
    assert await scene.does(REFUND()) == []
    assert (scene.loop, begun(scene)) == (None, ["refund_status_form"])
