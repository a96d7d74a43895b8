"""Messages as n-grams: words and pairs, parts of words, sounds, weighted by how rare they are.

Counted by scikit-learn for training, once for all that is learned from parts of the examples. A
single message is added up directly from the rows of the few hundred n-grams that it has: sparse
matrices would take most of the time of understanding it.
"""

import re
from collections import Counter
from dataclasses import dataclass
from typing import Any, Callable, Dict, List, Sequence, Tuple

import numpy as np
from numpy.typing import NDArray
from scipy.sparse import csr_matrix, hstack
from sklearn.feature_extraction.text import CountVectorizer
from sklearn.preprocessing import normalize

from bot.nlu.sounds import sounds

Array = NDArray[Any]
Analyzer = Callable[[str], List[str]]

# "退 这个 货" and "退货", "never got it" and "never ever got it": pairs reach over a word or two.
_REACH = 3
_WORD = re.compile(r"\w+")
# A part of a word or a sound that came once is noise: without them the model is a quarter smaller
# and no worse.
_LEAST_EXAMPLES = (1, 2, 2)


def words_and_pairs(text: str) -> List[str]:
    """Words, single characters too, and each with the next three after it."""
    words = _WORD.findall(text)
    pairs = [
        f"{word} {after}"
        for place, word in enumerate(words)
        for after in words[place + 1 : place + 1 + _REACH]
    ]
    return words + pairs


def analyzers() -> List[Analyzer]:
    """What cuts a text into the n-grams of each kind: words and pairs; parts of words; sounds.

    Parts see endings, slips, and Chinese words that jieba cut otherwise; sounds see homophones.
    """
    parts = CountVectorizer(analyzer="char_wb", ngram_range=(1, 4)).build_analyzer()
    return [words_and_pairs, parts, sounds]


@dataclass(frozen=True)
class Counts:
    """How often each of n texts has each n-gram, by kind: n × n-grams, and the n-grams' names."""

    matrices: List[csr_matrix]
    names: List[Array]

    @classmethod
    def of(cls, texts: Sequence[str]) -> "Counts":
        """Count texts."""
        counters = [CountVectorizer(analyzer=analyze) for analyze in analyzers()]
        matrices = [counter.fit_transform(texts).astype(np.float64) for counter in counters]
        return cls(matrices, [counter.get_feature_names_out() for counter in counters])


@dataclass(frozen=True)
class Ngrams:
    """The n-grams of a set of texts: for each kind its rows, and the rarity (idf) of each row."""

    rows: List[Dict[str, int]]
    rarity: Array

    @classmethod
    def learn(cls, counts: Counts, texts: Array) -> "Tuple[Ngrams, Callable[[Array], csr_matrix]]":
        """The n-grams of some of the texts, and what makes matrices (texts × n-grams) of any.

        Args:
            counts: of n texts.
            texts: places of those to learn from.
        """
        columns, rows, rarities, first = [], [], [], 0
        for matrix, names, least in zip(counts.matrices, counts.names, _LEAST_EXAMPLES):
            having = np.bincount(matrix[texts].indices, minlength=matrix.shape[1])
            kept = np.flatnonzero(having >= least)
            columns.append(kept)
            rows.append({str(name): first + place for place, name in enumerate(names[kept])})
            rarities.append(np.log((1 + len(texts)) / (1 + having[kept])) + 1)
            first += len(kept)

        def weigh(asked: Array) -> csr_matrix:
            kinds = []
            for matrix, kept, rarity in zip(counts.matrices, columns, rarities):
                weighed = matrix[asked][:, kept]
                weighed.data = 1.0 + np.log(weighed.data)
                kinds.append(normalize(weighed.multiply(rarity).tocsr()))
            return hstack(kinds).tocsr()

        return cls(rows, np.concatenate(rarities).astype(np.float32)), weigh

    def weigh(self, text: str, analyze: Sequence[Analyzer]) -> Tuple[List[int], Array]:
        """Rows and weights of one text's n-grams: as in a matrix, without making one.

        None where nothing but sounds and blanks is known: alone they say nothing.
        """
        indices: List[int] = []
        weights: List[Array] = []
        for each, rows in zip(analyze, self.rows):
            counted = Counter(rows[gram] for gram in each(text) if gram in rows)
            if counted:
                found = list(counted)
                amounts = np.fromiter(counted.values(), dtype=np.float64, count=len(found))
                weighed = (1.0 + np.log(amounts)) * self.rarity[found]
                indices.extend(found)
                weights.append(weighed / np.sqrt(weighed @ weighed))
        first_sound = len(self.rarity) - len(self.rows[-1])
        if all(row >= first_sound or row == self.rows[1].get(" ") for row in indices):
            return [], np.zeros(0)
        return indices, np.concatenate(weights)

    def unknown(self, text: str) -> float:
        """Share of a text's words that no learned text had; 1 for a text without words."""
        words = _WORD.findall(text)
        return sum(word not in self.rows[0] for word in words) / len(words) if words else 1.0
