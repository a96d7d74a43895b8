"""Exchanges: collected, checked against the shelves, and what is in the database afterwards."""

from typing import Any, List

import pytest

from actions.exchanges import ActionAskVariant, ActionOpenExchange, ValidateExchangeForm
from actions.goods_form import ActionAskOrderLines
from actions.request_form import ActionAskConfirmed
from actions.returns import ActionOpenReturn, ValidateReturnForm

COAT, COAT_LINE = "XE20260002", 2
TWO_LINES, BLANKET_LINE = "XE20260005", 7
EXCHANGES = "select kind, order_number, reason, replacement, state from returns"


def begun(scene: Any, form: str = "exchange_form") -> Any:
    scene.loop = form
    return scene


async def fills(
    scene: Any, text: str, *, intent: str = "inform", form: Any = None, **entities: Any
) -> List[str]:
    scene.hears(text, intent=intent, **entities)
    filled = {name: v for name, v in entities.items() if name == "order_number"}
    return list(await scene.does(form or ValidateExchangeForm(), **filled))


@pytest.fixture(autouse=True)
def no_other_returns(shop: Any, rows: Any) -> None:
    rows("delete from return_lines")
    rows("delete from returns")


@pytest.mark.parametrize(("language", "title"), [("zh-Hans", "L · 黑色"), ("en", "L · black")])
async def test_another_size_and_colour_is_set_aside_for_the_shopper(
    customer: Any, rows: Any, language: str, title: str
) -> None:
    scene = begun(customer(language=language))
    before = rows("select stock from product_variants where id = 'CL1001-L-BLACK'")[0][0]
    await fills(
        scene, "换个黑色L码", intent="exchange_item", order_number=COAT, return_reason="size"
    )
    assert scene.slots["requested_slot"] == "variant"
    assert await scene.does(ActionAskVariant()) == ["utter_returns_ask_variant"]
    titles = [button["title"] for button in scene.messages[0]["buttons"]]
    assert title in titles and not any(each.startswith("M · 驼") for each in titles)
    await fills(scene, "L black", size="L", color="black")
    assert scene.slots["requested_slot"] == "confirmed"
    assert await scene.does(ActionAskConfirmed()) == ["utter_returns_ask_exchange_confirm_shopper"]
    assert scene.messages[0]["variant"] == title
    assert rows(EXCHANGES) == []
    await fills(scene, "对", intent="affirm")
    assert await scene.does(ActionOpenExchange()) == ["utter_returns_exchange_opened"]
    assert rows(EXCHANGES) == [("exchange", COAT, "size", "CL1001-L-BLACK", "open")]
    after = rows("select stock from product_variants where id = 'CL1001-L-BLACK'")[0][0]
    assert after == before - 1 and scene.cleared


async def test_only_the_size_is_named_and_the_colour_stays(customer: Any) -> None:
    scene = begun(customer())
    await fills(
        scene,
        "小了，换L",
        intent="exchange_item",
        order_number=COAT,
        return_reason="size",
        size="L",
    )
    assert scene.slots["variant"] == "CL1001-L-CAMEL"
    assert scene.slots["requested_slot"] == "confirmed"


async def test_what_is_sold_out_is_said_with_a_word_when_it_is_back(customer: Any) -> None:
    scene = begun(customer())
    said = await fills(
        scene, "换M", intent="exchange_item", order_number=COAT, return_reason="size", size="M"
    )
    assert said == ["utter_returns_exchange_variant_sold_out"]
    assert scene.messages[0]["watch"] == '/stock{"product": "CL1001", "watch": "CL1001-M-CAMEL"}'
    assert scene.slots["requested_slot"] == "variant" and scene.slots["variant"] is None


async def test_a_question_for_the_stock_names_what_shall_come_instead(customer: Any) -> None:
    scene = begun(customer())
    await fills(scene, "换货", intent="exchange_item", order_number=COAT, return_reason="size")
    await fills(scene, "有L码吗", intent="stock", size="L")
    assert scene.slots["variant"] == "CL1001-L-CAMEL"
    said = await fills(
        scene, "到货提醒我", intent="stock", product="CL1001", watch="CL1001-M-CAMEL"
    )
    assert said == [] and scene.events[0]["event"] == "action_execution_rejected"


async def test_what_came_faulty_comes_again_as_it_was(customer: Any, rows: Any) -> None:
    scene = begun(customer("C1003", "en"))
    await fills(
        scene,
        "exchange the blanket, it's faulty",
        intent="exchange_item",
        order_number=TWO_LINES,
        product="HO1003",
        return_reason="quality",
    )
    assert scene.slots["order_lines"] == [BLANKET_LINE]
    assert scene.slots["requested_slot"] == "confirmed"
    assert await scene.does(ActionAskConfirmed()) == ["utter_returns_ask_exchange_confirm_shop"]
    await fills(scene, "yes", intent="affirm")
    await scene.does(ActionOpenExchange())
    assert rows(EXCHANGES) == [("exchange", TWO_LINES, "quality", "HO1003-GREY", "open")]


