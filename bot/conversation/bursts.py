"""Whether more is likely to follow: people send one request in several short messages.

"你好" "在吗" "我那个单" are one request. A fragment waits a moment for the next message; a
question, a number, or anything that says enough does not. Only the words themselves decide
(bursts.yml), so the same message is always treated alike.
"""

import functools
import re
import unicodedata
from pathlib import Path
from typing import FrozenSet

import yaml

WORDS = Path(__file__).with_suffix(".yml")

_QUESTION = re.compile(r"[?？]|[吗嗎呢吧么麼啊]$|多少|怎么|怎麼|什么|什麼|哪|几时|幾時|咋")
_OPEN_MARK = re.compile(r"(?:[,，、:：;；…-]|\.\.\.)$")
_MARKS = re.compile(r"[^\w\s]+|_")
# Chinese characters, or English words, from which on a message counts as whole.
_ENOUGH_CHARACTERS = 7
_ENOUGH_WORDS = 4


@functools.lru_cache(maxsize=None)
def _words(kind: str) -> FrozenSet[str]:
    by_language = yaml.safe_load(WORDS.read_text(encoding="utf-8"))[kind]
    return frozenset(word for words in by_language.values() for word in words)


def is_fragment(text: str) -> bool:
    """Whether this message alone is likely only the beginning of a request."""
    text = unicodedata.normalize("NFKC", text).strip()
    bare = " ".join(_MARKS.sub(" ", text).lower().split())
    if _OPEN_MARK.search(text) or _promises_more(bare) or bare in _words("openings"):
        return True
    if not bare or bare in _words("complete") or any(c.isdigit() for c in bare):
        return False
    if _QUESTION.search(text) or text[-1] in "。.!~":
        return False
    han = sum("\u4e00" <= character <= "\u9fff" for character in bare)
    return han < _ENOUGH_CHARACTERS if han else len(bare.split()) < _ENOUGH_WORDS


def _promises_more(bare: str) -> bool:
    last = bare.rpartition(" ")[2]
    return any(
        last == word if word.isascii() else bare.endswith(word) for word in _words("continues")
    )
