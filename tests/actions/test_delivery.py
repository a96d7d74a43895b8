"""Delivery problems, from what is the matter to what is in the database."""

from typing import Any, List, Optional

import pytest

from actions.delivery import (
    ActionAskProblem,
    ActionAskRemedy,
    ActionBeginDeliveryProblem,
    ActionSettleDeliveryProblem,
)
from actions.delivery_form import ValidateDeliveryProblemForm
from actions.request_form import ActionAskConfirmed

FORM = "delivery_problem_form"
LANGUAGES = pytest.mark.parametrize("language", ["zh-Hans", "en"])


async def fills(scene: Any, text: str = "", **heard: Any) -> List[str]:
    """One message read by the form, and what is asked next."""
    scene.hears(text, intent=heard.pop("intent", "delivery_problem"), **heard)
    scene.loop = FORM
    scene.slots["requested_slot"] = scene.slots["requested_slot"]
    return list(await scene.does(ValidateDeliveryProblemForm()))


async def says_yes(scene: Any, intent: str = "affirm") -> List[str]:
    """The answer to the question for consent, and what came of it."""
    scene.slots["requested_slot"] = "confirmed"
    await fills(scene, "好", intent=intent)
    return list(await scene.does(ActionSettleDeliveryProblem()))


def buttons(scene: Any) -> List[str]:
    return [button["payload"] for button in scene.messages[0]["buttons"]]


@pytest.fixture
def stuck(clock: Any) -> None:
    """XE20260001 has not been scanned for more than three days, and is late by now."""
    clock.forward(days=4)


@pytest.fixture
def lost(clock: Any) -> None:
    """XE20260001 has not been scanned for twelve days."""
    clock.forward(days=12)


@pytest.fixture
def cheap(rows: Any) -> None:
    """What was bought in XE20260005 and XE20260001 costs little enough to be settled at once."""
    rows(
        "update order_lines set unit_price_cents = 1500 "
        "where order_number in ('XE20260001', 'XE20260005')"
    )
    rows(
        "update orders set total_cents = 3000, coupon_cents = 0, points_used = 0, "
        "freight_cents = 0 "
        "where number in ('XE20260001', 'XE20260005')"
    )


@LANGUAGES
@pytest.mark.parametrize("spoken_of", [None, "XE20260002", "XE20260001"])
async def test_what_is_stuck_is_in_the_order_that_travels_whichever_was_spoken_of(
    customer: Any, language: str, spoken_of: Optional[str]
) -> None:
    scene = customer("C1001", language)
    scene.slots["order_number"] = spoken_of
    await fills(scene, "包裹卡了好几天了 stuck for days", delivery_problem="stuck")
    assert scene.slots["order_number"] == "XE20260001"


async def test_of_several_orders_that_travel_the_shopper_says_which_is_stuck(
    customer: Any, rows: Any
) -> None:
    rows("update shipments set status = 'in_transit' where order_number = 'XE20260003'")
    scene = customer("C1001")
    scene.slots["order_number"] = "XE20260002"
    await fills(scene, "包裹卡了好几天了", delivery_problem="stuck")
    assert scene.slots["order_number"] is None
    assert scene.slots["requested_slot"] == "order_number"


async def test_an_order_that_is_named_is_believed_to_be_meant(customer: Any) -> None:
    scene = customer("C1001")
    await fills(scene, "XE20260002 卡住了", order_number="XE20260002", delivery_problem="stuck")
    assert scene.slots["order_number"] == "XE20260002"


@LANGUAGES
async def test_an_order_that_came_is_not_stuck_and_what_else_it_is_is_asked(
    customer: Any, rows: Any, language: str
) -> None:
    scene = customer("C1001", language)
    said = await fills(scene, order_number="XE20260002", delivery_problem="stuck")
    assert said == ["utter_delivery_shows_delivered"]
    assert (scene.slots["problem"], scene.slots["requested_slot"]) == (None, "problem")
    assert await scene.does(ActionAskProblem()) == ["utter_delivery_ask_problem_arrived"]
    await fills(scene, delivery_problem="not_received")
    assert await scene.does(ActionAskConfirmed()) == ["utter_delivery_ask_confirm_not_received"]


