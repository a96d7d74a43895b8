"""Gaps: what shoppers asked in vain, alike questions together, the commonest first.

A question was asked in vain when nothing answered it, when several articles were offered and none
was taken, when the shopper voted the answer down, or when an agent said what would have been right.
"""

from __future__ import annotations

import hashlib
from collections import Counter
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING, Iterable, Mapping, Sequence

import numpy as np

from knowledge_base.answerer import Answer, Answered, Answerer, Candidate, Unsure
from knowledge_base.errors import GapsError
from knowledge_base.journal import (
    ADDRESS_MARK,
    ANSWERED,
    DISMISSED,
    NUMBER_MARK,
    OFFERED,
    UNANSWERED,
    AskedQuestion,
    Journal,
)
from knowledge_base.language import LANGUAGES
from knowledge_base.likeness import vectors
from knowledge_base.settings import Settings

if TYPE_CHECKING:
    from knowledge_base.encoder.loading import TextEncoder

VOTED_DOWN, CORRECTED = "voted_down", "corrected"
KINDS = (UNANSWERED, OFFERED, VOTED_DOWN, CORRECTED)

# How near a question must be to the middle of those it is counted with. Chosen on questions about
# matters without an article (pairs put together rightly: nine in ten) and on examples of the
# dialogue (below it, different matters of one topic flow together).
_ALIKE = 0.3


@dataclass(frozen=True)
class Gap:
    """Alike questions that were asked in vain; ``question`` is the one in their middle.

    ``asked_by`` counts conversations, ``kinds`` questions (one may count twice). ``nearest`` is
    what the index in use finds now, and ``now`` what it would do about it.
    """

    id: str
    language: str
    question: str
    examples: tuple[str, ...]
    asked_by: int
    kinds: Mapping[str, int]
    last_asked: datetime
    nearest: Candidate | None
    now: str
    right_articles: Mapping[str, int]
    right_texts: tuple[str, ...]
    rows: tuple[int, ...]

    @property
    def questions(self) -> tuple[str, ...]:
        """All of them as an article lists its questions, without marks; the middle one first."""
        found = (_without_marks(text) for text in (self.question, *self.examples))
        return tuple(dict.fromkeys(text for text in found if text))


def kinds_of(question: AskedQuestion) -> list[str]:
    """In which ways a question was asked in vain; in none, if it was answered well."""
    found = [question.outcome] if question.outcome in (UNANSWERED, OFFERED) else []
    if question.vote == "down":
        found.append(VOTED_DOWN)
    if question.is_corrected:
        found.append(CORRECTED)
    return found


def open_gaps(
    settings: Settings, journal: Journal, *, today: date, days: int = 30, language: str = ""
) -> list[Gap]:
    """The gaps of the last days, by the index in use; raises IndexMissing or EncoderError."""
    asked = journal.since(date.min)
    since = today - timedelta(days=days)
    # What was dismissed counts as long as it is kept: the like of it is not shown again.
    asked = [q for q in asked if q.settled == DISMISSED or q.asked_at.date() >= since]
    if not any(kinds_of(question) for question in asked):
        return []
    from knowledge_base.build import open_answerer
    from knowledge_base.encoder.loading import load_encoder

    stored, answerer = open_answerer(settings.index_root)
    encoder = load_encoder(stored.encoder_name)
    usual = {
        name: [question for article in index.articles for question in article.questions]
        for name, index in stored.indexes.items()
    }
    wanted = [q for q in asked if language in ("", q.language)]
    return find_gaps(wanted, encoder, answerer, usual)


def find_gaps(
    asked: Sequence[AskedQuestion],
    encoder: TextEncoder,
    answerer: Answerer,
    usual: Mapping[str, Sequence[str]],
) -> list[Gap]:
    """Gaps by how many conversations asked, then by when last; ``usual`` as in ``likeness``."""
    gaps = []
    for language in LANGUAGES:
        mine = [q for q in asked if q.language == language and _is_open(q)]
        for cluster in _clusters(mine, encoder, usual.get(language, ())):
            # The first of them says what it is, also when others join it.
            if cluster.questions[0].settled != DISMISSED:
                gaps.append(_gap(cluster, answerer))
    return sorted(gaps, key=lambda gap: (gap.asked_by, gap.last_asked), reverse=True)


