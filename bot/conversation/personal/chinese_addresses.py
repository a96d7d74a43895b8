"""Finds postal addresses written in Chinese, Simplified or Traditional.

A place alone is no address: "你们杭州市发货吗" stays. A street with a number is one, so are a
building with a door and districts that end in a street. Each is found by what it cannot do without
and read on from there in both directions; with a word of the sentence rather than without a part.
"""

import re
from typing import Iterator, Tuple

ADDRESS = "<address>"

# Words that stand in front of an address but in no name of a place.
_NO_NAME = (
    "我你您他她它们們的是在到寄送住请請给給把這这了吗嗎呢吧啊要不就也很址"
    "填写寫错錯说說问問想没沒哪什么麼怎"
)
_BOUNDS = [0x33FF, *sorted(map(ord, _NO_NAME)), 0xA000]
_NAME = "".join(f"{chr(a + 1)}-{chr(b - 1)}" for a, b in zip(_BOUNDS, _BOUNDS[1:]) if b - a > 1)
_NUMBER = (
    r"[甲乙丙丁附]?(?:[0-9]{1,5}|[〇零一二三四五六七八九十百]{1,6})[A-Za-z]?(?:[-之][0-9]{1,4})?"
)
_NUMBER_OR_LETTER = f"(?:{_NUMBER}|(?<![A-Za-z])[A-Za-z])"
_BUILDING = "(?:号楼|號樓|号院|號院|栋|棟|幢|座|单元|單元|期)"
_DOOR = "(?:单元|單元|层|層|楼|樓|室|房|户|戶|号|號)"
_COMPOUND = "胡同|小区|小區|花园|花園|公寓|大厦|大廈|广场|廣場"
_COMMA = "[ ,，、]{0,2}"

# 文三路478号, 漕溪北路18弄, 忠孝東路四段
_STREET = re.compile(
    f"(?:[路街巷弄村庄莊苑]|(?<![知味报報频頻通渠])道|{_COMPOUND}) {{0,2}}"
    f"{_NUMBER} {{0,2}}(?:[号號弄巷组組栋棟幢座段期]|单元|單元)"
)
# (3)栋2单元, (A)座1203
_DOORS = re.compile(f"{_BUILDING}{_COMMA}{_NUMBER}(?:(?<=[0-9]{{3}})| {{0,2}}{_DOOR})")
# (杭州)市西湖区文三路
_DISTRICTS = re.compile(
    f"[省市州][{_NAME}]{{1,6}}[区區县縣旗市][{_NAME}]{{1,10}}?(?:[路街镇鎮乡鄉村]|大道|{_COMPOUND})(?:街道)?"
)
_REST = re.compile(
    f"(?:{_COMMA}[{_NAME}]{{0,12}}?{_NUMBER_OR_LETTER} {{0,2}}"
    f"(?:{_BUILDING}|{_DOOR}|[弄巷组組])(?:之[0-9]{{1,3}})?){{0,5}}"
    f"(?:{_COMMA}[0-9]{{3,4}}(?![0-9A-Za-z]))?"
)
# Read backwards: a name, and before a blank or comma only what is the end of a part.
_BEFORE = re.compile(
    f"(?: {{0,2}}[A-Za-z](?![A-Za-z]))?(?: {{0,2}}[0-9])?[{_NAME}0-9]{{0,24}}"
    "(?:[ ,，、]{1,2}(?=[省市区區县縣州旗镇鎮乡鄉道号號弄栋棟幢座期])"
    f"[{_NAME}0-9]{{1,12}}){{0,4}}"
)
_NUMBER_BEFORE = re.compile(f"{_NUMBER_OR_LETTER} {{0,2}}$")
_FARTHEST_BEFORE = 60
_DISTRICT = re.compile("[省市区區县縣州旗镇鎮乡鄉]")
# What may belong to a name that nothing sets off from the sentence before it.
_LONGEST_NAME = 10


def chinese_addresses(text: str) -> Iterator[Tuple[int, int, str]]:
    """Spans (start, end, marker)."""
    if text.isascii():
        return
    for anchor in (_STREET, _DOORS, _DISTRICTS):
        end = 0
        for found in anchor.finditer(text):
            if found.start() < end:
                continue
            start = _start(text, found.start(), end)
            before = text[start : found.start()]
            # 走路3号: no street has so short a name. 这栋3楼: a building has a number.
            if anchor is _STREET and len(before) < 2:
                continue
            if anchor is _DOORS and not _NUMBER_BEFORE.search(before[-12:]):
                continue
            rest = _REST.match(text, found.end())
            end = rest.end() if rest else found.end()
            yield start, end, ADDRESS


def _start(text: str, anchor: int, least: int) -> int:
    """Where the address begins that has an anchor in it."""
    found = _BEFORE.match(text[max(least, anchor - _FARTHEST_BEFORE) : anchor][::-1])
    before = found.group()[::-1] if found else ""
    district = _DISTRICT.search(before)
    named = district.start() if district else len(before)
    return anchor - len(before) + max(0, named - _LONGEST_NAME)
