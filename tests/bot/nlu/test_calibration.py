"""Probabilities that mean what they say, and a line between known and unknown matters."""

from dataclasses import replace

import numpy as np
import pytest

from bot.nlu import calibration
from bot.nlu.calibration import FOREIGN, INSIDE, INTENT_FOLDS, UNLEARNED, Calibration, Evidence

INTENTS = 8
OUTSIDE = "out_of_scope"


def drawn(rows, seed=0, known=0.7):
    """Messages whose true intent scores high, and unknown ones for which nothing does."""
    random = np.random.default_rng(seed)
    scores = random.normal(-1.0, 0.3, (rows, INTENTS))
    inside = random.random(rows) < known
    truth = np.where(inside, random.integers(INTENTS, size=rows), -1)
    scores[np.arange(rows)[inside], truth[inside]] += random.normal(1.2, 0.5, inside.sum())
    evidence = Evidence(
        scores=scores,
        outside=np.where(inside, -1.0, random.normal(-0.5, 0.5, rows)),
        unknown=np.clip(random.normal(np.where(inside, 0.2, 0.5), 0.2), 0, 1),
        words=random.integers(1, 20, rows),
    )
    kinds = np.where(inside, INSIDE, random.choice([FOREIGN, UNLEARNED], rows))
    return evidence, scores.argmax(axis=1) == truth, kinds, truth


@pytest.fixture(scope="module")
def fitted():
    return calibration.fit(*drawn(4000), outside_share=0.3)


def test_an_unknown_message_is_more_likely_outside(fitted):
    evidence, _, kinds, _ = drawn(2000, seed=1)
    chances = fitted.outside(evidence)
    assert chances[kinds != INSIDE].mean() > 0.6 > 0.4 > chances[kinds == INSIDE].mean()


def test_the_threshold_is_where_most_are_decided_right(fitted):
    evidence, right, kinds, _ = drawn(4000, seed=2)
    chances = fitted.outside(evidence)

    def decided_right(threshold):
        rejected = chances > threshold
        return (
            0.7 * (right & ~rejected)[kinds == INSIDE].mean()
            + 0.3 * rejected[kinds == FOREIGN].mean()
        )

    best = max(decided_right(threshold) for threshold in np.linspace(0, 1, 101))
    assert decided_right(fitted.threshold) == pytest.approx(best, abs=0.02)


def test_the_rarer_other_matters_are_the_fewer_messages_are_rejected():
    evidence, right, kinds, truth = drawn(4000)
    rejected = []
    for share in (0.5, 0.3, 0.1):
        fitted = calibration.fit(evidence, right, kinds, truth, outside_share=share)
        rejected.append((fitted.outside(evidence) > fitted.threshold)[kinds == INSIDE].mean())
    assert rejected == sorted(rejected, reverse=True) and rejected[0] > rejected[-1]


def test_chances_of_intents_are_right_as_often_as_they_say(fitted):
    evidence, right, kinds, _ = drawn(8000, seed=3)
    best = fitted.intents(evidence).max(axis=1)[kinds == INSIDE]
    sure = best > 0.8
    assert right[kinds == INSIDE][sure].mean() == pytest.approx(best[sure].mean(), abs=0.04)
    unsure = best < 0.6
    assert right[kinds == INSIDE][unsure].mean() == pytest.approx(best[unsure].mean(), abs=0.08)


def test_the_chances_of_all_intents_add_up_to_one(fitted):
    evidence, *_ = drawn(50)
    np.testing.assert_allclose(fitted.intents(evidence).sum(axis=1), 1.0)


def test_without_a_class_for_other_matters_unknown_ones_are_told_apart_all_the_same():
    evidence, right, kinds, truth = drawn(4000)
    nothing = replace(evidence, outside=np.full(4000, -1.0))
    kinds = np.where(kinds == FOREIGN, UNLEARNED, kinds)
    fitted = calibration.fit(nothing, right, kinds, truth, outside_share=0.3)
    rejected = fitted.outside(nothing) > fitted.threshold
    assert rejected[kinds == INSIDE].mean() < 0.2
    assert rejected[kinds != INSIDE].mean() > 0.6


def test_without_calibration_nothing_is_rejected():
    evidence, *_ = drawn(50)
    assert (Calibration().outside(evidence) < 1e-6).all()


def test_what_is_stored_is_what_is_loaded(fitted):
    assert Calibration.load(fitted.as_dict()) == fitted


def labels(per_intent=10, intents=INTENTS, others=12):
    return [f"i{n}" for n in range(intents) for _ in range(per_intent)] + [OUTSIDE] * others


def test_every_example_is_left_out_alone_and_every_intent_as_a_whole():
    names = np.array(labels())
    alone, whole = np.zeros(len(names), int), set()
    for fold in calibration.folds(list(names), outside=OUTSIDE):
        assert not set(fold.learned) & set(fold.asked)
        gone = set(names[fold.asked]) - set(names[fold.learned])
        if gone:
            assert set(fold.asked) == set(np.flatnonzero(np.isin(names, list(gone))))
            whole |= gone
        else:
            alone[fold.asked] += 1
    assert (alone == 1).all()
    assert whole == set(names) - {OUTSIDE}


@pytest.mark.parametrize(
    ("names", "possible"),
    [
        (labels(), True),
        (labels(others=0), True),
        (labels() + ["rare"], True),
        (labels(per_intent=INTENT_FOLDS - 1), False),
        (labels(intents=INTENT_FOLDS - 1), False),
        ([], False),
    ],
)
def test_it_needs_intents_and_examples_to_leave_out(names, possible):
    assert calibration.is_possible(names, outside=OUTSIDE) is possible


def test_the_folds_are_the_same_every_time():
    first, second = (list(calibration.folds(labels(), outside=OUTSIDE)) for _ in range(2))
    assert all((a.learned == b.learned).all() for a, b in zip(first, second))
