"""The word lists of bot/nlu/emotion/, compiled so that a message is compared with few of them.

A phrase is a regular expression over the folded text, in which "…" stands for anything short within
the sentence. It is tried only on texts that have its first letters.
"""

import functools
import re
from collections import defaultdict
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Dict, Iterator, List, Optional, Pattern, Set, Text

import yaml

from bot.nlu.normaliser import normalise
from bot.nlu.script import has_han

WORDS = Path(__file__).with_name("emotion")

# Letters of a Latin word that a phrase is looked up by, and characters of a Chinese one.
_LATIN_KEY, _HAN_KEY = 3, 2
_APOSTROPHE = re.compile(r"(?<=[a-z])'(?=[a-z])")
# Not a word of one letter alone: BBB is a name. Chinese keeps two, for 急急 is a word.
_STRETCHED = re.compile(r"(?<=[a-z])([a-z])\1{2,}|([a-z])\2{2,}(?=[a-z])|([^\W\d_a-z])\3{2,}")
_BLANKS = re.compile(r"\s+")
_LATIN = re.compile(r"[a-z]+")
_LETTERS = re.compile(r"[^\W\d_]+")
_LOOKBEHIND = re.compile(r"^(?:\(\?<[!=][^()]*\))+")
_FIRST_GROUP = re.compile(r"\(([^()?\\\[\].*+]+)\)(?![?*{])")


@dataclass(frozen=True)
class Denial:
    """What takes a word back that stands right behind it: "not", "没"."""

    before: Pattern[Text]
    until: Pattern[Text]
    meant: Pattern[Text]
    window: int

    def covers(self, text: Text, start: int) -> bool:
        """Whether the word that starts there is taken back."""
        clause = self.until.split(text[max(0, start - self.window) : start])[-1]
        return bool(self.before.search(clause)) and not self.meant.search(text)


@dataclass(frozen=True)
class Phrase:
    """One line of the word lists."""

    kind: Text
    weight: int
    pattern: Pattern[Text]
    denial: Optional[Denial]


class WordLists:
    """All phrases of all languages, by the letters that they begin with."""

    def __init__(self, folder: Path) -> None:
        files = [_content(path) for path in sorted(folder.glob("*.yml"))]
        self.rules: Dict[Text, int] = next(file["rules"] for file in files if "rules" in file)
        self._by_key: Dict[Text, List[Phrase]] = defaultdict(list)
        for file in files:
            for phrase, keys in _phrases(file):
                for key in keys:
                    self._by_key[key].append(phrase)

    def candidates(self, text: Text) -> List[Phrase]:
        """Phrases that may be in a folded text, each once."""
        keys = self._by_key.keys() & _keys_of_text(text)
        return list({id(phrase): phrase for key in keys for phrase in self._by_key[key]}.values())


@functools.lru_cache(maxsize=1)
def word_lists() -> WordLists:
    """The project's own lists."""
    return WordLists(WORDS)


def fold(text: Text) -> Text:
    """A text as phrases see it: normalised, no apostrophes in words, nothing stretched."""
    folded = _APOSTROPHE.sub("", normalise(text).text)
    return _BLANKS.sub(" ", _STRETCHED.sub(r"\1\2\3\3", folded))


def _content(path: Path) -> Dict[Text, Any]:
    return dict(yaml.safe_load(path.read_text(encoding="utf-8")))


def _phrases(file: Dict[Text, Any]) -> Iterator[Any]:
    denial = _denial(file["negation"]) if "negation" in file else None
    for kind, lines in file["words"].items():
        weighted = lines if isinstance(lines, dict) else {1: lines}
        for weight, block in weighted.items():
            for phrase in _written(block):
                text = _folded(phrase, file["gap"])
                pattern = re.compile(_bounded(text))
                yield Phrase(kind, weight, pattern, denial), _keys_of_phrase(text)


def _written(block: Text) -> Iterator[Text]:
    """Phrases of a block: several a line with slashes between them; "#" begins a comment line."""
    for line in block.splitlines():
        if not line.startswith("#"):
            yield from (phrase.strip() for phrase in line.split(" / "))


def _folded(phrase: Text, gap: int) -> Text:
    """A phrase as a regular expression; the gap stays within its sentence."""
    parts = [_APOSTROPHE.sub("", normalise(part).text) for part in phrase.split("…")]
    return f"[^。.!?;]{{0,{gap}}}".join(parts)


def _denial(content: Dict[Text, Any]) -> Denial:
    before, until, meant = (
        "|".join(_bounded(_folded(word, 0)) for word in _written(content[name]))
        for name in ("before", "until", "meant")
    )
    reach = int(content["reach"])
    return Denial(
        before=re.compile(f"(?:{before}).{{0,{reach}}}$"),
        until=re.compile(until),
        meant=re.compile(meant),
        window=2 * reach + 6,
    )


def _bounded(pattern: Text) -> Text:
    """The pattern as whole words or numbers; Chinese has no blanks between them."""
    return pattern if has_han(pattern) else f"(?<![a-z0-9])(?:{pattern})(?![a-z0-9])"


def _keys_of_phrase(text: Text) -> Set[Text]:
    """The beginnings by which a phrase is found; "" if it may begin with anything."""
    text = _LOOKBEHIND.sub("", text)
    group = _FIRST_GROUP.match(text)
    beginnings = group.group(1).split("|") if group else [text]
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
