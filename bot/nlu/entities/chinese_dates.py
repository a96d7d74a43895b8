"""Days as Chinese shoppers name them: 昨天, 上周三, 三天前, 11月3号, 3号."""

import re
from datetime import date, timedelta
from typing import Iterator, Optional, Text

from bot.nlu.entities.nearest_day import (
    day,
    day_of_month,
    days_later,
    looks_ahead,
    month_day,
    months_later,
    shifted_month,
    weekday_alone,
    weekday_of_week,
)
from bot.nlu.entities.numbers import read_number
from bot.nlu.entities.span import NOTHING, Span

_NEAR = {
    -3: "大前天",
    -2: "前天|前日|前晚",
    -1: "昨天|昨日|昨晚|昨夜|昨儿|昨早|琴日|寻日|寻晚",
    0: "今天|今日|今晚|今早|今儿|今晨|今夜",
    1: "明天|明日|明晚|明早|明儿|听日",
    2: "后天|后日",
    3: "大后天",
}
_DISTANCES = {word: days for days, words in _NEAR.items() for word in words.split("|")}
_NEAR_DAY = re.compile(
    f"(?<![目以从])(?:{'|'.join(sorted(_DISTANCES, key=len, reverse=True))})(?!气|[前后]|性)"
)

_NUMBER = "(?:[0-9]{1,3}|[一二两三四五六七八九十廿]{1,3}|半)"
_AGO = re.compile(
    rf"(?<![0-9第前近.零一二三四五六七八九十百])(?P<number>{_NUMBER})个?(?P<unit>天|日|周|星期|礼拜|月|年)"
    "(?:之|以)?(?P<way>前|后)(?![面台期悔续后])"
)

_THEN = re.compile("[了用收买拍单款货过后]$")
_BROKE = re.compile("[就才]?[坏断裂掉破]")

_WEEKS = {"上上": -2, "上": -1, "这": 0, "本": 0, "下": 1, "下下": 2}
_WEEKDAY = re.compile(
    "(?:(?P<which>上上|上|这|本|下下|下)(?:一?个)?|(?<![一二两三四五六七八九十几0-9每四双]))"
    "(?:周|星期|礼拜)(?P<day>[一二三四五六日天])(?!直|般|样|定|起|[次个共些点边年]|[到至~-]+(?:周|星期|礼拜|[一二三四五六日]))"
    "(?<![到至~-].{3})(?<![到至~-].{2})"
)

_DAY = "(?:[0-9]{1,2}|[一二三四五六七八九十廿]{1,3})"
_YEARS = {"今年": 0, "去年": -1, "前年": -2, "明年": 1, "后年": 2}
_NO_DIGIT = r"(?<![0-9一二三四五六七八九十百千.\-/])"
_MONTH_DAY = re.compile(
    rf"{_NO_DIGIT}(?:(?P<year>(?:20)?[0-9]{{2}}|二[零〇][零〇一二三四五六七八九]{{2}})年 ?"
    rf"|(?P<which>{'|'.join(_YEARS)})的?)?"
    rf"(?P<month>{_DAY})月份?的? ?(?P<day>{_DAY})"
    "(?:[号日]|(?=[买下拍到签发付收就的,. ]|$))"
)
# 11.3号, 11/3号 and 11/3下单.
_NUMERIC = re.compile(
    rf"{_NO_DIGIT}(?P<month>1[0-2]|0?[1-9])[./-](?P<day>3[01]|[12][0-9]|0?[1-9])"
    "(?:[号日]|(?=买|下单|拍|签收|付款|到货|发货|到的|发的))"
)
_MONTHS = {"上上": -2, "上": -1, "这": 0, "本": 0, "当": 0, "下": 1}
_DAY_OF = re.compile(
    rf"(?P<which>上上|[上这本当下])个?月(?:份|的)?(?P<day>{_DAY})[号日]|每个?月{_DAY}[号日]"
)
_DAY_ALONE = re.compile(
    # 大一号 is a size.
    rf"(?<![大小])(?<![大小]了)(?<![0-9第路街弄巷段栋幢园村道款色房月.\-/期区一二三四五六七八九十百a-z])(?P<day>{_DAY})"
    "(?:号(?![楼线色店仓门院园区库柜机链客服款车窗桌码床公球电单栋幢元]|[0-9](?![0-9]?[号日]))|日(?![内无游达期报常子本元]))"
)


def find_chinese_dates(text: Text, today: date) -> Iterator[Span]:
    """Yields them as ISO days; a day that does not exist is yielded as nothing."""
    for found in _NEAR_DAY.finditer(text):
        yield _span(found, today + timedelta(days=_DISTANCES[found.group()]))
    for found in _AGO.finditer(text):
        yield _span(found, None if _is_from_then(text, found) else _distant(found, today))
    for found in _WEEKDAY.finditer(text):
        yield _span(found, _weekday(text, found, today))
    for pattern in (_MONTH_DAY, _NUMERIC):
        for found in pattern.finditer(text):
            yield _span(found, _month_day(text, found, today))
    for found in _DAY_OF.finditer(text):
        yield _span(found, _in_month(found, today))
    for found in _DAY_ALONE.finditer(text):
        number, ahead = _read(found.group("day")), looks_ahead(text, *found.span())
        yield _span(found, day_of_month(number, today, ahead=ahead))


def _span(found: "re.Match[str]", named: Optional[date]) -> Span:
    if named is None:
        return Span(*found.span(), NOTHING, "")
    return Span(*found.span(), "date", named.isoformat())


def _read(text: Text) -> int:
    return int(read_number(text.replace("廿", "二十")) or 0)


def _distant(found: "re.Match[str]", today: date) -> Optional[date]:
    number, unit = found.group("number"), found.group("unit")
    sign = -1 if found.group("way") == "前" else 1
    if number == "半":
        return {
            "月": today + sign * timedelta(days=15),
            "年": months_later(today, sign * 6),
        }.get(unit)
    count = sign * _read(number)
    if unit in ("月", "年"):
        return months_later(today, count * (12 if unit == "年" else 1))
    return days_later(today, count * (1 if unit in ("天", "日") else 7))


def _is_from_then(text: Text, found: "re.Match[str]") -> bool:
    """用了一个月后坏了, 签收7天后: counted from something else than today."""
    before, after = text[max(0, found.start() - 2) : found.start()], text[found.end() :]
    return found.group("way") == "后" and bool(_THEN.search(before) or _BROKE.match(after))


def _weekday(text: Text, found: "re.Match[str]", today: date) -> date:
    number = "一二三四五六日天".index(found.group("day")) % 7
    if found.group("day") in "日天":
        number = 6
    which = found.group("which")
    if which:
        return weekday_of_week(number, today, _WEEKS[which])
    return weekday_alone(number, text, *found.span(), today)


def _month_day(text: Text, found: "re.Match[str]", today: date) -> Optional[date]:
    month, number = _read(found.group("month")), _read(found.group("day"))
    groups = found.groupdict()
    if groups.get("year"):
        return day(2000 + _read(groups["year"]) % 100, month, number)
    if groups.get("which"):
        return day(today.year + _YEARS[groups["which"]], month, number)
    return month_day(month, number, today, ahead=looks_ahead(text, *found.span()))


def _in_month(found: "re.Match[str]", today: date) -> Optional[date]:
    which = found.group("which")
    # 每月3号 is no day.
    return day(*shifted_month(today, _MONTHS[which]), _read(found.group("day"))) if which else None
