"""What came of asking, question by question, and the figures of it all."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from statistics import median
from typing import Any, Callable, Sequence

from knowledge_base.store import StoredIndex, folder_bytes


@dataclass(frozen=True)
class Query:
    """A question and the articles that answer it; none means: it should not be answered."""

    id: str
    text: str
    language: str
    relevant: frozenset[str]
    # What sort of question, such as misspelt; by the row's own word. Figures are given for each.
    kind: str = ""


@dataclass(frozen=True)
class Outcome:
    """What came back: ``rank`` of the first relevant article (1 = first, 0 = not there)."""

    query: Query
    rank: int
    answered: str | None
    offered: bool
    score: float
    milliseconds: float


def report(outcomes: Sequence[Outcome], stored: StoredIndex) -> dict[str, Any]:
    """The figures of a run.

    ``recall@k``: share of answerable queries with a relevant article among the first k,
    answered or not; ``mrr@10`` likewise. ``no_answer_recall``: share of unanswerable queries
    that were not answered. ``answered_wrong``: share of all queries that got an answer they should
    not have; ``answered_right``: share of answerable ones that got theirs. ``offered``: share of
    all that were asked which article they mean; ``refused_right``: share of answerable ones that
    got neither an answer nor an offer; ``unanswerable_answered``: share of unanswerable ones that
    got an answer. The same for each language and kind of question.
    """
    times = sorted(o.milliseconds for o in outcomes) or [0.0]
    return {
        "n": len(outcomes),
        **_quality(outcomes),
        "p50_ms": round(median(times), 2),
        "p95_ms": round(times[min(len(times) - 1, int(0.95 * len(times)))], 2),
        "build_s": stored.manifest.build_s,
        "bytes": folder_bytes(stored.folder),
        "thresholds": {k: asdict(v) for k, v in stored.manifest.thresholds.items()},
        "rehearsal": stored.manifest.rehearsal,
        "by_language": _by(lambda query: query.language, outcomes),
        "by_kind": _by(lambda query: query.kind, outcomes),
    }


def _quality(outcomes: Sequence[Outcome]) -> dict[str, float | None]:
    answerable = [o for o in outcomes if o.query.relevant]
    unanswerable = [o for o in outcomes if not o.query.relevant]
    wrong = [o for o in outcomes if o.answered and o.answered not in o.query.relevant]
    right = [o for o in answerable if o.answered in o.query.relevant]
    return {
        "recall@1": _share(sum(o.rank == 1 for o in answerable), answerable),
        "recall@3": _share(sum(1 <= o.rank <= 3 for o in answerable), answerable),
        "mrr@10": _share(sum(1 / o.rank for o in answerable if o.rank), answerable),
        "no_answer_recall": _share(sum(o.answered is None for o in unanswerable), unanswerable),
        "answered_wrong": _share(len(wrong), outcomes),
        "answered_right": _share(len(right), answerable),
        "offered": _share(sum(o.offered for o in outcomes), outcomes),
        "refused_right": _share(
            sum(o.answered is None and not o.offered for o in answerable), answerable
        ),
        "unanswerable_answered": _share(
            sum(o.answered is not None for o in unanswerable), unanswerable
        ),
    }


def _by(group: Callable[[Query], str], outcomes: Sequence[Outcome]) -> dict[str, Any]:
    """Figures of each group of questions; those without one are left out."""
    names = sorted({group(outcome.query) for outcome in outcomes} - {""})
    groups = {name: [o for o in outcomes if group(o.query) == name] for name in names}
    return {name: {"n": len(mine), **_quality(mine)} for name, mine in groups.items()}


def _share(count: float, among: Sequence[Outcome]) -> float | None:
    return round(count / len(among), 4) if among else None
