"""`quality`: all of our own measurements at once; `make eval`."""

import json
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any, Dict, List

from bot.evaluation import entities, intents, plots
from bot.evaluation.errors import EvaluationError
from bot.evaluation.scores import report
from bot.evaluation.understanding import Understanding
from bot.table import Bar, bars_table, table
from bot.training import ROOT

HELD_OUT = ROOT / "tests" / "nlu" / "held_out.jsonl"
ENTITIES = ROOT / "tests" / "nlu" / "entities.jsonl"


def measure(page: Path) -> Dict[str, Any]:
    """Measure, and draw the page of plots.

    Raises:
        EvaluationError: rows that cannot be used, or the knowledge base cannot be measured.
    """
    understanding = Understanding.trained()
    outcomes = intents.measured(HELD_OUT, understanding)
    figures: Dict[str, Any] = {"intents": report(outcomes)}
    plots.understanding(outcomes, figures["intents"], page)
    if ENTITIES.exists():
        figures["entities"] = entities.measure(ENTITIES, understanding)
    figures["knowledge"] = _knowledge()
    figures["bars"] = [bar.view() for bar in bars(figures)]
    return figures


def _knowledge() -> Dict[str, Any]:
    """The knowledge base measures itself, in a process without TensorFlow."""
    with tempfile.TemporaryDirectory() as folder:
        out = Path(folder) / "knowledge.json"
        command = [sys.executable, "-m", "knowledge_base", "eval", "--out", str(out)]
        if subprocess.run(command, cwd=ROOT, stdout=subprocess.DEVNULL).returncode:
            raise EvaluationError("the knowledge base could not be measured")
        return dict(json.loads(out.read_text(encoding="utf-8")))


def bars(figures: Dict[str, Any]) -> List[Bar]:
    """What was promised, in percent. A figure that the rows say nothing about has no bar."""
    decisions = figures["intents"]
    promised = [
        *_of_language(decisions, "zh-Hans", "Chinese", strict=80),
        *_of_language(decisions, "en", "English", strict=78),
        ("out of scope, recall", decisions["oos"]["recall"], 80, None),
        ("in scope, rejected", decisions["in_scope_rejected"], None, 8),
        ("expected calibration error", decisions["ece"], None, 5),
    ]
    if "entities" in figures:
        found = figures["entities"]
        promised.append(("entities, F1", found["f1"], 95, None))
        numbers = found["by_entity"].get("order_number")
        promised.append(("order numbers, F1", numbers and numbers["f1"], 99, None))
    return [
        Bar(name, round(100 * figure, 2), least=least, most=most, unit=" %")
        for name, figure, least, most in promised
        if figure is not None
    ]


def _of_language(
    decisions: Dict[str, Any], language: str, name: str, *, strict: int
) -> "list[tuple[str, Any, Any, Any]]":
    row = decisions["by_lang"].get(language, {})
    return [
        (f"{name}, strict", row.get("strict"), strict, None),
        (f"{name}, lenient", row.get("lenient"), 85, None),
    ]


def printed(figures: Dict[str, Any]) -> str:
    """The tables for the terminal."""
    known = figures["knowledge"]
    shown = ("recall@1", "recall@3", "mrr@10", "no_answer_recall", "answered_wrong")
    knowledge = [[name, known[name]] for name in (*shown, "p50_ms", "p95_ms")]
    tables = [intents.printed(figures["intents"])]
    if "entities" in figures:
        tables.append(entities.printed(figures["entities"]))
    tables.append(table(["knowledge base", "measured"], knowledge))
    tables.append(bars_table(bars(figures)))
    return "\n\n".join(tables)
