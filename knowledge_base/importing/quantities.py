"""Numbers, amounts and dates in a sentence, each with what it counts.

Only as far as two sentences must be compared: a number that is not recognised is a word.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

_DIGITS = dict(zip("零一二三四五六七八九", range(10))) | {"〇": 0, "两": 2, "兩": 2}
_POWERS = {"十": 10, "百": 100, "千": 1000}
_ENGLISH_TO_TWENTY = """
one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen
seventeen eighteen nineteen twenty
"""
_TENS = {"thirty": 30, "forty": 40, "fifty": 50, "sixty": 60, "ninety": 90, "hundred": 100}
_ENGLISH = dict(zip(_ENGLISH_TO_TWENTY.split(), range(1, 21))) | _TENS
_MONTH = "jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec"
_MONTHS = dict(zip(_MONTH.split("|"), range(1, 13)))

# A number in words is one only before what can be counted: "一下" and "no one" count nothing.
_CHINESE_UNITS = "工作日|天|日|小时|周|星期|月|年|元|块|件|次|分钟"
_ENGLISH_UNITS = "day|week|month|year|hour|minute|yuan|dollar|item|time|point"
_ORDINAL = "(?:st|nd|rd|th)?"
_PATTERN = re.compile(
    rf"""
      (?P<date>
          (?:\d{{4}}\s*年\s*)?\d{{1,2}}\s*月\s*\d{{1,2}}\s*[日号]
        | \d{{4}}[-/.]\d{{1,2}}[-/.]\d{{1,2}}
        | \b\d{{1,2}}{_ORDINAL}\s+(?:of\s+)?(?:{_MONTH})[a-z]*\b(?:,?\s+\d{{4}}\b)?
        | \b(?:{_MONTH})[a-z]*\.?\s+\d{{1,2}}{_ORDINAL}\b(?:,?\s+\d{{4}}\b)?)
    | (?P<clock>\d{{1,2}}:\d{{2}})
    | (?P<phone>\+?\d[\d\s-]{{6,}}\d)
    | (?:(?P<sign>[¥$€£])\s?)?(?P<number>\d[\d,]*(?:\.\d+)?)
    | (?P<chinese>[零〇一二两兩三四五六七八九十百千]+)(?=个?(?:{_CHINESE_UNITS}))
    | \b(?P<english>{"|".join(_ENGLISH)})\b(?=[\s-]+(?:\w+[\s-]+)?(?:{_ENGLISH_UNITS}))
    """,
    re.X,
)
_HINT = re.compile(rf"[\d零〇一二两兩三四五六七八九十百千]|\b(?:{'|'.join(_ENGLISH)})\b", re.I)
# What a number counts stands right behind it.
_LOOK_AHEAD = 40
_MONEY = re.compile(r"\s?(?:元|块|yuan\b|rmb\b|cny\b)")
_COUNTED = re.compile(r"[\s-]*个?(%|[a-z]+|\w)")
# "3-5 days": what the second number counts, the first counts too.
_RANGE = re.compile(r"\s*(?:[-~–—、]|to|or|到|至|或)\s*\d[\d.,]*")
_MEASURE = re.compile(
    rf"\s?(?:%|个|张|位|分|倍|折|级|层|米|斤|公斤|克|{_CHINESE_UNITS})"
    rf"|[\s-]*(?:[a-z]+[\s-])?(?:{_ENGLISH_UNITS})|\s[a-z]+s\b"
)


@dataclass(frozen=True)
class Quantity:
    """A value and what it counts (``money``, ``date``, ``clock``, ``phone``, or the next word).

    A number that measures nothing is part of a name: the 13 of a telephone's model.
    """

    value: str
    counted: str
    measures: bool = True


def has_quantity(sentence: str) -> bool:
    """Whether it is worth normalising a sentence to look for quantities in it."""
    return bool(_HINT.search(sentence))


def quantities(sentence: str) -> tuple[tuple[Quantity, ...], str]:
    """The quantities of a normalised sentence in order, and the sentence without their values."""
    found = tuple(
        _quantity(match, sentence[match.end() : match.end() + _LOOK_AHEAD])
        for match in _PATTERN.finditer(sentence)
    )
    return found, _PATTERN.sub(" ", sentence)


def _quantity(match: re.Match[str], following: str) -> Quantity:
    if match["date"]:
        return Quantity(_date(match["date"]), "date")
    if match["clock"]:
        return Quantity(match["clock"].lstrip("0"), "clock")
    if match["phone"]:
        return Quantity("".join(re.findall(r"\d", match["phone"])), "phone")
    following = _RANGE.sub("", following, count=1) if _RANGE.match(following) else following
    if match["sign"] or _MONEY.match(following):
        return Quantity(_value(match), "money")
    unit = _COUNTED.match(following)
    counted = unit[1].rstrip("s") if unit else ""
    return Quantity(_value(match), counted, measures=bool(_MEASURE.match(following)))


def _value(match: re.Match[str]) -> str:
    if match["number"]:
        return f"{float(match['number'].replace(',', '')):g}"
    if match["english"]:
        return str(_ENGLISH[match["english"]])
    return str(_chinese(match["chinese"]))


def _chinese(numeral: str) -> int:
    """``十五`` → 15, ``二百`` → 200; digits in a row are read as such (``二〇`` → 20)."""
    total, digit = 0, 0
    for character in numeral:
        if character in _POWERS:
            total += (digit or 1) * _POWERS[character]
            digit = 0
        else:
            digit = digit * 10 + _DIGITS[character]
    return total + digit


def _date(written: str) -> str:
    """Month and day: the year is often left out, and then it is the same day."""
    month = re.search(_MONTH, written)
    numbers = [int(n) for n in re.findall(r"\d+", written) if len(n) < 3]
    if month:
        return f"{_MONTHS[month[0]]}-{numbers[0]}"
    return "-".join(map(str, numbers[-2:]))
