"""Phrases of word lists, compiled so that a message is compared with few of them.

A phrase is a regular expression over the folded text, in which "…" stands for anything short within
the sentence. It is tried only on texts that have its first letters.
"""

import re
from collections import defaultdict
from typing import Dict, Generic, Iterator, List, Set, Text, TypeVar

from bot.nlu.normaliser import normalise
from bot.nlu.script import has_han

T = TypeVar("T")

# Letters of a Latin word that a phrase is looked up by, and characters of a Chinese one.
_LATIN_KEY, _HAN_KEY = 3, 2
APOSTROPHE = re.compile(r"(?<=[a-z])'(?=[a-z])")
# The point of a number ends no sentence.
_IN_SENTENCE = r"(?:[^。.!?;]|\.(?=[0-9]))"
_LATIN = re.compile(r"[a-z]+")
_LETTERS = re.compile(r"[^\W\d_]+")
_LOOKBEHIND = re.compile(r"^(?:\(\?<[!=][^()]*\))+")
_FIRST_GROUP = re.compile(r"\(([^()?\\\[\].*+]+)\)(?![?*{])")


class PhraseIndex(Generic[T]):
    """What belongs to each phrase, by the letters that the phrases begin with."""

    def __init__(self) -> None:
        self._by_key: Dict[Text, List[T]] = defaultdict(list)

    def add(self, pattern: Text, item: T) -> None:
        """File an item under the beginnings of its phrase, as `as_pattern` wrote it."""
        for key in _keys_of_phrase(pattern):
            self._by_key[key].append(item)

    def candidates(self, text: Text) -> List[T]:
        """Items whose phrases may be in a folded text, each once."""
        return self._of(self._by_key.keys() & _keys_of_text(text))

    def all(self) -> List[T]:
        """Every item once."""
        return self._of(set(self._by_key))

    def _of(self, keys: Set[Text]) -> List[T]:
        return list({id(item): item for key in keys for item in self._by_key[key]}.values())


def written(block: Text) -> Iterator[Text]:
    """Phrases of a block: several a line with slashes between them; "#" begins a comment line."""
    for line in block.splitlines():
        if not line.startswith("#"):
            yield from (phrase.strip() for phrase in line.split(" / "))


def as_pattern(phrase: Text, gap: int, *, apostrophe: Text = "") -> Text:
    """A phrase as a regular expression.

    Args:
        phrase: as it is listed.
        gap: how many characters "…" stands for at most; it stays within its sentence.
        apostrophe: the expression that stands for one within a word.
    """
    parts = [APOSTROPHE.sub(apostrophe, normalise(part).text) for part in phrase.split("…")]
    return f"{_IN_SENTENCE}{{0,{gap}}}".join(parts)


def bounded(pattern: Text) -> Text:
    """The pattern as whole words or numbers; Chinese has no blanks between them."""
    return pattern if has_han(pattern) else f"(?<![a-z0-9])(?:{pattern})(?![a-z0-9])"


def _keys_of_phrase(pattern: Text) -> Set[Text]:
    """The beginnings by which a phrase is found; "" if it may begin with anything."""
    pattern = _LOOKBEHIND.sub("", pattern)
    group = _FIRST_GROUP.match(pattern)
    beginnings = group.group(1).split("|") if group else [pattern]
    return {_key_of_beginning(beginning) for beginning in beginnings}


def _key_of_beginning(text: Text) -> Text:
    found = _LETTERS.match(text)
    if found is None:
        return text[0] if text[0].isdigit() or not text[0].isascii() else ""
    letters, behind = found.group(), text[found.end() : found.end() + 1]
    if behind and behind in "?*{":
        letters = letters[:-1]
    latin = _LATIN.match(letters)
    return latin.group()[:_LATIN_KEY] if latin else letters[:_HAN_KEY]


def _keys_of_text(text: Text) -> Set[Text]:
    keys = {"", *text}
    keys.update(map("".join, zip(text, text[1:])))
    for word in _LATIN.findall(text):
        keys.add(word[:_LATIN_KEY])
    return keys