def gap_of(gaps: Iterable[Gap], gap_id: str) -> Gap:
    """The gap of an id; raises GapsError."""
    for gap in gaps:
        if gap.id == gap_id:
            return gap
    raise GapsError(f"there is no gap {gap_id!r}; python -m knowledge_base gaps lists them")


@dataclass
class _Cluster:
    questions: list[AskedQuestion]
    vectors: list[np.ndarray]
    total: np.ndarray

    def middle(self) -> AskedQuestion:
        likeness = [float(self.total @ vector) for vector in self.vectors]
        return self.questions[int(np.argmax(likeness))]


def _clusters(
    asked: Sequence[AskedQuestion], encoder: TextEncoder, usual: Sequence[str]
) -> list[_Cluster]:
    """Each question, oldest first, goes to the nearest cluster, or begins one if none is near.

    So a cluster keeps its first question, and its id with it, whatever is asked later.
    """
    if not asked:
        return []
    texts = list(dict.fromkeys(question.text for question in asked))
    place = dict(zip(texts, vectors(texts, usual, encoder)))
    clusters: list[_Cluster] = []
    middles = np.zeros((len(texts), len(place[texts[0]])), dtype=np.float32)
    home: dict[str, int] = {}
    for question in asked:
        vector = place[question.text]
        number = home.get(question.text, -1)
        if number < 0:
            likeness = middles[: len(clusters)] @ vector
            near = bool(clusters) and likeness.max() >= _ALIKE
            number = int(likeness.argmax()) if near else len(clusters)
            home[question.text] = number
        if number == len(clusters):
            clusters.append(_Cluster([], [], np.zeros_like(vector)))
        cluster = clusters[number]
        cluster.questions.append(question)
        cluster.vectors.append(vector)
        cluster.total = cluster.total + vector
        middles[number] = cluster.total / np.linalg.norm(cluster.total)
    return clusters


def _gap(cluster: _Cluster, answerer: Answerer) -> Gap:
    questions = cluster.questions
    middle = cluster.middle()
    examples = Counter(q.text for q in questions if q.text != middle.text)
    answer = answerer.answer(middle.text, middle.language, candidates=1)
    return Gap(
        id=_id(questions[0]),
        language=middle.language,
        question=middle.text,
        examples=tuple(text for text, _ in examples.most_common()),
        asked_by=len({q.conversation for q in questions}),
        kinds=dict(Counter(kind for q in questions for kind in kinds_of(q))),
        last_asked=max(q.asked_at for q in questions),
        nearest=answer.candidates[0] if answer.candidates else None,
        now=_outcome(answer),
        right_articles=dict(Counter(q.corrected_article for q in questions if q.corrected_article)),
        right_texts=tuple(dict.fromkeys(q.correction_text for q in questions if q.correction_text)),
        rows=tuple(q.id for q in questions),
    )


def _is_open(question: AskedQuestion) -> bool:
    is_said = any(character.isalnum() for character in question.text)
    return is_said and question.settled in (None, DISMISSED) and bool(kinds_of(question))


def _outcome(answer: Answer) -> str:
    if isinstance(answer, Answered):
        return ANSWERED
    return OFFERED if isinstance(answer, Unsure) else UNANSWERED


def _id(question: AskedQuestion) -> str:
    said = f"{question.language} {question.text}"
    return hashlib.sha256(said.encode("utf-8")).hexdigest()[:6]


def _without_marks(text: str) -> str:
    kept = text.replace(NUMBER_MARK, " ").replace(ADDRESS_MARK, " ")
    return " ".join(kept.split())
