"""From a question to an article's words, or to the plain fact that there is no answer."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Mapping, Sequence, Union

from knowledge_base.excerpt import excerpt
from knowledge_base.index import Hit, LanguageIndex, UnitKind

if TYPE_CHECKING:
    from knowledge_base.encoder.loading import TextEncoder

# What is read comfortably in a chat bubble.
ANSWER_LIMITS = {"zh": 280, "en": 500}

# A topic is a hint from the dialogue. It decides between near equals; it shuts nothing out.
TOPIC_BONUS = 0.05


@dataclass(frozen=True)
class Candidate:
    """An article that came near, whether or not it was near enough."""

    id: str
    title: str
    score: float


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
class NotAnswered:
    """No article is near enough; ``score`` is how near the best one came."""

    score: float
    candidates: tuple[Candidate, ...]


Answer = Union[Answered, NotAnswered]


class Answerer:
    """Answers questions from the indexes of one build, each language with its own threshold."""

    def __init__(
        self,
        encoder: TextEncoder,
        indexes: Mapping[str, LanguageIndex],
        thresholds: Mapping[str, float],
    ) -> None:
        self._encoder = encoder
        self._indexes = indexes
        self._thresholds = thresholds

    @property
    def is_quick(self) -> bool:
        """Whether an answer takes less time than handing the question to a thread would."""
        return self._encoder.is_quick

    def answer(
        self, text: str, language: str, *, topic: str | None = None, candidates: int = 3
    ) -> Answer:
        """Answer a question in a language (``zh``, ``en``) from that language's articles.

        ``topic`` prefers articles of that topic; ``candidates`` is how many to name.
        """
        index = self._indexes.get(language)
        if index is None or not index.units or not text.strip():
            return NotAnswered(0.0, ())
        vector = self._encoder.questions([text])
        # A few more than asked for, so that the topic can lift one into sight.
        hits = _ranked(index.search(vector, candidates + 3), topic)[:candidates]
        named = tuple(Candidate(h.article.id, h.article.title, round(h.score, 4)) for h in hits)
        if hits[0].score < self._thresholds[language]:
            return NotAnswered(max(hit.score for hit in hits), named)
        return _answered(hits[0], named)


def _ranked(hits: Sequence[Hit], topic: str | None) -> list[Hit]:
    return sorted(
        hits, key=lambda hit: hit.score + TOPIC_BONUS * (hit.article.topic == topic), reverse=True
    )


def _answered(hit: Hit, named: tuple[Candidate, ...]) -> Answered:
    article = hit.article
    place = hit.unit.place if hit.unit.kind is UnitKind.PARAGRAPH else 0
    return Answered(
        article_id=article.id,
        title=article.title,
        text=excerpt(article.paragraphs[place], ANSWER_LIMITS[article.language]),
        updated=article.updated,
        language=article.language,
        score=hit.score,
        candidates=named,
    )
