"""Which day is meant by a day without its year, month or week.

Shoppers speak of what happened: the latest such day, unless the words beside it look ahead.
"""

import re
from datetime import date, timedelta
from typing import Iterable, Optional, Text

_WINDOW = 40
_STOP = re.compile("[,.;!?。，；！？]")
# Said behind a day. What was done on it first: 3号买的能退吗 is about a day that is over.
_DONE_AFTER = re.compile(
    "^[^能会要可]{0,4}"
    "(?:[买拍订签付退寄发收换申定充领投](?:[^能会要]?[了的过]|[下完])|下[的了单]|才|已|没|就)|^的?那[单笔个次]"
)
_AHEAD_AFTER = re.compile(
    "^(?:之|以)?前(?!后)"
    "|^.{0,6}(?:能|会|要(?!求)|可以|预约|送来|急|搬|出差|不在|结婚|生日|用|考试|还有|再)"
    "|^.{0,6}(?:还[发送]|几号|开始|有[什啥])|^.{0,8}(?:有.{0,6}吗|deal|sale|discount|offer|available)"
    "|^ (?:is|will|would|works|at|please|pls)(?![a-z])"
)
_AHEAD_BEFORE = re.compile(
    "(?:能|可以|要|会|等到|约|改到|改成|预计|最晚|最迟|得|想|打算)[^的了退换查找看]{0,4}$"
    "|(?:is|are|for)(?: on| the)* $"
    "|(?:^|[^a-z])(?:by|before|until|till|will|can|could|need|needs|want|coming|deals|sale|next"
    "|do you have|deliver|send|arriving|leave|leaving|i'm|upcoming)(?![a-z])[^0-9]*$"
)
_IS_TODAY = re.compile("今[天日儿]都?(?:是|已经)?$|today(?:'s| is) $")
_SUPPOSED = re.compile("如果|要是|假如|(?:^|[^a-z])if [^.?!]*$")
_DONE_BEFORE = re.compile(
    "(?:^|[^a-z])(?:was|were|had|been|got|ordered|bought|placed|paid|shipped|sent|returned|told|said"
    "|received|delivered|since|arrived)(?![a-z])[^?]*$"
)


def weekday_alone(number: int, text: Text, start: int, end: int, today: date) -> date:
    """A weekday at [start, end) of which only its name is given; "today is Friday" is today."""
    if number == today.weekday() and _IS_TODAY.search(text[max(0, start - _WINDOW) : start]):
        return today
    return weekday(number, today, ahead=looks_ahead(text, start, end))


def looks_ahead(text: Text, start: int, end: int) -> bool:
    """Whether the words around [start, end) speak of a day that is to come."""
    before = _STOP.split(text[max(0, start - _WINDOW) : start])[-1]
    after = _STOP.split(text[end : end + _WINDOW])[0]
    if _SUPPOSED.search(before):
        return True
    if _DONE_AFTER.search(after) or _DONE_BEFORE.search(before):
        return False
    return bool(_AHEAD_AFTER.search(after) or _AHEAD_BEFORE.search(before))


def nearest(days: Iterable[Optional[date]], today: date, *, ahead: bool) -> Optional[date]:
    """The latest day that is not after today, or looking ahead the first that is not before it."""
    possible = [day for day in days if day and (day >= today if ahead else day <= today)]
    return (min if ahead else max)(possible, default=None)


def day(year: int, month: int, day_of_month: int) -> Optional[date]:
    """A date; None where there is no such day."""
    try:
        return date(year, month, day_of_month)
    except ValueError:
        return None


def month_day(month: int, day_of_month: int, today: date, *, ahead: bool) -> Optional[date]:
    """11月3号; a leap day may be years away."""
    years = range(today.year - 8, today.year + 9)
    return nearest((day(year, month, day_of_month) for year in years), today, ahead=ahead)


def day_of_month(number: int, today: date, *, ahead: bool) -> Optional[date]:
    """3号, the 3rd."""
    months = (shifted_month(today, months) for months in range(-3, 4))
    return nearest((day(*month, number) for month in months), today, ahead=ahead)


def shifted_month(today: date, months: int) -> "tuple[int, int]":
    """Year and month so many months later."""
    years, month = divmod(today.year * 12 + today.month - 1 + months, 12)
    return years, month + 1


def days_later(today: date, days: int) -> Optional[date]:
    """None beyond the calendar's end."""
    try:
        return today + timedelta(days=days)
    except OverflowError:
        return None


def months_later(today: date, months: int) -> Optional[date]:
    """The same day of another month, or its last one: a month before 31 March is 28 February."""
    year, month = shifted_month(today, months)
    days = (day(year, month, number) for number in range(today.day, 27, -1))
    return day(year, month, today.day) or next((found for found in days if found), None)


def weekday(number: int, today: date, *, ahead: bool) -> date:
    """The last or next such day, Monday is 0; never today, which has names of its own."""
    if ahead:
        return today + timedelta(days=(number - today.weekday()) % 7 or 7)
    return today - timedelta(days=(today.weekday() - number) % 7 or 7)


def weekday_of_week(number: int, today: date, weeks: int) -> date:
    """In this week (0), the last one (-1), the next one (1); weeks begin on Monday."""
    return today + timedelta(days=number - today.weekday() + 7 * weeks)
