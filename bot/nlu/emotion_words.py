"""The word lists of bot/nlu/emotion/, each phrase with what it weighs and what takes it back."""

import functools
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Dict, Iterator, Optional, Pattern, Text, Tuple

import yaml

from bot.nlu.normaliser import normalise
from bot.nlu.phrases import APOSTROPHE, PhraseIndex, as_pattern, bounded, written

WORDS = Path(__file__).with_name("emotion")

# Not a word of one letter alone: BBB is a name. Chinese keeps two, for 急急 is a word.
_STRETCHED = re.compile(r"(?<=[a-z])([a-z])\1{2,}|([a-z])\2{2,}(?=[a-z])|([^\W\d_a-z])\3{2,}")
_BLANKS = re.compile(r"\s+")


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
        self.index: PhraseIndex[Phrase] = PhraseIndex()
        for file in files:
            for pattern, phrase in _phrases(file):
                self.index.add(pattern, phrase)


@functools.lru_cache(maxsize=1)
def word_lists() -> WordLists:
    """The project's own lists."""
    return WordLists(WORDS)


def fold(text: Text) -> Text:
    """A text as phrases see it: normalised, no apostrophes in words, nothing stretched."""
    folded = APOSTROPHE.sub("", normalise(text).text)
    return _BLANKS.sub(" ", _STRETCHED.sub(r"\1\2\3\3", folded))


def _content(path: Path) -> Dict[Text, Any]:
    return dict(yaml.safe_load(path.read_text(encoding="utf-8")))


def _phrases(file: Dict[Text, Any]) -> Iterator[Tuple[Text, Phrase]]:
    denial = _denial(file["negation"]) if "negation" in file else None
    for kind, lines in file["words"].items():
        weighted = lines if isinstance(lines, dict) else {1: lines}
        for weight, block in weighted.items():
            for phrase in written(block):
                pattern = as_pattern(phrase, file["gap"])
                yield pattern, Phrase(kind, weight, re.compile(bounded(pattern)), denial)


def _denial(content: Dict[Text, Any]) -> Denial:
    before, until, meant = (
        "|".join(bounded(as_pattern(word, 0)) for word in written(content[name]))
        for name in ("before", "until", "meant")
    )
    reach = int(content["reach"])
    return Denial(
        before=re.compile(f"(?:{before}).{{0,{reach}}}$"),
        until=re.compile(until),
        meant=re.compile(meant),
        window=2 * reach + 6,
    )
