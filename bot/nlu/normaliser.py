"""Folds spelling variants before understanding; the shopper's own text is never changed.

Full width becomes half width (NFKC), Traditional becomes Simplified, letters become lower case.
Each folded character remembers which original character it came from, so that tokens and entities
keep offsets into the text as it was written.
"""

import functools
import unicodedata
from dataclasses import dataclass
from typing import List, Tuple

import opencc

# Zero-width and direction marks: they carry no meaning, but split words and hide slashes.
_INVISIBLE = {"Cf", "Cc", "Cs", "Co"}

# Quotation marks that phones put in by themselves.
_AS_TYPED = {"\u2018": "'", "\u2019": "'", "\u201c": '"', "\u201d": '"'}


@dataclass(frozen=True)
class NormalisedText:
    """A folded text and, for each of its characters, the index of its original."""

    text: str
    origins: Tuple[int, ...]

    def span(self, start: int, end: int) -> Tuple[int, int]:
        """Original [start, end) of a non-empty span of the folded text."""
        return self.origins[start], self.origins[end - 1] + 1


@functools.lru_cache(maxsize=1)
def _simplifier() -> opencc.OpenCC:
    return opencc.OpenCC("t2s")


@functools.lru_cache(maxsize=65536)
def _fold(character: str) -> str:
    folded = unicodedata.normalize("NFKC", _AS_TYPED.get(character, character)).lower()
    visible = "".join(
        " " if part.isspace() else part
        for part in folded
        if part.isspace() or unicodedata.category(part) not in _INVISIBLE
    )
    if any(ord(part) > 0x2E7F for part in visible):
        return _simplifier().convert(visible)
    return visible


def normalise(text: str) -> NormalisedText:
    """Fold a text character by character.

    Args:
        text: any string, lone surrogates included.

    Returns:
        The folded text with the origin of each character; empty for an empty text.
    """
    folded: List[str] = []
    origins: List[int] = []
    for index, character in enumerate(text):
        for part in _fold(character):
            folded.append(part)
            origins.append(index)
    return NormalisedText("".join(folded), tuple(origins))
