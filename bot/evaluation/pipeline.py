"""`pipeline`: how well the pipeline itself learns a foreign set, with what it cannot know in it."""

import sys
import tempfile
import time
from collections import Counter
from pathlib import Path
from statistics import median
from typing import Any, Dict, Iterator, Optional, Sequence

from pydantic import StrictStr, constr

from bot.evaluation.errors import EvaluationError
from bot.evaluation.foreign_data import trained_on
from bot.evaluation.intents import percent
from bot.evaluation.rows import Row, read_rows
from bot.evaluation.scores import MOST_CONFUSED, OUT_OF_SCOPE, Outcome, share
from bot.evaluation.understanding import Understanding
from bot.nlu.decision import decided
from bot.table import table


class LabelledRow(Row):
    """A text and its label."""

    text: StrictStr
    intent: constr(strict=True, min_length=1)  # type: ignore[valid-type]


class Labels:
    """Foreign labels and the names that they have inside the pipeline.

    Those are numbers, so that no label means anything to it or to Rasa; but for the one of foreign
    matters, which it has to know.
    """

    def __init__(self, labels: Sequence[str], out_of_scope: str) -> None:
        known = sorted({*labels} - {out_of_scope})
        self.inside = {label: f"intent_{number}" for number, label in enumerate(known)}
        self.inside[out_of_scope] = OUT_OF_SCOPE
        self._outside = {name: label for label, name in self.inside.items()}

    def outside(self, name: str) -> str:
        """The label of a name inside the pipeline."""
        return self._outside[name]


def measure(train: Path, test: Path, out_of_scope: str) -> Dict[str, Any]:
    """Train on one file, classify the other; `out_of_scope` is the label of foreign matters.

    Raises:
        EvaluationError: a row that cannot be used, or fewer than two intents to learn.
    """
    examples = [row for row in read_rows(train, LabelledRow) if row.text.strip()]
    rows = read_rows(test, LabelledRow)
    labels = Labels([row.intent for row in examples], out_of_scope)
    if len({row.intent for row in examples} - {out_of_scope}) < 2:
        raise EvaluationError(f"{train}: there are not two intents to tell apart")
    _warn(train, labels, rows, out_of_scope)
    with tempfile.TemporaryDirectory() as folder:
        started = time.perf_counter()
        pairs = [(row.text, labels.inside[row.intent]) for row in examples]
        understanding = trained_on(pairs, Path(folder))
        seconds = time.perf_counter() - started
        outcomes = list(_outcomes(understanding, rows, labels))
    return {
        **report(outcomes, out_of_scope),
        "threshold": understanding.threshold,
        "train_s": round(seconds, 1),
        "train_n": len(examples),
    }


def report(outcomes: Sequence[Outcome], out_of_scope: str) -> Dict[str, Any]:
    """The figures; `outcomes` have foreign labels, of which one is that of foreign matters."""
    in_scope = [o for o in outcomes if o.intent != out_of_scope]
    return {
        "n": len(outcomes),
        "in_scope": _right(in_scope),
        "oos_recall": _right([o for o in outcomes if o.intent == out_of_scope]),
        "overall": _right(outcomes),
        "in_scope_rejected": share(o.predicted == out_of_scope for o in in_scope),
        "by_intent": {
            label: _of_one([o for o in outcomes if o.intent == label])
            for label in sorted({o.intent for o in outcomes})
        },
        "p50_ms": round(median(o.milliseconds for o in outcomes), 2),
        "rows": [
            {"id": o.id, "predicted": o.predicted, "confidence": round(o.confidence, 4)}
            for o in outcomes
        ],
    }


def _right(outcomes: Sequence[Outcome]) -> Optional[float]:
    return share(o.predicted == o.intent for o in outcomes)


def _of_one(outcomes: Sequence[Outcome]) -> Dict[str, Any]:
    wrong = Counter(o.predicted for o in outcomes if o.predicted != o.intent)
    taken_for = dict(wrong.most_common(MOST_CONFUSED))
    return {"n": len(outcomes), "right": _right(outcomes), "taken_for": taken_for}


def _outcomes(
    understanding: Understanding, rows: Sequence[LabelledRow], labels: Labels
) -> Iterator[Outcome]:
    understanding.parse(rows[0].text)
    for row in rows:
        started = time.perf_counter()
        name, confidence = decided(understanding.parse(row.text))
        spent = (time.perf_counter() - started) * 1000
        yield Outcome(row.id, "", row.intent, (), labels.outside(name), confidence, spent)


def _warn(train: Path, labels: Labels, rows: Sequence[LabelledRow], out_of_scope: str) -> None:
    """Say what makes figures worse or empty without being an error."""
    unlearnt = sorted({row.intent for row in rows} - {*labels.inside})
    if unlearnt:
        print(f"not in {train}, so never right: {', '.join(unlearnt)}", file=sys.stderr)
    if all(row.intent != out_of_scope for row in rows):
        print(f"no row to test is labelled {out_of_scope}", file=sys.stderr)


def printed(figures: Dict[str, Any]) -> str:
    """A table for the terminal."""
    rows = [
        [name.replace("_", " "), percent(figures[name])]
        for name in ("in_scope", "oos_recall", "overall", "in_scope_rejected")
    ]
    rows += [
        ["rows learnt from", figures["train_n"]],
        ["rows tested", figures["n"]],
        ["threshold", figures["threshold"]],
        ["training", f"{figures['train_s']} s"],
        ["a message, p50", f"{figures['p50_ms']} ms"],
    ]
    return table(["", "measured"], rows)
