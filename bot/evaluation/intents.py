"""`intents`: what the trained model decides on labelled messages."""

import time
from pathlib import Path
from typing import Any, Dict, FrozenSet, List, Optional, Sequence

from pydantic import StrictStr, constr

from bot.evaluation.errors import RowError
from bot.evaluation.rows import Row, read_rows
from bot.evaluation.scores import Outcome
from bot.evaluation.understanding import Understanding
from bot.nlu.decision import decided
from bot.table import table


class IntentRow(Row):
    """A message and its intent; `alt` names others that would do, `lang` only groups rows."""

    text: StrictStr
    intent: constr(strict=True, min_length=1)  # type: ignore[valid-type]
    alt: List[StrictStr] = []
    # BCP 47's word for a language that nobody named.
    lang: StrictStr = "und"


def measured(path: Path, understanding: Optional[Understanding] = None) -> List[Outcome]:
    """What the trained model decides on a file's rows.

    Raises:
        EvaluationError: a row that cannot be used, or has an unknown label.
    """
    # Before a model is loaded, or even trained.
    rows = read_rows(path, IntentRow)
    understanding = understanding or Understanding.trained()
    check_labels(path, rows, understanding.intents)
    return outcomes(understanding, rows)


def check_labels(path: Path, rows: Sequence[IntentRow], intents: FrozenSet[str]) -> None:
    """A label that the model does not have can only ever be wrong, so it is a mistake.

    Except where the row names others, all of them known, that would do as well.

    Raises:
        RowError: names all such labels, and the line of the first.
    """
    unknown = [row for row in rows if row.intent not in intents and not _saved(row, intents)]
    if unknown:
        names = ", ".join(sorted({row.intent for row in unknown}))
        raise RowError(path, unknown[0].line, f"not intents of this assistant: {names}")


def outcomes(understanding: Understanding, rows: Sequence[IntentRow]) -> List[Outcome]:
    """What is decided on each row, each timed by itself."""
    # The first message pays for what is loaded or compiled at first use.
    understanding.parse(rows[0].text)
    return [_outcome(understanding, row) for row in rows]


def _outcome(understanding: Understanding, row: IntentRow) -> Outcome:
    started = time.perf_counter()
    predicted, confidence = decided(understanding.parse(row.text))
    spent = (time.perf_counter() - started) * 1000
    return Outcome(row.id, row.lang, row.intent, tuple(row.alt), predicted, confidence, spent)


def _saved(row: IntentRow, intents: FrozenSet[str]) -> bool:
    return bool(row.alt) and intents.issuperset(row.alt)


def printed(figures: Dict[str, Any]) -> str:
    """Tables for the terminal."""
    groups = {"all": figures, **figures["by_lang"]}
    languages = [
        [name, row["n"], percent(row["strict"]), percent(row["lenient"])]
        for name, row in groups.items()
    ]
    worst = sorted(figures["by_intent"].items(), key=lambda item: float(item[1]["f1"]))
    intents = [
        [
            name,
            row["n"],
            *(percent(row[key]) for key in ("strict", "lenient", "precision", "f1")),
            ", ".join(f"{other} {count}" for other, count in row["taken_for"].items()),
        ]
        for name, row in worst
    ]
    others = [
        ["macro F1", percent(figures["macro_f1"])],
        ["out of scope, recall", percent(figures["oos"]["recall"])],
        ["out of scope, precision", percent(figures["oos"]["precision"])],
        ["in scope, rejected", percent(figures["in_scope_rejected"])],
        ["expected calibration error", percent(figures["ece"])],
        ["a message, p50", f"{figures['p50_ms']} ms"],
    ]
    return "\n\n".join(
        [
            table(["intent", "rows", "strict", "lenient", "precision", "F1", "taken for"], intents),
            table(["language", "rows", "strict", "lenient"], languages),
            table(["", "measured"], others),
        ]
    )


def percent(figure: "float | None") -> str:
    """A share for reading; one of nothing is a dash."""
    return "–" if figure is None else f"{100 * figure:.1f} %"
