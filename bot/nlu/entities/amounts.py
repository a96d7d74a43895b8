"""Amounts of money with their currency."""

import re
from decimal import Decimal
from typing import Iterator, Optional, Text

from bot.nlu.entities.numbers import ARABIC, ENGLISH, HAN, read_number
from bot.nlu.entities.span import Span

_MARKS = {
    "CNY": "¥ rmb cny 人民币",
    "USD": "us$ $ usd 美元 美金",
    "EUR": "€ eur 欧元",
    "GBP": "£ gbp 英镑",
    "HKD": "hk$ hkd 港币 港元",
    "TWD": "nt$ twd ntd 新台币 台币",
    "JPY": "jpy 日元",
    "AUD": "au$ a$ aud",
    "CAD": "ca$ c$ cad",
    "SGD": "s$ sgd",
}
_NAMES = {
    "CNY": "yuan kuai",
    "USD": "dollars dollar bucks 刀",
    "EUR": "euros euro",
    "GBP": "pounds pound quid 镑",
}
_CURRENCIES = {
    mark: currency
    for marks in (_MARKS, _NAMES)
    for currency, listed in marks.items()
    for mark in listed.split()
}
_CURRENCIES.update({"元": "CNY", "块": "CNY", "圆": "CNY"})
_CENTS = {"cents": "USD", "cent": "USD", "pence": "GBP"}


def _any_of(words: "list[Text]") -> Text:
    longest_first = sorted(words, key=len, reverse=True)
    return "|".join(re.escape(word) for word in longest_first)


_BEFORE = _any_of([mark for listed in _MARKS.values() for mark in listed.split()])
_AFTER = _any_of([word for word in _CURRENCIES if "$" not in word and word not in "¥€£块圆元"])
# 59块9 is 59.90; 12块2件 is not 12.20.
_NO_TAIL = r"(?![0-9.十百]|[件个双盒瓶天号日点月岁米斤折周年次码%])"
_TAIL = f"(?:(?P<tail>[0-9]{{1,2}}|[一二三四五六七八九]){_NO_TAIL}[毛角]?)?"
# 一块 is mostly "together" or "a piece", and 三块电池 are three.
_YUAN = (
    "(?:块(?<!一块)(?![蛋巧手电屏布表肉饼香肥砧地硬玻木板糖奶抹移砖])"
    "|块(?=钱|[0-9一二三四五六七八九](?![件个双]))|元(?![旦宵素])|圆)"
)
_HAN_NUMBER = f"(?P<number>{ARABIC}[百千万]?|{HAN})"

_PREFIXED = re.compile(
    rf"(?<![a-z])(?P<mark>{_BEFORE}) ?(?P<number>{ARABIC}[千万]?|{HAN})(?![0-9])(?: ?[元块])?"
)
_IN_YUAN = re.compile(rf"(?<![0-9.第几]){_HAN_NUMBER} ?[多来几]? ?{_YUAN}{_TAIL}钱?")
_SUFFIXED = re.compile(
    rf"(?<![a-z0-9.])(?P<number>{ARABIC}[百千万]?|{HAN}|{ENGLISH})[多来]? ?"
    rf"(?P<mark>us dollars|{_AFTER})(?![a-z])(?! (?:heavier|lighter|of ))"
)
_COINS = re.compile(
    rf"(?<![a-z0-9.])(?P<number>{ARABIC}|{HAN}|{ENGLISH})"
    r"(?:毛(?:钱|(?=[^\u3400-\u9fff]|$))| (?P<mark>cents?|pence)(?![a-z]))"
)
# What makes a bare number a price, and what it counts when it is none.
_SPENT = (
    "付款?|花|扣款?|[多少]?收|退款?|赔|补|便宜|贵|降|涨|价|卖|差|费|到手|满|减|定金|尾款|总共|一共"
    "|合计|才|只要"
)
_NOT_COUNTED = (
    "(?![0-9a-z.%零一二两三四五六七八九十百千万]|[, ]?[0-9]| ?只(?![退来到收有要剩给发能是])"
    "| ?[件个双盒条套包瓶袋箱支本台把张块片罐份部天日号月年点分秒时周次人"
    "岁码斤公克米寸楼栋折倍星级积期款种位笔单通遍趟半字点名里])"
)
_BARE = re.compile(
    rf"(?:{_SPENT})[了我你为是变到成才只又要回价个: ]{{0,3}}"
    rf"(?P<number>{ARABIC}|{HAN}){_NOT_COUNTED}"
)
_OFFER = re.compile(
    rf"(?<![0-9.a-z])(?P<number>{ARABIC})(?=包邮|减[0-9])"
    rf"|(?<=[0-9]减)(?P<less>{ARABIC}){_NOT_COUNTED}"
)
# Hundreds alone are money when they count nothing else.
_HUNDREDS = re.compile(
    "(?<![第零〇一二两三四五六七八九十百千万0-9])"
    "(?P<number>[一二两三四五六七八九][百千万][零一二三四五六七八九十百千]{0,6})(?:多|出头)?"
    f"{_NOT_COUNTED}(?![多来几条颗粒毫升平元块圆度千万余])"
)
_LONGEST_PRICE = 7
_PLACES = re.compile("[十百千万]")
_NO_MONEY = re.compile("体重|身高|海拔|重|穿|尾号|前")


def find_amounts(text: Text) -> Iterator[Span]:
    """Yields them as currency and two decimals, `CNY 59.90`; yuan where nothing else is said."""
    for pattern in (_PREFIXED, _SUFFIXED):
        for found in pattern.finditer(text):
            mark = found.group("mark")
            currency = _CURRENCIES.get(mark) or _CURRENCIES[mark.split()[-1]]
            yield from _span(found, found.group("number"), currency)
    for found in _COINS.finditer(text):
        currency = _CENTS.get(found.group("mark") or "", "CNY")
        divisor = 100 if found.group("mark") else 10
        yield from _span(found, found.group("number"), currency, divisor=divisor)
    if not text.isascii():
        yield from _chinese(text)


def _chinese(text: Text) -> Iterator[Span]:
    for found in _IN_YUAN.finditer(text):
        yield from _span(found, found.group("number"), "CNY", tail=found.group("tail"))
    for found in _BARE.finditer(text):
        number = found.group("number")
        # A single digit is part of a word (退一, 扣1), a long number is of an order, and digits
        # without their places are spelled or a saying (七七八八).
        is_price = number.isascii() or _PLACES.search(number)
        if is_price and 1 < len(number) <= _LONGEST_PRICE:
            yield from _span(found, number, "CNY", start=found.start("number"))
    for found in _OFFER.finditer(text):
        yield from _span(found, found.group("number") or found.group("less"), "CNY")
    for found in _HUNDREDS.finditer(text):
        if not _NO_MONEY.search(text[max(0, found.start() - 3) : found.start()]):
            yield from _span(found, found.group("number"), "CNY")


def _span(
    found: "re.Match[str]",
    number: Text,
    currency: Text,
    *,
    tail: Optional[Text] = None,
    start: Optional[int] = None,
    divisor: int = 1,
) -> Iterator[Span]:
    value = read_number(number)
    if value is None:
        return
    value /= divisor
    if tail:
        # 59块9 is 59.90.
        cents = read_number(tail) or Decimal(0)
        value += cents / (100 if len(tail) == 2 else 10)
    first = found.start() if start is None else start
    yield Span(first, found.end(), "amount", f"{currency} {value:.2f}")
