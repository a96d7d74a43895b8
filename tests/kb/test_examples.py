"""Reading the assistant's training examples as plain text."""

from pathlib import Path

import pytest

from knowledge_base.errors import ExamplesError
from knowledge_base.examples import Example, load_examples

FILE = """
version: "3.1"
nlu:
- intent: track_order
  examples: |
    - 我的[XE20260001](order_id)到哪了
    - where are my [two]{"entity": "number", "value": "2"} parcels
- intent: faq/shipping
  examples: |
    - 运费多少
    - 我的[XE20260001](order_id)到哪了
- synonym: 快递
  examples: |
    - 包裹
- intent: out_of_scope
  examples:
  - text: book me a flight
"""


def test_examples_lose_their_marks_and_keep_their_intent(tmp_path: Path) -> None:
    (tmp_path / "zh").mkdir()
    (tmp_path / "zh" / "orders.yml").write_text(FILE, encoding="utf-8")
    assert load_examples(tmp_path) == [
        Example("我的XE20260001到哪了", "track_order", "zh"),
        Example("where are my two parcels", "track_order", "en"),
        Example("运费多少", "faq", "zh"),
        Example("book me a flight", "out_of_scope", "en"),
    ]


@pytest.mark.parametrize(
    ("intent", "unanswerable"),
    [("out_of_scope", True), ("chitchat", True), ("track_order", False), ("greet", False)],
)
def test_only_foreign_matters_are_unanswerable(intent: str, unanswerable: bool) -> None:
    assert Example("hi", intent, "en").unanswerable is unanswerable


def test_a_broken_file_is_named_with_its_line(tmp_path: Path) -> None:
    (tmp_path / "bad.yml").write_text("nlu:\n- intent: [a\n", encoding="utf-8")
    with pytest.raises(ExamplesError, match=r"bad\.yml:\d+: not valid YAML"):
        load_examples(tmp_path)


@pytest.mark.parametrize("content", ["", "nlu:\n", "rules:\n- rule: x\n", "- 1\n"])
def test_a_file_without_examples_is_no_error(tmp_path: Path, content: str) -> None:
    (tmp_path / "other.yml").write_text(content, encoding="utf-8")
    assert load_examples(tmp_path) == []
