"""The vectors nearest to a question's: all are looked at, in a large base through short codes.

Of a vector its principal columns are kept, evenly turned, and a code of four bits for every four of
them (product quantisation, Jégou and others 2011). Codes are compared thirty-two at a time within
the processor's registers (André and others 2015), a million in one or two milliseconds; the most
promising vectors are then looked at themselves. docs/performance.md compares it with a graph.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any, Callable

import numpy as np

# Up to here the vectors themselves are looked at.
EXACT_UP_TO = 20_000

# So many of the most promising codes have their vectors looked at.
SHORTLIST = 600

# The principal columns that are kept, and how many codes stand for them.
_COLUMNS = 256
_LEAST_CODES = 64

_LEARNED_FROM = 30_000
_AT_ONCE = 100_000

Progress = Callable[[int], None]


class NearestVectors:
    """Inner products with the vectors of one base, best first."""

    def __init__(self, index: Any) -> None:
        import faiss

        self._index = index
        self.is_exact = isinstance(index, faiss.IndexFlat)
        self._vectors = index if self.is_exact else faiss.downcast_index(index.refine_index)

    @classmethod
    def build(
        cls, vectors: np.ndarray, *, exact: bool | None = None, progress: Progress = lambda _: None
    ) -> NearestVectors:
        """Take in vectors, float32 [vectors, dimension]; ``progress`` hears how many are in.

        ``exact`` overrules the choice by number. The same vectors give the same codes.
        """
        import faiss

        count, dimension = vectors.shape
        if count <= EXACT_UP_TO if exact is None else exact:
            index = faiss.IndexFlatIP(dimension or 1)
            if count:
                index.add(vectors)
            return cls(index)
        # 16 bits a column are enough for the vectors themselves.
        recipe = f"{_codes(dimension)},Refine(SQfp16)"
        index = faiss.index_factory(dimension, recipe, faiss.METRIC_INNER_PRODUCT)
        threads = faiss.omp_get_max_threads()
        # Several would add up in the order in which they happen to run.
        faiss.omp_set_num_threads(1)
        try:
            index.train(vectors[:: -(-count // _LEARNED_FROM)])
            for start in range(0, count, _AT_ONCE):
                index.add(vectors[start : start + _AT_ONCE])
                progress(index.ntotal)
        finally:
            faiss.omp_set_num_threads(threads)
        return cls(index)

    def __len__(self) -> int:
        return int(self._index.ntotal)

    def search(self, vector: np.ndarray, count: int) -> tuple[np.ndarray, np.ndarray]:
        """Products (float32) and places (int64) of the nearest ones; with codes ``SHORTLIST`` at
        most.
        """
        # It may not be asked for none.
        wanted = min(count, len(self) if self.is_exact else SHORTLIST) or 1
        asked = np.ascontiguousarray(vector.reshape(1, -1))
        scores, places = self._index.search(asked, wanted, params=self._looking_at(wanted))
        found = places[0] >= 0
        return scores[0][found], places[0][found]

    def products(self, first: int, count: int, vector: np.ndarray) -> np.ndarray:
        """Products with stored vectors by place, float32 [count]."""
        return np.asarray(self._vectors.reconstruct_n(first, count) @ vector)

    def save(self, path: Path) -> None:
        """Write into a file."""
        import faiss

        faiss.write_index(self._index, str(path))

    @classmethod
    def load(cls, path: Path) -> NearestVectors:
        """Read what :meth:`save` wrote; raises RuntimeError for anything else."""
        import faiss

        return cls(faiss.read_index(str(path)))

    def _looking_at(self, wanted: int) -> Any:
        import faiss

        if self.is_exact:
            return None
        return faiss.IndexRefineSearchParameters(k_factor=SHORTLIST / wanted)


def _codes(dimension: int) -> str:
    """What becomes of a vector, in the language of the library's factory."""
    if dimension > _COLUMNS:
        return f"PCAR{_COLUMNS},{_codes(_COLUMNS)}"
    enough = (n for n in range(_LEAST_CODES, dimension) if dimension % n == 0)
    return f"PQ{next(enough, dimension)}x4fs"
