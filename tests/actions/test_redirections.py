"""Another address, phone or recipient: only for whoever knows the digits, and only as said."""

from typing import Any, Dict, List, Tuple

import pytest

from actions.orders import ActionAskOrderNumber
from actions.redirections import ActionChangeAddress, ValidateAddressForm, redirected
from actions.request_form import ActionAskConfirmed
from shop import Address

RICE = "XE20260004"
NEW = "浙江省杭州市西湖区文三路100号3幢502室"
OLD_ROW = ("陳大文", "13800001002", "陕西省", "西安", "云栖街103号7栋1301室")


async def fills(scene: Any, text: str, *, intent: str = "inform", **entities: Any) -> List[str]:
    """One message to the form; an order number fills its slot as Rasa would."""
    scene.loop = "address_form"
    scene.hears(text, intent=intent, **entities)
    given = {name: entities[name] for name in ("order_number",) if name in entities}
    return list(await scene.does(ValidateAddressForm(), **given))


async def proven(scene: Any, number: str = RICE, digits: str = "1002") -> Any:
    """The same somebody, after order and digits."""
    await fills(scene, f"{number} 改地址", intent="change_address", order_number=number)
    await fills(scene, digits, phone_last4=digits)
    return scene


def where(rows: Any, number: str = RICE) -> Tuple[Any, ...]:
    ((row,),) = [
        rows(
            "select recipient, phone, region, city, detail from orders where number = ?",
            number,
        )
    ]
    return tuple(row)


async def agrees(scene: Any) -> str:
    await fills(scene, "对", intent="affirm")
    (response,) = await scene.does(ActionChangeAddress())
    return str(response)


@pytest.fixture
def english(rows: Any) -> None:
    """Emma's latest order has not left yet."""
    rows("update orders set status = 'paid', delivered_at = null where number = 'XE20260005'")
    rows(
        "delete from tracking_events where tracking_number in "
        "(select tracking_number from shipments where order_number = 'XE20260005')"
    )
    rows("delete from shipments where order_number = 'XE20260005'")


async def test_a_customer_shows_the_digits_too_and_what_was_agreed_to_is_stored(
    customer: Any, rows: Any
) -> None:
    before = rows("select * from orders where number != ? order by number", RICE)
    scene = customer("C1002", "zh-Hant")
    await fills(scene, "改收货地址", intent="change_address")
    # The only order that waits is meant; Rasa asks for the digits next.
    assert scene.filled == {"order_number": RICE}
    await fills(scene, "1002", phone_last4="1002")
    assert scene.filled == {"order_number": RICE, "requested_slot": "new_address"}
    await fills(scene, NEW, address=NEW)
    assert scene.slots["requested_slot"] == "confirmed"
    assert await scene.does(ActionAskConfirmed()) == ["utter_orders_ask_address_confirm"]
    assert scene.messages[0]["address"] == f"陳大文 138****1002 {NEW}"
    assert where(rows) == OLD_ROW
    assert await agrees(scene) == "utter_orders_address_changed"
    assert scene.messages[0]["address"] == f"陳大文 138****1002 {NEW}"
    assert where(rows) == (*OLD_ROW[:2], "浙江省", "杭州市", "西湖区文三路100号3幢502室")
    assert rows("select remedy from settlements") == [("redirect",)]
    assert rows("select * from orders where number != ? order by number", RICE) == before
    assert scene.cleared


async def test_the_customers_own_address_stays(customer: Any, rows: Any) -> None:
    before = rows("select * from customers order by id")
    scene = await proven(customer("C1002"))
    await fills(scene, NEW, address=NEW)
    await agrees(scene)
    assert rows("select * from customers order by id") == before


async def test_a_visitor_changes_an_order_that_they_have_proven(visitor: Any, rows: Any) -> None:
    scene = await proven(visitor())
    await fills(scene, "收件人改成王小明，电话13912345678", recipient="王小明", phone="13912345678")
    assert await agrees(scene) == "utter_orders_address_changed"
    assert where(rows) == ("王小明", "13912345678", *OLD_ROW[2:])
    assert rows("select actor from settlements") == [("visitor:v-1",)]


