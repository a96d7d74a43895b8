"""Warranty and repair: what is told, what is collected, and what is in the database afterwards."""

from typing import Any, List

import pytest

from actions.repairs import (
    ActionBeginRepair,
    ActionOpenRepair,
    ActionTellWarranty,
    ValidateRepairForm,
    ValidateWarrantyForm,
)
from actions.request_form import ActionAskConfirmed

HEADPHONES, HEADPHONES_LINE = "XE20260003", 3
REPAIRS = "select kind, order_number, note, state from returns"


@pytest.fixture(autouse=True)
def no_other_returns(shop: Any, rows: Any) -> None:
    rows("delete from return_lines")
    rows("delete from returns")


async def fills(
    scene: Any, text: str, *, intent: str = "inform", form: Any = None, **entities: Any
) -> List[str]:
    form = form or ValidateRepairForm()
    scene.loop = form.form
    scene.hears(text, intent=intent, **entities)
    filled = {name: v for name, v in entities.items() if name == "order_number"}
    return list(await scene.does(form, **filled))


@pytest.mark.parametrize(
    ("text", "form"),
    [
        ("耳机坏了，帮我报修", "repair_form"),
        ("用了半年 不制冷了", "repair_form"),
        ("Book a repair for my headphones", "repair_form"),
        ("screen flickers, 5 months old", "repair_form"),
        ("保修期多久", None),
        ("how long is the warranty", None),
        ("寄修要多久", None),
        ("where do I send it for repair?", None),
        ("我的耳机还在保修期吗", "warranty_form"),
        ("过保了吗", "warranty_form"),
        ("查下 XE20260003 保到哪天", "warranty_form"),
        ("耳機還在保固期內嗎", "warranty_form"),
        ("is it still under warranty", "warranty_form"),
        ("when does my guarantee run out", "warranty_form"),
        ("check if XE20260003 is still in warranty", "warranty_form"),
    ],
)
async def test_a_wish_a_question_and_a_look_at_ones_own_are_told_apart(
    customer: Any, text: str, form: Any
) -> None:
    scene = customer()
    numbers = {"order_number": HEADPHONES} if HEADPHONES in text else {}
    scene.hears(text, intent="warranty_repair", **numbers)
    said = await scene.does(ActionBeginRepair())
    begins = [event["name"] for event in scene.events if event["event"] == "followup"]
    assert begins == ([form] if form else [])
    assert said == ([] if form else ["utter_knowledge_answer", "utter_products_repair_offer"])


@pytest.mark.parametrize("language", ["zh-Hans", "en"])
async def test_a_repair_is_set_up_after_a_yes(customer: Any, rows: Any, language: str) -> None:
    scene = customer(language=language)
    assert await fills(scene, "耳机坏了", intent="warranty_repair") == []
    # Of two orders, the one with something under warranty.
    assert scene.slots["order_number"] == HEADPHONES
    assert scene.slots["requested_slot"] == "note"
    await fills(scene, "左边没声音")
    assert await scene.does(ActionAskConfirmed()) == ["utter_products_ask_repair_confirm"]
    assert rows(REPAIRS) == []
    await fills(scene, "好", intent="affirm")
    assert await scene.does(ActionOpenRepair()) == ["utter_products_repair_opened"]
    assert rows(REPAIRS) == [("repair", HEADPHONES, "左边没声音", "open")]
    assert scene.cleared


async def test_what_has_no_warranty_is_told_at_once(customer: Any, rows: Any) -> None:
    scene = customer()
    await fills(scene, "大衣坏了要修", intent="warranty_repair", product="CL1001")
    assert (scene.slots["order_number"], scene.slots["requested_slot"]) == ("XE20260002", None)
    assert await scene.does(ActionOpenRepair()) == ["utter_rights_denied"]
    assert "没有保修" in scene.messages[0]["verdict"] and rows(REPAIRS) == []


async def test_a_warranty_that_is_over_is_told_at_once(customer: Any, rows: Any) -> None:
    rows("update orders set delivered_at = '2025-10-01 00:00:00' where number = ?", HEADPHONES)
    rows("update tracking_events set at = '2025-10-01 00:00:00'")
    scene = customer(language="en")
    await fills(scene, "headphones broke", intent="warranty_repair", order_number=HEADPHONES)
    assert await scene.does(ActionOpenRepair()) == ["utter_rights_denied"]
    assert "ended on" in scene.messages[0]["verdict"] and rows(REPAIRS) == []


async def test_a_no_sends_nothing_in(customer: Any, rows: Any) -> None:
    scene = customer()
    await fills(scene, "报修", intent="warranty_repair", order_number=HEADPHONES)
    await fills(scene, "充不进电")
    await fills(scene, "算了", intent="deny")
    assert await scene.does(ActionOpenRepair()) == ["utter_products_repair_kept"]
    assert rows(REPAIRS) == []


async def test_it_is_set_up_once_and_told_the_second_time(customer: Any, rows: Any) -> None:
    scene = customer()
    for _ in range(2):
        await fills(scene, "报修", intent="warranty_repair", order_number=HEADPHONES)
        await fills(scene, "充不进电")
        await fills(scene, "好", intent="affirm")
        said = await scene.does(ActionOpenRepair())
    assert said == ["utter_products_repair_already"]
    assert len(rows(REPAIRS)) == 1


@pytest.mark.parametrize(
    ("language", "told"), [("zh-Hans", "保修期内"), ("en", "under warranty until")]
)
async def test_until_when_something_is_covered_is_told_from_the_order(
    customer: Any, rows: Any, language: str, told: str
) -> None:
    scene, form = customer(language=language), ValidateWarrantyForm()
    await fills(scene, "还在保吗", intent="warranty_repair", form=form, order_number=HEADPHONES)
    assert scene.slots["requested_slot"] is None
    assert await scene.does(ActionTellWarranty()) == ["utter_products_under_warranty"]
    assert told in scene.messages[0]["verdict"]
    assert rows(REPAIRS) == [] and scene.cleared


async def test_what_is_not_covered_is_told_as_well(customer: Any) -> None:
    scene, form = customer(), ValidateWarrantyForm()
    await fills(scene, "大衣还在保吗", intent="warranty_repair", form=form, product="CL1001")
    assert await scene.does(ActionTellWarranty()) == ["utter_rights_denied"]


async def test_a_visitor_shows_first_that_the_order_is_theirs(visitor: Any) -> None:
    scene, form = visitor(), ValidateWarrantyForm()
    await fills(scene, "还在保吗", intent="warranty_repair", form=form, order_number=HEADPHONES)
    assert await scene.does(ActionTellWarranty()) == ["utter_orders_not_found"]
    await fills(scene, "还在保吗", intent="warranty_repair", form=form, order_number=HEADPHONES)
    await fills(scene, "1001", form=form, phone_last4="1001")
    assert await scene.does(ActionTellWarranty()) == ["utter_products_under_warranty"]
