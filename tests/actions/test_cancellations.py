"""Calling an order off before it has left."""

from typing import Any, List

import pytest

from actions.cancellations import ActionCancelOrder, ValidateCancelForm
from actions.orders import ActionAskOrderNumber
from actions.request_form import ActionAskConfirmed
from shop import Identity

RICE = "XE20260004"


async def fills(scene: Any, text: str, *, intent: str = "inform", **entities: Any) -> List[str]:
    """One message to the form; an order number fills its slot as Rasa would."""
    scene.loop = "cancel_form"
    scene.hears(text, intent=intent, **entities)
    given = {name: entities[name] for name in ("order_number",) if name in entities}
    return list(await scene.does(ValidateCancelForm(), **given))


async def cancels(scene: Any, text: str = "确认", intent: str = "affirm") -> str:
    await fills(scene, text, intent=intent)
    (response,) = await scene.does(ActionCancelOrder())
    return str(response)


def status(rows: Any, number: str = RICE) -> str:
    ((found,),) = rows("select status from orders where number = ?", number)
    return str(found)


@pytest.mark.parametrize(
    ("language", "words"), [("zh-Hans", "1195元"), ("zh-Hant", "原路退回"), ("en", "goes back")]
)
async def test_a_paid_order_is_cancelled_after_a_yes_and_its_money_goes_back(
    customer: Any, rows: Any, language: str, words: str
) -> None:
    others = rows("select * from orders where number != ? order by number", RICE)
    scene = customer("C1002", language)
    assert await fills(scene, "取消订单", intent="cancel_order") == []
    assert scene.filled == {"order_number": RICE, "requested_slot": "confirmed"}
    assert await scene.does(ActionAskConfirmed()) == ["utter_orders_ask_cancel_confirm_paid"]
    assert scene.messages[0]["refund_amount"] == "¥1,195.00"
    assert words in scene.messages[0]["verdict"]
    assert status(rows) == "paid"
    assert await cancels(scene) == "utter_orders_cancelled_paid"
    assert status(rows) == "refunding"
    assert rows("select amount_cents, cause from refunds where order_number = ?", RICE) == [
        (119500, "cancel")
    ]
    assert scene.messages[0]["refund_amount"] == "¥1,195.00"
    assert rows("select * from orders where number != ? order by number", RICE) == others
    assert scene.cleared


async def test_an_unpaid_order_is_cancelled_without_a_word_about_money(
    customer: Any, rows: Any
) -> None:
    ((number, owner),) = rows(
        "select number, customer_id from orders where status = 'unpaid' and number not in "
        "(select order_number from payments where state = 'paid') limit 1"
    )
    scene = customer(owner, "en")
    await fills(scene, f"cancel {number}", intent="cancel_order", order_number=number)
    assert await scene.does(ActionAskConfirmed()) == ["utter_orders_ask_cancel_confirm_unpaid"]
    assert await cancels(scene, "yes") == "utter_orders_cancelled_unpaid"
    assert status(rows, number) == "cancelled"
    assert rows("select * from refunds where order_number = ?", number) == []


@pytest.mark.parametrize(("language", "no"), [("zh-Hans", "先留着"), ("en", "no, keep it")])
async def test_no_keeps_the_order(customer: Any, rows: Any, language: str, no: str) -> None:
    scene = customer("C1002", language)
    await fills(scene, "取消订单", intent="cancel_order")
    assert await cancels(scene, no, intent="deny") == "utter_orders_cancel_kept"
    assert status(rows) == "paid" and rows("select * from settlements") == []
    assert scene.cleared


@pytest.mark.parametrize("language", ["zh-Hans", "en"])
@pytest.mark.parametrize(
    ("who", "number", "response"),
    [
        ("C1001", "XE20260001", "utter_orders_cancel_denied_dispatched"),
        ("C1001", "XE20260002", "utter_orders_cancel_denied_delivered"),
        ("C1003", "XE20260006", "utter_rights_denied"),
    ],
)
async def test_what_cannot_be_called_off_any_more_is_told_without_a_question(
    customer: Any, rows: Any, who: str, number: str, response: str, language: str
) -> None:
    before = status(rows, number)
    scene = customer(who, language)
    await fills(scene, f"取消 {number}", intent="cancel_order", order_number=number)
    assert scene.slots["requested_slot"] is None
    assert await scene.does(ActionCancelOrder()) == [response]
    assert scene.facts(response)["verdict"]
    assert status(rows, number) == before and rows("select * from settlements") == []


