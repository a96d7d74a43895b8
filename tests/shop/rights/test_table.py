"""docs/rights.md is what the engine says today, and every rule is in it."""

from pathlib import Path

import pytest

from shop.rights.rules import explain, rules
from shop.rights.table import document, sections

DOCUMENT = Path(__file__).resolve().parents[3] / "docs" / "rights.md"


@pytest.fixture(scope="module")
def verdicts():
    return [verdict for _, rows in sections() for _, verdict in rows]


def test_the_page_is_what_the_engine_says_today():
    assert DOCUMENT.read_text(encoding="utf-8") == document(), (
        "print it again: python -m shop rights > docs/rights.md"
    )


def test_every_rule_is_reached_by_a_case_and_every_verdicts_rule_is_known(verdicts):
    deciding = {verdict.rule for verdict in verdicts}
    beside = {rule for verdict in verdicts for rule in verdict.rules} - deciding
    assert deciding | beside == set(rules())
    # These say what else follows; they decide nothing.
    assert beside == {"gift_comes_back", "freight_insured", "freight_back"}


def test_every_verdict_is_told_without_a_gap(verdicts):
    for verdict in verdicts:
        for language in ("zh", "en"):
            said = explain(verdict, language)
            assert "{" not in said and "None" not in said, verdict.rules
