"""Which features are known, in which row of the table each lives, and how rare it is."""

from __future__ import annotations

import math
from collections import Counter
from dataclasses import dataclass
from typing import Iterable, Mapping

import numpy as np

from knowledge_base.encoder.features import feature_hash

# Beyond this many features the less common ones share rows with unknown ones.
MAX_FEATURES = 65_536


@dataclass(frozen=True)
class Vocabulary:
    """Hashes of the known features, ascending, and the weight of each by its rarity.

    ``rarity`` has one entry more than ``hashes``: the last is that of an unknown feature.
    """

    hashes: np.ndarray  # int64 [features]
    rarity: np.ndarray  # float32 [features + 1]


def learn_vocabulary(groups: Iterable[Iterable[str]], always: Iterable[str] = ()) -> Vocabulary:
    """Count in how many groups of texts (an article, an intent) each feature occurs.

    Counting groups instead of texts keeps a word rare that every question of one article
    has: it is what tells the article from the others. ``always`` are known even if no group has
    them.
    """
    spread: Counter[str] = Counter()
    total = 0
    for group in groups:
        spread.update(set(group))
        total += 1
    kept = dict(sorted(spread.items(), key=lambda item: (-item[1], item[0]))[:MAX_FEATURES])
    kept.update({name: spread[name] for name in always})
    rows = sorted({feature_hash(name): count for name, count in kept.items()}.items())
    rarity = [_rarity(count, total) for _, count in rows] + [_rarity(0, total)]
    return Vocabulary(
        hashes=np.array([number for number, _ in rows], dtype=np.int64),
        rarity=np.array(rarity, dtype=np.float32),
    )


def look_up(
    features: Mapping[str, float], vocabulary: Vocabulary, buckets: int
) -> tuple[np.ndarray, np.ndarray]:
    """Rows (int64) and weights (float32) of a text's features.

    An unknown feature goes to one of ``buckets`` rows after the known ones, chosen by its
    hash: it keeps its weight, so that strange words lead away from every article.
    """
    known = len(vocabulary.hashes)
    hashes = np.array([feature_hash(name) for name in features], dtype=np.int64)
    weights = np.array(list(features.values()), dtype=np.float32)
    if not known:
        return hashes % buckets, weights * vocabulary.rarity[0]
    places = np.minimum(np.searchsorted(vocabulary.hashes, hashes), known - 1)
    found = vocabulary.hashes[places] == hashes
    rows = np.where(found, places, known + hashes % buckets)
    return rows, weights * vocabulary.rarity[np.where(found, places, known)]


def _rarity(groups_with: int, groups: int) -> float:
    # The usual logarithm, flattened: with a few dozen groups the counts are rough.
    return float(math.log(1 + (groups + 1) / (groups_with + 0.5)) ** 0.7)
