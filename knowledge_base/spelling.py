"""Spelling: a word that does not exist becomes the base's word that it was meant to be.

"waranty" is in no dictionary and one letter from a word of the articles. A word that exists stays,
and so does one that nothing in the base is near to: it may be a name.
"""

from __future__ import annotations

import json
import re
from collections import Counter
from functools import lru_cache
from importlib.resources import files
from pathlib import Path
from typing import Iterable, Mapping

from symspellpy import SymSpell, Verbosity

from knowledge_base.normaliser import normalise

# Rarer words of a large base are as likely to be mistakes themselves.
MOST_WORDS = 10_000
# Shorter words are one letter from too many others.
SHORTEST = 4
# From this length on two letters may be wrong.
LONG = 8

_WORD = re.compile(r"(?<![a-z0-9'])[a-z]+(?![a-z0-9'])")
_DICTIONARY = "frequency_dictionary_en_82_765.txt"


class Spelling:
    """Corrects what is written in Latin letters; ``counts`` says how often the base has a word."""

    def __init__(self, counts: Mapping[str, int]) -> None:
        self.counts = counts
        self._near = SymSpell(max_dictionary_edit_distance=2, prefix_length=7)
        for word, count in counts.items():
            if len(word) >= SHORTEST:
                self._near.create_dictionary_entry(word, count)

    @classmethod
    def of(cls, texts: Iterable[str]) -> Spelling:
        """The words of a base's texts."""
        counts = Counter(word for text in texts for word in _WORD.findall(normalise(text)))
        return cls(dict(counts.most_common(MOST_WORDS)))

    def corrected(self, text: str) -> str:
        """The text with its mistakes corrected; as it was when there are none."""
        normal = normalise(text)
        found = _WORD.sub(lambda match: self._meant(match.group()), normal)
        return text if found == normal else found

    def save(self, path: Path) -> None:
        """Write into a file."""
        path.write_text(json.dumps(dict(self.counts)), encoding="utf-8")

    @classmethod
    def load(cls, path: Path) -> Spelling:
        """Read what :meth:`save` wrote; raises OSError or ValueError."""
        return cls(json.loads(path.read_text(encoding="utf-8")))

    def _meant(self, word: str) -> str:
        if len(word) < SHORTEST or word in self.counts or word in _english():
            return word
        allowed = 2 if len(word) >= LONG else 1
        near = self._near.lookup(word, Verbosity.TOP, max_edit_distance=allowed)
        return near[0].term if near else word


@lru_cache(maxsize=1)
def _english() -> frozenset[str]:
    """Words that exist, by the dictionary that comes with the library."""
    lines = files("symspellpy").joinpath(_DICTIONARY).read_text(encoding="utf-8").splitlines()
    return frozenset(line.split()[0] for line in lines)
