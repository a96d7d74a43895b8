"""Understanding, measured on messages that the model has never seen."""

import json
from pathlib import Path
from typing import Any, Dict, List

import pytest

from bot.evaluation import intents, record, scores
from bot.evaluation.__main__ import RECORDED
from bot.evaluation.rows import read_rows

pytestmark = pytest.mark.timeout(300)

HELD_OUT = Path(__file__).with_name("held_out.jsonl")


# Share that the same messages may lose in another writing.
MOST_LOST = 0.04


@pytest.fixture(scope="module")
def outcomes() -> List[scores.Outcome]:
    """What is decided on the held-out rows."""
    return intents.measured(HELD_OUT)


@pytest.fixture(scope="module")
def measured(outcomes: List[scores.Outcome]) -> Dict[str, Any]:
    """The report on them."""
    return scores.report(outcomes)


def test_the_rows_are_well_formed() -> None:
    rows = read_rows(HELD_OUT, intents.IntentRow)
    assert len({row.id for row in rows}) == len(rows)
    assert all(row.text.strip() and row.intent not in row.alt for row in rows)
    assert all({"id", "text", "lang", "intent", "alt"} <= row.__fields_set__ for row in rows)


def test_no_language_and_no_intent_lost_against_the_recorded_figures(
    measured: Dict[str, Any],
) -> None:
    """Better figures are recorded by `python -m bot.evaluation intents --test … --record`."""
    print("\n" + intents.printed(measured))
    assert record.losses(record.load(RECORDED), measured) == []


def test_the_recorded_figures_are_of_all_the_rows_that_there_are(measured: Dict[str, Any]) -> None:
    recorded = json.loads(RECORDED.read_text(encoding="utf-8"))
    for group in ("by_lang", "by_intent"):
        counted = {name: row["n"] for name, row in recorded[group].items()}
        assert counted == {name: row["n"] for name, row in measured[group].items()}


@pytest.mark.parametrize("kind", ["traditional", "mixed", "typo"])
def test_another_writing_of_a_message_is_understood_nearly_as_well(
    outcomes: List[scores.Outcome], kind: str
) -> None:
    rows = [json.loads(line) for line in HELD_OUT.read_text(encoding="utf-8").splitlines()]
    right = {outcome.id: outcome.strict for outcome in outcomes}
    pairs = [
        (right[row["of"]], right[row["id"]])
        for row in rows
        if row.get("kind") == kind and "of" in row
    ]
    plain, other = (sum(column) / len(pairs) for column in zip(*pairs))
    print(f"\n{kind}: {len(pairs)} messages, plain {plain:.1%}, in the other writing {other:.1%}")
    assert len(pairs) > 70
    assert other >= plain - MOST_LOST
