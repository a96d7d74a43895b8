"""Search: by meaning and by words, added up for each article.

Every title, question and paragraph is a unit with a vector; :mod:`nearest` finds those that are
near. An article's score is that of its best unit and a share of what BM25 says about the whole
article (:mod:`lexical`). A unit's vector is drawn to the mean of its article, so that a
question in new words still finds the article that is about its subject. What a question misspells
is put right first (:mod:`spelling`).
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from enum import Enum
from pathlib import Path
from typing import TYPE_CHECKING, Callable, Iterator, Sequence

import numpy as np

from knowledge_base.article import Article
from knowledge_base.excerpt import chunks
from knowledge_base.lexical import LexicalIndex
from knowledge_base.nearest import NearestVectors
from knowledge_base.spelling import Spelling

if TYPE_CHECKING:
    from knowledge_base.encoder.loading import TextEncoder

Say = Callable[[str], None]

# How much the words count beside the meaning, and how far a unit is drawn to its article's mean;
# chosen by leaving questions out.
LEXICAL_WEIGHT = 0.4
_MEAN_SHARE = 0.6

# So many articles at least are looked at by both, the meaning and the words.
_LEAST_CANDIDATES = 10

# A longer paragraph says several things; each part is found by itself.
LONGEST_UNIT = 600

_VECTORS, _WORDS, _UNITS, _IDS = "vectors.faiss", "words", "units.npy", "ids.json"
_SPELLING = "spelling.json"
_AT_ONCE = 5_000
# A small base is there before anybody wonders.
_WORTH_SAYING = 20_000


class UnitKind(str, Enum):
    """What part of an article a unit is."""

    TITLE = "title"
    QUESTION = "question"
    PARAGRAPH = "paragraph"


KINDS = tuple(UnitKind)


@dataclass(frozen=True)
class Unit:
    """One searchable text: ``place`` is its number among the article's parts of that kind."""

    article: int
    kind: UnitKind
    place: int
    text: str


