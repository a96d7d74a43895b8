"""Which messages are only the beginning of a request, in the words of real shoppers."""

import timeit
import unicodedata
from pathlib import Path

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from bot.conversation.bursts import WORDS, is_fragment

CASES = yaml.safe_load(Path(__file__).with_name("burst_cases.yml").read_text(encoding="utf-8"))
WAITING, WHOLE = ("openings", "beginnings"), ("requests", "answers", "numbers")


def texts(*kinds):
    return [text for kind in kinds for listed in CASES[kind].values() for text in listed]


@pytest.mark.parametrize("text", texts("openings"))
def test_after_an_opening_the_matter_comes(text):
    assert is_fragment(text)


@pytest.mark.parametrize("text", texts("beginnings"))
def test_what_only_begins_waits_for_its_end(text):
    assert is_fragment(text)


@pytest.mark.parametrize("text", texts("requests"))
def test_whoever_says_what_they_want_does_not_wait(text):
    assert not is_fragment(text)


@pytest.mark.parametrize("text", texts("answers"))
def test_an_answer_is_complete_however_short(text):
    assert not is_fragment(text)


@pytest.mark.parametrize("text", texts("numbers"))
def test_a_number_is_complete(text):
    assert not is_fragment(text)


@pytest.mark.parametrize(
    "text", ["", " ", "?", "？？", "！！！", "...", "。。", "👍", "❤️", "\u200b"]
)
def test_marks_and_pictures_are_complete(text):
    assert not is_fragment(text)


@pytest.mark.parametrize(
    "text",
    [
        "我上周五在你们店里给我妈妈买了一台加湿器，昨天收到之后插上电完全没有反应，换了好几个插座都不行",
        "Hello, I placed an order two weeks ago for a blue mug and a blanket and only the mug came",
        "hello hello hello hello hello hello hello hello hello hello hello hello hello hello hello",
    ],
)
def test_a_long_message_is_complete(text):
    assert not is_fragment(text)


@given(st.text(max_size=80))
def test_every_text_has_a_verdict(text):
    assert is_fragment(text) in (True, False)


@given(st.sampled_from(texts(*WAITING, *WHOLE)))
def test_case_width_and_blanks_do_not_matter(text):
    wide = "".join(chr(ord(c) + 0xFEE0) if "!" <= c <= "~" else c for c in text)
    verdict = is_fragment(text)
    for same in (text.upper(), wide, f"  {text}\n", text.replace("'", "’")):
        assert is_fragment(same) == verdict


def test_a_message_is_judged_in_twenty_microseconds():
    judged = texts(*WAITING, *WHOLE)

    def judge():
        for text in judged:
            is_fragment(text)

    best = min(timeit.repeat(judge, number=1, repeat=20)) / len(judged)
    assert best < 20e-6


def test_the_words_are_written_as_they_are_compared():
    stored = yaml.safe_load(WORDS.read_text(encoding="utf-8"))
    for kind, by_language in stored.items():
        assert set(by_language) == {"zh", "en"}, kind
        if kind == "things":
            continue
        for words in by_language.values():
            assert len(set(words)) == len(words), kind
            for word in words:
                # `no` and `yes` are no words in YAML unless quoted.
                assert isinstance(word, str), (kind, word)
                assert word == unicodedata.normalize("NFKC", word).lower().strip()
                assert word.replace(" ", "").isalnum(), (kind, word)


def test_no_word_is_of_two_kinds():
    stored = yaml.safe_load(WORDS.read_text(encoding="utf-8"))
    alone = [
        stored[kind][language]
        for kind in ("openings", "complete", "particles")
        for language in ("zh", "en")
    ]
    words = [word for listed in alone for word in listed]
    assert len(set(words)) == len(words)
