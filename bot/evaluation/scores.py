"""Figures of decisions about intents, as the report has them. Shares are between 0 and 1."""

from collections import Counter
from dataclasses import dataclass
from statistics import median
from typing import Any, Dict, Iterable, List, Optional, Sequence, Tuple

OUT_OF_SCOPE = "out_of_scope"
# Nothing is promised in answer to these: for a foreign matter as good as "I do not know".
HARMLESS = frozenset({OUT_OF_SCOPE, "chitchat", "bot_challenge"})
# Of the intents that one was taken for, what a reader takes in.
MOST_CONFUSED = 3
_BINS = 10
_COVERAGES = 20


@dataclass(frozen=True)
class Outcome:
    """A row and what was decided; `alternatives` are the other intents that would do."""

    id: Any
    language: str
    intent: str
    alternatives: Tuple[str, ...]
    predicted: str
    confidence: float
    milliseconds: float = 0.0

    @property
    def strict(self) -> bool:
        """Whether it is the row's intent."""
        return self.counted == self.intent

    @property
    def lenient(self) -> bool:
        """Whether it is the row's intent or one that would do as well."""
        foreign = OUT_OF_SCOPE in self.alternatives and self.predicted in HARMLESS
        return self.strict or foreign or self.predicted in self.alternatives

    @property
    def counted(self) -> str:
        """What was decided; whatever is harmless counts as right for a foreign matter."""
        is_right = self.intent == OUT_OF_SCOPE and self.predicted in HARMLESS
        return OUT_OF_SCOPE if is_right else self.predicted


def report(outcomes: Sequence[Outcome]) -> Dict[str, Any]:
    """All figures; `rows` has the intent that was decided, also where another counts as well."""
    by_intent = _by_intent(outcomes)
    return {
        "n": len(outcomes),
        **_accuracy(outcomes),
        "macro_f1": _rounded(sum(row["f1"] for row in by_intent.values()) / len(by_intent)),
        "by_lang": {
            language: {"n": len(found), **_accuracy(found)}
            for language, found in _grouped((o.language, o) for o in outcomes).items()
        },
        "by_intent": by_intent,
        "oos": _out_of_scope(outcomes),
        "in_scope_rejected": in_scope_rejected(outcomes),
        "ece": calibration_error(outcomes),
        "calibration": _calibration(outcomes),
        "coverage": _coverage(outcomes),
        "p50_ms": round(median(o.milliseconds for o in outcomes), 2),
        "rows": [
            {"id": o.id, "predicted": o.predicted, "confidence": _rounded(o.confidence)}
            for o in outcomes
        ],
    }


def in_scope_rejected(outcomes: Sequence[Outcome]) -> Optional[float]:
    """Share of messages that are the shop's matter and were taken for a foreign one."""
    return share(o.predicted == OUT_OF_SCOPE for o in outcomes if o.intent != OUT_OF_SCOPE)


def calibration_error(outcomes: Sequence[Outcome]) -> float:
    """Expected calibration error: how far confidence and accuracy lie apart, bin by bin.

    Ten bins of equal width, weighted by their rows; accuracy is the strict one.
    """
    apart = (row["n"] * abs(row["confidence"] - row["accuracy"]) for row in _calibration(outcomes))
    return _rounded(sum(apart) / len(outcomes))


def share(verdicts: Iterable[bool]) -> Optional[float]:
    """Share of those that are true; None of none at all."""
    counted = list(verdicts)
    return _rounded(sum(counted) / len(counted)) if counted else None


def f1_score(precision: float, recall: float) -> float:
    """The harmonic mean of both; 0 when both are."""
    return 2 * precision * recall / (precision + recall) if precision + recall else 0.0


def _accuracy(outcomes: Sequence[Outcome]) -> Dict[str, Optional[float]]:
    return {
        "strict": share(o.strict for o in outcomes),
        "lenient": share(o.lenient for o in outcomes),
    }


def _by_intent(outcomes: Sequence[Outcome]) -> Dict[str, Dict[str, Any]]:
    """Of each intent that the rows have; those that are only ever decided have no F1."""
    decided = Counter(o.counted for o in outcomes)
    rows = {}
    for intent, found in _grouped((o.intent, o) for o in outcomes).items():
        right = sum(o.strict for o in found)
        recall = right / len(found)
        precision = right / decided[intent] if decided[intent] else 0.0
        wrong = Counter(o.predicted for o in found if not o.strict)
        rows[intent] = {
            "n": len(found),
            **_accuracy(found),
            "precision": _rounded(precision),
            "f1": _rounded(f1_score(precision, recall)),
            "taken_for": dict(wrong.most_common(MOST_CONFUSED)),
        }
    return rows


def _out_of_scope(outcomes: Sequence[Outcome]) -> Dict[str, Any]:
    """A row that is the shop's matter is a false alarm only when it was decided as out of scope."""
    foreign = [o for o in outcomes if o.intent == OUT_OF_SCOPE]
    found = sum(o.strict for o in foreign)
    alarms = sum(o.predicted == OUT_OF_SCOPE for o in outcomes if o.intent != OUT_OF_SCOPE)
    return {
        "n": len(foreign),
        "recall": share(o.strict for o in foreign),
        "precision": _rounded(found / (found + alarms)) if found + alarms else None,
    }


def _calibration(outcomes: Sequence[Outcome]) -> List[Dict[str, Any]]:
    """The bins that have rows, from the least confident on."""
    bins = _grouped((min(int(o.confidence * _BINS), _BINS - 1), o) for o in outcomes)
    return [
        {
            "from": number / _BINS,
            "n": len(found),
            "confidence": _rounded(sum(o.confidence for o in found) / len(found)),
            "accuracy": _rounded(sum(o.strict for o in found) / len(found)),
        }
        for number, found in bins.items()
    ]


def _coverage(outcomes: Sequence[Outcome]) -> List[Dict[str, Any]]:
    """How right the most confident decisions are, for growing shares of all rows."""
    ordered = sorted(outcomes, key=lambda o: -o.confidence)
    counts = sorted({max(1, len(ordered) * n // _COVERAGES) for n in range(1, _COVERAGES + 1)})
    return [
        {
            "coverage": _rounded(count / len(ordered)),
            "confidence": _rounded(ordered[count - 1].confidence),
            "accuracy": _rounded(sum(o.strict for o in ordered[:count]) / count),
        }
        for count in counts
    ]


def _grouped(pairs: Iterable[Tuple[Any, Outcome]]) -> Dict[Any, List[Outcome]]:
    """In the order of their keys."""
    groups: Dict[Any, List[Outcome]] = {}
    for key, outcome in pairs:
        groups.setdefault(key, []).append(outcome)
    return dict(sorted(groups.items()))


def _rounded(figure: float) -> float:
    return round(figure, 4)
