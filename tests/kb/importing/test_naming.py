"""Names from titles."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge_base.importing.naming import name_from


@pytest.mark.parametrize(
    ("words", "name"),
    [
        ("How do I return it?", "how-do-i-return-it"),
        ("What's Café 5★", "whats-cafe-5"),
        ("退货需要多久？", "tui-huo-xu-yao-duo-jiu"),
        ("退貨 & refund", "tui-huo-refund"),
        ("ＶＩＰ会员", "vip-hui-yuan"),
        ("Привет", ""),
        ("???", ""),
    ],
)
def test_names_are_made_of_letters_and_sounds(words: str, name: str) -> None:
    assert name_from(words) == name


@given(st.text(max_size=200))
def test_a_name_is_always_one_that_articles_may_have(words: str) -> None:
    name = name_from(words)
    assert name == "" or re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", name) and len(name) <= 60
    assert name_from(words) == name
