"""The table before training: which features keep company, and a random direction for each.

The first columns come from a singular value decomposition of all texts, shoppers' examples
included, so that words used alike point alike. The others are random: two different features
are nearly at right angles there, and the product of two texts is that of their shared words.
"""

from __future__ import annotations

from typing import Sequence

import numpy as np
import torch
from scipy.sparse import csr_matrix
from sklearn.utils.extmath import randomized_svd

COMPANY_COLUMNS = 256
RANDOM_COLUMNS = 256
# What a word takes over from its neighbours in the lexicon, beside its own direction.
NEIGHBOURS = 1.5
# Rows for features that were not seen when the vocabulary was learned.
BUCKETS = 4096

# A decomposition of more texts takes longer than the rest of the build and says little more.
_MAX_TEXTS = 12_000

Rows = tuple[np.ndarray, np.ndarray]


def initial_table(texts: Sequence[Rows], features: int, *, seed: int) -> torch.Tensor:
    """A table [features + BUCKETS, columns], float32, the same for the same seed.

    ``texts`` are rows and weights as from :func:`vocabulary.look_up`.
    """
    height = features + BUCKETS
    generator = np.random.default_rng(seed)
    random = generator.standard_normal((height, RANDOM_COLUMNS), dtype=np.float32)
    matrix = _unit_rows(texts, height, generator)
    parts = [_company(matrix, seed), random]
    return torch.from_numpy(np.concatenate([_levelled(part, matrix) for part in parts], axis=1))


def lean_on_neighbours(table: torch.Tensor, rows: np.ndarray, nearness: csr_matrix) -> None:
    """Add to each of these rows those of its neighbours; the rows keep their lengths.

    ``nearness`` is [len(rows), len(rows)]. Changes the table in place.
    """
    own = table[torch.from_numpy(rows)].numpy()
    leaning = own + NEIGHBOURS * (nearness @ own)
    lengths = np.linalg.norm(own, axis=1) / np.maximum(np.linalg.norm(leaning, axis=1), 1e-9)
    table[torch.from_numpy(rows)] = torch.from_numpy(leaning * lengths[:, None])


def _unit_rows(texts: Sequence[Rows], height: int, generator: np.random.Generator) -> csr_matrix:
    if len(texts) > _MAX_TEXTS:
        chosen = np.sort(generator.choice(len(texts), _MAX_TEXTS, replace=False))
        texts = [texts[place] for place in chosen]
    texts = [text for text in texts if len(text[0])]
    if not texts:
        return csr_matrix((0, height), dtype=np.float32)
    scaled = [weights / np.linalg.norm(weights) for _, weights in texts]
    ends = np.cumsum([0] + [len(rows) for rows, _ in texts])
    columns = np.concatenate([rows for rows, _ in texts])
    return csr_matrix((np.concatenate(scaled), columns, ends), shape=(len(texts), height))


def _company(matrix: csr_matrix, seed: int) -> np.ndarray:
    height = matrix.shape[1]
    company = np.zeros((height, COMPANY_COLUMNS), dtype=np.float32)
    wanted = min(COMPANY_COLUMNS, min(matrix.shape) - 1)
    if wanted > 0:
        _, _, directions = randomized_svd(matrix, wanted, n_iter=3, random_state=seed)
        company[:, :wanted] = directions.T
    return company


def _levelled(part: np.ndarray, matrix: csr_matrix) -> np.ndarray:
    """Scale columns so that a text is, on average, equally long in each part."""
    lengths = np.linalg.norm(matrix @ part, axis=1)
    typical = float(lengths.mean()) if len(lengths) else 0.0
    return part / np.float32(typical or 1.0)
