"""Questions: an article with its source, or an honest word that it is not known."""

from typing import Any

import pytest

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(400)]


@pytest.mark.parametrize(
    ("question", "fact", "article"),
    [
        ("运费怎么算", "99", "shipping-fee"),
        ("電子發票多久會開好", "24", "invoice-request"),
        ("How long do I have to return something?", "7 days", "return-window"),
    ],
)
def test_a_policy_question_is_answered_with_its_source(
    visitor: Any, question: str, fact: str, article: str
) -> None:
    said = visitor.say(question)
    (source,) = visitor.last["replies"][0]["sources"]
    assert fact in said
    assert source["id"] == article and source["title"] and source["updated"]


@pytest.mark.parametrize(
    ("nonsense", "honest"),
    [
        ("紫色的大象在月亮上打麻将能赢几个西瓜", "不清楚"),
        ("how many giraffes fit into a violin sonata", "I don't"),
    ],
)
def test_nonsense_is_not_answered_with_confidence(visitor: Any, nonsense: str, honest: str) -> None:
    said = visitor.say(nonsense)
    assert honest in said
    assert visitor.last["replies"][0]["sources"] == []
    assert visitor.last["replies"][0]["buttons"]


def test_after_two_failures_a_person_takes_over(visitor: Any) -> None:
    visitor.say("紫色的大象在月亮上打麻将能赢几个西瓜")
    visitor.say("三角形的味道像不像星期四")
    assert visitor.last["owner"] == "queued"


@pytest.mark.parametrize(
    ("begun", "question", "article", "again"),
    [
        ("我要退货", "客服电话多少", "phone-line", "订单号"),
        ("I want to return something", "what are your opening hours", "service-hours", "order"),
    ],
)
def test_how_people_can_be_reached_is_answered_and_a_form_goes_on(
    visitor: Any, begun: str, question: str, article: str, again: str
) -> None:
    visitor.say(begun)
    visitor.say(question)
    replies = visitor.last["replies"]
    assert [each["id"] for reply in replies for each in reply["sources"]] == [article]
    assert again in replies[-1]["text"] and visitor.last["owner"] == "bot"


@pytest.mark.parametrize(
    ("question", "yes"), [("你们有电话客服吗", "好的"), ("is there a hotline", "yes")]
)
def test_the_person_that_is_offered_with_it_comes_after_a_yes(
    visitor: Any, question: str, yes: str
) -> None:
    visitor.say(question)
    assert visitor.last["replies"][0]["sources"] and visitor.last["owner"] == "bot"
    visitor.say(yes)
    assert visitor.last["owner"] == "queued"
