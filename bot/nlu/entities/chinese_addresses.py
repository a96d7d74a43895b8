"""Addresses written in Chinese: from the province down to the door, as far as they are given."""

import functools
import re
from pathlib import Path
from typing import Iterator, Text

from bot.nlu.entities.span import Span

_PLACES = Path(__file__).with_name("places.txt")

# Words that stand in front of an address but in no name of a place.
_NO_NAME = (
    "我你您他她它们的是在到寄送住请给把这了吗呢吧啊要不就也填写错误说问想没哪什么怎改换为址收货"
    "发退跟往去能帮麻该应单件个有"
)
_BOUNDS = [0x33FF, *sorted(map(ord, _NO_NAME)), 0xA000]
_NAME = "".join(f"{chr(a + 1)}-{chr(b - 1)}" for a, b in zip(_BOUNDS, _BOUNDS[1:]) if b - a > 1)
_NUMBER = "(?:[0-9]{1,5}|[一二三四五六七八九十百]{1,4})[a-z]?(?:[-之][0-9]{1,4})?"
_GAP = "[ ,、]{0,2}"

_AREA = (
    "特别行政区|自治区|自治州|省|(?<![超城门上股夜都])市|(?<![专市园社景战地赛])区|县|旗"
    "|(?<![乡城])镇|乡(?!镇)|州(?![区市县])"
)
_STREET = "街道|大道|路|街|巷|弄|胡同|村|(?<![知味报频渠通])道"
_COMPOUND = (
    "小区|花园|公寓|大厦|广场|家园|新城|苑|中心|科技园|工业园|产业园|大学|学院|学校|医院|[^商]城|府"
)
_DOORS = "号楼|号院|单元|号|弄|巷|栋|幢|座|室|楼|层|房|户|组|段|期"
# Preceded by a name, or by the number of its section: 忠孝东路四段.
_PART = (
    f"(?![省市区县])[{_NAME}]{{1,8}}?(?:{_AREA}|{_STREET}|{_COMPOUND})(?:[一二三四五六七八九十]段)?"
)
_DOOR = rf"(?:{_NUMBER}|[a-z])(?:{_DOORS})(?:之[0-9]{{1,3}})?"
_ROOM = r"[0-9]{3,4}(?![0-9a-z]|[年月元块])"
_POSTCODE = r"(?:,? ?邮(?:政)?编码?[:是为 ]{0,2}[0-9]{6}(?![0-9]))?"
_ANCHOR = re.compile(f"{_AREA}|{_STREET}|{_COMPOUND}")
_NUMBERED = re.compile(f"(?:{_STREET}|{_COMPOUND})(?:[一二三四五六七八九十]段)?{_GAP}{_DOOR}")
_AREAS = re.compile(f"(?:{_AREA})")
_STATED_POSTCODE = re.compile(r"邮(?:政)?编码?[:是为 ]{0,3}(?P<code>[0-9]{6})(?![0-9])")
_FEWEST_AREAS = 2


@functools.lru_cache(maxsize=1)
def _address() -> "re.Pattern[str]":
    places = "|".join(sorted(_PLACES.read_text(encoding="utf-8").split(), key=len, reverse=True))
    place = f"(?:{places})(?:省|市|特别行政区)?"
    # What stands before a known place is the sentence: 改成杭州市.
    begin = f"(?:(?P<places>(?:{place}{_GAP}){{1,3}})|(?={_PART})(?!.{{1,4}}(?:{places})))"
    # Where another town begins, so does another address.
    part = f"(?:{_DOOR}|(?!(?:{places})[省市]){_PART})"
    rest = rf"(?P<rest>(?:{part}{_GAP}){{0,10}}(?<![ ,、])(?:{_GAP}{_ROOM})?)"
    return re.compile(begin + rest + _POSTCODE)


def find_chinese_addresses(text: Text) -> Iterator[Span]:
    """Yields each as one span; the value is left to be read from the text as written."""
    if _ANCHOR.search(text):
        for found in _address().finditer(text):
            if _is_enough(found):
                yield Span(*found.span(), "address", "")
    for found in _STATED_POSTCODE.finditer(text):
        yield Span(*found.span("code"), "address", "")


def _is_enough(found: "re.Match[str]") -> bool:
    """A street or building with a number, or an area within another; a town alone is no address."""
    rest = found.group("rest")
    if _NUMBERED.search(rest):
        return True
    areas = len(_AREAS.findall(rest)) + (1 if found.group("places") else 0)
    return areas >= _FEWEST_AREAS
