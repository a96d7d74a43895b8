"""Cutting a text into Chinese and everything else."""

from typing import List, Tuple

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.nlu.script import has_han, runs


@pytest.mark.parametrize(
    ("text", "cut"),
    [
        ("我的订单", [("我的订单", True)]),
        ("my order", [("my order", False)]),
        ("订单xe20260001到哪了", [("订单", True), ("xe20260001", False), ("到哪了", True)]),
        ("order 订单", [("order ", False), ("订单", True)]),
        ("人々", [("人々", True)]),
        ("退货。", [("退货", True), ("。", False)]),
        ("", []),
    ],
)
def test_a_text_is_cut_where_the_script_changes(text: str, cut: List[Tuple[str, bool]]) -> None:
    assert [(run, is_han) for _, run, is_han in runs(text)] == cut


@settings(max_examples=300)
@given(st.text(st.one_of(st.characters(), st.sampled_from("订单退货，ab 1"))))
def test_the_runs_together_are_the_text(text: str) -> None:
    found = list(runs(text))
    assert "".join(run for _, run, _ in found) == text
    assert all(text[start : start + len(run)] == run for start, run, _ in found)
    assert all(run for _, run, _ in found)
    kinds = [is_han for _, _, is_han in found]
    assert all(left != right for left, right in zip(kinds, kinds[1:]))


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("退货", True),
        ("ok 好", True),
        ("return", False),
        ("，。！", False),
        ("かな", False),
        ("", False),
    ],
)
def test_chinese_is_noticed(text: str, found: bool) -> None:
    assert has_han(text) is found
