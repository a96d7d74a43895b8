"""How an order stands."""

from typing import Any, Tuple

import pytest

from actions.orders import ActionTellOrderStatus
from actions.smalltalk import ActionDecline
from shop import Identity, InquiryRequest, OrderStatus, Problem


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
    rows("update orders set placed_at = '2026-11-19 12:00:00' where number = 'XE20260001'")
    response, facts = await tell(customer("C1001"), "XE20260001")
    assert response == "utter_orders_status_shipped_quiet"
    assert facts["custom"]["card"]["events"] == []


@pytest.mark.parametrize("language", ["zh-Hans", "en"])
async def test_a_scan_without_a_place_has_words_of_its_own(
    customer: Any, rows: Any, language: str
) -> None:
    rows("""update tracking_events set place = '{"zh": "", "en": ""}'""")
    response, facts = await tell(customer("C1001", language), "XE20260001")
    assert response == "utter_orders_status_shipped_placeless"
    assert facts["event_text"]


def parcel_of(rows: Any, number: str) -> str:
    ((tracking_number,),) = rows(
        "select tracking_number from shipments where order_number = ?", number
    )
    return str(tracking_number)


@pytest.mark.parametrize(
    ("promised", "now", "noticed"),
    [
        ("2026-11-19", {}, "late"),
        ("2026-11-30", {"days": 3}, "stuck"),
        ("2026-11-30", {"days": 12}, "lost"),
        ("2026-11-21", {"days": 12}, "lost"),
    ],
)
@pytest.mark.parametrize("language", ["zh-Hans", "en"])
async def test_a_parcel_in_trouble_is_noticed_unasked(
    customer: Any, rows: Any, clock: Any, promised: str, now: Any, noticed: str, language: str
) -> None:
    rows(
        "update shipments set promised_on = ? where order_number = 'XE20260001'",
        promised,
    )
    clock.forward(**now)
    scene = customer("C1001", language)
    scene.slots["order_number"] = "XE20260001"
    scene.hears("XE20260001", order_number="XE20260001")
    said = await scene.does(ActionTellOrderStatus())
    assert said == ["utter_orders_status_shipped_troubled", f"utter_orders_noticed_{noticed}"]
    facts = scene.facts(said[1])
    assert facts["tracking_number"] == parcel_of(rows, "XE20260001")
    assert facts["since"] == ("11月19日" if language == "zh-Hans" else "19 Nov")
    # The card is drawn once.
    assert facts["custom"] == {}


async def test_what_the_carrier_reports_is_noticed(customer: Any, rows: Any) -> None:
    rows("update shipments set status = 'exception' where order_number = 'XE20260001'")
    scene = customer("C1001")
    scene.slots["order_number"] = "XE20260001"
    scene.hears("XE20260001")
    said = await scene.does(ActionTellOrderStatus())
    assert said[-1] == "utter_orders_noticed_exception"


@pytest.mark.parametrize(("hours", "state"), [(0, ""), (60, "_overdue")])
async def test_what_is_looked_for_already_is_told_with_its_time(
    customer: Any, rows: Any, shop: Any, clock: Any, hours: int, state: str
) -> None:
    clock.forward(days=3)
    shop.settle(
        Identity(customer_id="C1001"),
        "XE20260001",
        InquiryRequest(parcel_of(rows, "XE20260001"), Problem.STUCK),
        idempotency_key="k",
        now=clock(),
    )
    clock.forward(hours=hours)
    scene = customer("C1001")
    scene.slots["order_number"] = "XE20260001"
    scene.hears("XE20260001")
    said = await scene.does(ActionTellOrderStatus())
    assert said[-1] == f"utter_orders_noticed_inquiry{state}"
    assert scene.messages[-1]["answer_by"] == "11月25日 10:00"


async def test_what_came_late_is_noticed_as_long_as_it_is_not_made_up_for(
    customer: Any, rows: Any
) -> None:
    rows("update shipments set promised_on = '2026-11-10' where order_number = 'XE20260002'")
    scene = customer("C1001")
    scene.slots["order_number"] = "XE20260002"
    scene.hears("XE20260002")
    said = await scene.does(ActionTellOrderStatus())
    assert said == ["utter_orders_status_delivered", "utter_orders_noticed_came_late"]
    rows("update orders set compensated = 1 where number = 'XE20260002'")
    scene.slots["order_number"] = "XE20260002"
    assert await scene.does(ActionTellOrderStatus()) == ["utter_orders_status_delivered"]


async def test_an_order_that_should_have_left_is_said_so(customer: Any, clock: Any) -> None:
    clock.forward(days=2)
    response, _ = await tell(customer("C1002"), "XE20260004")
    assert response == "utter_orders_status_paid_overdue"


def split(rows: Any, number: str, *states: str) -> None:
    """Give an order three lines and a parcel for each state: with one line, the first."""
    (parcel,) = rows("select * from shipments where order_number = ?", number)
    (line,) = rows("select * from order_lines where order_number = ?", number)
    for extra in (9001, 9002):
        values = (extra, *line[1:])
        rows(f"insert into order_lines values ({','.join('?' * len(values))})", *values)
    rows("update shipments set line_ids = ? where order_number = ?", f"[{line[0]}]", number)
    for at, state in enumerate(states):
        values = (f"T{at}", *parcel[1:])
        rows(f"insert into shipments values ({','.join('?' * len(values))})", *values)
        rows(
            "update shipments set line_ids = '[9001]', status = ? where tracking_number = ?",
            state,
            f"T{at}",
        )


@pytest.mark.parametrize("language", ["zh-Hans", "en"])
async def test_of_several_parcels_each_is_told_and_what_has_not_left(
    customer: Any, rows: Any, language: str
) -> None:
    split(rows, "XE20260001", "delivered")
    scene = customer("C1001", language)
    scene.slots["order_number"] = "XE20260001"
    scene.hears("XE20260001")
    said = await scene.does(ActionTellOrderStatus())
    assert said[0] == "utter_orders_status_parcels"
    assert sorted(said[1:3]) == ["utter_orders_parcel_arrived", "utter_orders_parcel_moving"]
    assert said[3:] == ["utter_orders_parcel_waiting"]
    assert scene.messages[0]["parcels"] == 2


async def test_the_worst_of_several_parcels_is_noticed(
    customer: Any, rows: Any, clock: Any
) -> None:
    split(rows, "XE20260001", "in_transit")
    rows(
        "insert into tracking_events (id, tracking_number, at, place, text) "
        "select 990001, 'T0', '2026-11-23 09:00:00', place, text from tracking_events limit 1"
    )
    rows("update shipments set promised_on = '2026-11-25' where tracking_number = 'T0'")
    clock.forward(days=3)
    scene = customer("C1001")
    scene.slots["order_number"] = "XE20260001"
    scene.hears("XE20260001")
    said = await scene.does(ActionTellOrderStatus())
    assert sorted(said[1:3]) == ["utter_orders_parcel_moving", "utter_orders_parcel_troubled"]
    assert said[-1] == "utter_orders_noticed_stuck"
    assert scene.messages[-1]["tracking_number"] == parcel_of_line(rows, "XE20260001")


def parcel_of_line(rows: Any, number: str) -> str:
    ((tracking_number,),) = rows(
        "select tracking_number from shipments where order_number = ? and line_ids != '[9001]'",
        number,
    )
    return str(tracking_number)


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
