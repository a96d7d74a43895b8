"""From a text to its weighted features; the encoder turns each into a row of its table.

Characters and words for Chinese, words and pieces of words for English, and for both the words of
the lexicon.
"""

from __future__ import annotations

import hashlib
import math
from collections import Counter
from functools import lru_cache
from typing import Iterator

import numpy as np

from knowledge_base.encoder.lexicon import terms_in
from knowledge_base.normaliser import normalise
from knowledge_base.words import cut, runs

# What one occurrence counts before rarity is applied; chosen by leaving questions out. Single
# characters only bridge typing errors, so they count less than words; what two wordings mean
# counts more than how they are spelled.
KIND_WEIGHTS = {
    "c1": 0.5,  # one Chinese character
    "c2": 0.8,  # two in a row
    "c3": 0.3,  # three in a row
    "zw": 1.0,  # a Chinese word
    "w": 1.0,  # a word in Latin or other letters, or a number
    "p": 1.6,  # all 3- to 5-letter pieces of a word together
    "b": 0.3,  # two words in a row
    "t": 2.0,  # a word or phrase of the lexicon
}

_PIECE_LENGTHS = (3, 4, 5)

# Hashes (int64) and weights (float32) of a text's features.
Hashed = tuple[np.ndarray, np.ndarray]


def extract_features(text: str) -> dict[str, float]:
    """Features of a text by name, such as ``c2:运费`` or ``t:postage``, with their weights.

    Repeats count less and less (1 + ln n). A text without letters or digits has no features.
    """
    counts: Counter[str] = Counter()
    pieces: dict[str, float] = {}
    previous = ""
    normal = normalise(text)
    for run, is_han in runs(normal):
        if is_han:
            counts.update(_han_features(run))
            previous = ""
            continue
        counts[f"w:{run}"] += 1
        if previous:
            counts[f"b:{previous} {run}"] += 1
        pieces.update(_piece_features(run))
        previous = run
    # In order: training draws random numbers feature by feature.
    for term in sorted(terms_in(normal)):
        counts[f"t:{term}"] += 1
    weights = {name: _kind_weight(name) * (1 + math.log(n)) for name, n in counts.items()}
    return {**weights, **pieces}


def hashed_features(text: str) -> Hashed:
    """The same with each name as its :func:`feature_hash`."""
    features = extract_features(text)
    hashes = np.fromiter(map(feature_hash, features), dtype=np.int64, count=len(features))
    return hashes, np.fromiter(features.values(), dtype=np.float32, count=len(features))


@lru_cache(maxsize=262_144)
def feature_hash(name: str) -> int:
    """A signed 64-bit number for a feature name, the same on every machine and every run."""
    digest = hashlib.blake2b(name.encode("utf-8"), digest_size=8).digest()
    return int.from_bytes(digest, "little", signed=True)


def _kind_weight(name: str) -> float:
    return KIND_WEIGHTS[name.split(":", 1)[0]]


def _han_features(run: str) -> Iterator[str]:
    for length in (1, 2, 3):
        for start in range(len(run) - length + 1):
            yield f"c{length}:{run[start : start + length]}"
    for word in cut(run):
        if len(word) > 1:
            yield f"zw:{word}"


@lru_cache(maxsize=65_536)
def _piece_features(word: str) -> dict[str, float]:
    if len(word) < 3 or word.isdigit():
        return {}
    marked = f"<{word}>"
    # In order, and not a set: training draws random numbers feature by feature.
    pieces = dict.fromkeys(
        f"p:{marked[start : start + length]}"
        for length in _PIECE_LENGTHS
        for start in range(len(marked) - length + 1)
    )
    # A long word must not outweigh a short one merely by having more pieces.
    weight = KIND_WEIGHTS["p"] / math.sqrt(len(pieces))
    return dict.fromkeys(pieces, weight)
