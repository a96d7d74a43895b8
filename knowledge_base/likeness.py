"""How alike two questions are when no article is about them: by meaning and by rare pieces.

The encoder learns from articles. Of what none is about it knows less, so that the letters
themselves count as well: pieces of words that are rare in what is asked otherwise.
"""

from __future__ import annotations

import math
import re
import zlib
from collections import Counter
from typing import TYPE_CHECKING, Iterator, Sequence

import numpy as np

from knowledge_base.language import HAN
from knowledge_base.words import stem

if TYPE_CHECKING:
    from knowledge_base.encoder.loading import TextEncoder

# Enough that two pieces of one question rarely share a place.
_PLACES = 2048
# What the pieces count for, beside the meaning.
_SHARE_OF_PIECES = 0.6

_RUNS = re.compile(f"[{HAN}]+|[^\\W_{HAN}]+")
_HAN_RUN = re.compile(f"[{HAN}]")


def vectors(texts: Sequence[str], usual: Sequence[str], encoder: TextEncoder) -> np.ndarray:
    """Vectors of questions, float32 [texts, dimension], each of length one; near means alike.

    ``usual`` is what shoppers ask otherwise: it says which pieces are rare.
    """
    rarity = _rarity([*usual, *texts])
    pieces = np.stack([_placed(text, rarity) for text in texts])
    meaning = encoder.questions(list(texts))
    both = np.hstack(
        [math.sqrt(1 - _SHARE_OF_PIECES) * meaning, math.sqrt(_SHARE_OF_PIECES) * pieces]
    )
    lengths = np.linalg.norm(both, axis=1, keepdims=True)
    return np.asarray(both / np.maximum(lengths, 1e-9), dtype=np.float32)


def _pieces(text: str) -> Iterator[str]:
    """Chinese characters alone and in pairs; other words as stems and in parts of three to five."""
    for run in _RUNS.findall(text.lower()):
        if _HAN_RUN.match(run):
            yield from run
            yield from (run[place : place + 2] for place in range(len(run) - 1))
            continue
        yield stem(run)
        framed = f"<{run}>"
        for size in (3, 4, 5):
            yield from (framed[at : at + size] for at in range(len(framed) - size + 1))


def _rarity(texts: Sequence[str]) -> dict[str, float]:
    counts: Counter[str] = Counter()
    for text in texts:
        counts.update(set(_pieces(text)))
    return {piece: math.log((len(texts) + 1) / (count + 1)) + 1 for piece, count in counts.items()}


def _placed(text: str, rarity: dict[str, float]) -> np.ndarray:
    placed = np.zeros(_PLACES, dtype=np.float32)
    for piece, count in Counter(_pieces(text)).items():
        number = zlib.crc32(piece.encode("utf-8"))
        sign = 1 if number & 1 else -1
        placed[(number >> 1) % _PLACES] += sign * (1 + math.log(count)) * rarity[piece]
    length = float(np.linalg.norm(placed))
    return placed / length if length else placed
