"""Loading an encoder, ours or a pretrained one, and asking it for vectors."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Sequence

import numpy as np

from knowledge_base.errors import EncoderError

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer


# What sentence-transformers lets through when a folder is missing, foreign or incomplete.
_UNLOADABLE = (OSError, ValueError, ImportError, AttributeError, LookupError, RuntimeError)


class TextEncoder:
    """A sentence-transformers model reduced to what the index needs: unit vectors."""

    def __init__(self, model: SentenceTransformer) -> None:
        self.model = model
        # Only ours has it; see there.
        self._unit_vector = getattr(model[0], "unit_vector", None)

    @property
    def is_quick(self) -> bool:
        """Whether a question's vector takes well below a millisecond; true of our own."""
        return self._unit_vector is not None

    def questions(self, texts: Sequence[str]) -> np.ndarray:
        """Vectors of what shoppers ask, float32 [texts, dimension], each of length one."""
        if self._unit_vector is not None:
            return self._floats([self._unit_vector(text) for text in texts])
        # Some models put a prompt before a query; encode_query knows, and ours has none.
        return self._floats(
            self.model.encode_query(list(texts), normalize_embeddings=True, show_progress_bar=False)
        )

    def documents(self, texts: Sequence[str]) -> np.ndarray:
        """Vectors of what articles say, float32 [texts, dimension], each of length one."""
        return self._floats(
            self.model.encode_document(
                list(texts), normalize_embeddings=True, show_progress_bar=False
            )
        )

    def _floats(self, vectors: object) -> np.ndarray:
        found = np.asarray(vectors, dtype=np.float32)
        dimension = self.model.get_embedding_dimension() or 0
        return np.ascontiguousarray(found.reshape(-1, dimension))


def load_encoder(name: str, *, may_download: bool = False) -> TextEncoder:
    """Load a model from a folder, or by its hub name from the local cache.

    Only with ``may_download`` is the hub asked, and only for a name that the cache has not.
    Raises EncoderError when there is no such model.
    """
    from sentence_transformers import SentenceTransformer

    is_folder = Path(name).is_dir()
    if not is_folder and (name.startswith((".", "/")) or name.count("/") > 1):
        raise EncoderError(f"no encoder in folder {name!r}")
    # An absolute path, or a folder called like a model of the hub would be taken for it.
    place = os.path.abspath(name) if is_folder else name
    try:
        return TextEncoder(SentenceTransformer(place, device="cpu", local_files_only=True))
    except _UNLOADABLE as error:
        if is_folder or not may_download:
            raise EncoderError(f"the encoder {name!r} cannot be loaded: {error}") from error
    try:
        return TextEncoder(SentenceTransformer(place, device="cpu"))
    except (OSError, ValueError) as error:
        raise EncoderError(f"the encoder {name!r} cannot be downloaded: {error}") from error
