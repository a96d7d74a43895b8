"""Numbers as people write them: 1,299, 1.2万, 一百二, twenty-five, a dozen."""

import re
from decimal import Decimal
from typing import Optional, Text

# Patterns for the other modules: no group of theirs is captured.
ARABIC = r"(?:[0-9]{1,3}(?:,[0-9]{3}){1,3}|[0-9]{1,9})(?:\.[0-9]{1,2}(?![0-9]))?"
HAN = "[零〇一二两三四五六七八九十百千万]{1,9}"
_ONES = (
    *("one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven"),
    *("twelve", "thirteen", "fourteen", "fifteen", "sixteen", "seventeen", "eighteen", "nineteen"),
)
_TENS = ("twenty", "thirty", "forty", "fifty", "sixty", "seventy", "eighty", "ninety")
_WORDS = {word: value for value, word in enumerate(_ONES, start=1)}
_WORDS.update({word: 10 * value for value, word in enumerate(_TENS, start=2)})
_SINGLE = f"(?:(?:{'|'.join(_TENS)})(?:[- ](?:{'|'.join(_ONES[:9])}))?|{'|'.join(_ONES[::-1])})"
ENGLISH = f"(?:(?:{_SINGLE}|a) (?:hundred|thousand)|{_SINGLE})"

_DIGITS = {digit: value for value, digit in enumerate("零一二三四五六七八九")}
_DIGITS.update({"〇": 0, "两": 2})
_UNITS = {"十": 10, "百": 100, "千": 1000, "万": 10000}
_GROUPED = re.compile(rf"({ARABIC})([十百千万]?)")


def read_number(text: Text) -> Optional[Decimal]:
    """The value of a number in any of these writings; None if it is none."""
    text = text.strip()
    arabic = _GROUPED.fullmatch(text)
    if arabic:
        return Decimal(arabic.group(1).replace(",", "")) * _UNITS.get(arabic.group(2), 1)
    value = read_han(text) if text[:1] in _DIGITS or text[:1] in _UNITS else read_english(text)
    return None if value is None else Decimal(value)


def read_han(text: Text) -> Optional[int]:
    """二十三, 一百零五, 二零二六, and 一百二, which means 120."""
    if len(text) > 1 and all(character in _DIGITS for character in text):
        return int("".join(str(_DIGITS[character]) for character in text))
    total = section = digit = 0
    unit = 1
    for character in text:
        if character in _DIGITS:
            digit = _DIGITS[character]
            # After a zero the digit stands for itself.
            unit = 1 if digit == 0 else unit
        elif character == "万":
            total, section, digit, unit = (section + digit or 1) * 10000, 0, 0, 10000
        elif character in _UNITS:
            section += (digit or 1) * _UNITS[character]
            digit, unit = 0, _UNITS[character]
        else:
            return None
    # A last digit without its unit counts in the next smaller one, but not after 十.
    return total + section + digit * (unit // 10 if unit >= 100 else 1)


def read_english(text: Text) -> Optional[int]:
    """Numbers up to ninety-nine, and round hundreds and thousands."""
    total = 0
    for word in re.split("[- ]", text):
        if word in ("hundred", "thousand"):
            total = (total or 1) * (100 if word == "hundred" else 1000)
        elif word in _WORDS:
            total += _WORDS[word]
        elif word not in ("a", "an"):
            return None
    return total or None
