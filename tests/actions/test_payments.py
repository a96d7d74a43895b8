"""Payment trouble: paid twice, failed, paid and not shown."""

from typing import Any, List

import pytest

from actions.payments import (
    ActionBeginPayment,
    ActionRefundDuplicate,
    ActionTellPayment,
    ValidateDuplicatePaymentForm,
    ValidatePaymentForm,
)
from actions.request_form import ActionAskConfirmed

KETTLE = "XE20260004"
TOTAL = 119500
REFUNDS = "select amount_cents, state from refunds where cause = 'duplicate_payment'"


@pytest.fixture(autouse=True)
def no_payments(shop: Any, rows: Any) -> None:
    rows("delete from payments")


@pytest.fixture
def pays(rows: Any) -> Any:
    """An attempt to pay XE20260004, at ten past a given hour UTC of 19 November 2026."""

    def pay(state: str = "paid", problem: str = "", hour: int = 13) -> None:
        number = len(rows("select id from payments"))
        rows(
            "insert into payments values (?, ?, 'Alipay', ?, ?, ?, ?)",
            *(f"P{number}", KETTLE, TOTAL, state, f"2026-11-19 {hour}:10:00.000000", problem),
        )

    return pay


async def fills(
    scene: Any, form: Any, text: str, intent: str = "payment_issue", **found: Any
) -> Any:
    scene.loop = form.form
    scene.hears(text, intent=intent, **found)
    return await scene.does(form, **found)


def started(scene: Any) -> List[str]:
    return [event["name"] for event in scene.events if event["event"] == "followup"]


@pytest.mark.parametrize(
    ("text", "problem", "who", "form"),
    [
        ("扣了我两次钱", "double_charged", None, "duplicate_payment_form"),
        ("I was charged twice", "double_charged", "C1002", "duplicate_payment_form"),
        ("付款失败了怎么办", "failed", "C1002", "payment_form"),
        ("付了钱还显示未付款？", "not_shown", "C1002", "payment_form"),
        ("付款失败订单会取消吗", "failed", None, ""),
        ("how do refunds work when I am charged twice", "double_charged", "C1002", ""),
        ("能用支付宝吗", None, "C1002", ""),
    ],
)
async def test_trouble_is_looked_at_and_a_question_answered(
    customer: Any, visitor: Any, text: str, problem: Any, who: Any, form: str
) -> None:
    scene = customer(who) if who else visitor()
    scene.hears(text, intent="payment_issue", **({"payment_problem": problem} if problem else {}))
    said = await scene.does(ActionBeginPayment())
    assert started(scene) == ([form] if form else [])
    assert said == ([] if form else ["utter_knowledge_answer", "utter_payments_offer"])


async def test_what_was_paid_twice_is_refunded_after_a_yes(
    customer: Any, rows: Any, pays: Any
) -> None:
    pays()
    pays(hour=14)
    scene, form = customer("C1002"), ValidateDuplicatePaymentForm()
    assert await fills(scene, form, "扣了我两次钱") == []
    assert scene.slots["order_number"] == KETTLE
    assert await scene.does(ActionAskConfirmed()) == ["utter_payments_ask_confirm"]
    facts = scene.messages[0]
    assert facts["refund_amount"] == "¥1,195.00"
    assert facts["payments"] == ("¥1,195.00 支付宝 11月19日 21:10、¥1,195.00 支付宝 11月19日 22:10")
    assert rows(REFUNDS) == []
    await fills(scene, form, "好", intent="affirm")
    assert await scene.does(ActionRefundDuplicate()) == ["utter_payments_refunded"]
    assert rows(REFUNDS) == [(TOTAL, "approved")]
    await fills(scene, form, "又扣了两次", order_number=KETTLE)
    assert await scene.does(ActionRefundDuplicate()) in (
        ["utter_rights_denied"],
        ["utter_payments_arrived_once"],
    )
    assert len(rows(REFUNDS)) == 1


