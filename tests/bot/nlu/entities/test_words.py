from typing import List, Tuple

import pytest
import spacy
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.nlu.entities.words import CharacterTokenizer, WordFinder
from bot.nlu.normaliser import normalise

PRODUCTS = {
    "电饭煲": "AP1002",
    "IH电饭煲 4升": "AP1002",
    "rice cooker": "AP1002",
    "黑巧克力": "FO1011",
}


@pytest.fixture(scope="module")
def finder() -> WordFinder:
    return WordFinder(PRODUCTS)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("要黑色的", [("color", "black")]),
        ("藏青和米白", [("color", "navy"), ("color", "off-white")]),
        ("深灰色有貨嗎", [("color", "dark grey")]),
        ("dark blue please", [("color", "navy")]),
        ("grey or gray", [("color", "grey"), ("color", "grey")]),
        ("red wine", [("nothing", "")]),
        ("still a gold member", []),
        ("the silver one", [("color", "silver")]),
        ("红包", []),
        ("白条", []),
        ("colored", []),
        ("電飯煲壞了", [("product", "AP1002"), ("return_reason", "quality")]),
        ("IH电饭煲 4升", [("product", "AP1002")]),
        ("my Rice Cooker", [("product", "AP1002")]),
        ("price cooker", []),
        ("黑巧克力", [("product", "FO1011")]),
        ("第二个不合适", [("line_choice", "2"), ("return_reason", "size")]),
    ],
)
def test_words_of_the_lists_are_found(
    finder: WordFinder, text: str, found: List[Tuple[str, str]]
) -> None:
    spans = finder.find(normalise(text).text)
    assert [(span.entity, span.value) for span in spans] == found


@settings(deadline=None)
@given(st.text(st.sampled_from("电饭煲 订单riceCooker'8,。\u200b🎉\n\x00")))
def test_a_doc_is_as_long_as_its_text_and_keeps_only_known_pieces(text: str) -> None:
    doc = CharacterTokenizer(spacy.blank("xx").vocab, ["电饭煲", "rice cooker"])(text)
    assert len(doc.text) == len(text)
    for token in doc:
        written = text[token.idx : token.idx + len(token)]
        known = written in {"电", "饭", "煲", "rice", "cooker", " "}
        assert token.text == (written if known else "\x00" * len(written))
