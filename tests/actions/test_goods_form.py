"""Which goods, how many and why: changed, overdone and repeated."""

from typing import Any, Dict, List

import pytest

from actions.request_form import ActionAskConfirmed
from actions.returns import ActionOpenReturn, ValidateReturnForm

COAT, FLASK, BLANKET = 2, 6, 7
BOTH = "XE20260005"


async def fills(scene: Any, text: str, *, intent: str = "inform", **entities: Any) -> List[str]:
    """One message to the form; an order number fills its slot as Rasa would."""
    scene.loop = "return_form"
    scene.hears(text, intent=intent, **entities)
    given = {name: entities[name] for name in ("order_number",) if name in entities}
    return list(await scene.does(ValidateReturnForm(), **given))


async def at_the_end(scene: Any, line: str = "1", reason: str = "quality") -> Any:
    """The same somebody, asked for consent about one line of two."""
    await fills(scene, f"退 {BOTH}", intent="return_item", order_number=BOTH)
    await fills(scene, "这件", line_choice=line)
    await fills(scene, "有问题", return_reason=reason)
    assert scene.slots["requested_slot"] == "confirmed"
    return scene


@pytest.mark.parametrize(
    ("language", "text", "also"),
    [
        ("zh-Hans", "不对，是另一件", {}),
        ("zh-Hant", "另外那個", {"order_choice": "other_one"}),
        ("en", "no, the other one", {"order_choice": "other_one"}),
    ],
)
async def test_the_other_one_is_the_other_line_and_is_asked_about_anew(
    customer: Any, rows: Any, language: str, text: str, also: Dict[str, str]
) -> None:
    scene = await at_the_end(customer("C1003", language))
    assert scene.slots["order_lines"] == [FLASK]
    await fills(scene, text, intent="deny", line_choice="other", **also)
    assert (scene.slots["order_number"], scene.slots["order_lines"]) == (BOTH, [BLANKET])
    assert scene.slots["requested_slot"] == "confirmed" and scene.slots["confirmed"] is None
    await scene.does(ActionAskConfirmed())
    assert scene.messages[0]["refund_amount"] == "¥99.00"
    await fills(scene, "好", intent="affirm")
    assert await scene.does(ActionOpenReturn()) == ["utter_returns_opened"]
    assert rows("select line_id, quantity from return_lines") == [(BLANKET, 1)]


@pytest.mark.parametrize(
    ("language", "text"), [("zh-Hans", "不对，另外那单"), ("en", "no, the other order")]
)
async def test_the_other_order_is_another_order_though_there_is_another_line(
    customer: Any, language: str, text: str
) -> None:
    scene = await at_the_end(customer("C1003", language))
    await fills(scene, text, intent="deny", order_choice="other")
    assert scene.slots["order_number"] != BOTH


@pytest.mark.parametrize(
    ("language", "text"), [("zh-Hans", "不是这个，是另一个"), ("en", "the other one")]
)
async def test_the_other_one_is_another_order_where_there_is_no_other_line(
    customer: Any, language: str, text: str
) -> None:
    scene = customer("C1001", language)
    scene.slots.update(order_number="XE20260002", order_lines=[COAT], reason="quality")
    await fills(scene, text, intent="deny", line_choice="other", order_choice="other_one")
    assert scene.slots["order_number"] != "XE20260002"


async def test_another_line_by_its_place_replaces_the_first(customer: Any) -> None:
    scene = await at_the_end(customer("C1003"))
    await fills(scene, "不对，第二件", intent="deny", line_choice="2")
    assert scene.slots["order_lines"] == [BLANKET] and scene.slots["confirmed"] is None


@pytest.mark.parametrize(
    ("language", "text"), [("zh-Hans", "不是质量问题，是不想要了"), ("en", "I just don't want it")]
)
async def test_another_reason_is_weighed_and_asked_about_anew(
    customer: Any, language: str, text: str
) -> None:
    scene = await at_the_end(customer("C1003", language), line="2")
    assert await scene.does(ActionAskConfirmed()) == ["utter_returns_ask_confirm_shop"]
    await fills(scene, text, intent="deny", return_reason="changed_mind")
    assert scene.slots["requested_slot"] == "confirmed" and scene.slots["confirmed"] is None
    # The freight is the shopper's now, and they hear so before they agree.
    assert await scene.does(ActionAskConfirmed()) == ["utter_returns_ask_confirm_shopper"]


async def test_another_reason_may_end_in_a_refusal(customer: Any, rows: Any) -> None:
    scene = await at_the_end(customer("C1003"), line="1")
    await fills(scene, "其实就是不想要了", return_reason="changed_mind")
    assert scene.slots["requested_slot"] is None
    assert await scene.does(ActionOpenReturn()) == ["utter_returns_denied_but_for_a_fault"]
    assert rows("select * from returns") == []


