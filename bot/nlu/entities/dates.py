"""Days that a message names, each resolved to the one that is meant."""

import re
from datetime import date
from typing import Iterator, Optional, Text

from bot.nlu.entities.chinese_dates import find_chinese_dates
from bot.nlu.entities.english_dates import find_english_dates
from bot.nlu.entities.holidays import find_holidays
from bot.nlu.entities.nearest_day import day
from bot.nlu.entities.span import NOTHING, Span

# Nothing else is looked at more closely.
_CHINESE = re.compile("[天日号月周期拜前后晚早夜今昨明听]")
_ENGLISH = re.compile(
    "day|ago|back|morrow|tm|tomo|night|now|week|morning|noon|evening|[0-9](?:st|nd|rd|th)"
    "|jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec|mon|tue|wed|thu|fri|sat|sun"
)
_HOLIDAY = re.compile(
    "[节旦庆双夜夕五一八]|圣诞|端午|中秋|元宵|初一|三十|618|6.18|1.1|2.12"
    "|day|mas|giving|hallo|valen|new year|autumn|double|july"
)
_YEAR_FIRST = re.compile(
    "(?<![0-9])(?P<year>20[0-9]{2})(?P<mark>[-/.])(?P<month>[0-9]{1,2})(?P=mark)"
    "(?P<day>[0-9]{1,2})(?![0-9])"
)
_YEAR_LAST = re.compile(
    "(?<![0-9./-])(?P<first>[0-9]{1,2})(?P<mark>[-/.])(?P<second>[0-9]{1,2})(?P=mark)"
    "(?P<year>20[0-9]{2}|[0-9]{2})(?![0-9])"
)
# Half past three is no price, 14:30 no number of a phone.
_TIME = re.compile(r"(?<![0-9:])[0-9]{1,2}:[0-9]{2}(?::[0-9]{2})?(?![0-9:])")


def find_dates(text: Text, today: date) -> Iterator[Span]:
    """Yields them as ISO days, YYYY-MM-DD.

    Args:
        text: folded.
        today: what "yesterday" and "the 3rd" are counted from.
    """
    if not text.isascii() and _CHINESE.search(text):
        yield from find_chinese_dates(text, today)
    if _ENGLISH.search(text):
        yield from find_english_dates(text, today)
    if _HOLIDAY.search(text):
        yield from find_holidays(text, today)
    for found in _YEAR_FIRST.finditer(text):
        year, month, number = (int(found.group(part)) for part in ("year", "month", "day"))
        yield _span(found, day(year, month, number))
    for found in _YEAR_LAST.finditer(text):
        yield _span(found, _year_last(found))
    for found in _TIME.finditer(text):
        yield Span(*found.span(), NOTHING, "")


def _year_last(found: "re.Match[str]") -> Optional[date]:
    year = 2000 + int(found.group("year")) % 100
    first, second = int(found.group("first")), int(found.group("second"))
    american, european = day(year, first, second), day(year, second, first)
    # 03/11/2026 is March in America and November elsewhere; with dots it is never American.
    return european or american if found.group("mark") == "." else american or european


def _span(found: "re.Match[str]", named: Optional[date]) -> Span:
    if named is None:
        return Span(*found.span(), NOTHING, "")
    return Span(*found.span(), "date", named.isoformat())
