"""Decisions on labelled rows, by the command that everybody calls."""

import json
from pathlib import Path
from typing import Any, Callable, Dict, List

import pytest

from bot.evaluation import intents
from bot.evaluation.__main__ import main
from bot.evaluation.scores import report
from bot.evaluation.understanding import Understanding

ROWS: List[Dict[str, Any]] = [
    {"id": 1, "text": "转人工", "lang": "zh-Hans", "intent": "human_agent", "alt": []},
    {"id": 2, "text": "where is my parcel", "lang": "en", "intent": "track_order"},
    {"id": "x", "text": "👍", "intent": "out_of_scope"},
    {"id": "y", "text": "thanks", "lang": "en", "intent": "elsewhere", "alt": ["thanks"]},
]


def test_the_report_of_a_file(
    jsonl: Callable[..., Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "reports" / "intents.json"
    assert main(["intents", "--test", str(jsonl(ROWS)), "--out", str(out)]) == 0
    figures = json.loads(out.read_text(encoding="utf-8"))
    assert (figures["n"], figures["strict"], figures["lenient"]) == (4, 0.75, 1.0)
    assert [(row["id"], row["predicted"]) for row in figures["rows"]] == [
        (1, "human_agent"),
        (2, "track_order"),
        ("x", "out_of_scope"),
        ("y", "thanks"),
    ]
    assert set(figures["by_lang"]) == {"zh-Hans", "en", "und"}
    assert figures["oos"] == {"n": 1, "recall": 1.0, "precision": 1.0}
    assert 0 < figures["p50_ms"] < 100
    printed = capsys.readouterr().out
    assert "human_agent" in printed and "100.0 %" in printed


def test_an_unknown_label_ends_it_and_nothing_is_written(
    jsonl: Callable[..., Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = jsonl([*ROWS, {"text": "hello", "intent": "salutation"}])
    out = tmp_path / "intents.json"
    out.write_text("as it was")
    assert main(["intents", "--test", str(path), "--out", str(out)]) == 2
    told = capsys.readouterr().err
    assert f"{path}:5: not intents of this assistant: salutation" in told
    assert out.read_text() == "as it was"
    assert {entry.name for entry in tmp_path.iterdir()} == {"rows.jsonl", "intents.json"}


def test_a_thousand_messages_take_seconds(
    understanding: Understanding, jsonl: Callable[..., Path]
) -> None:
    path = jsonl(ROWS * 250)
    outcomes = intents.measured(path, understanding)
    assert len(outcomes) == 1000
    assert sum(outcome.milliseconds for outcome in outcomes) < 20_000


def test_a_figure_of_nothing_is_a_dash(
    understanding: Understanding, jsonl: Callable[..., Path]
) -> None:
    figures = report(intents.measured(jsonl(ROWS[:2]), understanding))
    assert figures["oos"]["recall"] is None
    lines = intents.printed(figures).splitlines()
    assert next(line for line in lines if "out of scope, recall" in line).endswith(" –")
