"""In which language and script to answer. The door asks once per message; the answer is sticky.

Order numbers, addresses of pages and digits say nothing about a language; a lone Latin word
inside a Chinese conversation ("ok", "refund") does not change it either.
"""

import functools
import re
from typing import Optional

import opencc

SIMPLIFIED, TRADITIONAL, ENGLISH = "zh-Hans", "zh-Hant", "en"
LANGUAGES = (SIMPLIFIED, TRADITIONAL, ENGLISH)
DEFAULT = SIMPLIFIED

_NEUTRAL = re.compile(r"https?://\S+|\S+@\S+|\b[A-Za-z]{0,4}\d[\w-]*")
_HAN = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff]")
_WORD = re.compile(r"[A-Za-z]+(?:['’][A-Za-z]+)?")


@functools.lru_cache(maxsize=4)
def _converter(name: str) -> opencc.OpenCC:
    return opencc.OpenCC(name)


@functools.lru_cache(maxsize=16384)
def _script_of(character: str) -> Optional[str]:
    """The script that a character betrays; None when both write it alike."""
    if _converter("t2s").convert(character) != character:
        return TRADITIONAL
    if _converter("s2t").convert(character) != character:
        return SIMPLIFIED
    return None


def detect(text: str, previous: Optional[str] = None) -> str:
    """The language to answer a text in: `zh-Hans`, `zh-Hant` or `en`.

    Args:
        text: what the shopper wrote.
        previous: the conversation's language so far.
    """
    plain = _NEUTRAL.sub(" ", text)
    han = _HAN.findall(plain)
    words = _WORD.findall(plain)
    if not han and (not words or (previous and len(words) == 1)):
        return previous or DEFAULT
    if len(words) > len(han):
        return ENGLISH
    return _chinese(han, previous)


def _chinese(characters: "list[str]", previous: Optional[str]) -> str:
    betrayed = [script for script in map(_script_of, characters) if script]
    traditional = betrayed.count(TRADITIONAL)
    simplified = len(betrayed) - traditional
    if traditional != simplified:
        return TRADITIONAL if traditional > simplified else SIMPLIFIED
    return previous if previous in (SIMPLIFIED, TRADITIONAL) else SIMPLIFIED


def write(text: str, language: str) -> str:
    """A text of the wording in the reader's script: Traditional is written with Taiwan's words."""
    return _converter("s2twp").convert(text) if language == TRADITIONAL else text