async def test_no_refunds_nothing(customer: Any, rows: Any, pays: Any) -> None:
    pays()
    pays(hour=14)
    scene, form = customer("C1002", "en"), ValidateDuplicatePaymentForm()
    await fills(scene, form, "charged twice")
    await fills(scene, form, "no", intent="deny")
    assert await scene.does(ActionRefundDuplicate()) == ["utter_payments_kept"]
    assert rows(REFUNDS) == []


async def test_one_payment_is_told_with_its_time_and_amount(customer: Any, pays: Any) -> None:
    pays()
    scene = customer("C1002", "en")
    await fills(scene, ValidateDuplicatePaymentForm(), "charged twice", order_number=KETTLE)
    assert scene.slots["requested_slot"] is None
    assert await scene.does(ActionRefundDuplicate()) == ["utter_payments_arrived_once"]
    assert scene.messages[0]["payments"] == "¥1,195.00 Alipay 19 Nov 21:10"


@pytest.mark.parametrize(
    ("problem", "said"),
    [
        ("insufficient_funds", "insufficient_funds"),
        ("limit_exceeded", "limit_exceeded"),
        ("cancelled_by_user", "cancelled_by_user"),
        ("bank_refused", "bank_refused"),
        ("timeout", "timeout"),
        ("E4012", "unknown"),
        ("", "unknown"),
    ],
)
async def test_why_it_failed_and_until_when_it_can_be_paid(
    customer: Any, rows: Any, pays: Any, problem: str, said: str
) -> None:
    rows(
        "update orders set status = 'unpaid', placed_at = '2026-11-20 01:50:00.000000'"
        " where number = ?",
        KETTLE,
    )
    pays("failed", problem)
    scene = customer("C1002")
    await fills(scene, ValidatePaymentForm(), "付款失败了")
    assert await scene.does(ActionTellPayment()) == [
        f"utter_payments_failed_{said}",
        "utter_payments_pay_until",
    ]
    facts = scene.messages[1]
    assert facts["until"] == "11月20日 10:20"
    assert facts["methods"].startswith("微信支付、支付宝")
    assert scene.cleared


async def test_an_order_that_can_no_longer_be_paid_says_so(
    customer: Any, rows: Any, pays: Any
) -> None:
    rows("update orders set status = 'unpaid' where number = ?", KETTLE)
    pays("failed", "timeout")
    scene = customer("C1002", "en")
    await fills(scene, ValidatePaymentForm(), "my payment failed")
    assert await scene.does(ActionTellPayment()) == [
        "utter_payments_failed_timeout",
        "utter_payments_too_late",
    ]


@pytest.mark.parametrize(
    ("status", "paid", "said"),
    [
        ("unpaid", True, "arrived_unpaid"),
        ("paid", True, "arrived"),
        ("delivered", False, "settled"),
        ("cancelled", True, "cancelled_paid"),
        ("cancelled", False, "cancelled"),
    ],
)
async def test_paid_and_not_shown_is_told_by_what_came_in(
    customer: Any, rows: Any, pays: Any, status: str, paid: bool, said: str
) -> None:
    rows("update orders set status = ? where number = ?", status, KETTLE)
    if paid:
        pays()
    scene = customer("C1002", "en")
    await fills(scene, ValidatePaymentForm(), "I paid but it isn't shown", order_number=KETTLE)
    assert await scene.does(ActionTellPayment()) == [f"utter_payments_{said}"]


async def test_nothing_came_in_says_so(customer: Any, rows: Any) -> None:
    rows("update orders set status = 'unpaid' where number = ?", KETTLE)
    scene = customer("C1002")
    await fills(scene, ValidatePaymentForm(), "付了钱没显示", order_number=KETTLE)
    said = await scene.does(ActionTellPayment())
    assert said[0] == "utter_payments_none_arrived"


async def test_a_visitor_proves_the_order_first(visitor: Any, pays: Any) -> None:
    pays()
    scene, form = visitor(), ValidatePaymentForm()
    await fills(scene, form, "付款失败", order_number=KETTLE)
    assert scene.slots["order_number"] == KETTLE
    await fills(scene, form, "1002", phone_last4="1002")
    assert await scene.does(ActionTellPayment()) == ["utter_payments_arrived"]
