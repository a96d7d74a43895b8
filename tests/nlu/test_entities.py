"""What messages name, measured on rows that were written before the rules.

The rules were tuned on the first half (ids `a-…`) alone. Days are counted from REFERENCE_DAY.
"""

import json
from collections import Counter
from datetime import date
from pathlib import Path
from typing import Any, Dict, Iterator, List, NamedTuple, Tuple

import pytest
from rasa.shared.nlu.training_data.loading import load_data

from bot.nlu.entities.products import product_names
from bot.nlu.entity_rules import EntityExtractor
from bot.training import ROOT

ROWS = Path(__file__).with_name("entities.jsonl")
PRODUCTS = ROOT / "data" / "nlu" / "shared" / "products.yml"
# A Wednesday.
REFERENCE_DAY = date(2026, 11, 18)
ALL = "all"
FLOORS = {ALL: 0.95, "order_number": 0.99}

Named = Tuple[str, str]


class Score(NamedTuple):
    """Of the values found and wanted: how many are right, superfluous and missed."""

    right: int
    superfluous: int
    missed: int

    @property
    def precision(self) -> float:
        return self.right / ((self.right + self.superfluous) or 1)

    @property
    def recall(self) -> float:
        return self.right / ((self.right + self.missed) or 1)

    @property
    def f1(self) -> float:
        wrong = self.superfluous + self.missed
        return 2 * self.right / ((2 * self.right + wrong) or 1)


def rows() -> List[Dict[str, Any]]:
    return [json.loads(line) for line in ROWS.read_text(encoding="utf-8").splitlines()]


@pytest.fixture(scope="module")
def extractor() -> EntityExtractor:
    return EntityExtractor(product_names(load_data(str(PRODUCTS))))


def compared(
    extractor: EntityExtractor, listed: List[Dict[str, Any]]
) -> "Iterator[Tuple[Dict[str, Any], Counter[Named], Counter[Named]]]":
    """Each row with what is wanted and what was found."""
    for row in listed:
        found = extractor.extract(row["text"], REFERENCE_DAY)
        yield (
            row,
            Counter((entity["entity"], entity["value"]) for entity in row["entities"]),
            Counter((entity["entity"], entity["value"]) for entity in found),
        )


def scores(extractor: EntityExtractor, listed: List[Dict[str, Any]]) -> Dict[str, Score]:
    right: "Counter[str]" = Counter()
    superfluous: "Counter[str]" = Counter()
    missed: "Counter[str]" = Counter()
    for _, wanted, found in compared(extractor, listed):
        for counter, named in (
            (right, wanted & found),
            (superfluous, found - wanted),
            (missed, wanted - found),
        ):
            for (entity, _), times in named.items():
                counter.update({entity: times, ALL: times})
    return {
        entity: Score(right[entity], superfluous[entity], missed[entity])
        for entity in sorted({*right, *superfluous, *missed})
    }


def test_the_rows_are_well_formed_and_of_every_kind() -> None:
    listed = rows()
    languages = Counter(row["lang"] for row in listed)
    assert len({row["id"] for row in listed}) == len({row["text"] for row in listed}) == len(listed)
    assert len(listed) >= 300
    assert languages["zh-Hans"] + languages["zh-Hant"] >= 150 and languages["zh-Hant"] >= 25
    assert languages["en"] >= 120 and languages["mixed"] >= 30
    assert sum(not row["entities"] for row in listed) >= 40
    with_numbers = [
        row
        for row in listed
        if any(entity["entity"] == "order_number" for entity in row["entities"])
    ]
    assert len(with_numbers) >= 60


@pytest.mark.parametrize("half", ["a", "b"])
def test_what_messages_name_is_found(extractor: EntityExtractor, half: str) -> None:
    measured = scores(extractor, [row for row in rows() if row["id"].startswith(half)])
    print(f"\nhalf {half}            precision  recall      F1   rows")
    for entity, score in measured.items():
        print(
            f"{entity:<16} {score.precision:>10.3f} {score.recall:>7.3f} {score.f1:>7.3f}"
            f" {score.right + score.missed:>6}"
        )
    assert {
        entity: measured[entity].f1 for entity in FLOORS if measured[entity].f1 < FLOORS[entity]
    } == {}
