"""The encoder trained here, as it answers: a table of feature vectors, and nothing but numpy.

A text's vector is the weighted sum of the rows of its features, brought to length one.
:mod:`module` makes the same a sentence-transformers model.
"""

from __future__ import annotations

from pathlib import Path
from typing import Callable, Sequence

import numpy as np
from safetensors.numpy import load_file

from knowledge_base.encoder.features import Hashed, hashed_features
from knowledge_base.encoder.vocabulary import Vocabulary, look_up

WEIGHTS_FILE = "model.safetensors"
# As in torch's own normalising: an empty vector stays one.
_SHORTEST = 1e-12


class FeatureTable:
    """``table`` is [features + buckets, dimension].

    It is kept in 16 bits, which halves the size on disk and in memory, and added up in 32.
    ``hashed`` may remember what it was asked before.
    """

    def __init__(
        self,
        vocabulary: Vocabulary,
        table: np.ndarray,
        *,
        hashed: Callable[[str], Hashed] = hashed_features,
    ) -> None:
        self.vocabulary = vocabulary
        self._hashed = hashed
        self.table = table.astype(np.float16, copy=False)
        self.buckets = len(table) - len(vocabulary.hashes)

    @property
    def dimension(self) -> int:
        """Length of a vector."""
        return int(self.table.shape[1])

    def rows_of(self, text: str) -> tuple[np.ndarray, np.ndarray]:
        """Rows and weights of a text's features."""
        return look_up(self._hashed(text), self.vocabulary, self.buckets)

    def unit_vectors(self, texts: Sequence[str]) -> np.ndarray:
        """Vectors of texts, float32 [texts, dimension], each of length one."""
        found = np.zeros((len(texts), self.dimension), dtype=np.float32)
        for place, text in enumerate(texts):
            found[place] = self._unit_vector(text)
        return found

    def _unit_vector(self, text: str) -> np.ndarray:
        rows, weights = self.rows_of(text)
        parts = self.table[rows].astype(np.float32)
        # Not a product of matrices: that would wake the threads of the algebra library, which
        # wait busily for more.
        total = (parts * weights[:, None]).sum(axis=0)
        return total / max(float(np.linalg.norm(total)), _SHORTEST)

    @classmethod
    def load(cls, folder: Path) -> FeatureTable:
        """Read the folder of a saved module; raises OSError, ValueError or KeyError."""
        weights = load_file(str(folder / WEIGHTS_FILE))
        return cls(Vocabulary(weights["hashes"], weights["rarity"]), weights["table"])
