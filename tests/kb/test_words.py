"""Words: Chinese runs cut by the dictionary, English words without their endings."""

from typing import List, Tuple

import pytest

from knowledge_base.words import cut, runs, stem


@pytest.mark.parametrize(
    ("text", "pieces"),
    [
        ("怎么退货?运费", [("怎么退货", True), ("运费", True)]),
        ("i don't know", [("i", False), ("don't", False), ("know", False)]),
        (
            "iphone15的3.5折",
            [("iphone15", False), ("的", True), ("3", False), ("5", False), ("折", True)],
        ),
        ("to_go café", [("to", False), ("go", False), ("café", False)]),
        ("'quoted' … 🙂", [("quoted", False)]),
        ("", []),
    ],
)
def test_a_text_is_cut_into_chinese_runs_and_other_words(
    text: str, pieces: List[Tuple[str, bool]]
) -> None:
    assert list(runs(text)) == pieces


@pytest.mark.parametrize(
    ("run", "words"),
    [
        ("运费", ["运费"]),
        ("怎么退货", ["怎么", "退货"]),
        # Shorter words within a long one come before it.
        ("电子商务", ["电子", "商务", "电子商务"]),
        ("", []),
    ],
)
def test_a_run_is_cut_into_words_of_the_dictionary(run: str, words: List[str]) -> None:
    assert cut(run) == words


def test_what_is_in_no_dictionary_is_cut_into_characters_never_guessed() -> None:
    # A model of how names are made would join these.
    assert cut("杭研大厦")[:2] == ["杭", "研"]


@pytest.mark.parametrize(
    ("word", "stemmed"),
    [
        ("refunds", "refund"),
        ("refunded", "refund"),
        ("deliveries", "deliveri"),
        ("delivery", "deliveri"),
        ("is", "is"),
        ("wi1001", "wi1001"),
        ("运费", "运费"),
        ("", ""),
    ],
)
def test_a_word_loses_its_english_ending(word: str, stemmed: str) -> None:
    assert stem(word) == stemmed
