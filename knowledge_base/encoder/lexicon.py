"""What words mean, as far as shoppers' messages go: which say the same, which go together.

A base of some hundred articles is too little to learn from it that "mislaid" is "lost". So it is
written down (``lexicon/``, for each language and for both), a line for a word::

    lose: lost, misplace, mislay, missing | find, track

Each word or phrase of the lexicon that is in a text is a feature of its own, and begins its
training pointing where its neighbours point (:mod:`initial`).
"""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import Iterator

import numpy as np
from scipy.sparse import csr_matrix, diags

from knowledge_base.normaliser import normalise
from knowledge_base.words import runs, stem

FOLDER = Path(__file__).with_name("lexicon")
# How near a word of the same topic is, beside one that says the same.
RELATED = 0.35

_MOST_WORDS = 3
_LONGEST_HAN = 6


def terms_in(text: str) -> set[str]:
    """The lexicon's words and phrases in a normalised text."""
    known = _neighbours()
    return {term for term in _spans(text) if term in known}


def lexicon_terms() -> list[str]:
    """All words and phrases, in order."""
    return sorted(_neighbours())


@lru_cache(maxsize=1)
def nearness() -> csr_matrix:
    """How near two of :func:`lexicon_terms` are, float32 [terms, terms], symmetric.

    Divided by the roots of both words' numbers of neighbours, so that a word with many of them
    is not near to all.
    """
    terms = {term: place for place, term in enumerate(lexicon_terms())}
    rows, columns, values = [], [], []
    for term, neighbours in _neighbours().items():
        for other, value in neighbours.items():
            rows.append(terms[term])
            columns.append(terms[other])
            values.append(value)
    shape = (len(terms), len(terms))
    matrix = csr_matrix((np.array(values, dtype=np.float32), (rows, columns)), shape=shape)
    degrees = np.asarray(matrix.sum(axis=1)).ravel()
    scale = diags(np.maximum(degrees, 1e-6) ** -0.5)
    return (scale @ matrix @ scale).astype(np.float32).tocsr()


def _spans(text: str) -> Iterator[str]:
    found = list(runs(text))
    stems = [stem(word) for word, is_han in found if not is_han]
    for first in range(len(stems)):
        for count in range(1, min(_MOST_WORDS, len(stems) - first) + 1):
            yield " ".join(stems[first : first + count])
    for run in (run for run, is_han in found if is_han):
        for first in range(len(run)):
            for count in range(1, min(_LONGEST_HAN, len(run) - first) + 1):
                yield run[first : first + count]


@lru_cache(maxsize=1)
def _neighbours() -> dict[str, dict[str, float]]:
    found: dict[str, dict[str, float]] = {}
    for path in sorted(FOLDER.glob("*.txt")):
        for line in path.read_text(encoding="utf-8").splitlines():
            if line.strip() and not line.startswith("#"):
                _join(found, line)
    return found


def _join(found: dict[str, dict[str, float]], line: str) -> None:
    head, _, others = line.partition(":")
    near, _, related = others.partition("|")
    term = _canonical(head)
    for listed, value in ((near, 1.0), (related, RELATED)):
        for other in map(_canonical, listed.split(",")):
            if term and other and other != term:
                for one, two in ((term, other), (other, term)):
                    nearby = found.setdefault(one, {})
                    nearby[two] = max(value, nearby.get(two, 0.0))


def _canonical(phrase: str) -> str:
    """As :func:`_spans` would find it."""
    normal = normalise(phrase)
    words = [stem(run) for run, is_han in runs(normal) if not is_han]
    return " ".join(words) or normal.strip()
