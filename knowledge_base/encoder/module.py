"""The sentence-transformers module of the encoder trained here; ``Normalize`` comes after it.

``modules.json`` of a saved model names this class by its import path, so that the model can be
used wherever sentence-transformers are, with this package beside them.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import torch
from safetensors.torch import save_file
from sentence_transformers.base.modules import InputModule

from knowledge_base.encoder.table import WEIGHTS_FILE, FeatureTable
from knowledge_base.encoder.vocabulary import Vocabulary


class NgramEmbedding(InputModule):
    """Turns texts into sums of rows of a table (:mod:`table`)."""

    save_in_root = False
    config_keys: list[str] = ["buckets"]

    def __init__(self, features: FeatureTable) -> None:
        super().__init__()
        self.buckets = features.buckets
        self._features = features
        self.register_buffer("hashes", torch.from_numpy(features.vocabulary.hashes))
        self.register_buffer("rarity", torch.from_numpy(features.vocabulary.rarity))
        self.table = torch.nn.Parameter(torch.from_numpy(features.table), requires_grad=False)

    def preprocess(
        self, inputs: list[Any], prompt: str | None = None, **kwargs: Any
    ) -> dict[str, torch.Tensor | Any]:
        """Rows, weights and number of features of each text, one after the other."""
        texts = [(prompt or "") + str(text) for text in inputs]
        found = [self._features.rows_of(text) for text in texts]
        return {
            "rows": torch.from_numpy(np.concatenate([rows for rows, _ in found])),
            "weights": torch.from_numpy(np.concatenate([weights for _, weights in found])),
            "counts": torch.tensor([len(rows) for rows, _ in found]),
        }

    def forward(
        self, features: dict[str, torch.Tensor | Any], **kwargs: Any
    ) -> dict[str, torch.Tensor | Any]:
        """Add ``sentence_embedding``, float32 [texts, dimension]."""
        counts = features["counts"]
        owner = torch.repeat_interleave(torch.arange(len(counts), device=counts.device), counts)
        parts = self.table[features["rows"]].float() * features["weights"][:, None]
        total = torch.zeros(len(counts), self.get_embedding_dimension(), device=parts.device)
        features["sentence_embedding"] = total.index_add(0, owner, parts)
        return features

    def get_embedding_dimension(self) -> int:
        """Length of a vector."""
        return self._features.dimension

    def save(
        self, output_path: str, *args: Any, safe_serialization: bool = True, **kwargs: Any
    ) -> None:
        """Write configuration and weights into a folder."""
        self.save_config(output_path)
        save_file(self.state_dict(), str(Path(output_path) / WEIGHTS_FILE))

    @classmethod
    def load(
        cls,
        model_name_or_path: str,
        subfolder: str = "",
        token: bool | str | None = None,
        cache_folder: str | None = None,
        revision: str | None = None,
        local_files_only: bool = False,
        **kwargs: Any,
    ) -> NgramEmbedding:
        """Read what :meth:`save` wrote; called by ``SentenceTransformer(folder)``."""
        weights = cls.load_torch_weights(
            model_name_or_path,
            subfolder=subfolder,
            token=token,
            cache_folder=cache_folder,
            revision=revision,
            local_files_only=local_files_only,
        )
        vocabulary = Vocabulary(weights["hashes"].numpy(), weights["rarity"].numpy())
        return cls(FeatureTable(vocabulary, weights["table"].numpy()))
