"""How many of something: 2件, 两双, two pairs, x3."""

import re
from typing import Iterator, Text

from bot.nlu.entities.numbers import ARABIC, ENGLISH, HAN, read_number
from bot.nlu.entities.span import Span

_MEASURES = "件双盒条只套包瓶袋箱支本台把张罐对份桶枚盏副辆提床顶株盆听杯根部"
# 个 counts nearly everything; these are no goods.
_NO_GOODS = "(?!多?[月小星礼工钟人问电地短客字账帐快订单号步意建理原办城省年点])"
_MANY = re.compile(
    "(?:(?<![0-9.第零〇一二两三四五六七八九十百千每几这那上下])(?P<digits>[0-9]{1,4})"
    f"|(?<![第零〇一二两三四五六七八九十百千每几这那上下])(?P<words>{HAN})) ?"
    f"(?:[{_MEASURES}](?<![包只])|包(?![怎凭政服期法卡吗邮裹装括])|只(?![退来到收有要剩给发能是])"
    f"|个{_NO_GOODS}|(?P<weight>斤))(?![0-9]*折)(?!装|套|事|子)"
)
# One of something is mostly "a": 换一件, 有一个问题. It is counted where something is bought,
# received or missing, or where the measure is a container.
_COUNTED_OUT = re.compile(
    "[买拍订定要加来退收到发少多漏只就了共剩下点送,. 破碎坏着双盒瓶袋件个包条各]$"
)
_CONTAINERS = frozenset("双盒瓶袋箱罐桶套包份")
_BOUGHT = re.compile("[买拍订要来了]$")
_BOTH = re.compile("(?<!们)俩(?!人|口|月|天)")
_TIMES = re.compile(
    r"(?<![a-z0-9])(?:[x×*] ?(?P<after>[0-9]{1,3})(?![0-9a-z.])"
    r"|(?P<before>[0-9]{1,3}) ?[x×](?![0-9a-z+=-]| ?[0-9+=-]))"
)
_STATED = re.compile(
    rf"(?:数量|qty|quantity)[^0-9一二两三四五六七八九十,。;]{{0,8}}(?P<number>[0-9]{{1,4}}|{HAN})(?![0-9])"
)
_NUMBER = rf"(?P<number>{ARABIC}|{ENGLISH}|an?(?= pair| dozen)|a couple)"
_UNITS = (
    "pairs?|box(?:es)?|bottles?|packs?|packets?|packages|bags?|sets?|pieces?|pcs|items?|units?|cans?"
    "|rolls?|cups?|copies|tubes?|jars?|cartons?"
)
_ENGLISH = re.compile(
    rf"(?<![a-z0-9.$€£#-]){_NUMBER} (?:of )?(?:more |extra |identical )?(?:{_UNITS})(?![a-z0-9])"
)
# Plurals that no shop sells, and other words in s.
_NOT_SOLD = (
    "days|weeks|months|years|hours|hrs|minutes|mins|seconds|times|stars|dollars|bucks|pounds|euros"
    "|cents|percents?|digits|emails|people|calls|attempts|orders|parcels|questions|reasons|ways"
    "|things|nights|points|kids|numbers|messages|shipments|refunds|agents|addresses|accounts"
    "|payments|others|business|this|is|was|has|yards|inches|metres|meters|grams|litres|liters"
    "|ounces|letters|characters|sizes|colou?rs|options|invoices|deliveries|photos|pictures|reviews"
    "|wks|kilos|volts|watts|ones|tries|entries|prices|million|inch|floors|depots|tickets|instal+ments"
    "|deductions|answers|transactions|transfers|requests|complaints|promises|excuses|couriers"
    "|drivers|pages|sometimes|miles|steps|friends|customers|coupons|vouchers|codes|charges|versions"
    "|cards|always|as|does"
)
_NO_ADJECTIVE = "for|but|and|or|of|in|on|to|at|from|with|is|are|was|then|than|left|by|per|not|times"
_PLURAL = re.compile(
    r"(?<![a-z0-9.$€£#:/-])(?<!size )"
    rf"(?P<number>[2-9]|[1-9][0-9]{{1,2}}|{ENGLISH}|a dozen|a couple of)"
    rf" (?:(?!(?:{_NOT_SOLD}|{_NO_ADJECTIVE})(?![a-z]))[a-z-]{{2,12}} )?"
    rf"(?!(?:{_NOT_SOLD})(?![a-z]))[a-z-]{{2,14}}(?<![su])s(?![a-z])"
)
_WORDS = {"a couple": 2, "a couple of": 2, "a dozen": 12, "a": 1, "an": 1}


def find_quantities(text: Text) -> Iterator[Span]:
    """Yields them as digits."""
    if not text.isascii():
        yield from _chinese(text)
    for pattern in (_TIMES, _STATED, _ENGLISH, _PLURAL):
        for found in pattern.finditer(text):
            number = next(group for group in found.groups() if group)
            value = _WORDS.get(number) or read_number(number)
            if value and not (pattern is _PLURAL and value < 2):
                yield Span(*found.span(), "quantity", f"{value:.0f}")


def _chinese(text: Text) -> Iterator[Span]:
    for found in _MANY.finditer(text):
        value = read_number(found.group("digits") or found.group("words"))
        if value and _is_counted(found, text[max(0, found.start() - 1) : found.start()], value > 1):
            yield Span(*found.span(), "quantity", f"{value:.0f}")
    for found in _BOTH.finditer(text):
        yield Span(*found.span(), "quantity", "2")


def _is_counted(found: "re.Match[str]", before: Text, many: bool) -> bool:
    if found.group("weight"):
        return bool(_BOUGHT.search(before))
    return many or bool(_COUNTED_OUT.search(before)) or found.group()[-1] in _CONTAINERS
