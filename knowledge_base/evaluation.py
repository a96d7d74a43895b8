"""Measuring: how often the right article is found, and how often "no answer" is the answer.

Works on our own articles and question files, or on a foreign corpus and its queries; a foreign
corpus gets an index, an encoder and thresholds of its own, made from nothing else but it and
our examples of foreign matters.
"""

from __future__ import annotations

import hashlib
import tempfile
import time
from dataclasses import asdict, dataclass, replace
from datetime import date
from pathlib import Path
from statistics import median
from typing import Any, Callable, Iterator, Sequence

from pydantic import BaseModel

from knowledge_base.answerer import Answered, Answerer, Unsure
from knowledge_base.article import Article, split_paragraphs
from knowledge_base.build import build, ensure_built, open_answerer
from knowledge_base.errors import QuestionsError
from knowledge_base.examples import load_examples
from knowledge_base.gate import Say
from knowledge_base.language import base_language, detect_language
from knowledge_base.rows import read_rows
from knowledge_base.settings import Settings
from knowledge_base.sources import Sources
from knowledge_base.store import StoredIndex, folder_bytes

OWN_QUESTIONS = Path("tests/kb")

# Candidates looked at for the mean reciprocal rank.
DEPTH = 10


class _CorpusRow(BaseModel):
    id: str
    title: str = ""
    text: str
    lang: str = ""
    questions: list[str] = []


class _QueryRow(BaseModel):
    id: str
    text: str
    lang: str = ""
    kind: str = ""
    relevant: list[str]


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


def evaluate_own(
    settings: Settings, *, say: Say, folder: Path = OWN_QUESTIONS, plots: Path | None = None
) -> dict[str, Any]:
    """Ask our own index every question of ``folder``/*.jsonl; report as in :func:`report`.

    A row's kind is the first word of its id (``mix-7``) if it names none. ``plots`` is a folder to
    draw into. Raises QuestionsError when there is no question, or a row that cannot be used.
    """
    paths = sorted(folder.glob("*.jsonl"))
    queries = [
        replace(query, kind=query.kind or query.id.partition("-")[0])
        for path in paths
        for query in read_queries(path)
    ]
    if not queries:
        raise QuestionsError(folder, 1, "no questions in any *.jsonl here")
    ensure_built(settings, say=say)
    stored, answerer = open_answerer(settings.index_root)
    return _reported(ask_all(answerer, queries), stored, plots)


def evaluate_foreign(
    settings: Settings, corpus: Path, queries: Path, *, say: Say, plots: Path | None = None
) -> dict[str, Any]:
    """Build an index of a foreign corpus in a scratch folder and ask it the queries.

    Raises QuestionsError for a row that cannot be used.
    """
    articles = read_corpus(corpus)
    sources = Sources(
        articles=articles,
        examples=load_examples(settings.examples_dir),
        encoder=settings.encoder,
        digest=hashlib.sha256(corpus.read_bytes()).hexdigest()[:16],
    )
    asked = list(read_queries(queries, {article.language for article in articles}))
    with tempfile.TemporaryDirectory(prefix="knowledge-eval-") as scratch:
        build(sources, Path(scratch), say=say)
        stored, answerer = open_answerer(Path(scratch))
        return _reported(ask_all(answerer, asked), stored, plots)


def read_corpus(path: Path) -> list[Article]:
    """Read foreign articles; raises QuestionsError naming the line of a bad or repeated row."""
    articles: dict[tuple[str, str], Article] = {}
    for number, row in read_rows(path, _CorpusRow):
        language = base_language(row.lang) if row.lang else detect_language(row.title + row.text)
        paragraphs = split_paragraphs(row.text)
        if not paragraphs:
            raise QuestionsError(path, number, "text is empty")
        if (language, row.id) in articles:
            raise QuestionsError(path, number, f"id {row.id!r} is given twice")
        articles[language, row.id] = Article(
            id=row.id,
            title=row.title.strip(),
            topic="foreign",
            language=language,
            owner="foreign",
            updated=date.min,
            questions=tuple(question for question in row.questions if question.strip()),
            paragraphs=paragraphs,
        )
    return list(articles.values())


def read_queries(path: Path, languages: set[str] | None = None) -> Iterator[Query]:
    """Read queries; without ``lang`` the text tells, within the languages that there are.

    Raises QuestionsError for a row that cannot be used.
    """
    for _, row in read_rows(path, _QueryRow):
        language = base_language(row.lang) if row.lang else detect_language(row.text)
        if languages and language not in languages:
            language = min(languages)
        yield Query(row.id, row.text, language, frozenset(row.relevant), row.kind)


def ask_all(answerer: Answerer, queries: Sequence[Query]) -> list[Outcome]:
    """Ask one by one, as shoppers do, and time each."""
    if queries:
        answerer.answer(queries[0].text, queries[0].language)
    return [_ask(answerer, query) for query in queries]


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


def _reported(
    outcomes: Sequence[Outcome], stored: StoredIndex, plots: Path | None
) -> dict[str, Any]:
    figures = report(outcomes, stored)
    if plots is not None:
        from knowledge_base.plots import draw

        draw(outcomes, figures, stored.manifest.thresholds, plots)
    return figures


def _by(group: Callable[[Query], str], outcomes: Sequence[Outcome]) -> dict[str, Any]:
    """Figures of each group of questions; those without one are left out."""
    names = sorted({group(outcome.query) for outcome in outcomes} - {""})
    groups = {name: [o for o in outcomes if group(o.query) == name] for name in names}
    return {name: {"n": len(mine), **_quality(mine)} for name, mine in groups.items()}


def _ask(answerer: Answerer, query: Query) -> Outcome:
    started = time.perf_counter()
    answer = answerer.answer(query.text, query.language, candidates=DEPTH)
    spent = (time.perf_counter() - started) * 1000
    ids = [candidate.id for candidate in answer.candidates]
    rank = next((n for n, found in enumerate(ids, start=1) if found in query.relevant), 0)
    answered = answer.article_id if isinstance(answer, Answered) else None
    return Outcome(query, rank, answered, isinstance(answer, Unsure), answer.score, spent)


def _share(count: float, among: Sequence[Outcome]) -> float | None:
    return round(count / len(among), 4) if among else None