@pytest.mark.parametrize("language", ["zh-Hans", "en"])
async def test_wrong_digits_change_nothing(customer: Any, rows: Any, language: str) -> None:
    scene = customer("C1002", language)
    await fills(scene, RICE, intent="change_address", order_number=RICE)
    assert await fills(scene, "9999", phone_last4="9999") == ["utter_orders_proof_rejected"]
    assert scene.cleared
    assert where(rows) == OLD_ROW


async def test_after_five_wrong_tries_even_their_own_order_is_locked(
    customer: Any, rows: Any
) -> None:
    scene = customer("C1002")
    for wrong in ("0000", "0001", "0002", "0003", "0004"):
        scene.slots["order_number"] = RICE
        await fills(scene, wrong, phone_last4=wrong)
    scene.slots["order_number"] = RICE
    assert await fills(scene, "1002", phone_last4="1002") == ["utter_orders_proof_locked"]
    assert scene.cleared and {"requested_slot": None}.items() <= scene.slots.items()
    assert where(rows) == OLD_ROW


async def test_a_proof_that_ran_out_meanwhile_changes_nothing(
    customer: Any, rows: Any, clock: Any
) -> None:
    scene = await proven(customer("C1002"))
    await fills(scene, NEW, address=NEW)
    scene.hears("对", intent="affirm")
    scene.slots.update(confirmed=True, requested_slot=None)
    clock.forward(minutes=11)
    assert await scene.does(ActionChangeAddress()) == ["utter_orders_step_up_over"]
    assert where(rows) == OLD_ROW and rows("select * from settlements") == []
    assert scene.cleared


async def test_whoever_proved_it_for_another_change_is_not_asked_again(customer: Any) -> None:
    scene = await proven(customer("C1002"))
    await fills(scene, NEW, address=NEW)
    await agrees(scene)
    await fills(scene, "电话也改 13912345678", intent="change_address", phone="13912345678")
    assert scene.slots["requested_slot"] == "confirmed"


@pytest.mark.parametrize(
    ("entities", "stored"),
    [
        ({"phone": "13912345678"}, (OLD_ROW[0], "13912345678", *OLD_ROW[2:])),
        ({"recipient": "王小明"}, ("王小明", *OLD_ROW[1:])),
        ({"address": "长安路8号"}, (*OLD_ROW[:4], "长安路8号")),
        ({"address": "西安市长安路8号"}, (*OLD_ROW[:2], "陕西省", "西安市", "长安路8号")),
        ({"address": "北京市朝阳区建国路1号"}, (*OLD_ROW[:2], "", "北京市", "朝阳区建国路1号")),
        (
            {"address": "新疆维吾尔自治区乌鲁木齐市人民路1号"},
            (*OLD_ROW[:2], "新疆维吾尔自治区", "乌鲁木齐市", "人民路1号"),
        ),
    ],
)
async def test_what_is_not_named_stays_as_it_was(
    customer: Any, rows: Any, entities: Dict[str, str], stored: Tuple[str, ...]
) -> None:
    scene = await proven(customer("C1002"))
    await fills(scene, "改成这个", **entities)
    assert await agrees(scene) == "utter_orders_address_changed"
    assert where(rows) == stored


async def test_parts_come_one_after_the_other(customer: Any, rows: Any) -> None:
    scene = await proven(customer("C1002"))
    await fills(scene, NEW, address=NEW)
    await scene.does(ActionAskConfirmed())
    await fills(scene, "不对，收件人是王小明", intent="deny", recipient="王小明")
    assert scene.slots["requested_slot"] == "confirmed" and scene.slots["confirmed"] is None
    await scene.does(ActionAskConfirmed())
    assert scene.messages[0]["address"].startswith("王小明 ")
    assert await agrees(scene) == "utter_orders_address_changed"
    assert where(rows)[0] == "王小明" and where(rows)[2] == "浙江省"


async def test_an_address_without_an_entity_is_taken_when_it_was_asked_for(
    customer: Any, rows: Any
) -> None:
    scene = await proven(customer("C1002"))
    await fills(scene, "长安路8号2单元")
    assert scene.slots["new_address"] == {"address": "长安路8号2单元"}


