"""Search: by meaning and by words, added up for each article.

Every title, question and paragraph is a unit with a vector; FAISS finds the nearest. An article's
score is that of its best unit and a share of what BM25 says about the whole article
(:mod:`lexical`). A unit's vector is drawn halfway to the mean of its article, so that a question in
new words still finds the article that is about its subject.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from enum import Enum
from pathlib import Path
from typing import TYPE_CHECKING, Any, Iterator, Sequence

import numpy as np

from knowledge_base.article import Article
from knowledge_base.excerpt import chunks
from knowledge_base.lexical import LexicalIndex

if TYPE_CHECKING:
    from knowledge_base.encoder.loading import TextEncoder

# How much the words count beside the meaning; chosen by leaving questions out.
LEXICAL_WEIGHT = 0.3

# So many articles at least are looked at by both, the meaning and the words.
_LEAST_CANDIDATES = 10

# A longer paragraph says several things; each part is found by itself.
LONGEST_UNIT = 600


_VECTORS, _WORDS = "vectors.faiss", "words"


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
    """The articles of one language, the vectors of their units and the words of them all."""

    def __init__(
        self,
        articles: Sequence[Article],
        units: Sequence[Unit],
        flat: Any,
        lexical: LexicalIndex,
    ) -> None:
        self.articles = tuple(articles)
        self.units = tuple(units)
        self._flat = flat
        self._lexical = lexical
        owners = np.array([unit.article for unit in units], dtype=np.int64)
        self._owners = owners.tolist()
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
        return cls(articles, units, flat, LexicalIndex.build(articles))

    def search(self, text: str, vector: np.ndarray, limit: int) -> list[Hit]:
        """The ``limit`` best articles for a question and its vector, best first."""
        wanted = min(len(self.units), max(limit, _LEAST_CANDIDATES) * self._most_units)
        if not wanted:
            return []
        query = np.ascontiguousarray(vector.reshape(1, -1))
        scores, places = self._flat.search(query, wanted)
        best: dict[int, tuple[float, int]] = {}
        for score, place in zip(scores[0].tolist(), places[0].tolist()):
            best.setdefault(self._owners[place], (score, place))
        words = self._lexical.scores(text, np.array(sorted(best), dtype=np.int64))
        for article in sorted(words, key=words.__getitem__, reverse=True)[:_LEAST_CANDIDATES]:
            if article not in best:
                best[article] = self._nearest_unit(article, query[0])
        found = [
            Hit(
                self.articles[number],
                self.units[place],
                score + LEXICAL_WEIGHT * words.get(number, 0.0),
            )
            for number, (score, place) in best.items()
        ]
        return sorted(found, key=lambda hit: hit.score, reverse=True)[:limit]

    def article_scores(self, texts: Sequence[str], vectors: np.ndarray) -> np.ndarray:
        """Score of every article for every question, float32 [questions, articles]."""
        if not self.units:
            return np.zeros((len(vectors), 0), dtype=np.float32)
        stored = self._flat.reconstruct_n(0, self._flat.ntotal)
        scores = np.maximum.reduceat(vectors @ stored.T, self._starts, axis=1)
        every = np.arange(len(self.articles))
        for row, text in zip(scores, texts):
            words = self._lexical.scores(text, every)
            row += LEXICAL_WEIGHT * np.array([words.get(n, 0.0) for n in every.tolist()])
        return scores

    def _nearest_unit(self, article: int, vector: np.ndarray) -> tuple[float, int]:
        first = int(self._starts[article])
        last = (
            int(self._starts[article + 1]) if article + 1 < len(self._starts) else len(self.units)
        )
        scores = self._flat.reconstruct_n(first, last - first) @ vector
        nearest = int(scores.argmax())
        return float(scores[nearest]), first + nearest

    def save(self, folder: Path) -> None:
        """Write vectors and words into a new folder; articles and units are kept by the caller."""
        import faiss

        folder.mkdir()
        faiss.write_index(self._flat, str(folder / _VECTORS))
        self._lexical.save(folder / _WORDS)

    @classmethod
    def load(
        cls, folder: Path, articles: Sequence[Article], units: Sequence[Unit]
    ) -> LanguageIndex:
        """Read what :meth:`save` wrote for these articles and units."""
        import faiss

        flat = faiss.read_index(str(folder / _VECTORS))
        return cls(articles, units, flat, LexicalIndex.load(folder / _WORDS, len(articles)))


def _towards_mean(vectors: np.ndarray, owners: np.ndarray) -> np.ndarray:
    """Halve each vector and add half its article's mean, brought to length one."""
    starts = np.searchsorted(owners, np.unique(owners))
    sums = np.add.reduceat(vectors, starts, axis=0)
    lengths = np.maximum(np.linalg.norm(sums, axis=1, keepdims=True), 1e-6)
    means = np.repeat(sums / lengths, np.diff(np.append(starts, len(owners))), axis=0)
    return np.ascontiguousarray((vectors + means) / 2, dtype=np.float32)