async def test_a_visitor_hears_so_once_the_order_is_proven(visitor: Any) -> None:
    scene = visitor()
    assert await fills(scene, order_number="XE20260002", delivery_problem="stuck") == []
    said = await fills(scene, "1001", intent="inform", phone_last4="1001")
    assert said == ["utter_delivery_shows_delivered"]
    assert scene.slots["problem"] is None


async def test_of_an_order_in_two_parcels_the_one_under_way_may_be_stuck(
    customer: Any, rows: Any, stuck: None
) -> None:
    rows(
        "insert into shipments select 'SF-SECOND', order_number, carrier, 'delivered', "
        "promised_on, '[]' from shipments where order_number = 'XE20260001'"
    )
    scene = customer("C1001")
    assert await fills(scene, order_number="XE20260001", delivery_problem="stuck") == []
    assert scene.slots["problem"] == "stuck"


@LANGUAGES
async def test_somebody_with_a_single_order_is_not_asked_which(
    customer: Any, language: str
) -> None:
    # It has not left yet, so that nothing of it can be stuck.
    scene = customer("C1002", language)
    await fills(scene, "我的包裹卡住了", delivery_problem="stuck")
    assert scene.filled["order_number"] == "XE20260004"
    said = await scene.does(ActionSettleDeliveryProblem())
    assert said == ["utter_delivery_denied_not_dispatched"]


@LANGUAGES
async def test_a_stuck_parcel_is_looked_for_after_a_yes(
    customer: Any, rows: Any, stuck: None, language: str
) -> None:
    rows("update orders set compensated = 1 where number = 'XE20260001'")
    scene = customer("C1001", language)
    await fills(scene, order_number="XE20260001", delivery_problem="stuck")
    assert scene.slots["requested_slot"] == "confirmed"
    assert await scene.does(ActionAskConfirmed()) == ["utter_delivery_ask_confirm_inquiry"]
    assert await says_yes(scene) == ["utter_delivery_done_inquiry"]
    assert scene.messages[0]["due_at"] == (
        "11月26日 10:00" if language == "zh-Hans" else "26 Nov 10:00"
    )
    assert rows("select order_number, problem, open from inquiries") == [("XE20260001", "stuck", 1)]
    assert rows("select kind, order_number from promises") == [("inquiry", "XE20260001")]
    assert scene.cleared


async def test_of_several_remedies_the_shopper_chooses(
    customer: Any, rows: Any, stuck: None
) -> None:
    scene = customer("C1001")
    await fills(scene, order_number="XE20260001", delivery_problem="late")
    assert scene.slots["requested_slot"] == "remedy"
    assert await scene.does(ActionAskRemedy()) == ["utter_delivery_ask_remedy"]
    assert buttons(scene) == ['/inform{"remedy": "inquiry"}', '/inform{"remedy": "compensation"}']
    await fills(scene, intent="inform", remedy="compensation")
    assert await scene.does(ActionAskConfirmed()) == ["utter_delivery_ask_confirm_compensation"]
    assert await says_yes(scene) == ["utter_delivery_done_compensation"]
    assert scene.messages[0]["coupon_amount"] == "¥10.00"
    assert rows("select compensated from orders where number = 'XE20260001'") == [(1,)]
    assert rows("select count(*) from inquiries") == [(0,)]


