"""What may be lost against recorded figures, and what not."""

from pathlib import Path
from typing import Any, Dict

import pytest

from bot.evaluation import record
from bot.evaluation.errors import EvaluationError
from bot.evaluation.rows import write_report


def figures(n: int, strict: float, lenient: float = 1.0) -> Dict[str, Any]:
    row = {"n": n, "strict": round(strict, 4), "lenient": lenient, "f1": 0.5}
    return {"by_lang": {"en": {"n": 100, "strict": 1.0, "lenient": 1.0}}, "by_intent": {"a": row}}


@pytest.mark.parametrize(
    ("rows", "before", "after", "lost"),
    [
        (100, 90, 87, False),
        (100, 90, 86, True),
        (100, 90, 95, False),
        # Of few rows one may go, though it is more than three points.
        (14, 14, 13, False),
        (14, 13, 12, False),
        (14, 14, 12, True),
        (1000, 900, 870, False),
        (1000, 900, 868, True),
    ],
)
def test_three_points_or_one_row_may_go(rows: int, before: int, after: int, lost: bool) -> None:
    recorded = record.worth_keeping(figures(rows, before / rows))
    assert bool(record.losses(recorded, figures(rows, after / rows))) == lost


def test_what_was_lost_is_named_with_both_figures() -> None:
    recorded = record.worth_keeping(figures(100, 0.9, 0.95))
    assert record.losses(recorded, figures(100, 0.8, 0.85)) == [
        "a: strict fell from 90.0% to 80.0%",
        "a: lenient fell from 95.0% to 85.0%",
    ]


def test_a_group_on_one_side_only_has_to_be_recorded_anew() -> None:
    recorded = record.worth_keeping(figures(100, 0.9))
    measured = figures(100, 0.9)
    measured["by_intent"]["b"] = measured["by_intent"].pop("a")
    assert [line.split(";")[0] for line in record.losses(recorded, measured)] == [
        "a: only recorded",
        "b: only measured",
    ]


def test_figures_are_read_as_they_were_written(tmp_path: Path) -> None:
    path = tmp_path / "recorded.json"
    with pytest.raises(EvaluationError, match="--record"):
        record.load(path)
    kept = record.worth_keeping(figures(100, 0.9))
    write_report(path, kept)
    assert record.load(path) == kept
    assert kept["by_intent"]["a"] == {"n": 100, "strict": 0.9, "lenient": 1.0}
