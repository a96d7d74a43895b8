"""What a message says of the order, the money or the papers: phrases of the lists in phrases/.

Unlike a number or a day, a phrase has not one reading only: "都退款吧" says which lines and what is
wanted. So phrases lie across other entities, and each says its value once.
"""

import functools
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Dict, Iterator, List, Pattern, Text

import yaml

from bot.nlu.entities.span import Span, without_overlaps
from bot.nlu.phrases import PhraseIndex, as_pattern, bounded, written

LISTS = Path(__file__).with_suffix("")
# What stands in front of a phrase is read this far.
_WINDOW = 40
_APOSTROPHE = "'?"


@dataclass(frozen=True)
class Phrase:
    """One phrase: what it says, and what takes it back in front of it."""

    entity: Text
    value: Text
    pattern: Pattern[Text]
    negation: Pattern[Text]

    def spans(self, text: Text) -> Iterator[Span]:
        """Where the text says so."""
        for found in self.pattern.finditer(text):
            if not self._is_denied(text[max(0, found.start() - _WINDOW) : found.start()]):
                yield Span(*found.span(), self.entity, self.value)

    def _is_denied(self, before: Text) -> bool:
        # What only looks like one is never taken back.
        return bool(self.value and self.negation.search(before))


@functools.lru_cache(maxsize=1)
def phrase_index() -> "PhraseIndex[Phrase]":
    """All phrases of all languages."""
    index: PhraseIndex[Phrase] = PhraseIndex()
    for path in sorted(LISTS.glob("*.yml")):
        content = yaml.safe_load(path.read_text(encoding="utf-8"))
        for pattern, phrase in _phrases(content):
            index.add(pattern, phrase)
    return index


def find_phrases(text: Text) -> List[Span]:
    """Each value that is said, once; of one entity's overlapping phrases the longest counts."""
    by_entity: Dict[Text, List[Span]] = {}
    for phrase in phrase_index().candidates(text):
        for span in phrase.spans(text):
            by_entity.setdefault(span.entity, []).append(span)
    first: Dict[Any, Span] = {}
    for spans in by_entity.values():
        for span in without_overlaps(spans, len(text)):
            first.setdefault((span.entity, span.value), span)
    return [span for span in first.values() if span.value]


def _phrases(content: Dict[Text, Any]) -> Iterator["tuple[Text, Phrase]"]:
    words = (as_pattern(word, 0, apostrophe=_APOSTROPHE) for word in written(content["negation"]))
    negation = re.compile(f"(?:{'|'.join(map(bounded, words))}) ?$")
    for entity, values in content["phrases"].items():
        for value, block in values.items():
            for phrase in written(block):
                pattern = as_pattern(phrase, content["gap"], apostrophe=_APOSTROPHE)
                yield pattern, Phrase(entity, value, re.compile(bounded(pattern)), negation)
