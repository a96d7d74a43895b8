"""From a question to an article's words, or to the plain fact that there is no answer."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Callable, Collection, Mapping, Sequence, Union

from knowledge_base.article import Article
from knowledge_base.excerpt import excerpt
from knowledge_base.index import Hit, LanguageIndex, UnitKind
from knowledge_base.thresholds import Thresholds

if TYPE_CHECKING:
    import numpy as np

    from knowledge_base.encoder.loading import TextEncoder

# What is read comfortably in a chat bubble.
ANSWER_LIMITS = {"zh": 280, "en": 500}

# A topic is a hint from the dialogue. It decides between near equals; it shuts nothing out.
TOPIC_BONUS = 0.05
_SPARE = 5

# Most of what is near in the other language has an article in this one.
_LOOKED_AT_ELSEWHERE = 30


@dataclass(frozen=True)
class Candidate:
    """An article that came near, whether or not it was near enough."""

    id: str
    title: str
    score: float
    language: str


@dataclass(frozen=True)
class Answered:
    """An article answers; ``text`` is its own wording, never composed."""

    article_id: str
    title: str
    text: str
    updated: date
    language: str
    score: float
    candidates: tuple[Candidate, ...]


@dataclass(frozen=True)
class Unsure:
    """Several articles may be meant; the shopper is asked which one, ``candidates`` are named."""

    score: float
    candidates: tuple[Candidate, ...]


@dataclass(frozen=True)
class NotAnswered:
    """No article is near enough; ``score`` is how near the best one came."""

    score: float
    candidates: tuple[Candidate, ...]


Answer = Union[Answered, Unsure, NotAnswered]


class Answerer:
    """Answers questions from the indexes of one build, each language with its own thresholds.

    What the shop has written in the other language alone answers too, from the thresholds
    ``crossing`` on, which are those of the language that is asked in.
    """

    def __init__(
        self,
        encoder: TextEncoder,
        indexes: Mapping[str, LanguageIndex],
        thresholds: Mapping[str, Thresholds],
        *,
        crossing: Mapping[str, Thresholds] | None = None,
        today: Callable[[], date] = date.today,
    ) -> None:
        self._encoder = encoder
        self._indexes = indexes
        self._thresholds = thresholds
        self._crossing = crossing or {}
        self._today = today

    @property
    def is_quick(self) -> bool:
        """Whether an answer takes less time than handing the question to a thread would."""
        return self._encoder.is_quick

    def answer(
        self, text: str, language: str, *, topics: Collection[str] = (), candidates: int = 3
    ) -> Answer:
        """Answer a question in a language (``zh``, ``en``) from that language's articles.

        What only the other language has an article for is answered from that one; its
        ``language`` says so. ``topics`` prefers articles of those topics; ``candidates`` is how
        many to name.
        """
        if language not in self._indexes or not text.strip():
            return NotAnswered(0.0, ())
        text = self._indexes[language].corrected(text)
        vector = self._encoder.questions([text])[0]
        # A few more than asked for, so that the topic can lift one into sight.
        near = self._search(text, vector, language, candidates + _SPARE)
        here = _judged(_ranked(near, topics)[:candidates], self._thresholds[language])
        if not isinstance(here, NotAnswered) or language not in self._crossing:
            return here
        hits = _ranked(self._only_elsewhere(text, vector, language), topics)[:candidates]
        there = _judged(hits, self._crossing[language])
        return here if isinstance(there, NotAnswered) else there

    def _search(self, text: str, vector: np.ndarray, language: str, limit: int) -> list[Hit]:
        today = self._today()
        hits = self._indexes[language].search(text, vector, limit)
        return [hit for hit in hits if hit.article.is_valid(today)]

    def _only_elsewhere(self, text: str, vector: np.ndarray, language: str) -> list[Hit]:
        """What is near in other languages and has no article in this one.

        Had it one, that would have been found.
        """
        return [
            hit
            for other in self._indexes
            if other != language
            for hit in self._search(text, vector, other, _LOOKED_AT_ELSEWHERE)
            if self.article(hit.article.id, language) is None
        ]

    def article(self, article_id: str, language: str) -> Answered | None:
        """The beginning of an article that was chosen by its name; None when there is none."""
        index = self._indexes.get(language)
        article = index.article(article_id) if index else None
        if article is None or not article.is_valid(self._today()):
            return None
        return _answered(article, paragraph=0, score=1.0, named=())


def _judged(hits: Sequence[Hit], limits: Thresholds) -> Answer:
    if not hits:
        return NotAnswered(0.0, ())
    named = tuple(
        Candidate(hit.article.id, hit.article.title, round(hit.score, 4), hit.article.language)
        for hit in hits
    )
    score = hits[0].score
    if score >= limits.answer:
        return _answered(hits[0].article, _paragraph(hits[0]), score, named)
    if score >= limits.offer:
        return Unsure(score, named)
    return NotAnswered(max(hit.score for hit in hits), named)


def _ranked(hits: Sequence[Hit], topics: Collection[str]) -> list[Hit]:
    return sorted(
        hits,
        key=lambda hit: hit.score + TOPIC_BONUS * (hit.article.topic in topics),
        reverse=True,
    )


def _paragraph(hit: Hit) -> int:
    # An article begins with its answer; another paragraph answers only if it was found itself.
    return hit.place if hit.kind is UnitKind.PARAGRAPH else 0


def _answered(
    article: Article, paragraph: int, score: float, named: tuple[Candidate, ...]
) -> Answered:
    return Answered(
        article_id=article.id,
        title=article.title,
        text=excerpt(article.paragraphs[paragraph], ANSWER_LIMITS[article.language]),
        updated=article.updated,
        language=article.language,
        score=score,
        candidates=named,
    )
