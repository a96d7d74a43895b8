"""The figures, beside ones worked out by hand."""

from typing import Any

import pytest

from bot.evaluation.scores import Outcome, calibration_error, in_scope_rejected, report


def outcome(intent: str, predicted: str, confidence: float = 0.9, **more: Any) -> Outcome:
    values = {"id": "1", "language": "zh-Hans", "alternatives": (), **more}
    return Outcome(intent=intent, predicted=predicted, confidence=confidence, **values)


@pytest.mark.parametrize(
    ("intent", "alternatives", "predicted", "strict", "lenient"),
    [
        ("stock", (), "stock", True, True),
        ("stock", (), "invoice", False, False),
        ("stock", ("invoice",), "invoice", False, True),
        ("stock", (), "out_of_scope", False, False),
        ("out_of_scope", (), "out_of_scope", True, True),
        ("out_of_scope", (), "chitchat", True, True),
        ("out_of_scope", (), "bot_challenge", True, True),
        ("out_of_scope", (), "greet", False, False),
        ("stock", ("out_of_scope",), "chitchat", False, True),
        ("chitchat", (), "out_of_scope", False, False),
        ("chitchat", (), "bot_challenge", False, False),
    ],
)
def test_what_is_right(
    intent: str, alternatives: Any, predicted: str, strict: bool, lenient: bool
) -> None:
    found = outcome(intent, predicted, alternatives=alternatives)
    assert (found.strict, found.lenient) == (strict, lenient)


def test_shares_by_language_and_intent() -> None:
    figures = report(
        [
            outcome("stock", "stock"),
            outcome("stock", "invoice", alternatives=("invoice",)),
            outcome("stock", "invoice", language="en"),
            outcome("invoice", "invoice", language="en"),
        ]
    )
    assert (figures["n"], figures["strict"], figures["lenient"]) == (4, 0.5, 0.75)
    assert figures["by_lang"] == {
        "en": {"n": 2, "strict": 0.5, "lenient": 0.5},
        "zh-Hans": {"n": 2, "strict": 0.5, "lenient": 1.0},
    }
    assert figures["by_intent"]["stock"] == {
        "n": 3,
        "strict": 0.3333,
        "lenient": 0.6667,
        "precision": 1.0,
        "f1": 0.5,
        "taken_for": {"invoice": 2},
    }
    # precision 1/3, recall 1
    assert figures["by_intent"]["invoice"]["f1"] == 0.5
    assert figures["macro_f1"] == 0.5
    assert figures["rows"][0] == {"id": "1", "predicted": "stock", "confidence": 0.9}


def test_foreign_matters_found_missed_and_seen_where_there_are_none() -> None:
    outcomes = [
        outcome("out_of_scope", "out_of_scope"),
        outcome("out_of_scope", "chitchat"),
        outcome("out_of_scope", "stock"),
        outcome("stock", "out_of_scope"),
        outcome("stock", "stock"),
        # Small talk that is taken for small talk is no false alarm.
        outcome("chitchat", "chitchat"),
        outcome("chitchat", "chitchat"),
        outcome("chitchat", "chitchat"),
    ]
    assert report(outcomes)["oos"] == {"n": 3, "recall": 0.6667, "precision": 0.6667}
    assert in_scope_rejected(outcomes) == 0.2


def test_rows_without_foreign_matters_have_no_figures_about_them() -> None:
    assert report([outcome("stock", "stock")])["oos"] == {
        "n": 0,
        "recall": None,
        "precision": None,
    }
    assert in_scope_rejected([outcome("out_of_scope", "stock")]) is None


def test_the_calibration_error_weighs_the_bins_by_their_rows() -> None:
    outcomes = [
        outcome("stock", "stock", 0.95),
        outcome("stock", "stock", 0.95),
        outcome("stock", "invoice", 0.95),  # 0.95 said, 2/3 right
        outcome("stock", "invoice", 0.2),  # 0.2 said, none right
    ]
    assert calibration_error(outcomes) == pytest.approx((3 * (0.95 - 2 / 3) + 0.2) / 4, abs=1e-4)
    # One bin for both would let them make up for each other.
    apart = [outcome("stock", "stock", 0.95), outcome("stock", "invoice", 0.85)]
    assert calibration_error(apart) == pytest.approx((0.05 + 0.85) / 2)
    assert calibration_error([outcome("stock", "stock", 1.0)]) == 0.0


def test_the_most_confident_come_first() -> None:
    points = report(
        [
            outcome("stock", "invoice", 0.3),
            outcome("stock", "stock", 0.9),
            outcome("stock", "invoice", 0.8),
            outcome("stock", "stock", 0.7),
        ]
    )["coverage"]
    assert points == [
        {"coverage": 0.25, "confidence": 0.9, "accuracy": 1.0},
        {"coverage": 0.5, "confidence": 0.8, "accuracy": 0.5},
        {"coverage": 0.75, "confidence": 0.7, "accuracy": 0.6667},
        {"coverage": 1.0, "confidence": 0.3, "accuracy": 0.5},
    ]
