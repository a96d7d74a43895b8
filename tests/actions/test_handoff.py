"""Getting a person."""

from typing import Any

import pytest

from actions.contact import ActionRequestHandoff
from actions.smalltalk import ActionAcceptOffer

REFUSALS = ["slow", "broken", "refused", "unprocessable", "garbage", "another shape"]
PERSON = [{"title": "转人工", "payload": "/human_agent"}]


@pytest.mark.parametrize("language", ["zh-Hans", "zh-Hant", "en"])
async def test_a_confirmed_handoff_is_told_by_the_desk_alone(
    customer: Any, neighbour: Any, language: str
) -> None:
    scene = customer(language=language)
    scene.hears("转人工", intent="human_agent", message_id="m-person")
    assert await scene.does(ActionRequestHandoff()) == []
    assert neighbour.bodies == [
        {
            "conversation_id": "c-1",
            "reason": "asked_for_person",
            "priority": "normal",
            "facts": {},
            "language": language,
        }
    ]
    assert neighbour.keys == ["m-person"]


async def test_the_person_learns_what_was_found_out(customer: Any, neighbour: Any) -> None:
    scene = customer()
    scene.hears("我要退货 XE20260002", intent="return_item")
    scene.slots.update(order_number="XE20260002", reason="other", note="起静电")
    scene.hears("好的", intent="affirm")
    scene.hears("转人工", intent="human_agent")
    await scene.does(ActionRequestHandoff())
    assert neighbour.bodies[0]["facts"] == {
        "topic": "return_item",
        "order_number": "XE20260002",
        "return_reason": "other",
        "note": "起静电",
    }
    assert scene.cleared


async def test_an_order_is_known_after_its_form_has_ended(customer: Any, neighbour: Any) -> None:
    from actions.orders import ActionTellOrderStatus

    scene = customer()
    scene.hears("XE20260001", intent="track_order")
    await scene.does(ActionTellOrderStatus(), order_number="XE20260001")
    assert scene.cleared
    scene.hears("get me a person", intent="human_agent")
    await scene.does(ActionRequestHandoff())
    assert neighbour.bodies[0]["facts"] == {"topic": "track_order", "order_number": "XE20260001"}


@pytest.mark.parametrize(
    ("emotion", "priority", "told"),
    [
        ("anger", "high", {"emotion": "anger"}),
        ("distress", "high", {"emotion": "distress"}),
        ("threat", "urgent", {"emotion": "threat"}),
        ("calm", "normal", {}),
        (None, "normal", {}),
    ],
)
async def test_the_desk_learns_how_the_shopper_is(
    customer: Any, neighbour: Any, emotion: Any, priority: str, told: Any
) -> None:
    scene = customer()
    scene.slots["emotion"] = emotion
    scene.hears("转人工", intent="human_agent")
    await scene.does(ActionRequestHandoff())
    (body,) = neighbour.bodies
    assert (body["priority"], body["facts"]) == (priority, told)
    assert body["reason"] == "asked_for_person"


async def test_whoever_threatens_did_not_ask_for_a_person(customer: Any, neighbour: Any) -> None:
    scene = customer(language="en")
    scene.slots["emotion"] = "threat"
    scene.hears("see you in court", intent="human_agent", emotion="threat")
    await scene.does(ActionRequestHandoff())
    assert neighbour.bodies[0]["reason"] == "threat"
    scene.hears("get me a person", intent="human_agent")
    await scene.does(ActionRequestHandoff())
    assert neighbour.bodies[1]["reason"] == "asked_for_person"
    assert neighbour.bodies[1]["priority"] == "urgent"


@pytest.mark.parametrize("behaviour", REFUSALS)
async def test_an_unconfirmed_handoff_is_never_told_as_done(
    customer: Any, neighbour: Any, behaviour: str
) -> None:
    neighbour.behaviour = behaviour
    scene = customer()
    scene.loop = "return_form"
    scene.slots.update(order_number="XE20260002", requested_slot="reason")
    scene.hears("转人工", intent="human_agent")
    assert await scene.does(ActionRequestHandoff()) == ["utter_handoff_unavailable"]
    # What was found out is kept for the next try; the form does not ask on.
    assert scene.filled == {"order_number": "XE20260002"} and scene.loop is None


async def test_a_visitor_gets_a_person_too(visitor: Any, neighbour: Any) -> None:
    scene = visitor(language="en")
    scene.hears("human please", intent="human_agent")
    assert await scene.does(ActionRequestHandoff()) == []
    assert len(neighbour.bodies) == 1


@pytest.mark.parametrize("behaviour", ["fine", "broken"])
async def test_yes_to_the_offer_of_a_person_takes_it_up(
    customer: Any, neighbour: Any, behaviour: str
) -> None:
    neighbour.behaviour = behaviour
    scene = customer()
    scene.hears("你们太差了", intent="complaint")
    scene.said("utter_complaints_person", PERSON)
    scene.hears("好", intent="affirm")
    said = await scene.does(ActionAcceptOffer())
    assert said == ([] if behaviour == "fine" else ["utter_handoff_unavailable"])
    assert neighbour.bodies[0]["reason"] == "accepted_offer"
    assert neighbour.bodies[0]["facts"] == {"topic": "complaint"}


@pytest.mark.parametrize(
    "buttons",
    [
        None,
        [],
        [{"title": "要退货", "payload": "/return_item"}, *PERSON],
        [{"title": "打开网页"}],
    ],
)
async def test_yes_to_anything_else_is_just_a_yes(
    customer: Any, neighbour: Any, buttons: Any
) -> None:
    scene = customer()
    scene.hears("你好", intent="greet")
    scene.said("utter_smalltalk_greet", buttons)
    scene.hears("好", intent="affirm")
    assert await scene.does(ActionAcceptOffer()) == ["utter_smalltalk_affirm"]
    assert neighbour.bodies == [] and scene.events == []


async def test_yes_out_of_nowhere_is_just_a_yes(customer: Any, neighbour: Any) -> None:
    scene = customer(language="en")
    scene.hears("yes", intent="affirm")
    assert await scene.does(ActionAcceptOffer()) == ["utter_smalltalk_affirm"]


async def test_an_offer_that_was_passed_over_is_not_taken_up_later(
    customer: Any, neighbour: Any
) -> None:
    scene = customer()
    scene.hears("你们太差了", intent="complaint")
    scene.said("utter_complaints_person", PERSON)
    scene.hears("谢谢", intent="thanks")
    scene.said("utter_smalltalk_thanks")
    scene.hears("好", intent="affirm")
    assert await scene.does(ActionAcceptOffer()) == ["utter_smalltalk_affirm"]
    assert neighbour.bodies == []
