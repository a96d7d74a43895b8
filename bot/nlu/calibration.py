"""What scores are worth: how likely a message belongs to no intent, and how likely an intent is.

Fitted on examples that were left out of training. Whole intents are left out as well, each once:
their examples stand for all that nobody has thought of, so that even an assistant without examples
of other matters learns what an unknown matter looks like.
"""

from collections import Counter
from dataclasses import dataclass, replace
from typing import Any, Dict, Iterator, Sequence, Tuple

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import minimize_scalar
from sklearn.linear_model import LogisticRegression
from sklearn.model_selection import StratifiedKFold

Array = NDArray[Any]

# Many, so that what is learned without a part of the examples is nearly what is learned from all.
FOLDS = 10
INTENT_FOLDS = 5
# What a left-out example is: of an intent that was learned, of the class for other matters, or of
# an intent that was left out as a whole.
INSIDE, FOREIGN, UNLEARNED = 0, 1, 2


@dataclass(frozen=True)
class Evidence:
    """What is known of n messages: their scores (n × intents) and what they are made of.

    `outside` is the score of the class for other matters; without one it is the same everywhere.
    """

    scores: Array
    outside: Array
    unknown: Array
    words: Array

    @classmethod
    def together(cls, found: Sequence["Evidence"]) -> "Evidence":
        """Evidence of several messages as one."""
        return cls(
            np.concatenate([each.scores for each in found]),
            np.concatenate([each.outside for each in found]),
            np.concatenate([each.unknown for each in found]),
            np.concatenate([each.words for each in found]),
        )

    def features(self) -> Array:
        """N × 5: best score, its lead, other matters, unknown words, length."""
        ordered = np.sort(self.scores, axis=1)
        best = ordered[:, -1]
        lead = best - ordered[:, -2] if ordered.shape[1] > 1 else np.zeros(len(best))
        return np.stack([best, lead, self.outside, self.unknown, np.log1p(self.words)], axis=1)


@dataclass(frozen=True)
class Calibration:
    """Turns evidence into probabilities.

    `weights` and `intercept` belong to the probability of being outside, `temperature` to the
    intents, given that the message is inside; above `threshold` a message is outside.
    """

    weights: Tuple[float, ...] = (0.0,) * 5
    intercept: float = -20.0
    temperature: float = 1.0
    threshold: float = 1.0

    def outside(self, evidence: Evidence) -> Array:
        """Probability (n) that a message belongs to no intent."""
        logit = evidence.features() @ np.asarray(self.weights) + self.intercept
        return np.asarray(1.0 / (1.0 + np.exp(-np.clip(logit, -30, 30))))

    def intents(self, evidence: Evidence) -> Array:
        """Probability (n × intents) of each intent, given that it is one of them."""
        return _softmax(evidence.scores / self.temperature)

    def as_dict(self) -> Dict[str, Any]:
        """Its stored form."""
        return {**self.__dict__, "weights": list(self.weights)}

    @classmethod
    def load(cls, stored: Dict[str, Any]) -> "Calibration":
        """The opposite of `as_dict`."""
        return cls(**{**stored, "weights": tuple(stored["weights"])})


@dataclass(frozen=True)
class Fold:
    """Rows to learn from, and rows to ask about: left out alone or with their whole intent."""

    learned: Array
    asked: Array


def is_possible(labels: Sequence[str], *, outside: str) -> bool:
    """Whether there are intents enough, with examples enough, to leave some out."""
    counted = Counter(label for label in labels if label != outside)
    return sum(count >= INTENT_FOLDS for count in counted.values()) >= INTENT_FOLDS


def folds(labels: Sequence[str], *, outside: str) -> Iterator[Fold]:
    """Leaves out each example once, and once more together with its whole intent."""
    names = np.asarray(labels, dtype=object)
    folds = min(FOLDS, max(Counter(labels).values()))
    for learned, asked in StratifiedKFold(folds, shuffle=True, random_state=0).split(names, names):
        yield Fold(learned, asked)
    intents = sorted({label for label in labels if label != outside})
    np.random.default_rng(0).shuffle(intents)
    part = {intent: place % INTENT_FOLDS for place, intent in enumerate(intents)}
    parts = np.array([part.get(label, -1) for label in labels])
    for place in range(INTENT_FOLDS):
        yield Fold(np.flatnonzero(parts != place), np.flatnonzero(parts == place))


def fit(
    evidence: Evidence,
    right: Array,
    kinds: Array,
    truth: Array,
    *,
    outside_share: float,
) -> Calibration:
    """Fit on left-out examples.

    Args:
        evidence: of the n left-out examples.
        right: whether the best intent is the example's (n).
        kinds: INSIDE, or why an example is outside: FOREIGN or UNLEARNED (n).
        truth: the column of the example's intent, any number where it was not learned (n).
        outside_share: how much of what people write belongs to no intent; without examples of
            other matters nobody knows, and half is supposed.
    """
    if not (kinds == FOREIGN).any():
        outside_share = 0.5
    features = evidence.features()
    # What is the same everywhere tells nothing; its spread would be a division by zero.
    spread = np.where(features.std(axis=0) > 1e-6, features.std(axis=0), 1.0)
    inside = kinds == INSIDE
    weights_of = _weights(kinds, outside_share)
    model = LogisticRegression().fit(features / spread, ~inside, sample_weight=weights_of)
    temperature = _temperature(evidence.scores[inside], truth[inside])
    weights = tuple(float(weight) for weight in model.coef_[0] / spread)
    fitted = Calibration(weights, float(model.intercept_[0]), temperature)
    threshold = _threshold(fitted.outside(evidence), right, kinds, outside_share)
    return replace(fitted, threshold=threshold)


def _weights(kinds: Array, outside_share: float) -> Array:
    """What each example counts: all that is outside its share, either reason half of it."""
    shares = {INSIDE: 1.0 - outside_share}
    reasons = [kind for kind in (FOREIGN, UNLEARNED) if (kinds == kind).any()]
    shares.update({kind: outside_share / len(reasons) for kind in reasons})
    each = {kind: len(kinds) * share / (kinds == kind).sum() for kind, share in shares.items()}
    return np.array([each[kind] for kind in kinds])


def _threshold(chances: Array, right: Array, kinds: Array, outside_share: float) -> float:
    """Where most messages are decided right: served with their intent, or told to be outside."""
    candidates = np.unique(np.quantile(chances, np.linspace(0, 1, 401)))
    inside = kinds == INSIDE
    # Left-out intents are the shop's own matters, nearer than most of what nobody has thought of:
    # they only stand in where there are no examples of other matters.
    others = kinds == FOREIGN if (kinds == FOREIGN).any() else kinds == UNLEARNED
    best = (-1.0, 1.0)
    for candidate in candidates:
        rejected = chances > candidate
        served = (1 - outside_share) * (right & ~rejected)[inside].mean()
        told_apart = outside_share * rejected[others].mean()
        best = max(best, (float(served + told_apart), float(candidate)))
    return best[1]


def _temperature(scores: Array, truth: Array) -> float:
    def loss(log_temperature: float) -> float:
        chances = _softmax(scores / np.exp(log_temperature))
        return float(-np.log(chances[np.arange(len(truth)), truth] + 1e-12).mean())

    return float(np.exp(minimize_scalar(loss, bounds=(-5, 3), method="bounded").x))


def _softmax(scores: Array) -> Array:
    raised = np.exp(scores - scores.max(axis=1, keepdims=True))
    return np.asarray(raised / raised.sum(axis=1, keepdims=True))