@dataclass(frozen=True)
class Hit:
    """An article that was found, by which of its parts, and how well (1 is the same text).

    ``number`` is the article's place in the index.
    """

    number: int
    article: Article
    kind: UnitKind
    place: int
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
    """The articles of one language, the vectors of their units and the words of them all.

    ``units`` is int32 [units, 3]: article, kind (its place in :class:`UnitKind`) and place of each,
    in the order of ``nearest``; ``ids`` are those of the articles.
    """

    def __init__(
        self,
        articles: Sequence[Article],
        ids: Sequence[str],
        units: np.ndarray,
        nearest: NearestVectors,
        lexical: LexicalIndex,
        spelling: Spelling,
    ) -> None:
        self.articles = articles
        self._numbers = {article_id: number for number, article_id in enumerate(ids)}
        self._units = units
        self._nearest = nearest
        self._lexical = lexical
        self._spelling = spelling
        # Where each article's units begin, and behind the last one their number.
        self._starts = np.searchsorted(units[:, 0], np.arange(len(articles) + 1))
        self._most_units = int(np.diff(self._starts).max(initial=0))

    @classmethod
    def build(
        cls, articles: Sequence[Article], encoder: TextEncoder, *, say: Say = lambda _: None
    ) -> LanguageIndex:
        """Encode the units of articles of one language; says how far it is with a large base."""
        units = units_of(articles)
        table = np.array(
            [(unit.article, KINDS.index(unit.kind), unit.place) for unit in units], dtype=np.int32
        ).reshape(-1, 3)
        tell = say if len(units) >= _WORTH_SAYING else lambda _: None
        vectors = _towards_mean(_encoded(units, encoder, tell), table[:, 0])
        nearest = NearestVectors.build(
            vectors, progress=lambda done: tell(f"    {done:,} of {len(units):,} texts taken in")
        )
        ids = [article.id for article in articles]
        spelling = Spelling.of(unit.text for unit in units)
        return cls(articles, ids, table, nearest, LexicalIndex.build(articles), spelling)

    def __len__(self) -> int:
        """Number of units."""
        return len(self._units)

    def number(self, article_id: str) -> int | None:
        """The place of the article of an id."""
        return self._numbers.get(article_id)

    def article(self, article_id: str) -> Article | None:
        """The article of an id."""
        number = self.number(article_id)
        return None if number is None else self.articles[number]

    def corrected(self, text: str) -> str:
        """A question, spelled as the articles are."""
        return self._spelling.corrected(text)

    def search(self, text: str, vector: np.ndarray, limit: int) -> list[Hit]:
        """The ``limit`` best articles for a question and its vector, best first."""
        wanted = max(limit, _LEAST_CANDIDATES) * self._most_units
        if not wanted:
            return []
        best: dict[int, tuple[float, int]] = {}
        scores, places = self._nearest.search(vector, min(wanted, len(self)))
        owners = self._units[places, 0].tolist()
        for owner, score, place in zip(owners, scores.tolist(), places.tolist()):
            best.setdefault(owner, (score, place))
        words = self._lexical.scores(text, np.array(sorted(best)), _LEAST_CANDIDATES)
        for article in words:
            if article not in best:
                best[article] = self._nearest_unit(article, vector)
        ranked = sorted(
            ((score + LEXICAL_WEIGHT * words.get(n, 0.0), n, u) for n, (score, u) in best.items()),
            key=lambda found: found[0],
            reverse=True,
        )
        return [self._hit(score, number, unit) for score, number, unit in ranked[:limit]]

    def _hit(self, score: float, number: int, unit: int) -> Hit:
        _, kind, place = self._units[unit].tolist()
        return Hit(number, self.articles[number], KINDS[kind], place, score)

    def _nearest_unit(self, article: int, vector: np.ndarray) -> tuple[float, int]:
        first, last = self._starts[article : article + 2].tolist()
        scores = self._nearest.products(first, last - first, vector)
        nearest = int(scores.argmax())
        return float(scores[nearest]), first + nearest

    def save(self, folder: Path) -> None:
        """Write all but the articles into a new folder; they are kept by the caller."""
        folder.mkdir()
        (folder / _IDS).write_text(json.dumps(list(self._numbers)), encoding="utf-8")
        np.save(folder / _UNITS, self._units)
        self._nearest.save(folder / _VECTORS)
        self._lexical.save(folder / _WORDS)
        self._spelling.save(folder / _SPELLING)

    @classmethod
    def load(cls, folder: Path, articles: Sequence[Article]) -> LanguageIndex:
        """Read what :meth:`save` wrote for these articles; raises ValueError if it did not."""
        ids = json.loads((folder / _IDS).read_text(encoding="utf-8"))
        if len(ids) != len(articles):
            raise ValueError(f"{len(articles)} articles, not {len(ids)}")
        return cls(
            articles,
            ids,
            np.load(folder / _UNITS),
            NearestVectors.load(folder / _VECTORS),
            LexicalIndex.load(folder / _WORDS),
            Spelling.load(folder / _SPELLING),
        )


def _encoded(units: Sequence[Unit], encoder: TextEncoder, say: Say) -> np.ndarray:
    parts = []
    for start in range(0, len(units), _AT_ONCE):
        parts.append(encoder.documents([unit.text for unit in units[start : start + _AT_ONCE]]))
        say(f"    {min(start + _AT_ONCE, len(units)):,} of {len(units):,} texts encoded")
    return np.concatenate(parts) if parts else encoder.documents([])


def _towards_mean(vectors: np.ndarray, owners: np.ndarray) -> np.ndarray:
    """Mix each vector with its article's mean, brought to length one."""
    if not len(vectors):
        return vectors
    starts = np.searchsorted(owners, np.unique(owners))
    sums = np.add.reduceat(vectors, starts, axis=0)
    lengths = np.maximum(np.linalg.norm(sums, axis=1, keepdims=True), 1e-6)
    means = np.repeat(sums / lengths, np.diff(np.append(starts, len(owners))), axis=0)
    mixed = (1 - _MEAN_SHARE) * vectors + _MEAN_SHARE * means
    return np.ascontiguousarray(mixed, dtype=np.float32)
