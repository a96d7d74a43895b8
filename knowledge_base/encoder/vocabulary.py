"""Which features are known, in which row of the table each lives, and how rare it is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Iterable

import numpy as np

from knowledge_base.encoder.features import Hashed

# Beyond this many features the less common ones share rows with unknown ones.
MAX_FEATURES = 65_536

_NOTHING = np.zeros(0, dtype=np.int64)


@dataclass(frozen=True)
class Vocabulary:
    """Hashes of the known features, ascending, and the weight of each by its rarity.

    ``rarity`` has one entry more than ``hashes``: the last is that of an unknown feature.
    """

    hashes: np.ndarray  # int64 [features]
    rarity: np.ndarray  # float32 [features + 1]


def learn_vocabulary(groups: Iterable[np.ndarray], always: np.ndarray = _NOTHING) -> Vocabulary:
    """Count in how many groups of texts (an article, an intent) each feature occurs.

    ``groups`` are hashes of features, int64; so is ``always``, which are known even if no group
    has them. Counting groups instead of texts keeps a word rare that every question of one article
    has: it is what tells the article from the others.
    """
    counted = [np.unique(group) for group in groups]
    found, spread = np.unique(np.concatenate([_NOTHING, *counted]), return_counts=True)
    kept = np.argsort(-spread, kind="stable")[:MAX_FEATURES]
    hashes = np.union1d(found[kept], always)
    counts = np.zeros(len(hashes))
    known = np.isin(hashes, found)
    counts[known] = spread[np.searchsorted(found, hashes[known])]
    rarity = _rarity(np.append(counts, 0.0), len(counted))
    return Vocabulary(hashes=hashes, rarity=rarity.astype(np.float32))


def look_up(hashed: Hashed, vocabulary: Vocabulary, buckets: int) -> tuple[np.ndarray, np.ndarray]:
    """Rows (int64) and weights (float32) of a text's features.

    An unknown feature goes to one of ``buckets`` rows after the known ones, chosen by its
    hash: it keeps its weight, so that strange words lead away from every article.
    """
    hashes, weights = hashed
    known = len(vocabulary.hashes)
    if not known:
        return hashes % buckets, weights * vocabulary.rarity[0]
    places = np.minimum(np.searchsorted(vocabulary.hashes, hashes), known - 1)
    found = vocabulary.hashes[places] == hashes
    rows = np.where(found, places, known + hashes % buckets)
    return rows, weights * vocabulary.rarity[np.where(found, places, known)]


def _rarity(groups_with: np.ndarray, groups: int) -> np.ndarray:
    # The usual logarithm, flattened: with a few dozen groups the counts are rough.
    return np.log(1 + (groups + 1) / (groups_with + 0.5)) ** 0.7