@LANGUAGES
async def test_a_lost_parcel_is_refunded(
    customer: Any, rows: Any, lost: None, cheap: None, language: str
) -> None:
    scene = customer("C1001", language)
    # Whoever waits does not know that it is lost; the scans do.
    await fills(scene, order_number="XE20260001", delivery_problem="late", remedy="refund")
    assert scene.slots["requested_slot"] == "confirmed"
    assert await scene.does(ActionAskConfirmed()) == ["utter_delivery_ask_confirm_refund_only"]
    assert await says_yes(scene) == ["utter_delivery_done_refund_only"]
    assert rows("select order_number, cause, state from refunds where cause = 'refund_only'") == [
        ("XE20260001", "refund_only", "approved")
    ]


async def test_a_lost_parcel_is_sent_again(
    customer: Any, rows: Any, lost: None, cheap: None
) -> None:
    scene = customer("C1001")
    await fills(scene, order_number="XE20260001", delivery_problem="lost", remedy="resend")
    assert await says_yes(scene) == ["utter_delivery_done_resend"]
    assert rows("select order_number, kind, reason from returns where kind = 'resend'") == [
        ("XE20260001", "resend", "missing")
    ]


@LANGUAGES
async def test_who_misses_a_delivered_parcel_looks_for_it_once_then_the_carrier_does(
    customer: Any, rows: Any, language: str
) -> None:
    scene = customer("C1001", language)
    await fills(scene, order_number="XE20260002", delivery_problem="not_received")
    assert await scene.does(ActionAskConfirmed()) == ["utter_delivery_ask_confirm_not_received"]
    scene.slots["requested_slot"] = "confirmed"
    await fills(scene, "确实没收到", delivery_problem="not_received")
    assert await scene.does(ActionSettleDeliveryProblem()) == ["utter_delivery_done_inquiry"]
    assert rows("select order_number, problem from inquiries") == [("XE20260002", "not_received")]


@pytest.mark.parametrize(
    ("hours", "said"), [(1, "utter_delivery_inquiry_open"), (25, "utter_delivery_done_resend")]
)
async def test_who_has_waited_for_the_carriers_answer_in_vain_gets_it_settled(
    customer: Any, rows: Any, clock: Any, cheap: None, hours: int, said: str
) -> None:
    scene = customer("C1003")
    await fills(scene, order_number="XE20260005", delivery_problem="not_received")
    assert await says_yes(scene) == ["utter_delivery_done_inquiry"]
    clock.forward(hours=hours)
    scene.loop, scene.slots["requested_slot"] = None, None
    await fills(scene, order_number="XE20260005", delivery_problem="not_received", remedy="resend")
    if scene.slots["requested_slot"]:
        assert await says_yes(scene) == [said]
    else:
        assert await scene.does(ActionSettleDeliveryProblem()) == [said]
    assert rows("select count(*) from inquiries") == [(1,)]


async def test_an_answer_that_is_overdue_gets_an_apology_and_a_person(
    customer: Any, rows: Any, stuck: None, clock: Any
) -> None:
    scene = customer("C1001")
    await fills(scene, order_number="XE20260001", delivery_problem="stuck", remedy="inquiry")
    await says_yes(scene)
    rows("update orders set compensated = 1 where number = 'XE20260001'")
    clock.forward(hours=49)
    scene.loop, scene.slots["requested_slot"] = None, None
    await fills(scene, order_number="XE20260001", delivery_problem="stuck")
    said = await scene.does(ActionSettleDeliveryProblem())
    assert said == ["utter_delivery_inquiry_overdue"]


async def test_what_is_broken_is_asked_about_by_line_and_settled(
    customer: Any, rows: Any, cheap: None
) -> None:
    scene = customer("C1003")
    await fills(scene, "杯子碎了", order_number="XE20260005", return_reason="damaged")
    assert scene.slots["requested_slot"] == "order_lines"
    await fills(scene, intent="inform", line_choice="1")
    assert scene.slots["requested_slot"] == "remedy"
    await fills(scene, intent="inform", remedy="refund")
    assert await says_yes(scene) == ["utter_delivery_done_refund_only"]
    ((line,),) = rows("select min(id) from order_lines where order_number = 'XE20260005'")
    assert rows("select line_id, quantity from return_lines order by rma_number desc limit 1") == [
        (line, 1)
    ]


