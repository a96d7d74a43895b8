"""How words sound, roughly: a slip of the pinyin keyboard or a swapped letter changes little of it.

A Chinese character becomes its toneless pinyin, without what many speakers do not tell apart (zh/z,
l/n, ang/an); a Latin word its first letter and consonants. By dictionary and rule: no context.
"""

import functools
import re
from typing import List

from pypinyin import Style, lazy_pinyin

from bot.nlu.script import has_han, runs

_WORD = re.compile(r"\w+")
_SHORTEST = 4


def sounds(text: str) -> List[str]:
    """Sounds of a folded text and pairs of neighbours among them."""
    heard: List[str] = []
    for word in _WORD.findall(text):
        if has_han(word):
            heard += [_syllable(c) for _, run, is_han in runs(word) if is_han for c in run]
        else:
            heard.append(_skeleton(word))
    return heard + [f"{first} {second}" for first, second in zip(heard, heard[1:])]


@functools.lru_cache(maxsize=32768)
def _syllable(character: str) -> str:
    (pinyin,) = lazy_pinyin(character, style=Style.NORMAL)
    blurred = re.sub(r"^([zcs])h", r"\1", pinyin)
    return re.sub(r"^l", "n", re.sub(r"ng$", "n", blurred))


@functools.lru_cache(maxsize=32768)
def _skeleton(word: str) -> str:
    if len(word) < _SHORTEST or not word.isalpha():
        return word
    bones = word[0] + re.sub(r"[aeiouyhw]", "", word[1:])
    return re.sub(r"(.)\1+", r"\1", bones)
