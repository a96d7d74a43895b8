"""The vectors nearest to a question's: exactly in a small base, by a graph in a large one.

Looking at every vector takes time that grows with the base. A navigable graph (HNSW, Malkov and
Yashunin 2018) takes hardly longer for a million vectors than for a hundred thousand; it may miss
one of ten now and then, and what it costs to build is only worth while in a large base.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any, Callable

import numpy as np

# Up to here every vector is looked at.
EXACT_UP_TO = 20_000

# Links of a vector in the graph, and how many candidates are kept in sight while the graph is
# built and while it is searched.
_LINKS = 32
_SIGHT_BUILDING = 100
SIGHT = 256

_AT_ONCE = 20_000

Progress = Callable[[int], None]


class NearestVectors:
    """Inner products with the vectors of one base, best first."""

    def __init__(self, index: Any) -> None:
        self._index = index
        self.is_exact = not hasattr(index, "hnsw")
        if not self.is_exact:
            index.hnsw.efSearch = SIGHT

    @classmethod
    def build(
        cls, vectors: np.ndarray, *, exact: bool | None = None, progress: Progress = lambda _: None
    ) -> NearestVectors:
        """Take in vectors, float32 [vectors, dimension]; ``progress`` hears how many are in.

        ``exact`` overrules the choice by number. The same vectors give the same graph.
        """
        import faiss

        count, dimension = vectors.shape
        if count <= EXACT_UP_TO if exact is None else exact:
            index = faiss.IndexFlatIP(dimension or 1)
            if count:
                index.add(vectors)
            return cls(index)
        index = faiss.IndexHNSWSQ(
            dimension, faiss.ScalarQuantizer.QT_fp16, _LINKS, faiss.METRIC_INNER_PRODUCT
        )
        index.hnsw.efConstruction = _SIGHT_BUILDING
        index.train(vectors[:1])
        threads = faiss.omp_get_max_threads()
        # Several would link in the order in which they happen to run.
        faiss.omp_set_num_threads(1)
        try:
            for start in range(0, count, _AT_ONCE):
                index.add(vectors[start : start + _AT_ONCE])
                progress(index.ntotal)
        finally:
            faiss.omp_set_num_threads(threads)
        return cls(index)

    def __len__(self) -> int:
        return int(self._index.ntotal)

    def search(self, vector: np.ndarray, count: int) -> tuple[np.ndarray, np.ndarray]:
        """Products (float32) and places (int64) of the nearest ones; a graph gives ``SIGHT`` at
        most, and fewer than asked for where it finds no more.
        """
        # It may not be asked for none.
        wanted = min(count, len(self) if self.is_exact else SIGHT) or 1
        scores, places = self._index.search(np.ascontiguousarray(vector.reshape(1, -1)), wanted)
        found = places[0] >= 0
        return scores[0][found], places[0][found]

    def vectors(self, first: int, count: int) -> np.ndarray:
        """Stored vectors by place, float32 [count, dimension]."""
        return np.asarray(self._index.reconstruct_n(first, count))

    def save(self, path: Path) -> None:
        """Write into a file."""
        import faiss

        faiss.write_index(self._index, str(path))

    @classmethod
    def load(cls, path: Path) -> NearestVectors:
        """Read what :meth:`save` wrote; raises RuntimeError for anything else."""
        import faiss

        return cls(faiss.read_index(str(path)))
