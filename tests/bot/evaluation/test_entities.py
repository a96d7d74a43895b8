"""Entities found, missed and found too much, beside figures worked out by hand."""

from collections import Counter
from pathlib import Path
from typing import Any, Callable, Dict, List, Tuple

import pytest

from bot.evaluation import entities
from bot.evaluation.entities import EntityRow, found, measure, report
from bot.evaluation.errors import EvaluationError
from bot.evaluation.rows import read_rows
from bot.evaluation.understanding import Understanding


def row(*wanted: Tuple[str, Any], text: str = "x", **more: Any) -> EntityRow:
    named = [{"entity": kind, "value": value} for kind, value in wanted]
    return EntityRow.parse_obj({"line": 1, "text": text, "entities": named, **more})


def test_figures_of_all_and_of_each_kind() -> None:
    got: List[Tuple[EntityRow, Any]] = [
        (row(("size", "M"), ("size", "M"), ("color", "red")), {("size", "M"): 1}),
        (row(("size", 42)), {("size", "42"): 1, ("amount", "CNY 5"): 1}),
        (row(), {}),
    ]
    figures = report([(each, Counter(there)) for each, there in got])
    assert figures["by_entity"] == {
        "amount": {"n": 0, "precision": 0.0, "recall": 0.0, "f1": 0.0},
        "color": {"n": 1, "precision": 0.0, "recall": 0.0, "f1": 0.0},
        "size": {"n": 3, "precision": 1.0, "recall": 0.6667, "f1": 0.8},
    }
    # two right, two missed, one too much
    assert {key: figures[key] for key in ("n", "precision", "recall", "f1")} == {
        "n": 3,
        "precision": 0.6667,
        "recall": 0.5,
        "f1": 0.5714,
    }
    assert figures["wrong"] == [
        {
            "id": "1",
            "missed": [{"entity": "color", "value": "red"}, {"entity": "size", "value": "M"}],
            "spurious": [],
        },
        {"id": "1", "missed": [], "spurious": [{"entity": "amount", "value": "CNY 5"}]},
    ]
    assert "66.7 %" in entities.printed(figures)


def test_rows_in_which_nothing_is_and_nothing_is_found_are_perfect() -> None:
    figures = report([(row(), Counter())])
    assert (figures["precision"], figures["recall"], figures["f1"]) == (1.0, 1.0, 1.0)


def test_what_the_assistant_adds_for_itself_counts_only_where_it_is_named(
    understanding: Understanding,
) -> None:
    text = "XE20260002 到哪了"
    assert found(understanding, row(text=text)) == {("order_number", "XE20260002"): 1}
    named = found(understanding, row(("language", "zh"), text=text))
    assert named == {("order_number", "XE20260002"): 1, ("language", "zh"): 1}


def test_a_file_is_measured(understanding: Understanding, jsonl: Callable[..., Path]) -> None:
    rows: List[Dict[str, Any]] = [
        {
            "id": "a",
            "text": "where is XE20260001",
            "entities": [{"entity": "order_number", "value": "XE20260001"}],
            "now": "2026-11-18",
        },
        {"id": "b", "text": "hello there", "entities": []},
    ]
    figures = measure(jsonl(rows), understanding)
    assert (figures["n"], figures["f1"], figures["wrong"]) == (2, 1.0, [])


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ({"text": "x"}, "rows.jsonl:1: entities: field required"),
        ({"text": "x", "entities": [{"entity": "size"}]}, "rows.jsonl:1: entities.0.value"),
        ({"text": "x", "entities": [], "now": "yesterday"}, "rows.jsonl:1: now: Invalid"),
    ],
)
def test_a_bad_row_is_named(jsonl: Callable[..., Path], content: Any, told: str) -> None:
    with pytest.raises(EvaluationError) as error:
        read_rows(jsonl([content]), EntityRow)
    assert told in str(error.value)
