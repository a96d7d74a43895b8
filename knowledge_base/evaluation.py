"""Measuring: how often the right article is found, and how often "no answer" is the answer.

Works on our own articles and question files, or on a foreign corpus and its queries; a foreign
corpus gets an index, an encoder and thresholds of its own, made from nothing else but it and
our examples of foreign matters.
"""

from __future__ import annotations

import hashlib
import tempfile
import time
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any, Iterator, Sequence

from pydantic import BaseModel

from knowledge_base.answerer import Answered, Answerer, Unsure
from knowledge_base.article import Article, split_paragraphs
from knowledge_base.build import build, ensure_built, open_answerer
from knowledge_base.errors import QuestionsError
from knowledge_base.examples import load_examples
from knowledge_base.gate import Say
from knowledge_base.language import base_language, detect_language
from knowledge_base.outcomes import Outcome, Query, report
from knowledge_base.rows import read_rows
from knowledge_base.settings import Settings
from knowledge_base.sources import Sources
from knowledge_base.store import StoredIndex

OWN_QUESTIONS = Path("tests/kb")

# Candidates looked at for the mean reciprocal rank.
DEPTH = 10


class _CorpusRow(BaseModel):
    id: str
    title: str = ""
    text: str = ""
    lang: str = ""
    questions: list[str] = []


class _QueryRow(BaseModel):
    id: str
    text: str
    lang: str = ""
    kind: str = ""
    relevant: list[str]


def evaluate_own(
    settings: Settings, *, say: Say, folder: Path = OWN_QUESTIONS, plots: Path | None = None
) -> dict[str, Any]:
    """Ask our own index every question of ``folder``/*.jsonl; as :func:`outcomes.report` tells.

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
    """Read foreign articles; raises QuestionsError naming the line of a bad or repeated row.

    An entry without a text is measured all the same: its title, or its first question, stands for
    it.
    """
    articles: dict[tuple[str, str], Article] = {}
    for number, row in read_rows(path, _CorpusRow):
        questions = tuple(question for question in row.questions if question.strip())
        written = [each for each in (row.text, row.title, *questions) if each.strip()]
        if not written:
            raise QuestionsError(path, number, "no text, title or question")
        language = base_language(row.lang) if row.lang else detect_language(" ".join(written))
        if (language, row.id) in articles:
            raise QuestionsError(path, number, f"id {row.id!r} is given twice")
        articles[language, row.id] = Article(
            id=row.id,
            title=row.title.strip(),
            topic="foreign",
            language=language,
            owner="foreign",
            updated=date.min,
            questions=questions,
            paragraphs=split_paragraphs(written[0]),
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


def _reported(
    outcomes: Sequence[Outcome], stored: StoredIndex, plots: Path | None
) -> dict[str, Any]:
    figures = report(outcomes, stored)
    if plots is not None:
        from knowledge_base.plots import draw

        draw(outcomes, figures, stored.manifest.thresholds, plots)
    return figures


def _ask(answerer: Answerer, query: Query) -> Outcome:
    started = time.perf_counter()
    answer = answerer.answer(query.text, query.language, candidates=DEPTH)
    spent = (time.perf_counter() - started) * 1000
    ids = [candidate.id for candidate in answer.candidates]
    rank = next((n for n, found in enumerate(ids, start=1) if found in query.relevant), 0)
    answered = answer.article_id if isinstance(answer, Answered) else None
    return Outcome(query, rank, answered, isinstance(answer, Unsure), answer.score, spent)
