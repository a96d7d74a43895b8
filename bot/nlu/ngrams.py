"""Messages as n-grams: words, pairs of near words, parts of words, weighted by how rare they are.

Counted by scikit-learn for training. A single message is added up directly from the rows of the few
hundred n-grams that it has: sparse matrices would take most of the time of understanding it.
"""

import re
from collections import Counter
from dataclasses import dataclass
from typing import Callable, Dict, List, Sequence, Tuple

import numpy as np
from scipy.sparse import csr_matrix, hstack
from sklearn.feature_extraction.text import TfidfVectorizer

Array = "np.ndarray[Any, Any]"


# "退 这个 货" and "退货", "never got it" and "never ever got it": pairs reach over a word or two.
_REACH = 3
_WORD = re.compile(r"\w+")


def words_and_pairs(text: str) -> List[str]:
    """Words, single characters too, and each with the next three after it."""
    words = _WORD.findall(text)
    pairs = [
        f"{word} {after}"
        for place, word in enumerate(words)
        for after in words[place + 1 : place + 1 + _REACH]
    ]
    return words + pairs


def vectorizers() -> List[TfidfVectorizer]:
    """Words and pairs of near words; parts of words. Each is brought to length 1 by itself."""
    return [
        TfidfVectorizer(analyzer=words_and_pairs, sublinear_tf=True),
        # Typos, endings, and Chinese words that jieba cut otherwise. A piece seen once is noise:
        # without them the model is a quarter smaller and no worse.
        TfidfVectorizer(analyzer="char_wb", ngram_range=(1, 4), min_df=2, sublinear_tf=True),
    ]


@dataclass(frozen=True)
class Ngrams:
    """The n-grams of a set of texts: for each kind its rows, and the rarity (idf) of each row."""

    rows: List[Dict[str, int]]
    rarity: Array

    @classmethod
    def fit(cls, texts: Sequence[str]) -> "Tuple[Ngrams, csr_matrix]":
        """Learn the n-grams of texts; returns them with the texts' matrix (n × n-grams)."""
        fitted = vectorizers()
        matrix = hstack([vectorizer.fit_transform(texts) for vectorizer in fitted]).tocsr()
        rows, first = [], 0
        for vectorizer in fitted:
            rows.append({gram: first + int(i) for gram, i in vectorizer.vocabulary_.items()})
            first += len(vectorizer.vocabulary_)
        rarity = np.concatenate([vectorizer.idf_ for vectorizer in fitted]).astype(np.float32)
        return cls(rows, rarity), matrix

    def weigh(self, text: str, analyzers: "Sequence[Analyzer]") -> Tuple[List[int], Array]:
        """Rows and weights of one text's n-grams, as scikit-learn weighs them."""
        indices: List[int] = []
        weights: List[Array] = []
        for analyze, rows in zip(analyzers, self.rows):
            counted = Counter(rows[gram] for gram in analyze(text) if gram in rows)
            if counted:
                found = list(counted)
                counts = np.fromiter(counted.values(), dtype=np.float64, count=len(found))
                weighed = (1.0 + np.log(counts)) * self.rarity[found]
                indices.extend(found)
                weights.append(weighed / np.sqrt(weighed @ weighed))
        return indices, np.concatenate(weights) if weights else np.zeros(0)

    def unknown(self, text: str) -> float:
        """Share of a text's words that no training text had; 1 for a text without words."""
        words = text.split()
        return sum(word not in self.rows[0] for word in words) / len(words) if words else 1.0


Analyzer = Callable[[str], List[str]]


def analyzers() -> List[Analyzer]:
    """What cuts a text into the n-grams of each kind."""
    return [vectorizer.build_analyzer() for vectorizer in vectorizers()]