async def test_what_costs_more_needs_a_picture_unless_it_comes_back(
    customer: Any, rows: Any
) -> None:
    scene = customer("C1003", "en")
    await fills(
        scene, order_number="XE20260005", return_reason="damaged", line_choice="1", remedy="refund"
    )
    assert scene.slots["requested_slot"] in ("remedy", "confirmed")
    await fills(scene, intent="return_item", text="then I'd rather return it", remedy="return")
    assert await scene.does(ActionAskConfirmed()) == ["utter_delivery_ask_confirm_return"]
    assert await says_yes(scene) == ["utter_delivery_done_return"]
    assert rows("select kind, reason from returns where order_number = 'XE20260005'") == [
        ("return", "damaged")
    ]


async def test_a_remedy_that_is_not_possible_is_said_so_and_another_one_asked_for(
    customer: Any, rows: Any
) -> None:
    scene = customer("C1003")
    await fills(scene, order_number="XE20260005", return_reason="damaged", line_choice="1")
    scene.slots["requested_slot"] = "remedy"
    said = await fills(scene, "补发吧", intent="inform", remedy="resend")
    assert said == ["utter_delivery_remedy_denied"]
    assert scene.slots["requested_slot"] == "remedy"


@LANGUAGES
async def test_a_no_changes_nothing(customer: Any, rows: Any, stuck: None, language: str) -> None:
    scene = customer("C1001", language)
    await fills(scene, order_number="XE20260001", delivery_problem="stuck", remedy="inquiry")
    assert await says_yes(scene, intent="deny") == ["utter_delivery_kept"]
    assert rows("select count(*) from inquiries") == [(0,)]
    assert scene.cleared


async def test_a_change_of_mind_at_the_end_is_asked_about_again(
    customer: Any, rows: Any, lost: None, cheap: None
) -> None:
    scene = customer("C1001")
    await fills(scene, order_number="XE20260001", delivery_problem="lost", remedy="resend")
    assert scene.slots["requested_slot"] == "confirmed"
    await fills(scene, "还是退款吧", intent="refund_status", remedy="refund")
    assert (scene.slots["confirmed"], scene.slots["requested_slot"]) == (None, "confirmed")
    assert await says_yes(scene) == ["utter_delivery_done_refund_only"]
    assert rows("select count(*) from returns where kind = 'resend'") == [(0,)]


async def test_the_other_order_is_asked_about_anew(customer: Any, rows: Any, stuck: None) -> None:
    scene = customer("C1001")
    await fills(scene, order_number="XE20260001", delivery_problem="stuck", remedy="inquiry")
    await fills(scene, "不对，是另一单", intent="deny", order_number="XE20260002")
    assert scene.slots["order_number"] == "XE20260002"
    assert scene.slots["confirmed"] is None


async def test_a_message_is_settled_once(customer: Any, rows: Any, stuck: None) -> None:
    for _ in range(2):
        scene = customer("C1001")
        await fills(scene, order_number="XE20260001", delivery_problem="stuck", remedy="inquiry")
        scene.slots["requested_slot"] = "confirmed"
        scene.hears("好", intent="affirm", message_id="m-same")
        scene.loop = FORM
        await scene.does(ValidateDeliveryProblemForm())
        await scene.does(ActionSettleDeliveryProblem())
    assert rows("select count(*) from inquiries") == [(1,)]


