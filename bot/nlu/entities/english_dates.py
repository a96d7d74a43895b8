"""Days as English shoppers name them: yesterday, last Tuesday, on the 3rd, Nov 3."""

import re
from datetime import date, timedelta
from typing import Iterator, Optional, Text, Union

from bot.nlu.entities.nearest_day import (
    day,
    day_of_month,
    days_later,
    looks_ahead,
    month_day,
    months_later,
    weekday,
    weekday_alone,
    weekday_of_week,
)
from bot.nlu.entities.numbers import ENGLISH, read_number
from bot.nlu.entities.span import NOTHING, Span

_NEAR = {
    -2: "(?:the )?day before yesterday",
    -1: "yesterday|yday|last night",
    0: "today|tonight|this (?:morning|afternoon|evening)",
    1: "tomorrow|tomorow|tmrw|tmr|tomoz",
    2: "(?:the )?day after tomorrow",
}
_NEAR_DAY = re.compile(
    "(?<![a-z])(?:"
    + "|".join(
        f"(?P<d{days + 2}>{words})"
        for days, words in sorted(_NEAR.items(), key=lambda i: -abs(i[0]))
    )
    + ")(?![a-z])"
)
_COUNT = rf"(?:[0-9]{{1,3}}|{ENGLISH}|an?|(?:a )?couple(?: of)?)"
_UNIT = "(?P<unit>day|week|fortnight|month|year)s?"
_AGO = re.compile(rf"(?<![a-z0-9.])(?P<number>{_COUNT}) {_UNIT} (?:ago|back)(?![a-z])")
_FROM_NOW = re.compile(
    rf"(?<![a-z0-9.])(?:(?P<number>{_COUNT}) {_UNIT} from (?:now|today)"
    rf"|in (?P<number2>{_COUNT}) (?P<unit2>day|week|month)s?(?:'? time)(?![a-z]))"
)
_DAYS = {"day": 1, "week": 7, "fortnight": 14}

_MONTHS = ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"]
_MONTH = (
    r"(?P<month>jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?"
    r"|sept?(?:ember)?|oct(?:ober)?|nov(?:ember)?|dec(?:ember)?)\.?"
)
_DAY = r"(?P<day>[0-9]{1,2})(?P<ordinal>st|nd|rd|th)?"
_YEAR = r"(?:,? ?(?P<year>20[0-9]{2})(?![0-9]))?"
_ON = "(?:on|since|by|of|from|until|before|after)"
_MONTH_FIRST = re.compile(
    rf"(?<![a-z])(?P<on>{_ON} )?(?P<named>{_MONTH} ?{_DAY}(?![0-9a-z%]|[:.][0-9]){_YEAR})"
)
_DAY_FIRST = re.compile(
    rf"(?<![a-z])(?P<on>{_ON} )?(?P<named>(?:the )?(?<![0-9a-z./#-]){_DAY}(?: of)? ?{_MONTH}"
    rf"(?![a-z]){_YEAR})"
)
# Also words, names and verbs: they are months beside an ordinal, a year or a preposition.
_AMBIGUOUS = frozenset(["may", "mar", "march"])

_WEEKDAYS = ["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
_NAME = (
    "(?:(?P<full>mon|tues|wednes|thurs|fri|satur|sun)day"
    "|(?P<short>mon|tues?|wed|thurs?|fri|sat|sun))"
)
_WEEKDAY = re.compile(
    "(?<![a-z])(?:(?P<which>last|past|next|this|coming)"
    "|(?P<on>on|by|since|until|till|before|for|from))?"
    f" ?(?P<named>(?<![a-z]){_NAME}(?:'s(?= [a-z]))?(?![a-z'])"
    "(?: (?:of )?(?P<week>last|next|this) week)?)"
)
# Opening hours.
_RANGE = re.compile(
    "(?<![a-z])(?:mon|tue|wed|thu|fri|sat|sun)[a-z]{0,6} ?(?:to|through|thru|-) ?"
    "(?:mon|tue|wed|thu|fri|sat|sun)[a-z]{0,6}"
)
_ORDINAL = re.compile(
    "(?<![a-z])(?:on|since|by|from|until|till|before|after|around) "
    "(?P<named>(?:the )?(?P<day>[0-9]{1,2})(?:st|nd|rd|th))(?![a-z])"
    "(?! (?:one|item|time|order|parcel|package|pair|try|attempt|floor|day|request|email|person|box"
    "|street|st|ave|avenue|road|piece|message|call|party|line)(?![a-z]))"
)


def find_english_dates(text: Text, today: date) -> Iterator[Span]:
    """Yields them as ISO days; a day that does not exist is yielded as nothing."""
    for found in _NEAR_DAY.finditer(text):
        assert found.lastgroup
        yield _span(found, today + timedelta(days=int(found.lastgroup[1:]) - 2))
    for found in _AGO.finditer(text):
        yield _span(found, _distant(today, -_count(found.group("number")), found.group("unit")))
    for found in _FROM_NOW.finditer(text):
        count = _count(found.group("number") or found.group("number2"))
        yield _span(found, _distant(today, count, found.group("unit") or found.group("unit2")))
    for pattern in (_MONTH_FIRST, _DAY_FIRST):
        for found in pattern.finditer(text):
            if found.group("month") not in _AMBIGUOUS or any(found.group("ordinal", "year", "on")):
                yield _span(found, _month_day(text, found, today), "named")
    for found in _RANGE.finditer(text):
        yield Span(*found.span(), NOTHING, "")
    for found in _WEEKDAY.finditer(text):
        if found.group("full") or any(found.group("which", "on", "week")):
            part = 0 if found.group("which") else "named"
            yield _span(found, _weekday(text, found, today), part)
    for found in _ORDINAL.finditer(text):
        ahead = looks_ahead(text, *found.span("named"))
        named = day_of_month(int(found.group("day")), today, ahead=ahead)
        yield _span(found, named, "named")


def _span(found: "re.Match[str]", named: Optional[date], part: Union[int, Text] = 0) -> Span:
    if named is None:
        return Span(*found.span(part), NOTHING, "")
    return Span(*found.span(part), "date", named.isoformat())


def _count(text: Text) -> int:
    if "couple" in text:
        return 2
    return 1 if text in ("a", "an") else int(read_number(text) or 0)


def _distant(today: date, count: int, unit: Text) -> Optional[date]:
    if unit in _DAYS:
        return days_later(today, count * _DAYS[unit])
    return months_later(today, count * (12 if unit == "year" else 1))


def _month_day(text: Text, found: "re.Match[str]", today: date) -> Optional[date]:
    month, number = _MONTHS.index(found.group("month")[:3]) + 1, int(found.group("day"))
    if found.group("year"):
        return day(int(found.group("year")), month, number)
    ahead = looks_ahead(text, *found.span("named"))
    return month_day(month, number, today, ahead=ahead)


def _weekday(text: Text, found: "re.Match[str]", today: date) -> date:
    number = _WEEKDAYS.index((found.group("full") or found.group("short"))[:3])
    which, on, week = found.group("which", "on", "week")
    if week or which in ("next", "this"):
        return weekday_of_week(number, today, {"last": -1, "this": 0, "next": 1}[week or which])
    if which in ("last", "past") or on == "since":
        return weekday(number, today, ahead=False)
    if which == "coming" or on in ("by", "until", "till"):
        return weekday(number, today, ahead=True)
    return weekday_alone(number, text, *found.span("named"), today)
