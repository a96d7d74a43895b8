"""Search: every title, question and paragraph is a unit with a vector; FAISS finds the nearest.

An article's score is that of its best unit. A unit's vector is drawn halfway to the mean of
its article, so that a question in new words still finds the article that is about its subject.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from enum import Enum
from pathlib import Path
from typing import TYPE_CHECKING, Any, Iterator, Sequence

import numpy as np

from knowledge_base.article import Article
from knowledge_base.excerpt import chunks

if TYPE_CHECKING:
    from knowledge_base.encoder.loading import TextEncoder

# A longer paragraph says several things; each part is found by itself.
LONGEST_UNIT = 600


class UnitKind(str, Enum):
    """What part of an article a unit is."""

    TITLE = "title"
    QUESTION = "question"
    PARAGRAPH = "paragraph"


@dataclass(frozen=True)
class Unit:
    """One searchable text: ``place`` is its number among the article's parts of that kind."""

    article: int
    kind: UnitKind
    place: int
    text: str

    def as_row(self) -> dict[str, Any]:
        """The unit as JSON can hold it."""
        return asdict(self)

    @classmethod
    def from_row(cls, row: dict[str, Any]) -> Unit:
        """The unit that :meth:`as_row` described."""
        return cls(row["article"], UnitKind(row["kind"]), row["place"], row["text"])


@dataclass(frozen=True)
class Hit:
    """An article that was found, by which of its units, and how well (1 is the same text)."""

    article: Article
    unit: Unit
    score: float


def units_of(articles: Sequence[Article]) -> list[Unit]:
    """The units of articles in order; ``Unit.article`` is the place in ``articles``."""
    return [unit for number, article in enumerate(articles) for unit in _units(number, article)]


def _units(number: int, article: Article) -> Iterator[Unit]:
    if article.title:
        yield Unit(number, UnitKind.TITLE, 0, article.title)
    for place, question in enumerate(article.questions):
        yield Unit(number, UnitKind.QUESTION, place, question)
    for place, paragraph in enumerate(article.paragraphs):
        for part in chunks(paragraph, LONGEST_UNIT):
            yield Unit(number, UnitKind.PARAGRAPH, place, part)


class LanguageIndex:
    """The articles of one language and the vectors of their units."""

    def __init__(self, articles: Sequence[Article], units: Sequence[Unit], flat: Any) -> None:
        self.articles = tuple(articles)
        self.units = tuple(units)
        self._flat = flat
        owners = np.array([unit.article for unit in units], dtype=np.int64)
        self._starts = np.searchsorted(owners, np.arange(len(articles)))
        self._most_units = int(np.bincount(owners).max()) if len(units) else 0

    @classmethod
    def build(cls, articles: Sequence[Article], encoder: TextEncoder) -> LanguageIndex:
        """Encode the units of articles of one language."""
        import faiss

        units = units_of(articles)
        vectors = encoder.documents([unit.text for unit in units])
        owners = np.array([unit.article for unit in units], dtype=np.int64)
        flat = faiss.IndexFlatIP(vectors.shape[1] or 1)
        if len(units):
            flat.add(_towards_mean(vectors, owners))
        return cls(articles, units, flat)

    def search(self, vector: np.ndarray, limit: int) -> list[Hit]:
        """The ``limit`` best articles for a question's vector, best first."""
        wanted = min(len(self.units), limit * self._most_units)
        if not wanted:
            return []
        scores, places = self._flat.search(vector.reshape(1, -1), wanted)
        best: dict[int, Hit] = {}
        for score, place in zip(scores[0].tolist(), places[0].tolist()):
            unit = self.units[place]
            if unit.article not in best:
                best[unit.article] = Hit(self.articles[unit.article], unit, score)
        return list(best.values())[:limit]

    def article_scores(self, vectors: np.ndarray) -> np.ndarray:
        """Score of every article for every question vector, float32 [questions, articles]."""
        if not self.units:
            return np.zeros((len(vectors), 0), dtype=np.float32)
        stored = self._flat.reconstruct_n(0, self._flat.ntotal)
        return np.maximum.reduceat(vectors @ stored.T, self._starts, axis=1)

    def save(self, path: Path) -> None:
        """Write the vectors to a file; articles and units are kept by the caller."""
        import faiss

        faiss.write_index(self._flat, str(path))

    @classmethod
    def load(cls, path: Path, articles: Sequence[Article], units: Sequence[Unit]) -> LanguageIndex:
        """Read vectors that :meth:`save` wrote for these articles and units."""
        import faiss

        return cls(articles, units, faiss.read_index(str(path)))


def _towards_mean(vectors: np.ndarray, owners: np.ndarray) -> np.ndarray:
    """Halve each vector and add half its article's mean, brought to length one."""
    starts = np.searchsorted(owners, np.unique(owners))
    sums = np.add.reduceat(vectors, starts, axis=0)
    lengths = np.maximum(np.linalg.norm(sums, axis=1, keepdims=True), 1e-6)
    means = np.repeat(sums / lengths, np.diff(np.append(starts, len(owners))), axis=0)
    return np.ascontiguousarray((vectors + means) / 2, dtype=np.float32)