async def test_of_several_lines_one_is_exchanged_at_a_time(customer: Any) -> None:
    scene = begun(customer("C1003", "en"))
    await fills(scene, "exchange", intent="exchange_item", order_number=TWO_LINES)
    assert await scene.does(ActionAskOrderLines()) == ["utter_returns_ask_exchange_line"]
    assert await fills(scene, "all", line_choice="all") == ["utter_returns_exchange_one_by_one"]
    assert scene.slots["requested_slot"] == "order_lines"


async def test_the_order_is_found_by_what_is_in_it(customer: Any) -> None:
    scene = begun(customer())
    await fills(scene, "大衣想换个大一码", intent="exchange_item", product="CL1001")
    assert (scene.slots["order_number"], scene.slots["order_lines"]) == (COAT, [COAT_LINE])


async def test_a_no_leaves_everything_as_it_is(customer: Any, rows: Any) -> None:
    scene = begun(customer())
    await fills(
        scene, "换L", intent="exchange_item", order_number=COAT, return_reason="size", size="L"
    )
    await fills(scene, "不换了", intent="deny")
    assert await scene.does(ActionOpenExchange()) == ["utter_returns_exchange_kept"]
    assert rows(EXCHANGES) == [] and scene.cleared


async def test_a_no_with_another_size_asks_again(customer: Any) -> None:
    scene = begun(customer())
    await fills(
        scene, "换L", intent="exchange_item", order_number=COAT, return_reason="size", size="L"
    )
    await fills(scene, "不对，要XL", intent="deny", size="XL")
    assert scene.slots["variant"] == "CL1001-XL-CAMEL"
    assert scene.slots["requested_slot"] == "confirmed" and scene.slots["confirmed"] is None


async def test_another_colour_keeps_the_size_that_was_chosen(customer: Any) -> None:
    scene = begun(customer())
    await fills(
        scene, "换L", intent="exchange_item", order_number=COAT, return_reason="size", size="L"
    )
    await fills(scene, "还是黑色吧", color="black")
    assert scene.slots["variant"] == "CL1001-L-BLACK"
    assert scene.slots["requested_slot"] == "confirmed"


async def test_a_refund_instead_keeps_order_line_and_reason(customer: Any, rows: Any) -> None:
    scene = begun(customer())
    await fills(scene, "换货", intent="exchange_item", order_number=COAT, return_reason="size")
    await fills(scene, "还是退款吧", intent="return_item")
    assert scene.events[0]["event"] == "action_execution_rejected"
    begun(scene, "return_form")
    await fills(scene, "还是退款吧", intent="return_item", form=ValidateReturnForm())
    assert scene.slots["requested_slot"] == "confirmed"
    await fills(scene, "确认", intent="affirm", form=ValidateReturnForm())
    assert await scene.does(ActionOpenReturn()) == ["utter_returns_opened"]
    assert rows(EXCHANGES) == [("return", COAT, "size", "", "open")]


async def test_an_exchange_instead_of_a_return_asks_only_for_what(customer: Any) -> None:
    scene = begun(customer(), "return_form")
    form = ValidateReturnForm()
    await fills(
        scene, "退货", intent="return_item", order_number=COAT, return_reason="size", form=form
    )
    begun(scene)
    await fills(scene, "还是换一件吧", intent="exchange_item")
    assert scene.slots["requested_slot"] == "variant"
    assert (scene.slots["order_lines"], scene.slots["reason"]) == ([COAT_LINE], "size")


async def test_too_late_is_said_at_once(customer: Any, rows: Any) -> None:
    rows("update orders set delivered_at = '2026-10-01 00:00:00' where number = ?", COAT)
    rows("update tracking_events set at = '2026-10-01 00:00:00'")
    scene = begun(customer())
    await fills(scene, "换货", intent="exchange_item", order_number=COAT)
    assert scene.slots["requested_slot"] is None
    assert await scene.does(ActionOpenExchange()) == ["utter_rights_denied"]
    assert rows(EXCHANGES) == []


async def test_the_last_piece_goes_once(customer: Any, rows: Any) -> None:
    scene = begun(customer())
    said = {"order_number": COAT, "return_reason": "size", "size": "S", "color": "black"}
    await fills(scene, "换黑色S", intent="exchange_item", **said)
    rows("update product_variants set stock = 0 where id = 'CL1001-S-BLACK'")
    await fills(scene, "好", intent="affirm")
    assert await scene.does(ActionOpenExchange()) == ["utter_returns_exchange_sold_out"]
    assert rows(EXCHANGES) == []
