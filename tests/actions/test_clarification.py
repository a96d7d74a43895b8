"""Asking back: in human words, at most twice, then a person is offered."""

from pathlib import Path
from typing import Any

import pytest
import yaml

from actions.clarification import ActionClarifyIntent, titles

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


def test_every_intent_that_can_be_asked_about_has_a_title_in_both_languages() -> None:
    config = yaml.safe_load((ROOT / "config.yml").read_text(encoding="utf-8"))
    (never,) = [part["never_asked"] for part in config["pipeline"] if "never_asked" in part]
    domain = [yaml.safe_load(path.read_text("utf-8")) for path in (ROOT / "domain").glob("*.yml")]
    intents = {intent for content in domain for intent in content.get("intents") or []}
    decided = {"out_of_scope", "nlu_ambiguous", "other_language"}
    assert set(titles()) == intents - set(never) - decided
    assert all(set(title) == {"zh", "en"} for title in titles().values())
