"""Several requests in one message: where it may be cut, and which parts are requests of their own.

"我的快递到哪了，另外怎么开发票" asks two things; "杯子碎了，我要退款" tells a story and asks
one. Words in requests.yml tell them apart: the same message is always treated alike.
"""

import functools
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Dict, FrozenSet, List, Sequence

import yaml

from bot.nlu.normaliser import normalise

WORDS = Path(__file__).with_suffix(".yml")

# Nobody wants three things and more in one message so often that guessing them would pay.
_MOST = 3
# Shorter parts are greetings and sighs.
_SHORTEST = 3
_SENTENCE_END = r"[。！？!?;；\n]+|(?<=[a-z])\.(?=\s)"


@dataclass(frozen=True)
class Part:
    """A part of a message; `announced` when a word such as "also" begins it."""

    text: str
    announced: bool


@dataclass(frozen=True)
class Request:
    """A part and what it was understood as."""

    part: Part
    intent: str
    confidence: float


def parts(text: str) -> List[Part]:
    """Where a message may be cut, as written; a single part when nowhere."""
    folded = normalise(text)
    found: List[Part] = []
    position, announced = 0, False
    for cut in _words().cuts.finditer(folded.text):
        _add(found, _slice(text, folded, position, cut.start()), announced)
        announced = cut.lastgroup == "connective"
        position = cut.end()
    _add(found, _slice(text, folded, position, len(folded.text)), announced)
    return found


def _slice(text: str, folded: Any, start: int, end: int) -> str:
    if start >= end:
        return ""
    first, last = folded.span(start, end)
    return text[first:last].strip(" ,，、.。")


def _add(found: List[Part], text: str, announced: bool) -> None:
    if len(text) >= _SHORTEST:
        found.append(Part(text, announced))


def several(understood: Sequence[Request], *, least: float) -> List[Request]:
    """The requests to be served one after another; empty when the message is a single one.

    Args:
        understood: the parts with what each was understood as.
        least: the confidence from which on a part is taken for a request.
    """
    chosen: List[Request] = []
    for request in understood:
        if request.confidence < least or request.intent not in _words().rank:
            continue
        if all(_apart(earlier, request) for earlier in chosen):
            chosen.append(request)
    if len(chosen) < 2:
        return []
    return sorted(chosen[:_MOST], key=lambda request: _words().rank[request.intent])


def _apart(earlier: Request, later: Request) -> bool:
    if earlier.intent == later.intent:
        return False
    told_together = any({earlier.intent, later.intent} <= story for story in _words().stories)
    return later.part.announced or not told_together


@dataclass(frozen=True)
class _Words:
    cuts: "re.Pattern[str]"
    stories: List[FrozenSet[str]]
    rank: Dict[str, int]


@functools.lru_cache(maxsize=1)
def _words() -> _Words:
    stored = yaml.safe_load(WORDS.read_text(encoding="utf-8"))
    served = stored["served"].values()
    return _Words(
        _cuts(stored["connectives"]),
        [frozenset(story) for story in stored["stories"].values()],
        {intent: place for place, intents in enumerate(served) for intent in intents},
    )


def _cuts(connectives: Dict[str, List[str]]) -> "re.Pattern[str]":
    chinese, english = (
        "|".join(sorted(connectives[language], key=len, reverse=True)) for language in ("zh", "en")
    )
    return re.compile(rf"(?P<connective>{chinese}|\b(?:{english})\b)|(?:{_SENTENCE_END})")