@pytest.mark.parametrize(
    ("who", "number", "problem", "response"),
    [
        ("C1001", "XE20260001", "late", "utter_delivery_denied_moving"),
        ("C1001", "XE20260001", "stuck", "utter_delivery_denied_moving"),
        ("C1001", "XE20260001", "not_received", "utter_delivery_denied_moving"),
        ("C1002", "XE20260004", "late", "utter_delivery_denied_not_dispatched"),
        ("C1001", "XE20260003", "not_received", "utter_rights_needs_person"),
    ],
)
@LANGUAGES
async def test_where_nothing_is_due_it_is_said_why_with_a_way_on(
    customer: Any, rows: Any, who: str, number: str, problem: str, response: str, language: str
) -> None:
    scene = customer(who, language)
    await fills(scene, order_number=number, delivery_problem=problem)
    assert scene.slots["requested_slot"] is None
    assert await scene.does(ActionSettleDeliveryProblem()) == [response]
    assert rows("select count(*) from inquiries") == [(0,)]


async def test_what_has_not_come_cannot_be_broken(customer: Any) -> None:
    scene = customer("C1001")
    await fills(scene, order_number="XE20260001", return_reason="damaged")
    assert scene.slots["requested_slot"] is None
    assert await scene.does(ActionSettleDeliveryProblem()) == ["utter_rights_denied"]


@pytest.mark.parametrize(
    ("number", "kind"), [("XE20260001", "under_way"), ("XE20260002", "arrived")]
)
async def test_what_is_the_matter_is_asked_by_where_the_parcel_is(
    customer: Any, number: str, kind: str
) -> None:
    scene = customer("C1001")
    await fills(scene, order_number=number)
    assert scene.slots["requested_slot"] == "problem"
    assert await scene.does(ActionAskProblem()) == [f"utter_delivery_ask_problem_{kind}"]


async def test_a_visitor_proves_the_order_first(visitor: Any, rows: Any, stuck: None) -> None:
    scene = visitor()
    await fills(scene, order_number="XE20260001", delivery_problem="stuck", remedy="inquiry")
    # Rasa itself asks for the digits.
    assert "requested_slot" not in [event["name"] for event in scene.events]
    await fills(scene, "1001", intent="inform", phone_last4="1001")
    assert scene.slots["requested_slot"] == "confirmed"
    assert await says_yes(scene) == ["utter_delivery_done_inquiry"]
    assert rows("select count(*) from inquiries") == [(1,)]


@pytest.mark.parametrize(
    "text",
    [
        "几天算超时？",
        "包裹丢了一般怎么赔",
        "如果一直没收到怎么办",
        "how long until a parcel counts as lost?",
        "what happens if my parcel never arrives?",
    ],
)
async def test_a_question_about_deliveries_is_answered(
    customer: Any, neighbour: Any, text: str
) -> None:
    scene = customer("C1001")
    scene.hears(text, intent="delivery_problem", delivery_problem="late")
    said = await scene.does(ActionBeginDeliveryProblem())
    assert said == ["utter_knowledge_answer", "utter_delivery_offer"]


@pytest.mark.parametrize(
    "text",
    [
        "都几天了还没到",
        "物流好几天没更新了",
        "到底什么时候才能到啊，说好前天",
        "快递说送到了，驿站说没有，到底在哪",
        "谁签收的？我人都不在家",
        "where on earth is my parcel, it was due on Monday",
        "how come it still isn't here?",
        "tracking hasn't moved for a week, can you check?",
    ],
)
async def test_somebody_in_trouble_is_not_sent_to_an_article(customer: Any, text: str) -> None:
    scene = customer("C1001")
    scene.hears(text, intent="delivery_problem")
    assert await scene.does(ActionBeginDeliveryProblem()) == []
    assert scene.events[-1] == {"event": "followup", "timestamp": None, "name": FORM}


async def test_a_shop_that_is_down_ends_the_form_with_the_truth(
    customer: Any, break_shop: Any, stuck: None
) -> None:
    scene = customer("C1001")
    await fills(scene, order_number="XE20260001", delivery_problem="stuck", remedy="inquiry")
    break_shop()
    scene.slots["requested_slot"] = "confirmed"
    assert await fills(scene, "好", intent="affirm") == ["utter_orders_shop_unavailable"]
    assert scene.cleared