@pytest.mark.parametrize(
    ("written", "stored"),
    [
        ("Flat 3, 22 Harbour Road", ("Hunan", "Changsha", "Flat 3, 22 Harbour Road")),
        ("Flat 3, 22 Harbour Road, Shanghai", ("", "", "Flat 3, 22 Harbour Road, Shanghai")),
        ("Building 5, Suzhou, Jiangsu", ("", "", "Building 5, Suzhou, Jiangsu")),
    ],
)
async def test_an_english_address_goes_as_it_was_written(
    customer: Any, rows: Any, english: None, written: str, stored: Tuple[str, ...]
) -> None:
    scene = await proven(customer("C1003", "en"), "XE20260005", "1003")
    await fills(scene, written, address=written)
    await scene.does(ActionAskConfirmed())
    assert written in scene.messages[0]["address"]
    assert await agrees(scene) == "utter_orders_address_changed"
    assert where(rows, "XE20260005") == ("Emma Clark", "13800001003", *stored)


async def test_an_order_whose_address_is_one_row_can_have_another_phone(
    customer: Any, rows: Any, english: None
) -> None:
    rows("update orders set region = '', city = '' where number = 'XE20260005'")
    scene = await proven(customer("C1003", "en"), "XE20260005", "1003")
    assert scene.slots["requested_slot"] == "new_address"
    await fills(scene, "my number is 13912345678", phone="13912345678")
    assert await agrees(scene) == "utter_orders_address_changed"
    assert where(rows, "XE20260005")[1] == "13912345678"


async def test_no_is_no(customer: Any, rows: Any) -> None:
    scene = await proven(customer("C1002"))
    await fills(scene, NEW, address=NEW)
    await fills(scene, "先不改", intent="deny")
    assert await scene.does(ActionChangeAddress()) == ["utter_orders_address_kept"]
    assert where(rows) == OLD_ROW and rows("select * from settlements") == []


async def test_the_address_that_it_has_already_needs_no_change(customer: Any, rows: Any) -> None:
    scene = await proven(customer("C1002"))
    await fills(scene, "13800001002", phone="13800001002")
    assert scene.slots["requested_slot"] is None
    assert await scene.does(ActionChangeAddress()) == ["utter_rights_denied"]
    assert scene.messages[0]["verdict"] == "新地址和订单上的一样，不用改。"


@pytest.mark.parametrize("language", ["zh-Hans", "en"])
async def test_what_has_left_is_told_so_before_anything_is_asked(
    customer: Any, language: str
) -> None:
    scene = customer("C1001", language)
    await fills(scene, "XE20260001", intent="change_address", order_number="XE20260001")
    assert scene.slots["requested_slot"] is None
    said = await scene.does(ActionChangeAddress())
    assert said == ["utter_orders_address_denied_dispatched"]


async def test_somebody_elses_order_is_not_changed(customer: Any, rows: Any) -> None:
    scene = customer("C1003")
    said = await fills(scene, RICE, intent="change_address", order_number=RICE)
    assert said == ["utter_orders_not_found"]
    scene.slots.update(order_number=RICE, new_address={"address": NEW}, confirmed=True)
    assert await scene.does(ActionChangeAddress()) == ["utter_orders_not_found"]
    assert where(rows) == OLD_ROW


async def test_the_question_shows_what_has_not_left(customer: Any, rows: Any) -> None:
    rows(
        "update orders set customer_id = 'C1002' where number in "
        "(select number from orders where status = 'paid' limit 2)"
    )
    scene = customer("C1002")
    scene.loop = "address_form"
    scene.hears("改地址", intent="change_address")
    assert await scene.does(ActionAskOrderNumber()) == ["utter_orders_ask_address_choice"]
    numbers = [button["title"].split()[0] for button in scene.messages[0]["buttons"]]
    assert len(numbers) > 1
    for number in numbers:
        assert rows("select status from orders where number = ?", number) == [("paid",)]


def test_an_order_without_an_address_gets_what_was_named() -> None:
    assert redirected(None, {"recipient": "王小明", "address": NEW}) == Address(
        "王小明", "", "浙江省", "杭州市", "西湖区文三路100号3幢502室"
    )
