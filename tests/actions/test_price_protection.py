"""Price protection: what became cheaper is found, named by line, confirmed and refunded."""

from typing import Any, List

import pytest

from actions.price_protection import (
    ActionBeginPriceProtection,
    ActionProtectPrice,
    ValidatePriceProtectionForm,
)
from actions.request_form import ActionAskConfirmed

# Delivered on 17 November, paid at 98 %; bought six days before "now".
COAT = "XE20260002"
REFUNDS = "select order_number, amount_cents, state from refunds where cause = 'price_protection'"


@pytest.fixture(autouse=True)
def prices(shop: Any, rows: Any) -> None:
    """Nothing has become cheaper but the coat."""
    rows("delete from product_prices")
    rows("update products set unit_price_cents = 9999900")
    rows("update products set unit_price_cents = 80000 where sku = 'CL1001'")


async def fills(scene: Any, text: str, intent: str = "price_protection", **found: Any) -> List[str]:
    scene.loop = "price_protection_form"
    scene.hears(text, intent=intent, **found)
    filled = {name: value for name, value in found.items() if name == "order_number"}
    return list(await scene.does(ValidatePriceProtectionForm(), **filled))


def started(scene: Any) -> List[str]:
    return [event["name"] for event in scene.events if event["event"] == "followup"]


async def test_the_difference_of_what_became_cheaper_is_refunded(customer: Any, rows: Any) -> None:
    scene = customer("C1001")
    assert await fills(scene, "我刚买就降价了") == []
    assert scene.slots["order_number"] == COAT
    assert await scene.does(ActionAskConfirmed()) == ["utter_promotions_ask_price_confirm"]
    facts = scene.messages[0]
    assert facts["differences"].startswith("双面羊毛呢大衣 女款 ¥")
    assert rows(REFUNDS) == []
    await fills(scene, "好", intent="affirm")
    assert await scene.does(ActionProtectPrice()) == ["utter_promotions_price_protected"]
    ((number, cents, state),) = rows(REFUNDS)
    assert (number, state) == (COAT, "approved")
    assert scene.messages[0]["refund_amount"] == f"¥{cents / 100:.2f}"


async def test_no_leaves_everything_as_it_is(customer: Any, rows: Any) -> None:
    scene = customer("C1001", "en")
    await fills(scene, "it's cheaper now")
    await fills(scene, "no", intent="deny")
    assert await scene.does(ActionProtectPrice()) == ["utter_promotions_price_kept"]
    assert rows(REFUNDS) == []


async def test_another_order_can_be_named_instead(customer: Any) -> None:
    scene = customer("C1001")
    await fills(scene, "我刚买就降价了")
    said = {"order_number": "XE20260001", "order_choice": "other"}
    await fills(scene, "不是这单，是 XE20260001", intent="change_address", **said)
    assert scene.slots["order_number"] == "XE20260001" and scene.slots["requested_slot"] is None
    said = await scene.does(ActionProtectPrice())
    assert said == ["utter_promotions_price_denied_not_lower"]


async def test_the_difference_is_refunded_once(customer: Any, rows: Any) -> None:
    scene = customer("C1001")
    for _ in range(2):
        await fills(scene, "降价了退我差价", order_number=COAT)
        await fills(scene, "好", intent="affirm")
        said = await scene.does(ActionProtectPrice())
    assert said == ["utter_rights_denied"]
    assert len(rows(REFUNDS)) == 1


async def test_too_late_is_said_with_the_last_day(customer: Any) -> None:
    scene = customer("C1001", "en")
    await fills(scene, "XE20260003 is cheaper now", order_number="XE20260003")
    assert scene.slots["requested_slot"] is None
    assert await scene.does(ActionProtectPrice()) == ["utter_rights_denied"]
    assert "15 days" in scene.messages[0]["verdict"]


@pytest.mark.parametrize(
    ("text", "who", "form"),
    [
        ("降价了能补差价吗", "C1001", True),
        ("can you match the new price?", "C1001", True),
        # Nothing of theirs has become cheaper.
        ("降价了能补差价吗", "C1003", False),
        ("降价了能补差价吗", None, False),
        ("价保几天", "C1001", False),
        ("how long is the price protection", "C1001", False),
        ("refund the difference please", None, True),
    ],
)
async def test_can_i_is_answered_by_a_look_at_their_orders(
    customer: Any, visitor: Any, text: str, who: Any, form: bool
) -> None:
    scene = customer(who) if who else visitor()
    scene.hears(text, intent="price_protection")
    said = await scene.does(ActionBeginPriceProtection())
    assert started(scene) == (["price_protection_form"] if form else [])
    assert said == ([] if form else ["utter_knowledge_answer", "utter_promotions_price_offer"])


async def test_a_shop_that_is_down_leaves_the_general_answer(
    customer: Any, break_shop: Any
) -> None:
    scene = customer("C1001")
    break_shop()
    scene.hears("降价了能补差价吗", intent="price_protection")
    said = await scene.does(ActionBeginPriceProtection())
    assert said == ["utter_knowledge_answer", "utter_promotions_price_offer"]
