"""Lexical search: BM25 (bm25s) over the words of whole articles, titles and questions included.

It finds what the encoder has no feeling for: a rare word, a name, a number. Chinese is cut into
jieba's words, English into word stems.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Mapping, Sequence

import numpy as np

from knowledge_base.article import Article
from knowledge_base.normaliser import normalise
from knowledge_base.words import cut, runs, stem

# A word in more articles than this brings no article of its own into sight; it still counts for
# those that other words or the encoder brought. So the time does not grow with the base.
MOST_ARTICLES_OF_A_WORD = 2_000

_WORDS, _ARRAYS = "words.json", ("starts.npy", "holders.npy", "weights.npy")


def words_of(text: str) -> list[str]:
    """The words that BM25 counts, in order."""
    words: list[str] = []
    for run, is_han in runs(normalise(text)):
        words += cut(run) if is_han else [stem(run)]
    return words


class LexicalIndex:
    """Scores from 0 to 1: how much of what a question's words could earn an article earns.

    ``weights`` (float32) and ``holders`` (int32) say what an article earns by having a word and
    which one; ``starts`` where in them each word begins, by its number in ``numbers``.
    """

    def __init__(
        self,
        numbers: Mapping[str, int],
        starts: np.ndarray,
        holders: np.ndarray,
        weights: np.ndarray,
    ) -> None:
        self._numbers = numbers
        self._starts = starts
        self._holders = holders
        self._weights = weights
        # The most that each word has earned an article.
        held = np.flatnonzero(np.diff(starts))
        self._most = np.zeros(max(len(starts) - 1, 0), dtype=np.float32)
        if len(held):
            self._most[held] = np.maximum.reduceat(weights, starts[held])

    @classmethod
    def build(cls, articles: Sequence[Article]) -> LexicalIndex:
        """Count the words of articles of one language."""
        # Only building needs it, and it takes a hundred megabytes.
        import bm25s

        documents = [_document(article) for article in articles]
        if not any(documents):
            nothing = np.zeros(0, dtype=np.int32)
            return cls({}, nothing, nothing, nothing.astype(np.float32))
        model = bm25s.BM25()
        model.index(documents, show_progress=False)
        stored = model.scores
        numbers = {word: number for word, number in model.vocab_dict.items() if word}
        counts = np.diff(stored["indptr"])
        # What most articles of a large base have tells none from another, and takes the longest.
        telling = counts <= max(MOST_ARTICLES_OF_A_WORD, len(articles) / 2)
        kept = np.repeat(telling, counts)
        starts = np.append(0, np.cumsum(counts * telling))
        return cls(numbers, starts, stored["indices"][kept], stored["data"][kept])

    def scores(self, text: str, places: np.ndarray, more: int) -> dict[int, float]:
        """Scores of the articles at ``places`` (numbers, ascending) and of the ``more`` best ones
        that rare words bring into sight.
        """
        words = list(dict.fromkeys(words_of(text)))
        if not words or not len(self._weights):
            return {}
        numbers = [self._numbers[word] for word in words if word in self._numbers]
        telling = [number for number in numbers if self._most[number]]
        if not telling and len(numbers) == len(words):
            return {}
        spans = [self._starts[number : number + 2].tolist() for number in telling]
        attainable = sum(self._most[telling].tolist())
        # What one occurrence of a word that no article has might have earned.
        attainable += (len(words) - len(numbers)) * float(self._most.max())
        rare = [self._holders[a:b] for a, b in spans if b - a <= MOST_ARTICLES_OF_A_WORD]
        found = np.unique(np.concatenate([places.astype(np.int32), *rare]))
        earned = np.zeros(len(found), dtype=np.float32)
        for start, end in spans:
            earned += self._earned(found, start, end)
        told = np.isin(found, places)
        told[np.argsort(-earned, kind="stable")[:more]] = True
        return dict(zip(found[told].tolist(), (earned[told] / attainable).tolist()))

    def save(self, folder: Path) -> None:
        """Write into a folder of its own."""
        folder.mkdir()
        words = json.dumps(dict(self._numbers), ensure_ascii=False)
        (folder / _WORDS).write_text(words, encoding="utf-8")
        for name, values in zip(_ARRAYS, (self._starts, self._holders, self._weights)):
            np.save(folder / name, values)

    @classmethod
    def load(cls, folder: Path) -> LexicalIndex:
        """Read what :meth:`save` wrote; raises OSError or ValueError."""
        numbers = json.loads((folder / _WORDS).read_text(encoding="utf-8"))
        return cls(numbers, *(np.load(folder / name) for name in _ARRAYS))

    def _earned(self, found: np.ndarray, start: int, end: int) -> np.ndarray:
        holders = self._holders[start:end]
        places = np.minimum(np.searchsorted(holders, found), len(holders) - 1)
        return np.where(holders[places] == found, self._weights[start:end][places], 0.0)


def _document(article: Article) -> list[str]:
    texts = (article.title, *article.questions, *article.paragraphs)
    return [word for text in texts for word in words_of(text)]
