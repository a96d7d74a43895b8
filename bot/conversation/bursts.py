"""Whether more is likely to follow: people send one request in several short messages.

"你好" "在吗" "我那个单" are one request. A greeting, a beginning without an end, or the story of a
purchase waits a moment for the next message; a question, a number, or anything that says what is
wanted does not. Only the words themselves decide (bursts.yml), so the same message is always
treated alike.
"""

import functools
import re
import unicodedata
from collections import defaultdict
from pathlib import Path
from typing import Any, Dict, List, Optional, Tuple

import yaml

WORDS = Path(__file__).with_suffix(".yml")

_APOSTROPHES = re.compile("['’]")
_MARKS = re.compile(r"[^\w\s]+|_")
_OPEN_MARKS = (",", "、", ":", ";", "-", "—")
_END_MARKS = ("。", ".", "!", "~")
_NUMBER = re.compile(r"\d{3}|^[\d ]+$")
# Chinese characters, or English words, from which on a message counts as whole; a story of a
# purchase may be twice as long.
_ENOUGH_CHARACTERS = 7
_ENOUGH_WORDS = 4
# Nobody greets with more.
_MOST_WORDS = 8
# Nobody who writes as much leaves out what they want.
_LONG = 60


def is_fragment(text: str) -> bool:
    """Whether this message alone is likely only the beginning of a request."""
    text = unicodedata.normalize("NFKC", text).strip().lower()
    bare = " ".join(_MARKS.sub(" ", _APOSTROPHES.sub("", text)).split())
    if not bare or len(bare) > _LONG:
        return False
    words = _vocabulary()
    kind = words.kind(bare)
    if kind:
        return kind == "openings"
    if _NUMBER.search(bare):
        return False
    if text.endswith(_OPEN_MARKS) or words.is_left_open(bare):
        return True
    if text.endswith("?") or words.asks(bare) or words.says.is_in(bare):
        return False
    if words.tells.is_in(bare):
        return _length(bare) <= 2
    return not text.endswith(_END_MARKS) and _length(bare) < 1


def _goes_on(text: str, at: int) -> bool:
    """Whether an English word goes on at this place."""
    return text[at - 1].isascii() and text[at : at + 1].isascii() and text[at : at + 1].isalnum()


def _length(bare: str) -> float:
    """How long a message is, where 1 is enough to be whole."""
    han = sum("\u4e00" <= character <= "\u9fff" for character in bare)
    return han / _ENOUGH_CHARACTERS if han else len(bare.split()) / _ENOUGH_WORDS


class _Words:
    """Words of a kind: Chinese ones may stand anywhere, English ones are whole words."""

    def __init__(self, stored: Dict[str, List[str]]) -> None:
        self._anywhere = re.compile("|".join(stored["zh"]))
        self._whole = frozenset(stored["en"])

    def is_in(self, bare: str) -> bool:
        """Whether the message has one of them."""
        return bool(self._anywhere.search(bare)) or not self._whole.isdisjoint(bare.split())


class _Vocabulary:
    """bursts.yml in the forms in which its words are looked for."""

    def __init__(self, stored: Dict[str, Dict[str, Any]]) -> None:
        self.says, self.tells = _Words(stored["says"]), _Words(stored["tells"])
        self._asks = _Words(stored["asks"])
        edge, endings = stored["asks_at_the_edge"], stored["continues"]
        self._asks_last, self._asks_first = tuple(edge["zh"]), frozenset(edge["en"])
        self._endings = (*endings["zh"], *(f" {word}" for word in endings["en"]))
        self._things = re.compile("|".join(stored["things"].values()))
        self._by_first: Dict[str, List[Tuple[str, str]]] = defaultdict(list)
        for kind in ("openings", "complete", "particles"):
            for word in stored[kind]["zh"] + stored[kind]["en"]:
                self._by_first[word[0]].append((word, kind))
        for found in self._by_first.values():
            found.sort(key=lambda word: -len(word[0]))

    def kind(self, bare: str) -> Optional[str]:
        """The kind of the last one of the words that this message is made of, if it is."""
        last, rest = None, bare
        for _ in range(_MOST_WORDS):
            word, kind = self._first_word(rest)
            if not word:
                return None
            last = kind if kind != "particles" else last
            rest = rest[len(word) :].lstrip()
            if not rest:
                return last
        return None

    def _first_word(self, rest: str) -> Tuple[str, str]:
        for word, kind in self._by_first.get(rest[0], ()):
            if rest.startswith(word) and not _goes_on(rest, len(word)):
                return word, kind
        return "", ""

    def is_left_open(self, bare: str) -> bool:
        """Whether it ends where a sentence cannot end, or only names a thing."""
        return f" {bare}".endswith(self._endings) or bool(self._things.fullmatch(bare))

    def asks(self, bare: str) -> bool:
        """Whether it is a question even without its mark."""
        first = bare.partition(" ")[0]
        return bare.endswith(self._asks_last) or first in self._asks_first or self._asks.is_in(bare)


@functools.lru_cache(maxsize=None)
def _vocabulary() -> _Vocabulary:
    return _Vocabulary(yaml.safe_load(WORDS.read_text(encoding="utf-8")))
