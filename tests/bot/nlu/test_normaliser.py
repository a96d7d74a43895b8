"""Folding: what is written differently and means the same becomes the same."""

import unicodedata

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from bot.nlu.normaliser import NormalisedText, normalise

# Everything a keyboard or a clipboard can send.
ANY_TEXT = st.text(
    st.one_of(
        st.characters(exclude_categories=["Cs"]),
        st.sampled_from("订单到哪了質量問題Ｘｅ２０26　１０㈱½㎏ﬁİẞ🎉\u200b\u202e\x00"),
    )
)


@pytest.mark.parametrize(
    ("written", "folded"),
    [
        ("我的訂單什麼時候到", "我的订单什么时候到"),
        ("質量問題，想退貨", "质量问题,想退货"),
        ("轉人工", "转人工"),
        ("Where Is My ORDER", "where is my order"),
        ("ＸＥ２０２６０００１", "xe20260001"),
        ("尾号１００１", "尾号1001"),
        ("全角　空格", "全角 空格"),
        ("tab\tand\nline", "tab and line"),
        ("zero\u200bwidth\u200d", "zerowidth"),
        ("零\ufeff宽", "零宽"),
        ("", ""),
    ],
)
def test_variants_of_writing_are_folded(written: str, folded: str) -> None:
    assert normalise(written).text == folded


@pytest.mark.parametrize(
    ("written", "part", "original"),
    [
        ("我的訂單ＸＥ２０２６０００１到哪", "xe20260001", "ＸＥ２０２６０００１"),
        ("a\u200bb\u200bc", "bc", "b\u200bc"),
        ("重㎏了", "kg", "㎏"),
        ("重㎏了", "g", "㎏"),
        ("退貨", "货", "貨"),
    ],
)
def test_a_folded_span_leads_back_to_what_was_written(
    written: str, part: str, original: str
) -> None:
    folded = normalise(written)
    start = folded.text.index(part)
    first, last = folded.span(start, start + len(part))
    assert written[first:last] == original


@settings(deadline=None, max_examples=300)
@given(ANY_TEXT)
@example("\x00" * 3)
@example("İstanbul ẞ ΑΣ")
def test_every_text_is_folded_and_every_character_knows_its_origin(text: str) -> None:
    folded = normalise(text)
    assert isinstance(folded, NormalisedText)
    assert len(folded.origins) == len(folded.text)
    assert all(0 <= origin < len(text) for origin in folded.origins)
    assert list(folded.origins) == sorted(folded.origins)


@settings(deadline=None, max_examples=300)
@given(ANY_TEXT)
@example("ＡＢＣ１２３！")
@example("🅐Ⓐ𝐀")
def test_no_capital_full_width_or_invisible_character_is_left(text: str) -> None:
    folded = normalise(text).text
    assert folded == folded.lower()
    assert not any("\uff01" <= character <= "\uff5e" for character in folded)
    assert not any(unicodedata.category(character) in {"Cc", "Cf", "Cs"} for character in folded)
    assert not any(character.isspace() and character != " " for character in folded)


@settings(deadline=None, max_examples=200)
@given(st.text("abc订单退货1 "), st.integers(0, 5), st.sampled_from(["\u200b", "\x07", "\ufeff"]))
def test_what_cannot_be_seen_changes_nothing(text: str, place: int, invisible: str) -> None:
    hidden = text[:place] + invisible + text[place:]
    assert normalise(hidden).text == normalise(text).text


@pytest.mark.parametrize("text", ["\ud800", "\ud800订\udc00单", "half a pair \ud83d here"])
def test_half_of_a_surrogate_pair_is_dropped(text: str) -> None:
    assert not any("\ud800" <= character <= "\udfff" for character in normalise(text).text)
