"""Stock: what is told of the shelves, and who is told when something is back."""

from typing import Any, List

import pytest

from actions.smalltalk import ActionAcceptOffer
from actions.stock import ActionTellStock, ActionWatchStock, ValidateStockForm
from actions.stock_notices import asks_for_notice, watch_payload

NOTICES = "select customer_id, variant from stock_notices"
SOLD_OUT = {"product": "CL1001", "size": "M", "color": "camel"}


@pytest.fixture(autouse=True)
def no_other_notices(shop: Any, rows: Any) -> None:
    rows("delete from stock_notices")


async def asks(scene: Any, text: str, *, intent: str = "stock", **entities: Any) -> List[str]:
    scene.hears(text, intent=intent, **entities)
    return list(await scene.does(ActionTellStock()))


@pytest.mark.parametrize(
    ("language", "entities", "said", "facts"),
    [
        (
            "zh-Hans",
            {"size": "L", "color": "black"},
            "there",
            {"item": "双面羊毛呢大衣 女款 · L · 黑色"},
        ),
        ("en", {"size": "S", "color": "black"}, "low", {"pieces": 2}),
        (
            "zh-Hans",
            {"size": "M", "color": "camel"},
            "sold_out",
            {"choices": "驼色 S / L / XL；黑色 S / M / L / XL"},
        ),
        ("en", {"size": "M"}, "choices", {"choices": "black M"}),
        ("en", {}, "choices", {"choices": "camel S / L / XL; black S / M / L / XL"}),
        ("zh-Hans", {"size": "XXL"}, "no_such", {"variant": "XXL"}),
        ("en", {"color": "red"}, "no_such", {"variant": "red"}),
    ],
)
async def test_the_shelves_are_told_as_they_are(
    customer: Any, language: str, entities: Any, said: str, facts: Any
) -> None:
    scene = customer(language=language)
    assert await asks(scene, "还有吗", product="CL1001", **entities) == [f"utter_stock_{said}"]
    assert {name: scene.messages[0][name] for name in facts} == facts


async def test_a_product_of_one_kind_is_told_by_its_name(customer: Any) -> None:
    scene = customer(language="en")
    assert await asks(scene, "any hairy crabs?", product="FO1003") == ["utter_stock_low"]
    assert await asks(scene, "is it there?", product="FO1013") == ["utter_stock_sold_out_all"]


async def test_european_shoe_sizes_are_the_shops_own(customer: Any) -> None:
    scene = customer(language="en")
    said = await asks(scene, "in EU 42?", product="SH1001", size="EU 42")
    assert said == ["utter_stock_there"]


async def test_when_all_is_sold_out_there_is_a_button_for_each(customer: Any, rows: Any) -> None:
    rows("update product_variants set stock = 0 where id like 'CL1001-%'")
    scene = customer()
    assert await asks(scene, "大衣有货吗", product="CL1001") == ["utter_stock_sold_out_which"]
    assert len(scene.messages[0]["buttons"]) == 8


async def test_the_product_spoken_of_last_is_meant(customer: Any) -> None:
    scene = customer()
    scene.slots["product"] = "CL1001"
    assert await asks(scene, "有L码吗", size="L") == ["utter_stock_choices"]


async def test_which_product_is_asked_when_none_is_known(customer: Any) -> None:
    scene = customer()
    assert await asks(scene, "有货吗") == []
    assert [event["name"] for event in scene.events] == ["stock_form"]


async def test_within_another_form_no_product_is_asked_for(customer: Any) -> None:
    scene = customer()
    scene.loop = "return_form"
    assert await asks(scene, "有货吗") == ["utter_knowledge_answer"]


async def test_the_form_gives_way_to_another_topic(customer: Any) -> None:
    scene = customer()
    scene.loop = "stock_form"
    scene.hears("我要退大衣", intent="return_item", product="CL1001")
    await scene.does(ValidateStockForm(), product="CL1001")
    assert scene.events[0]["event"] == "action_execution_rejected"
    scene.hears("大衣", product="CL1001")
    await scene.does(ValidateStockForm(), product="CL1001")
    assert all(event["event"] == "slot" for event in scene.events)


