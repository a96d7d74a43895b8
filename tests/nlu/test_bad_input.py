"""Whatever is typed, nothing breaks, and nobody is sure of what is not there."""

import time
from typing import Iterator

import pytest

from bot.evaluation.understanding import Understanding
from bot.nlu.decision import decided
from bot.nlu.intent_classifier import OUTSIDE

pytestmark = pytest.mark.timeout(300)

SURE = 0.7
NOTHING = {
    "empty": "",
    "blanks": " \t\n　",
    "an emoji": "👍",
    "a family of emoji": "👩‍👩‍👧‍👦",
    "marks": "？！……。,.;",
    "right-to-left marks": "\u202e\u200f\u202a",
    "zero-width characters": "\u200b\u200d\ufeff",
    "a lone surrogate": "\ud83d",
    "control characters": "\x00\x1b[31m",
    "one letter ten thousand times": "a" * 10_000,
    "ten thousand of one character": "龘" * 10_000,
    "ten thousand marks": "?" * 10_000,
    "a random string": "xq7 zvvk jjwq plrt",
    "digits": "8 8 8 8",
}
OTHER_LANGUAGES = {
    "Japanese": "注文した商品はいつ届きますか",
    "Russian": "Где мой заказ?",
    "Korean": "제 주문은 어디에 있나요",
    "Arabic": "أين طلبي",
    "Thai": "สินค้าของฉันอยู่ที่ไหน",
}


@pytest.fixture(scope="module")
def understanding() -> Iterator[Understanding]:
    yield Understanding.trained()


@pytest.mark.parametrize("text", NOTHING.values(), ids=NOTHING)
def test_nothing_is_not_understood_with_confidence(understanding: Understanding, text: str) -> None:
    intent, confidence = decided(understanding.parse(text))
    assert intent in (OUTSIDE, "inform") or confidence < SURE, (intent, confidence)


@pytest.mark.parametrize("text", OTHER_LANGUAGES.values(), ids=OTHER_LANGUAGES)
def test_other_languages_are_told_apart(understanding: Understanding, text: str) -> None:
    assert understanding.parse(text)["intent"]["name"] == "other_language"


@pytest.mark.parametrize("text", ["我要退货，", "where is my parcel "], ids=["Chinese", "English"])
def test_a_message_of_ten_thousand_characters_is_read_in_time(
    understanding: Understanding, text: str
) -> None:
    long = (text * 10_000)[:10_000]
    started = time.perf_counter()
    decided(understanding.parse(long))
    assert time.perf_counter() - started < 2.0


def test_hidden_marks_change_nothing(understanding: Understanding) -> None:
    plain = decided(understanding.parse("我的快递到哪了"))
    hidden = decided(understanding.parse("我\u200b的快\u202e递到\ufeff哪了"))
    assert plain[0] == hidden[0] == "track_order"
