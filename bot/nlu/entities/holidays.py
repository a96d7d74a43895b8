"""Days that have a name: sales, holidays, festivals of the lunar calendar."""

import re
from datetime import date, timedelta
from typing import Callable, Dict, Iterator, Optional, Text, Tuple

from bot.nlu.entities.nearest_day import day, looks_ahead, nearest
from bot.nlu.entities.span import Span

_FIXED = {
    (1, 1): "元旦|new year'?s day",
    (2, 14): "情人节|valentine'?s(?: day)?",
    (3, 8): "三八节?|妇女节|女神节|女王节|38节",
    (5, 1): "五一|劳动节",
    (6, 1): "六一|儿童节",
    (6, 18): r"618|六一八|6\.18",
    (9, 10): "教师节",
    (10, 1): "国庆节?|十一(?=黄金周|假期|长假|放假)|national day",
    (10, 31): "万圣节|halloween",
    (11, 11): r"双十一|双11|11\.11|光棍节|singles'? day|double (?:11|eleven)",
    (12, 12): r"双十二|双12|12\.12",
    # Before the day itself, whose name begins alike.
    (12, 24): "平安夜|christmas eve",
    (12, 25): "圣诞节?|christmas(?: day)?|xmas",
    (12, 26): "boxing day",
    (12, 31): "new year'?s eve",
    (7, 4): "independence day|(?:the )?(?:4th|fourth) of july",
}
# New year, dragon boats, the double seventh and mid-autumn: days of the moon, to which the test
# holds them.
_LUNAR = {
    "spring": ((2024, 2, 10), (2025, 1, 29), (2026, 2, 17), (2027, 2, 6), (2028, 1, 26)),
    "dragon": ((2024, 6, 10), (2025, 5, 31), (2026, 6, 19), (2027, 6, 9), (2028, 5, 28)),
    "sevens": ((2024, 8, 10), (2025, 8, 29), (2026, 8, 19), (2027, 8, 8), (2028, 8, 26)),
    "autumn": ((2024, 9, 17), (2025, 10, 6), (2026, 9, 25), (2027, 9, 15), (2028, 10, 3)),
}


def _nth_weekday(year: int, month: int, number: int, nth: int) -> date:
    first = date(year, month, 1)
    return first + timedelta(days=(number - first.weekday()) % 7 + 7 * (nth - 1))


def _thanksgiving(year: int, later: int = 0) -> date:
    return _nth_weekday(year, 11, 3, 4) + timedelta(days=later)


def _lunar(year: int, feast: Text, later: int = 0) -> Optional[date]:
    known = [date(*listed) for listed in _LUNAR[feast] if listed[0] == year]
    return known[0] + timedelta(days=later) if known else None


_MOVING: Dict[Text, Callable[[int], Optional[date]]] = {
    "thanksgiving(?: day)?|感恩节": _thanksgiving,
    "black ?friday|黑色星期五|黑五": lambda year: _thanksgiving(year, 1),
    "cyber ?monday|网络星期一|网一": lambda year: _thanksgiving(year, 4),
    "mother'?s day|母亲节": lambda year: _nth_weekday(year, 5, 6, 2),
    "father'?s day|父亲节": lambda year: _nth_weekday(year, 6, 6, 3),
    "春节|大年初一|chinese new year|lunar new year": lambda year: _lunar(year, "spring"),
    "除夕|大年三十": lambda year: _lunar(year, "spring", -1),
    "元宵节?": lambda year: _lunar(year, "spring", 14),
    "端午节?|dragon boat festival": lambda year: _lunar(year, "dragon"),
    "七夕节?": lambda year: _lunar(year, "sevens"),
    "中秋节?|mid-autumn(?: festival)?": lambda year: _lunar(year, "autumn"),
}
_YEARS = {"今年": 0, "去年": -1, "前年": -2, "明年": 1, "this year's": 0, "last year's": -1}


def _fixed(month: int, number: int) -> Callable[[int], Optional[date]]:
    return lambda year: day(year, month, number)


_DAYS: Tuple[Tuple[Text, Callable[[int], Optional[date]]], ...] = (
    *((names, _fixed(*month_day)) for month_day, names in _FIXED.items()),
    *_MOVING.items(),
)
_HOLIDAY = re.compile(
    rf"(?<![a-z0-9.零一二三四五六七八九十百千万])(?:(?P<which>{'|'.join(_YEARS)})(?:的| )?)?(?:"
    + "|".join(f"(?P<d{number}>{names})" for number, (names, _) in enumerate(_DAYS))
    + r")(?![a-z0-9零一二三四五六七八九十百千万]|\.[0-9]|'s)"
)


def find_holidays(text: Text, today: date) -> Iterator[Span]:
    """Yields them as dates."""
    for found in _HOLIDAY.finditer(text):
        number = next(int(n[1:]) for n, name in found.groupdict().items() if name and n != "which")
        in_year = _DAYS[number][1]
        which = found.group("which")
        if which:
            named = in_year(today.year + _YEARS[which])
        else:
            ahead = looks_ahead(text, *found.span())
            named = nearest(map(in_year, range(today.year - 1, today.year + 2)), today, ahead=ahead)
        if named:
            yield Span(*found.span(), "date", named.isoformat())
