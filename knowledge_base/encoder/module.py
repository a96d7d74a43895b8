"""The sentence-transformers module of the encoder trained here: a table of feature vectors.

A text's vector is the weighted sum of the rows of its features; ``Normalize`` comes after it.
``modules.json`` of a saved model names this class by its import path.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import torch
from safetensors.torch import save_file
from sentence_transformers.base.modules import InputModule

from knowledge_base.encoder.features import extract_features
from knowledge_base.encoder.vocabulary import Vocabulary, look_up

WEIGHTS_FILE = "model.safetensors"
# As in torch's own normalising: an empty vector stays one.
_SHORTEST = 1e-12


class NgramEmbedding(InputModule):
    """Turns texts into sums of rows of a table.

    ``table`` is [features + buckets, dimension]; it is kept in 16 bits, which halves the
    size on disk and in memory, and added up in 32.
    """

    save_in_root = False
    config_keys: list[str] = ["buckets"]

    def __init__(self, vocabulary: Vocabulary, table: torch.Tensor) -> None:
        super().__init__()
        self.buckets = len(table) - len(vocabulary.hashes)
        self._vocabulary = vocabulary
        self.register_buffer("hashes", torch.from_numpy(vocabulary.hashes))
        self.register_buffer("rarity", torch.from_numpy(vocabulary.rarity))
        self.table = torch.nn.Parameter(table.to(torch.float16), requires_grad=False)

    def rows_of(self, text: str) -> tuple[np.ndarray, np.ndarray]:
        """Rows and weights of a text's features."""
        return look_up(extract_features(text), self._vocabulary, self.buckets)

    def unit_vector(self, text: str) -> np.ndarray:
        """What this module and ``Normalize`` give for one text, float32 [dimension].

        Without the bookkeeping around them, which takes several times as long as the sum.
        """
        rows, weights = self.rows_of(text)
        parts = torch.index_select(self.table, 0, torch.from_numpy(rows)).float()
        # Not a product of matrices: that would wake the threads of the algebra library, which
        # wait busily for more.
        total = (parts.numpy() * weights[:, None]).sum(axis=0)
        return total / max(float(np.linalg.norm(total)), _SHORTEST)

    def preprocess(
        self, inputs: list[Any], prompt: str | None = None, **kwargs: Any
    ) -> dict[str, torch.Tensor | Any]:
        """Rows, weights and number of features of each text, one after the other."""
        found = [self.rows_of((prompt or "") + str(text)) for text in inputs]
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
        return int(self.table.shape[1])

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
        return cls(vocabulary, weights["table"])
