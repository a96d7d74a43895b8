"""Asking back, unless an article answers: in human words, twice at most, then a person."""

from pathlib import Path
from typing import Any

import pytest
import yaml

from actions.clarification import ANSWERED, ActionClarifyIntent, titles
from actions.invoices import ActionBeginInvoice
from actions.knowledge import ActionAnswerQuestion

ROOT = Path(__file__).resolve().parents[2]
CANDIDATES = ["return_item", "exchange_item", "refund_status"]


@pytest.mark.parametrize(
    ("language", "expected"),
    [
        ("zh-Hans", ["我要退货", "我要换货"]),
        ("zh-Hant", ["我要退货", "我要换货"]),
        ("en", ["Return something", "Exchange something"]),
    ],
)
async def test_both_readings_are_offered_in_human_words(
    customer: Any, language: str, expected: Any
) -> None:
    scene = customer(language=language)
    scene.hears("这个不行", intent="nlu_ambiguous", ranking=CANDIDATES)
    assert await scene.does(ActionClarifyIntent()) == ["utter_clarification_question"]
    buttons = scene.messages[0]["buttons"]
    assert [button["title"] for button in buttons] == expected
    assert [button["payload"] for button in buttons] == ["/return_item", "/exchange_item"]


async def test_after_two_questions_a_person_is_offered(customer: Any) -> None:
    scene = customer()
    said = []
    for _ in range(3):
        scene.hears("不是这个意思", intent="nlu_ambiguous", ranking=CANDIDATES)
        said += await scene.does(ActionClarifyIntent())
    assert said == ["utter_clarification_question"] * 2 + ["utter_clarification_person"]


async def test_a_turn_that_was_understood_in_between_starts_anew(customer: Any) -> None:
    scene = customer(language="en")
    for _ in range(3):
        scene.hears("this one", intent="nlu_ambiguous", ranking=CANDIDATES)
        assert await scene.does(ActionClarifyIntent()) == ["utter_clarification_question"]
        scene.hears("thanks", intent="thanks")
        scene.said("utter_smalltalk_thanks")


QUESTIONS = pytest.mark.parametrize(
    ("language", "text"),
    [
        ("zh-Hans", "送礼的话里面会有价格单吗"),
        ("zh-Hant", "收到商品壞掉了要拍照嗎"),
        ("en", "is there a price slip in the box?"),
    ],
)


@QUESTIONS
async def test_a_question_that_an_article_answers_is_answered_instead(
    customer: Any, neighbour: Any, language: str, text: str
) -> None:
    scene = customer(language=language)
    scene.hears(text, intent="nlu_ambiguous", ranking=CANDIDATES)
    assert await scene.does(ActionClarifyIntent()) == ["utter_knowledge_answer"]
    assert [(body["text"], body["topics"]) for body in neighbour.bodies] == [(text, [])]


async def test_so_is_what_an_article_answers_and_may_be_meant_for_the_articles(
    customer: Any, neighbour: Any
) -> None:
    scene = customer()
    ranking = ["return_item", "return_policy"]
    scene.hears("退货 运费", intent="nlu_ambiguous", ranking=ranking)
    assert await scene.does(ActionClarifyIntent()) == ["utter_knowledge_answer"]


async def test_a_wish_is_never_answered_with_an_article(customer: Any, neighbour: Any) -> None:
    scene = customer()
    scene.hears("帮我弄一下这个", intent="nlu_ambiguous", ranking=CANDIDATES)
    assert await scene.does(ActionClarifyIntent()) == ["utter_clarification_question"]
    assert neighbour.bodies == []


@pytest.mark.parametrize(
    ("behaviour", "answer"),
    [
        ("fine", None),
        ("fine", [{"id": "returns", "title": "退货", "language": "zh"}]),
        ("broken", None),
    ],
)
async def test_a_question_that_no_article_surely_answers_is_asked_about(
    customer: Any, neighbour: Any, behaviour: str, answer: Any
) -> None:
    neighbour.behaviour, neighbour.answer = behaviour, answer
    scene = customer()
    scene.hears("坏了要拍照吗", intent="nlu_ambiguous", ranking=CANDIDATES)
    assert await scene.does(ActionClarifyIntent()) == ["utter_clarification_question"]


@QUESTIONS
async def test_after_the_press_the_articles_are_asked_what_the_shopper_wrote(
    customer: Any, neighbour: Any, language: str, text: str
) -> None:
    neighbour.answer = None
    scene = customer(language=language)
    scene.hears(text, intent="nlu_ambiguous", ranking=["return_policy", "invoice"])
    await scene.does(ActionClarifyIntent())
    scene.hears("退换货规则", intent="return_policy")
    scene.history[-1]["text"] = "/return_policy"
    assert await scene.does(ActionAnswerQuestion()) == ["utter_knowledge_unknown"]
    assert [body["text"] for body in neighbour.bodies] == [text, text]


async def test_the_press_decides_what_it_is_about_and_the_words_whether_it_is_a_question(
    customer: Any, neighbour: Any
) -> None:
    for text, begun in (("发票会一起寄给对方吗", False), ("发票的事", True)):
        neighbour.answer = None
        scene = customer()
        scene.hears(text, intent="nlu_ambiguous", ranking=CANDIDATES)
        await scene.does(ActionClarifyIntent())
        scene.hears("开发票", intent="invoice")
        scene.history[-1]["text"] = "/invoice"
        await scene.does(ActionBeginInvoice())
        assert any(event["event"] == "followup" for event in scene.events) == begun


async def test_a_button_of_another_turn_is_asked_by_its_own_words(
    customer: Any, neighbour: Any
) -> None:
    scene = customer()
    scene.hears("这个不行", intent="nlu_ambiguous", ranking=CANDIDATES)
    await scene.does(ActionClarifyIntent())
    scene.hears("退货要运费吗", intent="return_policy")
    await scene.does(ActionAnswerQuestion())
    scene.hears("退换货规则", intent="return_policy")
    scene.history[-1]["text"] = "/return_policy"
    await scene.does(ActionAnswerQuestion())
    assert [body["text"] for body in neighbour.bodies] == ["退货要运费吗", "退换货规则"]


def test_the_intents_that_articles_answer_alone_are_those_of_the_rules() -> None:
    rules = yaml.safe_load((ROOT / "data/rules/knowledge.yml").read_text(encoding="utf-8"))["rules"]
    ((either, _),) = [rule["steps"] for rule in rules]
    intents = {step["intent"] for step in either["or"]}
    assert intents - {"out_of_scope", "nlu_fallback"} == ANSWERED


def test_every_intent_that_can_be_asked_about_has_a_title_in_both_languages() -> None:
    config = yaml.safe_load((ROOT / "config.yml").read_text(encoding="utf-8"))
    (never,) = [part["never_asked"] for part in config["pipeline"] if "never_asked" in part]
    domain = [yaml.safe_load(path.read_text("utf-8")) for path in (ROOT / "domain").glob("*.yml")]
    intents = {intent for content in domain for intent in content.get("intents") or []}
    decided = {"out_of_scope", "nlu_ambiguous", "other_language"}
    assert set(titles()) == intents - set(never) - decided
    assert all(set(title) == {"zh", "en"} for title in titles().values())
