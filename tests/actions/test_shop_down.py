"""When the shop cannot be asked: the shopper hears so, and nothing is half done."""

import sqlite3
from pathlib import Path
from typing import Any, Dict

import pytest

from actions.cancellations import ActionCancelOrder, ValidateCancelForm
from actions.goods_form import ActionAskOrderLines
from actions.orders import ActionAskOrderNumber, ActionTellOrderStatus, ValidateTrackOrderForm
from actions.redirections import ActionChangeAddress, ValidateAddressForm
from actions.refunds import ActionTellRefundStatus, ValidateRefundStatusForm
from actions.request_form import ActionAskConfirmed
from actions.returns import ActionOpenReturn, ValidateReturnForm
from actions.smalltalk import ActionDecline

FORMS = [
    ValidateTrackOrderForm,
    ValidateRefundStatusForm,
    ValidateReturnForm,
    ValidateCancelForm,
    ValidateAddressForm,
]
CONFIRMED = {
    "order_number": "XE20260002",
    "order_lines": [2],
    "reason": "changed_mind",
    "confirmed": True,
}


@pytest.mark.parametrize("language", ["zh-Hans", "en"])
@pytest.mark.parametrize("candidates", [{}, {"order_number": "XE20260002"}])
@pytest.mark.parametrize("form", FORMS)
async def test_a_customers_form_ends(
    customer: Any, break_shop: Any, form: Any, candidates: Dict[str, Any], language: str
) -> None:
    scene = customer("C1001", language)
    break_shop()
    scene.hears("XE20260002", **candidates)
    assert await scene.does(form(), **candidates) == ["utter_orders_shop_unavailable"]
    assert scene.cleared
    assert scene.events[-1]["name"] == "requested_slot" and scene.events[-1]["value"] is None


@pytest.mark.parametrize("form", FORMS)
async def test_a_visitors_proof_ends_the_form(visitor: Any, break_shop: Any, form: Any) -> None:
    scene = visitor()
    scene.slots.update(order_number="XE20260001", requested_slot="phone_last4")
    break_shop()
    scene.hears("1001", phone_last4="1001")
    said = await scene.does(form(), phone_last4="1001")
    assert said == ["utter_orders_shop_unavailable"]
    assert scene.cleared


@pytest.mark.parametrize(
    "action",
    [
        ActionAskOrderNumber,
        ActionAskOrderLines,
        ActionAskConfirmed,
        ActionTellOrderStatus,
        ActionTellRefundStatus,
        ActionOpenReturn,
        ActionCancelOrder,
        ActionChangeAddress,
    ],
)
async def test_every_action_that_asks_the_shop_says_so_and_forgets_the_form(
    customer: Any, break_shop: Any, rows: Any, action: Any
) -> None:
    scene = customer("C1001")
    scene.loop = "return_form"
    scene.slots.update(CONFIRMED)
    break_shop()
    scene.hears("确认")
    assert await scene.does(action()) == ["utter_orders_shop_unavailable"]
    assert scene.cleared
    assert rows("select * from returns") == []


async def test_a_busy_database_opens_no_return_and_nobody_is_told_of_one(
    customer: Any, rows: Any, database: Path
) -> None:
    """Reading still works, so the shop fails only when the return is about to be written."""
    scene = customer("C1001")
    scene.slots.update(CONFIRMED)
    scene.hears("确认")
    writer = sqlite3.connect(database, isolation_level=None)
    writer.execute("begin immediate")
    try:
        assert await scene.does(ActionOpenReturn()) == ["utter_orders_outcome_unknown"]
    finally:
        writer.execute("rollback")
        writer.close()
    assert scene.cleared
    assert rows("select * from returns") == []


async def test_stopping_and_asking_a_visitor_need_no_shop(visitor: Any, break_shop: Any) -> None:
    scene = visitor()
    break_shop()
    scene.hears("我的快递")
    assert await scene.does(ActionAskOrderNumber()) == ["utter_orders_ask_number"]
    scene.loop = "track_order_form"
    scene.hears("算了", intent="deny")
    assert await scene.does(ActionDecline()) == ["utter_form_stopped"]
