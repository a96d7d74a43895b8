"""How an order stands."""

from typing import Any, Tuple

import pytest

from actions.orders import ActionTellOrderStatus
from actions.smalltalk import ActionDecline
from shop import Identity, OrderStatus


def one_with(rows: Any, status: str) -> Tuple[str, str]:
    """An order of the demo shop in a status, and whose it is."""
    ((number, customer),) = rows(
        "select number, customer_id from orders where status = ? order by number limit 1", status
    )
    return number, customer


async def tell(scene: Any, number: str) -> Any:
    scene.slots["order_number"] = number
    scene.hears(number, order_number=number)
    (response,) = await scene.does(ActionTellOrderStatus())
    return response, scene.messages[0]


@pytest.mark.parametrize("language", ["zh-Hans", "zh-Hant", "en"])
@pytest.mark.parametrize("status", list(OrderStatus))
async def test_every_status_has_its_words_its_facts_and_a_card(
    customer: Any, rows: Any, shop: Any, status: OrderStatus, language: str
) -> None:
    number, owner = one_with(rows, status.value)
    scene = customer(owner, language)
    response, facts = await tell(scene, number)
    assert response == f"utter_orders_status_{status.value}"
    assert facts["order_number"] == number
    card = facts["custom"]["card"]
    assert (card["type"], card["number"], card["status"]) == ("order", number, status.value)
    assert len(card["events"]) <= 3
    assert scene.cleared


async def test_a_parcel_under_way_is_told_with_its_last_scan(customer: Any, shop: Any) -> None:
    _, facts = await tell(customer("C1001"), "XE20260001")
    (shipment,) = shop.order(Identity(customer_id="C1001"), "XE20260001").shipments
    last = shipment.events[-1]
    assert facts["event_text"] == last.text["zh"]
    assert facts["event_place"] == last.place["zh"]
    assert facts["carrier"] == shipment.carrier["zh"]
    assert facts["tracking_number"] == shipment.tracking_number
    assert facts["event_at"] == "11月19日 19:42"
    assert [event["text"] for event in facts["custom"]["card"]["events"]] == [
        event.text["zh"] for event in shipment.events
    ]


async def test_the_same_parcel_in_english(customer: Any, rows: Any) -> None:
    _, facts = await tell(customer("C1001", "en"), "XE20260001")
    assert facts["event_at"] == "19 Nov 19:42"
    assert facts["title"] == "Robot vacuum and mop"
    assert facts["custom"]["card"]["amount"] == "¥3,723.02"


async def test_a_parcel_without_a_scan_has_words_of_its_own(customer: Any, rows: Any) -> None:
    rows(
        "delete from tracking_events where tracking_number in "
        "(select tracking_number from shipments where order_number = 'XE20260001')"
    )
    response, facts = await tell(customer("C1001"), "XE20260001")
    assert response == "utter_orders_status_shipped_quiet"
    assert facts["custom"]["card"]["events"] == []


@pytest.mark.parametrize(("language", "day"), [("zh-Hans", "11月17日"), ("en", "17 Nov")])
async def test_the_day_of_delivery_is_the_shops_day(customer: Any, language: str, day: str) -> None:
    _, facts = await tell(customer("C1001", language), "XE20260002")
    assert facts["delivered_on"] == day


@pytest.mark.parametrize(("who", "number"), [("C1003", "XE20260001"), ("C1001", "XE20999999")])
async def test_what_is_not_theirs_is_not_told(customer: Any, who: str, number: str) -> None:
    scene = customer(who)
    response, facts = await tell(scene, number)
    assert response == "utter_orders_not_found"
    assert facts["custom"] == {}
    assert scene.cleared


async def test_a_visitors_order_is_told_only_while_it_is_proven(
    visitor: Any, shop: Any, clock: Any
) -> None:
    scene = visitor()
    assert (await tell(scene, "XE20260001"))[0] == "utter_orders_not_found"
    shop.prove_order(scene.identity, "XE20260001", "1001")
    assert (await tell(scene, "XE20260001"))[0] == "utter_orders_status_shipped"
    clock.forward(minutes=31)
    assert (await tell(scene, "XE20260001"))[0] == "utter_orders_not_found"


async def test_without_an_order_nothing_is_told_and_all_is_forgotten(customer: Any) -> None:
    scene = customer()
    scene.slots["phone_last4"] = "1001"
    scene.hears("算了")
    assert await scene.does(ActionTellOrderStatus()) == []
    assert scene.cleared


async def test_a_form_that_was_stopped_is_forgotten(customer: Any) -> None:
    scene = customer()
    scene.loop = "return_form"
    scene.slots.update(order_number="XE20260002", order_lines=[2], note="旧", quantity=1)
    scene.hears("算了", intent="deny")
    assert await scene.does(ActionDecline()) == ["utter_form_stopped"]
    assert scene.cleared and scene.loop is None


async def test_no_outside_of_a_form_stops_nothing(customer: Any) -> None:
    scene = customer(language="en")
    scene.slots["order_number"] = "XE20260002"
    scene.hears("no", intent="deny")
    assert await scene.does(ActionDecline()) == ["utter_smalltalk_deny"]
    assert scene.filled == {"order_number": "XE20260002"}