async def test_an_order_that_leaves_while_it_is_talked_about_is_not_cancelled(
    customer: Any, rows: Any
) -> None:
    scene = customer("C1002")
    await fills(scene, "取消订单", intent="cancel_order")
    rows("update orders set status = 'shipped' where number = ?", RICE)
    assert await cancels(scene) == "utter_orders_cancel_denied_dispatched"
    assert status(rows) == "shipped"


async def test_a_yes_to_something_else_cancels_nothing(customer: Any, rows: Any) -> None:
    scene = customer("C1002")
    await fills(scene, "好的，取消订单", intent="affirm")
    assert scene.slots["requested_slot"] == "confirmed" and scene.slots["confirmed"] is None


async def test_another_order_at_the_last_moment_is_asked_about_anew(
    customer: Any, rows: Any
) -> None:
    rows("update orders set customer_id = 'C1002', status = 'paid' where number = 'XE20262368'")
    scene = customer("C1002")
    await fills(scene, f"取消 {RICE}", intent="cancel_order", order_number=RICE)
    await fills(scene, "不对，是 XE20262368", intent="deny", order_number="XE20262368")
    assert scene.filled == {"order_number": "XE20262368", "requested_slot": "confirmed"}
    assert await cancels(scene) == "utter_orders_cancelled_paid"
    assert (status(rows), status(rows, "XE20262368")) == ("paid", "refunding")


async def test_the_other_one_is_the_other_order(customer: Any, rows: Any) -> None:
    rows("update orders set customer_id = 'C1002', status = 'paid' where number = 'XE20262368'")
    scene = customer("C1002", "en")
    await fills(scene, f"cancel {RICE}", intent="cancel_order", order_number=RICE)
    await fills(scene, "no, the other one", intent="deny", order_choice="other")
    assert scene.slots["order_number"] == "XE20262368"
    assert scene.slots["requested_slot"] == "confirmed" and scene.slots["confirmed"] is None


async def test_a_visitor_proves_the_order_first(visitor: Any, shop: Any, rows: Any) -> None:
    scene = visitor()
    await fills(scene, f"取消 {RICE}", intent="cancel_order", order_number=RICE)
    assert scene.filled == {"order_number": RICE}
    assert await scene.does(ActionCancelOrder()) == ["utter_orders_not_found"]
    shop.prove_order(scene.identity, RICE, "1002")
    await fills(scene, f"取消 {RICE}", intent="cancel_order", order_number=RICE)
    assert await cancels(scene) == "utter_orders_cancelled_paid"
    assert rows("select actor, remedy from settlements") == [("visitor:v-1", "cancel")]


async def test_somebody_elses_order_is_not_cancelled(customer: Any, rows: Any) -> None:
    scene = customer("C1003", "en")
    said = await fills(scene, f"cancel {RICE}", intent="cancel_order", order_number=RICE)
    assert said == ["utter_orders_not_found"]
    scene.slots.update(order_number=RICE, confirmed=True)
    assert await scene.does(ActionCancelOrder()) == ["utter_orders_not_found"]
    assert status(rows) == "paid"


async def test_two_tabs_cancel_once(customer: Any, rows: Any, shop: Any) -> None:
    tabs = [customer("C1002"), customer("C1002")]
    for tab in tabs:
        await fills(tab, "取消订单", intent="cancel_order")
    said = []
    for place, tab in enumerate(tabs):
        tab.hears("确认", intent="affirm", message_id=f"tab-{place}")
        tab.slots["confirmed"] = True
        said += await tab.does(ActionCancelOrder())
    assert said == ["utter_orders_cancelled_paid", "utter_rights_denied"]
    assert len(rows("select * from refunds where order_number = ?", RICE)) == 1
    assert shop.order(Identity(customer_id="C1002"), RICE).status.value == "refunding"


async def test_the_question_shows_what_has_not_left(customer: Any, rows: Any) -> None:
    rows("update orders set customer_id = 'C1002', status = 'paid' where number = 'XE20262368'")
    scene = customer("C1002")
    scene.loop = "cancel_form"
    scene.hears("取消订单", intent="cancel_order")
    assert await scene.does(ActionAskOrderNumber()) == ["utter_orders_ask_cancel_choice"]
    assert len(scene.messages[0]["buttons"]) == 2
