"""Loading an encoder, ours or a pretrained one, and asking it for vectors."""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import TYPE_CHECKING, Protocol, Sequence

import numpy as np

from knowledge_base.encoder.table import FeatureTable
from knowledge_base.errors import EncoderError

if TYPE_CHECKING:
    from sentence_transformers import SentenceTransformer

# What sentence-transformers lets through when a folder is missing, foreign or incomplete.
_UNLOADABLE = (OSError, ValueError, ImportError, AttributeError, LookupError, RuntimeError)

_OWN_MODULE = "knowledge_base.encoder.module.NgramEmbedding"


class TextEncoder(Protocol):
    """What the index needs of an encoder."""

    @property
    def is_quick(self) -> bool:
        """Whether a question's vector takes well below a millisecond."""

    def questions(self, texts: Sequence[str]) -> np.ndarray:
        """Vectors of what shoppers ask, float32 [texts, dimension], each of length one."""

    def documents(self, texts: Sequence[str]) -> np.ndarray:
        """Vectors of what articles say, float32 [texts, dimension], each of length one."""


class OwnEncoder:
    """The encoder trained here, without PyTorch: a quarter of the memory, ready in a second."""

    is_quick = True

    def __init__(self, features: FeatureTable) -> None:
        self.features = features

    def questions(self, texts: Sequence[str]) -> np.ndarray:
        """See :class:`TextEncoder`."""
        return self.features.unit_vectors(texts)

    def documents(self, texts: Sequence[str]) -> np.ndarray:
        """See :class:`TextEncoder`."""
        return self.features.unit_vectors(texts)

    def save(self, folder: Path) -> None:
        """Write it as a sentence-transformers model."""
        from sentence_transformers import SentenceTransformer
        from sentence_transformers.sentence_transformer.modules import Normalize

        from knowledge_base.encoder.module import NgramEmbedding

        modules = [NgramEmbedding(self.features), Normalize()]
        model = SentenceTransformer(modules=modules, device="cpu", local_files_only=True)
        model.save(str(folder), create_model_card=False)


class PretrainedEncoder:
    """Any sentence-transformers model."""

    is_quick = False

    def __init__(self, model: SentenceTransformer) -> None:
        self._model = model

    def questions(self, texts: Sequence[str]) -> np.ndarray:
        """See :class:`TextEncoder`."""
        # Some models put a prompt before a query; encode_query knows.
        return self._floats(
            self._model.encode_query(
                list(texts), normalize_embeddings=True, show_progress_bar=False
            )
        )

    def documents(self, texts: Sequence[str]) -> np.ndarray:
        """See :class:`TextEncoder`."""
        return self._floats(
            self._model.encode_document(
                list(texts), normalize_embeddings=True, show_progress_bar=False
            )
        )

    def _floats(self, vectors: object) -> np.ndarray:
        found = np.asarray(vectors, dtype=np.float32)
        dimension = self._model.get_embedding_dimension() or 0
        return np.ascontiguousarray(found.reshape(-1, dimension))


def load_encoder(name: str, *, may_download: bool = False) -> TextEncoder:
    """Load a model from a folder, or by its hub name from the local cache.

    Only with ``may_download`` is the hub asked, and only for a name that the cache has not.
    Raises EncoderError when there is no such model.
    """
    is_folder = Path(name).is_dir()
    if not is_folder and (name.startswith((".", "/")) or name.count("/") > 1):
        raise EncoderError(f"no encoder in folder {name!r}")
    # An absolute path, or a folder called like a model of the hub would be taken for it.
    place = os.path.abspath(name) if is_folder else name
    try:
        own = _own_module(Path(place)) if is_folder else None
        if own is not None:
            return OwnEncoder(FeatureTable.load(own))
        return PretrainedEncoder(_model(place, local_files_only=True))
    except _UNLOADABLE as error:
        if is_folder or not may_download:
            raise EncoderError(f"the encoder {name!r} cannot be loaded: {error}") from error
    try:
        return PretrainedEncoder(_model(place))
    except (OSError, ValueError) as error:
        raise EncoderError(f"the encoder {name!r} cannot be downloaded: {error}") from error


def _own_module(folder: Path) -> Path | None:
    """The folder of our module in that of a model; None for a model of another kind."""
    listed = folder / "modules.json"
    # A model of transformers alone has no such list.
    for module in json.loads(listed.read_text(encoding="utf-8")) if listed.is_file() else ():
        if module["type"] == _OWN_MODULE:
            return folder / module["path"]
    return None


def _model(place: str, *, local_files_only: bool = False) -> SentenceTransformer:
    from sentence_transformers import SentenceTransformer

    return SentenceTransformer(place, device="cpu", local_files_only=local_files_only)
