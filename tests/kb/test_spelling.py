"""Spelling: mistakes become the base's words, and nothing else changes."""

from pathlib import Path

import pytest

from knowledge_base.spelling import Spelling

SPELLING = Spelling.of(
    [
        "How long does the warranty last?",
        "Can I exchange it? An exchange is free.",
        "The courier never delivered my parcel",
        "Refunds go back to the card",
    ]
)


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("how long is the waranty", "how long is the warranty"),
        ("Can I exchnage it?", "can i exchange it?"),
        ("the coureir never deliverd it", "the courier never delivered it"),
        ("my parcle", "my parcel"),
    ],
)
def test_a_mistake_becomes_the_word_of_the_base(written: str, meant: str) -> None:
    assert SPELLING.corrected(written) == meant


@pytest.mark.parametrize(
    "written",
    [
        # Words that exist, each a letter from one of the base.
        "Does the card rend?",
        "a curd",
        # Names and numbers.
        "Is Xiaomi sold here? XE20260001, iPhone15",
        # Too short to tell.
        "the crd",
        "保修多久",
        "",
    ],
)
def test_what_is_no_mistake_stays_to_the_letter(written: str) -> None:
    assert SPELLING.corrected(written) == written


def test_a_word_beside_chinese_is_corrected() -> None:
    assert SPELLING.corrected("我的parcle在哪") == "我的parcel在哪"


def test_two_letters_may_be_wrong_only_in_a_long_word() -> None:
    assert SPELLING.corrected("delivrd") == "delivrd"
    assert SPELLING.corrected("exchagn") == "exchagn"
    assert SPELLING.corrected("delliverd") == "delivered"


def test_the_commoner_of_two_words_is_meant() -> None:
    counts = {"parcels": 1, "parcel": 8}
    assert Spelling(counts).corrected("parcell") == "parcel"


def test_it_is_read_back_as_written(tmp_path: Path) -> None:
    SPELLING.save(tmp_path / "spelling.json")
    again = Spelling.load(tmp_path / "spelling.json")
    assert again.counts == SPELLING.counts
    assert again.corrected("waranty") == "warranty"


def test_an_empty_base_corrects_nothing() -> None:
    assert Spelling.of([]).corrected("waranty") == "waranty"
