"""Lexical search: BM25 (bm25s) over the words of whole articles, titles and questions included.

It finds what the encoder has no feeling for: a rare word, a name, a number. Chinese is cut into
jieba's words, English into word stems.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Sequence

import bm25s
import numpy as np

from knowledge_base.article import Article
from knowledge_base.language import HAN
from knowledge_base.normaliser import normalise
from knowledge_base.words import cut, stem

# A word in more articles than this brings no article of its own into sight; it still counts for
# those that other words or the encoder brought. So the time does not grow with the base.
MOST_ARTICLES_OF_A_WORD = 4_000

_RUNS = re.compile(f"([{HAN}]+)|((?:(?![{HAN}])[^\\W_])+)")


def words_of(text: str) -> list[str]:
    """The words that BM25 counts, in order."""
    words: list[str] = []
    for han, other in _RUNS.findall(normalise(text)):
        words += cut(han) if han else [stem(other)]
    return words


class LexicalIndex:
    """Scores from 0 to 1: how much of what a question's words could earn an article earns."""

    def __init__(self, model: bm25s.BM25, articles: int) -> None:
        self._articles = articles
        self._numbers: dict[str, int] = model.vocab_dict if articles else {}
        self._model = model
        if articles:
            stored = model.scores
            self._data, self._indices = stored["data"], stored["indices"]
            self._starts = stored["indptr"]
            # What one occurrence of a word that no article has might have earned.
            self._dearest = float(self._data.max(initial=0.0))

    @classmethod
    def build(cls, articles: Sequence[Article]) -> LexicalIndex:
        """Count the words of articles of one language."""
        documents = [_document(article) for article in articles]
        model = bm25s.BM25()
        if any(documents):
            model.index(documents, show_progress=False)
            return cls(model, len(articles))
        return cls(model, 0)

    def scores(self, text: str, places: np.ndarray) -> dict[int, float]:
        """Scores of the articles at ``places`` (numbers, ascending) and of those that its own
        search brings into sight.
        """
        words = list(dict.fromkeys(words_of(text)))
        if not words or not self._articles:
            return {}
        spans = [self._span(word) for word in words]
        attainable = sum(self._most(start, end) for start, end in spans)
        rare = [self._indices[a:b] for a, b in spans if 0 < b - a <= MOST_ARTICLES_OF_A_WORD]
        found = np.unique(np.concatenate([places.astype(np.int64), *rare]))
        earned = np.zeros(len(found), dtype=np.float32)
        for start, end in spans:
            earned += self._earned(found, start, end)
        return dict(zip(found.tolist(), (earned / attainable).tolist()))

    def save(self, folder: Path) -> None:
        """Write into a folder of its own."""
        folder.mkdir()
        if self._articles:
            self._model.save(str(folder), show_progress=False)

    @classmethod
    def load(cls, folder: Path, articles: int) -> LexicalIndex:
        """Read what :meth:`save` wrote for so many articles; raises OSError or ValueError."""
        if not any(folder.iterdir()):
            return cls(bm25s.BM25(), 0)
        return cls(bm25s.BM25.load(str(folder), show_progress=False), articles)

    def _span(self, word: str) -> tuple[int, int]:
        number = self._numbers.get(word)
        return (
            (0, 0) if number is None else (int(self._starts[number]), int(self._starts[number + 1]))
        )

    def _most(self, start: int, end: int) -> float:
        return float(self._data[start:end].max()) if end > start else self._dearest

    def _earned(self, found: np.ndarray, start: int, end: int) -> np.ndarray:
        holders = self._indices[start:end]
        if not len(holders):
            return np.zeros(len(found), dtype=np.float32)
        places = np.minimum(np.searchsorted(holders, found), len(holders) - 1)
        return np.where(holders[places] == found, self._data[start:end][places], 0.0)


def _document(article: Article) -> list[str]:
    texts = (article.title, *article.questions, *article.paragraphs)
    return [word for text in texts for word in words_of(text)]
