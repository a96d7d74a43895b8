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
# Words that hold English sentences together and do not occur in names of goods.
_ENGLISH_GLUE = {
    *("a", "an", "the", "i", "you", "my", "your", "it", "its", "this", "that", "please"),
    *(
        "is",
        "are",
        "was",
        "do",
        "does",
        "did",
        "can",
        "could",
        "will",
        "would",
        "have",
        "has",
        "had",
    ),
    *("to", "of", "for", "in", "on", "at", "with", "and", "or", "but", "not"),
    *("what", "where", "when", "why", "how", "who", "which"),
}
_WORD = re.compile(r"[A-Za-z]+(?:['’][A-Za-z]+)?")


@functools.lru_cache(maxsize=4)
def _converter(name: str) -> opencc.OpenCC:
    return opencc.OpenCC(name)


@functools.lru_cache(maxsize=16384)
def _script_of(character: str) -> Optional[str]:
    """The script that a character betrays; None when both write it alike."""
    if _converter("t2s").convert(character) != character:
        return TRADITIONAL
    if _converter("s2t").convert(character) != character and not _is_in_big5(character):
        return SIMPLIFIED
    return None


def _is_in_big5(character: str) -> bool:
    """Whether Traditional readers write this character too: 台, 后, 里 have several forms there."""
    try:
        character.encode("big5")
    except UnicodeEncodeError:
        return False
    return True


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
    if not han or (len(words) > len(han) and _is_a_sentence(words, len(han))):
        return ENGLISH
    return _chinese(han, previous)


def _is_a_sentence(words: "list[str]", han: int) -> bool:
    """English with a Chinese word in it, and not Chinese about a thing with a Latin name."""
    return any(word.lower() in _ENGLISH_GLUE for word in words) or len(words) > 4 * han


def _chinese(characters: "list[str]", previous: Optional[str]) -> str:
    betrayed = [script for script in map(_script_of, characters) if script]
    traditional = betrayed.count(TRADITIONAL)
    simplified = len(betrayed) - traditional
    if traditional != simplified:
        return TRADITIONAL if traditional > simplified else SIMPLIFIED
    return previous if previous in (SIMPLIFIED, TRADITIONAL) else SIMPLIFIED


def write(text: str, language: str) -> str:
    """A text of the wording in the reader's script: Traditional is written with Taiwan's words."""
    if language != TRADITIONAL:
        return text
    # It takes every code for a program's; a shop's are numbers.
    return _converter("s2twp").convert(text).replace("程式碼", "代碼")
