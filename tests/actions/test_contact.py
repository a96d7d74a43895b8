"""Asking for a person, and asking when and how one can be reached."""

from typing import Any

import pytest

from actions.contact import ActionRequestHandoff, asks_for_contact

ANSWERED = ["utter_knowledge_answer", "utter_handoff_offer"]


@pytest.mark.parametrize(
    "text",
    [
        "客服电话多少",
        "你們有電話客服嗎",
        "人工客服几点上班",
        "周末有没有人在吗",
        "有没有400热线",
        "what are your opening hours",
        "Do you have a phone number?",
        "are the phone lines open on sunday",
        "how do I contact you by phone",
    ],
)
def test_when_and_how_people_can_be_reached_is_a_question(text: str) -> None:
    assert asks_for_contact(text)


@pytest.mark.parametrize(
    "text",
    [
        "转人工",
        "给我回个电话",
        "有没有人能打个电话给我 我打字慢",
        "客服电话多少，我要投诉",
        "几点能接通人工",
        "你们经理的电话是多少",
        "get me a person",
        "call me back on my mobile",
        "is there a number I can call to speak to someone",
        "can somebody speak to me on the telephone instead of chat",
        "what's the phone number, I want to complain",
    ],
)
def test_who_wants_somebody_asks_no_question(text: str) -> None:
    assert not asks_for_contact(text)


async def test_the_question_is_answered_and_a_person_offered(customer: Any, neighbour: Any) -> None:
    scene = customer()
    scene.hears("客服电话多少", intent="human_agent")
    assert await scene.does(ActionRequestHandoff()) == ANSWERED
    (asked,) = neighbour.bodies
    assert asked["topics"] == ["service"]


@pytest.mark.parametrize("text", ["转人工", "call me back"])
async def test_a_wish_gets_a_person(customer: Any, neighbour: Any, text: str) -> None:
    scene = customer()
    scene.hears(text, intent="human_agent")
    assert await scene.does(ActionRequestHandoff()) == []
    (handed,) = neighbour.bodies
    assert handed["reason"] == "asked_for_person"


@pytest.mark.parametrize("emotion", ["anger", "distress", "threat"])
async def test_who_is_upset_gets_a_person(customer: Any, neighbour: Any, emotion: str) -> None:
    scene = customer()
    scene.slots["emotion"] = emotion
    scene.hears("客服电话多少", intent="human_agent")
    assert await scene.does(ActionRequestHandoff()) == []
    (handed,) = neighbour.bodies
    assert handed["facts"]["emotion"] == emotion


async def test_who_asks_once_more_gets_a_person(customer: Any, neighbour: Any) -> None:
    scene = customer()
    scene.hears("客服电话多少", intent="human_agent")
    assert await scene.does(ActionRequestHandoff()) == ANSWERED
    scene.said("utter_handoff_offer")
    scene.hears("有没有电话", intent="human_agent")
    assert await scene.does(ActionRequestHandoff()) == []
    assert neighbour.bodies[-1]["reason"] == "asked_for_person"


async def test_what_no_article_surely_answers_gets_a_person(customer: Any, neighbour: Any) -> None:
    neighbour.answer = None
    scene = customer()
    scene.hears("客服电话多少", intent="human_agent")
    assert await scene.does(ActionRequestHandoff()) == []
    assert neighbour.bodies[-1]["reason"] == "asked_for_person"


@pytest.mark.parametrize("behaviour", ["slow", "broken", "garbage"])
async def test_while_nothing_answers_the_desk_is_tried(
    customer: Any, neighbour: Any, behaviour: str
) -> None:
    neighbour.behaviour = behaviour
    scene = customer()
    scene.hears("客服电话多少", intent="human_agent")
    assert await scene.does(ActionRequestHandoff()) == ["utter_handoff_unavailable"]