@pytest.fixture
def three_coats(rows: Any) -> None:
    """XE20260002 is about three of them."""
    rows("update order_lines set quantity = 3, unit_price_cents = 30000 where id = ?", COAT)


@pytest.mark.parametrize("language", ["zh-Hans", "en"])
async def test_as_many_pieces_as_are_named_go_back(
    customer: Any, rows: Any, three_coats: None, language: str
) -> None:
    scene = customer("C1001", language)
    number = "XE20260002"
    await fills(scene, "退两件 two of them", order_number=number, quantity="2")
    await fills(scene, "不想要了", return_reason="changed_mind")
    await scene.does(ActionAskConfirmed())
    assert scene.messages[0]["goods"].endswith(" × 2")
    await fills(scene, "好", intent="affirm")
    assert await scene.does(ActionOpenReturn()) == ["utter_returns_opened"]
    assert rows("select line_id, quantity from return_lines") == [(COAT, 2)]


@pytest.mark.parametrize("asked", ["4", "99999999999", "0"])
async def test_more_pieces_than_there_are_is_said_and_all_are_taken(
    customer: Any, rows: Any, three_coats: None, asked: str
) -> None:
    scene = customer("C1001")
    said = await fills(scene, "退", order_number="XE20260002", quantity=asked)
    assert said == ["utter_orders_fewer_pieces"]
    assert scene.messages[0]["quantity"] == 3
    assert scene.slots["quantity"] is None and scene.slots["order_lines"] == [COAT]


async def test_of_a_line_that_went_back_in_part_only_the_rest_can_go(
    customer: Any, rows: Any, three_coats: None
) -> None:
    first, second = customer("C1001"), customer("C1001", "en")
    await fills(first, "退两件", order_number="XE20260002", quantity="2")
    await fills(first, "不想要了", return_reason="changed_mind")
    first.hears("好", intent="affirm", message_id="first")
    first.slots["confirmed"] = True
    await first.does(ActionOpenReturn())
    said = await fills(second, "return 2", order_number="XE20260002", quantity="2")
    assert said == ["utter_orders_fewer_pieces"] and second.messages[0]["quantity"] == 1
    await fills(second, "changed my mind", return_reason="changed_mind")
    second.hears("yes", intent="affirm", message_id="second")
    second.slots["confirmed"] = True
    assert await second.does(ActionOpenReturn()) == ["utter_returns_opened"]
    assert rows("select sum(quantity) from return_lines") == [(3,)]


async def test_a_line_that_went_back_is_named_with_its_return(customer: Any, rows: Any) -> None:
    scene = await at_the_end(customer("C1003"), line="1")
    await fills(scene, "好", intent="affirm")
    await scene.does(ActionOpenReturn())
    again = customer("C1003")
    # The shop shows the blanket alone now; the flask is meant all the same.
    again.slots.update(order_number=BOTH, order_lines=[FLASK], reason="quality")
    again.hears("再退一次保温杯")
    assert await again.does(ActionOpenReturn()) == ["utter_returns_denied_already"]
    ((rma,),) = rows("select rma_number from returns")
    assert again.messages[0]["rma_number"] == rma


async def test_two_tabs_return_the_same_line_once(customer: Any, rows: Any) -> None:
    tabs = [await at_the_end(customer("C1003")), await at_the_end(customer("C1003"))]
    said = []
    for place, tab in enumerate(tabs):
        tab.hears("好", intent="affirm", message_id=f"tab-{place}")
        tab.slots["confirmed"] = True
        said += await tab.does(ActionOpenReturn())
    assert said == ["utter_returns_opened", "utter_returns_denied_already"]
    ((rma,),) = rows("select rma_number from returns")
    assert tabs[1].messages[0]["rma_number"] == rma
    assert len(rows("select * from refunds where order_number = ?", BOTH)) == 1


async def test_a_line_of_another_order_is_not_taken_along(customer: Any, rows: Any) -> None:
    scene = await at_the_end(customer("C1003"))
    scene.slots["order_lines"] = [COAT]
    await fills(scene, "好", intent="affirm")
    assert scene.slots["order_lines"] is None
    assert scene.slots["requested_slot"] == "order_lines"
    # What was agreed to before the lines were chosen counts for nothing.
    await fills(scene, "第二件", line_choice="2")
    assert scene.slots["confirmed"] is None and scene.slots["requested_slot"] == "confirmed"
    assert rows("select * from returns") == []