async def test_the_button_notes_who_wants_to_hear_of_it_once(customer: Any, rows: Any) -> None:
    scene = customer()
    assert await asks(scene, "大衣M码驼色有吗", **SOLD_OUT) == ["utter_stock_sold_out"]
    assert scene.messages[0]["watch"] == watch_payload("CL1001", "CL1001-M-CAMEL")
    pressed = {"product": "CL1001", "watch": "CL1001-M-CAMEL"}
    assert await asks(scene, "到货提醒我", **pressed) == ["utter_stock_watched"]
    assert rows(NOTICES) == [("C1001", "CL1001-M-CAMEL")]


async def test_asked_again_nothing_is_noted_twice(customer: Any, rows: Any, clock: Any) -> None:
    scene = customer(language="en")
    pressed = {"product": "CL1001", "watch": "CL1001-M-CAMEL"}
    assert await asks(scene, "Tell me when it's back", **pressed) == ["utter_stock_watched"]
    clock.forward(minutes=1)
    assert await asks(scene, "Tell me when it's back", **pressed) == ["utter_stock_watched_before"]
    assert len(rows(NOTICES)) == 1


@pytest.mark.parametrize(
    "text",
    [
        *(
            "到货通知我",
            "到货叫我一声",
            "补货通知我一下",
            "到货能提醒我吗",
            "有貨通知我",
            "到了喊我一声",
        ),
        *("Notify me when available", "let me know when it is back", "put me on the waiting list"),
        *("Can I get an alert when the kettle is back in stock", "tell me when it's back please"),
    ],
)
async def test_asking_for_a_word_right_after_takes_up_the_offer(
    customer: Any, rows: Any, text: str
) -> None:
    assert asks_for_notice(text)
    scene = customer()
    scene.hears("大衣M码有吗", intent="stock")
    buttons = [{"title": "…", "payload": watch_payload("CL1001", "CL1001-M-CAMEL")}]
    scene.said("utter_stock_sold_out", buttons)
    assert await asks(scene, text) == ["utter_stock_watched"]
    assert rows(NOTICES) == [("C1001", "CL1001-M-CAMEL")]


@pytest.mark.parametrize("text", ["什么时候补货", "有货吗", "when will it be back", "in stock?"])
def test_a_question_for_the_day_asks_for_no_word(text: str) -> None:
    assert not asks_for_notice(text)


async def test_a_yes_takes_up_the_offer(customer: Any, rows: Any) -> None:
    scene = customer()
    scene.hears("大衣M码有吗", intent="stock")
    buttons = [{"title": "…", "payload": watch_payload("CL1001", "CL1001-M-CAMEL")}]
    scene.said("utter_stock_sold_out", buttons)
    scene.hears("好的", intent="affirm")
    await scene.does(ActionAcceptOffer())
    assert [event["name"] for event in scene.events] == ["action_watch_stock"]
    assert await scene.does(ActionWatchStock()) == ["utter_stock_watched"]
    assert rows(NOTICES) == [("C1001", "CL1001-M-CAMEL")]


async def test_a_word_for_what_is_named_needs_no_question_first(customer: Any, rows: Any) -> None:
    scene = customer()
    assert await asks(scene, "大衣M码驼色到货通知我", **SOLD_OUT) == ["utter_stock_watched"]
    assert rows(NOTICES) == [("C1001", "CL1001-M-CAMEL")]


async def test_a_visitor_is_asked_to_log_in(visitor: Any, rows: Any) -> None:
    scene = visitor()
    pressed = {"product": "CL1001", "watch": "CL1001-M-CAMEL"}
    assert await asks(scene, "到货提醒我", **pressed) == ["utter_stock_log_in"]
    assert rows(NOTICES) == []


@pytest.mark.parametrize(
    ("pressed", "said"),
    [
        ({"product": "CL1001", "watch": "CL1001-XXXL"}, "utter_products_person"),
        ({"product": "XX0000", "watch": "CL1001-M-CAMEL"}, "utter_products_person"),
        ({"product": "CL1001", "watch": "CL1001-L-BLACK"}, "utter_stock_there"),
    ],
)
async def test_a_made_up_button_notes_nothing(
    customer: Any, rows: Any, pressed: Any, said: str
) -> None:
    scene = customer()
    assert await asks(scene, "到货提醒我", **pressed) == [said]
    assert rows(NOTICES) == []


async def test_without_the_shop_nothing_is_made_up(customer: Any, break_shop: Any) -> None:
    scene = customer()
    break_shop()
    assert await asks(scene, "大衣有货吗", product="CL1001") == ["utter_orders_shop_unavailable"]
