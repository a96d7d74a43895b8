"""One spelling for every way of typing the same thing."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from knowledge_base.language import base_language, detect_language
from knowledge_base.normaliser import normalise


@pytest.mark.parametrize(
    ("typed", "normal"),
    [
        ("請問運費怎麼計算？", "请问运费怎么计算?"),
        ("ＣＯＵＰＯＮ　怎么用", "coupon 怎么用"),
        ("Where’s  my\n order", "where's my order"),
        ("退\u200b货", "退货"),
        ("  FREE shipping ", "free shipping"),
        ("", ""),
    ],
)
def test_width_case_script_and_spacing_are_folded(typed: str, normal: str) -> None:
    assert normalise(typed) == normal


@given(st.text(alphabet=st.sampled_from("請问退貨Ａb ’\t9。")))
def test_what_is_normal_stays_so(text: str) -> None:
    assert normalise(normalise(text)) == normalise(text)


@pytest.mark.parametrize(
    ("text", "language"),
    [("coupon怎么用", "zh"), ("運費", "zh"), ("how much", "en"), ("???", "en"), ("", "en")],
)
def test_one_chinese_character_makes_it_chinese(text: str, language: str) -> None:
    assert detect_language(text) == language


@pytest.mark.parametrize(
    ("tag", "language"),
    [("zh", "zh"), ("zh-Hant", "zh"), ("zh_TW", "zh"), ("EN-gb", "en"), ("en", "en")],
)
def test_language_tags_are_mapped_to_a_language_of_the_base(tag: str, language: str) -> None:
    assert base_language(tag) == language
