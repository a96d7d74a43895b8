"""Measuring: how often the right article is found, and how often "no answer" is the answer.

Works on our own articles and question files, or on a foreign corpus and its queries; a foreign
corpus gets an index, an encoder and thresholds of its own, made from nothing else but it and
our examples of foreign matters.
"""

from __future__ import annotations

import hashlib
import json
import tempfile
import time
from dataclasses import asdict, dataclass
from datetime import date
from pathlib import Path
from statistics import median
from typing import Any, Iterator, Sequence

from pydantic import BaseModel, ValidationError

from knowledge_base.answerer import Answered, Answerer, Unsure
from knowledge_base.article import Article, split_paragraphs
from knowledge_base.build import Say, Sources, build, ensure_built, open_answerer
from knowledge_base.errors import QuestionsError
from knowledge_base.examples import load_examples
from knowledge_base.language import base_language, detect_language
from knowledge_base.settings import Settings
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
    relevant: list[str]


@dataclass(frozen=True)
class Query:
    """A question and the articles that answer it; none means: it should not be answered."""

    id: str
    text: str
    language: str
    relevant: frozenset[str]


@dataclass(frozen=True)
class Outcome:
    """What came back: ``rank`` of the first relevant article (1 = first, 0 = not there)."""

    query: Query
    rank: int
    answered: str | None
    offered: bool
    score: float
    milliseconds: float


def evaluate_own(settings: Settings, *, say: Say, folder: Path = OWN_QUESTIONS) -> dict[str, Any]:
    """Ask our own index every question of ``folder``/*.jsonl; report as in :func:`report`.

    Raises QuestionsError when there is no question, or a row that cannot be used.
    """
    paths = sorted(folder.glob("*.jsonl"))
    queries = [query for path in paths for query in read_queries(path)]
    if not queries:
        raise QuestionsError(folder, 1, "no questions in any *.jsonl here")
    ensure_built(settings, say=say)
    stored, answerer = open_answerer(settings.index_root)
    return report(ask_all(answerer, queries), stored)


def evaluate_foreign(
    settings: Settings, corpus: Path, queries: Path, *, say: Say
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
        return report(ask_all(answerer, asked), stored)


def read_corpus(path: Path) -> list[Article]:
    """Read foreign articles; raises QuestionsError naming the line of a bad or repeated row."""
    articles: dict[tuple[str, str], Article] = {}
    for number, row in _rows(path, _CorpusRow):
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
    for _, row in _rows(path, _QueryRow):
        language = base_language(row.lang) if row.lang else detect_language(row.text)
        if languages and language not in languages:
            language = min(languages)
        yield Query(row.id, row.text, language, frozenset(row.relevant))


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
    got an answer.
    """
    answerable = [o for o in outcomes if o.query.relevant]
    unanswerable = [o for o in outcomes if not o.query.relevant]
    times = sorted(o.milliseconds for o in outcomes) or [0.0]
    wrong = [o for o in outcomes if o.answered and o.answered not in o.query.relevant]
    right = [o for o in answerable if o.answered in o.query.relevant]
    return {
        "n": len(outcomes),
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
        "p50_ms": round(median(times), 2),
        "p95_ms": round(times[min(len(times) - 1, int(0.95 * len(times)))], 2),
        "build_s": stored.manifest.build_s,
        "bytes": folder_bytes(stored.folder),
        "thresholds": {k: asdict(v) for k, v in stored.manifest.thresholds.items()},
        "rehearsal": stored.manifest.rehearsal,
    }


def _ask(answerer: Answerer, query: Query) -> Outcome:
    started = time.perf_counter()
    answer = answerer.answer(query.text, query.language, candidates=DEPTH)
    spent = (time.perf_counter() - started) * 1000
    ids = [candidate.id for candidate in answer.candidates]
    rank = next((n for n, found in enumerate(ids, start=1) if found in query.relevant), 0)
    answered = answer.article_id if isinstance(answer, Answered) else None
    return Outcome(query, rank, answered, isinstance(answer, Unsure), answer.score, spent)


def _rows(path: Path, shape: type[Any]) -> Iterator[tuple[int, Any]]:
    for number, line in enumerate(path.read_text(encoding="utf-8-sig").splitlines(), start=1):
        if not line.strip():
            continue
        try:
            yield number, shape.parse_obj(json.loads(line))
        except json.JSONDecodeError as error:
            raise QuestionsError(path, number, f"not JSON: {error.msg}") from error
        except ValidationError as error:
            first = error.errors()[0]
            reason = f"{'.'.join(map(str, first['loc']))}: {first['msg']}"
            raise QuestionsError(path, number, reason) from error


def _share(count: float, among: Sequence[Outcome]) -> float | None:
    return round(count / len(among), 4) if among else None
