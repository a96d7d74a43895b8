"""Cutting at the end of a sentence."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge_base.excerpt import chunks, excerpt, sentences


@pytest.mark.parametrize(
    ("text", "limit", "cut"),
    [
        ("可以退。七天内都行。第三句。", 10, "可以退。七天内都行。"),
        ("可以退。七天内都行。", 100, "可以退。七天内都行。"),
        ("Yes, within 7 days. After that, no.", 22, "Yes, within 7 days."),
        ("It costs 3.50 yuan. More is extra.", 20, "It costs 3.50 yuan."),
        ("真的吗？！当然。", 6, "真的吗？！"),
        ("没有句号的很长很长的一句话", 6, "没有句号的…"),
        ("one very long sentence without an end", 20, "one very long…"),
        ("他说“好。”然后走了。", 6, "他说“好。”"),
    ],
)
def test_an_excerpt_ends_with_a_whole_sentence(text: str, limit: int, cut: str) -> None:
    assert excerpt(text, limit) == cut


@given(
    st.text(alphabet=st.sampled_from("好的。！? .\nab)”")), st.integers(min_value=2, max_value=40)
)
def test_an_excerpt_never_exceeds_its_limit(text: str, limit: int) -> None:
    assert len(excerpt(text, limit)) <= limit


@given(st.text(alphabet=st.sampled_from("好的。！? .\nab)”")))
def test_sentences_together_are_the_text(text: str) -> None:
    assert "".join(sentences(text)) == text


def test_a_long_paragraph_is_split_between_sentences() -> None:
    assert chunks("第一句话。第二句话。第三句话。", 10) == ["第一句话。第二句话。", "第三句话。"]
    assert chunks("短。", 10) == ["短。"]
