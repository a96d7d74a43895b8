"""Sizes of clothes, shoes and beds: XL, 38码, EU 42, size 10, 1.8米床, 均码."""

import re
from typing import Iterator, Text

from bot.nlu.entities.numbers import read_number
from bot.nlu.entities.span import Span

_START, _END = "(?<![a-z0-9.])", "(?![a-z0-9]|'[a-z])"
# Two letters and more are hardly anything else.
_SURE = re.compile(rf"{_START}(?P<value>[2-6]xl|x{{1,4}}l|x{{1,3}}s){_END}(?:码|号)?")
_SINGLE = re.compile(
    r"(?<![a-z0-9.'&])(?<![0-9] )(?P<value>[sml])(?P<sign>码|号(?!楼|线)|(?![a-z0-9&]|'[a-z]))"
)
# Before a single letter, when it is not written as a capital.
_ASKED = re.compile(
    "(?:换成?|改成?|要|拍|买|穿|选|码|size|尺寸|还是|in|an?|the|to|for|from|个|是|的)[ :]{0,2}$"
)
_ASKED_AFTER = re.compile("^(?:的|还是|码| (?:instead|please|pls|size)|[^0-9a-z]|$)")

_WORDS = {
    "S": "小码|small",
    "M": "中码|medium",
    "L": "大码|large",
    "XL": "加大码|extra[ -]large|x-large",
    "XS": "extra[ -]small",
    "one size": "均码|one[ -]size|free[ -]size",
    "king": "king[ -]size",
    "queen": "queen[ -]size",
}
_WORD = re.compile(
    "加大码|[大中小]码|均码|(?<![a-z])(?:one|free|king|queen)[ -]size"
    "(?![a-z]| (?:up|down|too|bigger|smaller|larger))"
    # "too large" and "a large parcel" are no sizes.
    "|(?<![a-z])(?:size |(?:in|to|for|from|need|want|get|got)(?: an?| the)? |(?:an?|the) )"
    "(?P<said>extra[ -]large|x-large|extra[ -]small|small|medium|large)"
    "(?= ?(?:$|[^a-z ])"
    "| (?:instead|please|pls|not|but|and|or|to|for|now|size|is|was|in)(?![a-z]))"
)

_NUMBER = r"[0-9]{1,3}(?:\.5)?"
_COUNTRY = re.compile(
    rf"{_START}(?P<country>eu|eur|uk|us|欧码|美码|英码) ?(?:size )?(?P<after>{_NUMBER}){_END}"
    rf"|{_START}(?P<before>{_NUMBER}) ?(?P<unit>eu|uk|us)(?![a-z0-9$])"
)
_COUNTRIES = {"eur": "EU", "欧码": "EU", "美码": "US", "英码": "UK"}
_NUMBERED = (
    re.compile(rf"{_START}(?P<value>{_NUMBER})码(?!头|洋)"),
    re.compile("(?P<value>[三四]十[一二三四五六七八九]?)码"),
    re.compile(
        "(?:(?<![a-z])size|尺码|鞋码|码数)(?: (?:is|was|number|no))?[ :是为]{0,2}"
        rf"(?P<value>{_NUMBER})(?![0-9a-z.%]|cm| ?(?:厘米|斤))"
    ),
    # 换42的, 要40: shoes; other numbers would be a price or a count.
    re.compile(
        r"(?<=[换要拍穿成双])(?P<value>(?:3[4-9]|4[0-7])(?:\.5)?)"
        "(?![0-9a-z.%块元件个双天年号日月斤公厘米条岁分])"
    ),
    re.compile(
        r"(?<=(?:for|.to|.of) a )(?P<value>[1-9](?:\.5)?|1[0-9])"
        "(?= ?(?:$|[^a-z0-9 ])| (?:instead|please|pls)(?![a-z]))"
    ),
)
_BED = re.compile(
    r"(?<![0-9.])(?:(?P<metres>(?:0\.9|1\.[0-9]{1,2}|2(?:\.[0-9])?)) ?[米m]"
    "|[1一]米(?P<tenths>[258二五八]))[的宽]?(?:[双单]人)?"
    "(?:床| bed)"
)
# 170/88A of clothes, 75B of bras.
_BODY = re.compile("(?<![0-9])(?P<value>1[4-9][05]/[0-9]{2,3}[abcy]?|[6-9][05][a-g])(?![0-9a-z])")


def find_sizes(text: Text, as_written: Text) -> Iterator[Span]:
    """Yields them: letters as capitals, numbers with the country when it is said.

    Args:
        text: folded.
        as_written: the same characters before they were folded; a lone S, M or L is told from a
            letter of a word by being a capital.
    """
    for found in _SURE.finditer(text):
        yield _span(found, found.group("value").upper())
    for found in _SINGLE.finditer(text):
        if found.group("sign") or _is_meant(text, as_written, found):
            yield _span(found, found.group("value").upper())
    for found in _WORD.finditer(text):
        word = found.group("said") or found.group()
        value = next(size for size, words in _WORDS.items() if re.fullmatch(words, word))
        yield Span(found.end() - len(word), found.end(), "size", value)
    for found in _COUNTRY.finditer(text):
        country = found.group("country") or found.group("unit")
        number = found.group("after") or found.group("before")
        # "us" is mostly a word.
        if country != "us" or "US" in as_written[found.start() : found.end()]:
            yield _span(found, f"{_COUNTRIES.get(country, country.upper())} {number}")
    for pattern in (*_NUMBERED, _BODY):
        for found in pattern.finditer(text):
            value = found.group("value").upper()
            yield _span(found, value if value[0].isascii() else str(read_number(value)))
    for found in _BED.finditer(text):
        metres = found.group("metres") or f"1.{read_number(found.group('tenths'))}"
        yield _span(found, f"{metres}m bed")


def _is_meant(text: Text, as_written: Text, found: "re.Match[str]") -> bool:
    start, end = found.span()
    if as_written[start : start + 1].isupper():
        return True
    before, after = text[max(0, start - 6) : start], text[end : end + 9]
    return bool(_ASKED.search(before) and _ASKED_AFTER.search(after)) and text[start] != "s"


def _span(found: "re.Match[str]", value: Text) -> Span:
    return Span(*found.span(), "size", value)
