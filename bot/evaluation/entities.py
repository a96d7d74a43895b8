"""`entities`: what is found in messages, compared with what is there."""

from collections import Counter
from datetime import date
from pathlib import Path
from typing import Any, Dict, List, Optional, Sequence, Tuple

from pydantic import BaseModel, StrictStr, validator

from bot.evaluation.intents import percent
from bot.evaluation.rows import Row, read_rows
from bot.evaluation.scores import f1_score
from bot.evaluation.understanding import Understanding
from bot.table import table

# What the assistant tells itself about a message; counted only where a row names it.
_INTERNAL = frozenset({"language", "emotion"})

# Entities of a message as (entity, value), each as often as it is there.
Found = Counter[Tuple[str, str]]


class EntityIn(BaseModel):
    """An entity that should be found; a number counts as it is written."""

    entity: StrictStr
    value: str


class EntityRow(Row):
    """A message and its entities; `now` is the day from which "yesterday" counts."""

    text: StrictStr
    entities: List[EntityIn]
    now: Optional[StrictStr]

    @validator("now")
    def _is_a_day(cls, now: str) -> str:
        date.fromisoformat(now)
        return now


def measure(path: Path, understanding: Optional[Understanding] = None) -> Dict[str, Any]:
    """The report on what the trained model finds in a file's rows.

    Raises:
        EvaluationError: a row that cannot be used.
    """
    rows = read_rows(path, EntityRow)
    understanding = understanding or Understanding.trained()
    return report([(row, found(understanding, row)) for row in rows])


def found(understanding: Understanding, row: EntityRow) -> Found:
    """The entities that are found in a row's text."""
    named = {entity.entity for entity in row.entities}
    parsed = understanding.parse(row.text, now=row.now)
    return Counter(
        (entity["entity"], str(entity["value"]))
        for entity in parsed["entities"]
        if entity["entity"] in named or entity["entity"] not in _INTERNAL
    )


def report(pairs: Sequence[Tuple[EntityRow, Found]]) -> Dict[str, Any]:
    """Precision, recall and F1 of all entities together and of each kind, and what went wrong.

    `n` counts rows; of a kind, how often it is there. Two equal entities need to be found twice.
    """
    right: Found = Counter()
    missed: Found = Counter()
    spurious: Found = Counter()
    wrong = []
    for row, got in pairs:
        wanted = Counter((entity.entity, entity.value) for entity in row.entities)
        right += wanted & got
        missed += wanted - got
        spurious += got - wanted
        if wanted != got:
            more = {"missed": _listed(wanted - got), "spurious": _listed(got - wanted)}
            wrong.append({"id": row.id, **more})
    counts = [_by_kind(entities) for entities in (right, missed, spurious)]
    names = sorted({name for counted in counts for name in counted})
    return {
        **_figures(*(sum(counted.values()) for counted in counts)),
        "n": len(pairs),
        "by_entity": {name: _figures(*(counted[name] for counted in counts)) for name in names},
        "wrong": wrong,
    }


def _by_kind(entities: Found) -> "Counter[str]":
    return Counter(name for name, _ in entities.elements())


def _figures(right: int, missed: int, spurious: int) -> Dict[str, Any]:
    """Where nothing is and nothing was found, nothing went wrong: all are 1."""
    precision = right / (right + spurious) if right + spurious else float(not missed)
    recall = right / (right + missed) if right + missed else float(not spurious)
    return {
        "n": right + missed,
        "precision": round(precision, 4),
        "recall": round(recall, 4),
        "f1": round(f1_score(precision, recall), 4),
    }


def _listed(entities: Found) -> List[Dict[str, str]]:
    return [{"entity": kind, "value": value} for kind, value in sorted(entities.elements())]


def printed(figures: Dict[str, Any]) -> str:
    """A table for the terminal."""
    there = sum(row["n"] for row in figures["by_entity"].values())
    groups = {**figures["by_entity"], "all": {**figures, "n": there}}
    rows = [
        [name, row["n"], *(percent(row[key]) for key in ("precision", "recall", "f1"))]
        for name, row in groups.items()
    ]
    return table(["entity", "there", "precision", "recall", "F1"], rows)
