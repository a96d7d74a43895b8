"""Phone numbers, and the last four digits by which a visitor proves an order."""

import re
from typing import Iterator, Text

from bot.nlu.entities.span import Span

_GAP = "[ -]?"
# Latin letters before a number make it part of a name or code, but for the words people glue to it.
_START = r"(?:(?<![0-9a-z+])|(?<=vx)|(?<=wx)|(?<=tel)|(?<=phone))(?<![0-9][.-])"
_END = r"(?![0-9a-z]|[.-][0-9])"
_MOBILE = re.compile(
    rf"{_START}(?:\(?\+?86\)?{_GAP}|0086{_GAP})?"
    rf"(?P<number>1[3-9][0-9]{_GAP}[0-9]{{4}}{_GAP}[0-9]{{4}}|1[3-9][0-9]{_GAP}[0-9]{{3}}{_GAP}[0-9]{{5}})"
    rf"{_END}"
)
# ITU E.164: at most fifteen digits, those of the country first.
_ABROAD = re.compile(
    rf"\+(?P<number>[1-9][0-9]{{0,3}}(?:[ -]{{0,2}}\(?[0-9]{{1,5}}\)?){{2,6}}){_END}"
)
_AT_HOME = re.compile(
    rf"{_START}(?P<number>"
    # China: an area and seven or eight digits; service numbers.
    rf"0[1-9][0-9]{{1,2}}[ -]?[2-9][0-9]{{2,3}}[ -]?[0-9]{{4}}|400[ -]?[0-9]{{3}}[ -]?[0-9]{{4}}"
    # North America, the United Kingdom, Taiwan.
    rf"|\(?[2-9][0-9]{{2}}\)?[ .-]{{1,2}}[2-9][0-9]{{2}}[ .-][0-9]{{4}}"
    rf"|07[0-9]{{3}}[ -]?[0-9]{{3}}[ -]?[0-9]{{3}}|09[0-9]{{2}}[ -]?[0-9]{{3}}[ -]?[0-9]{{3}}"
    rf"){_END}"
)
_LAST4 = re.compile(
    # Alone: not part of a code, a price, a date or a fraction.
    r"(?<![a-z0-9_#$¥€£])(?<![0-9][-/.:])"
    r"[0-9]{4}(?![a-z0-9_%]|[-/.:][0-9])"
    # Nor a count or measure of something.
    "(?! points| ?[年月款颗片克件个只双盒瓶包袋条张米升度毫公多元块万])"
)
_OF_SOMETHING_ELSE = re.compile(
    "(?:spent|over|code|model|po|orders?|since)[: ]$|订单号?的?(?:尾号|尾数|后四位)[: 是]{0,3}$"
)
_FARTHEST_BEFORE = 12
_FEWEST, _MOST = 8, 15


def find_phones(text: Text) -> Iterator[Span]:
    """Yields phone numbers, and four digits that stand alone as `phone_last4`.

    A number of mainland China's mobiles is its eleven digits, one with a country's code a plus and
    digits, any other its digits.
    """
    for found in _MOBILE.finditer(text):
        yield Span(*found.span(), "phone", _digits(found.group("number")))
    if "+" in text:
        for found in _ABROAD.finditer(text):
            digits = _digits(found.group("number"))
            if _FEWEST <= len(digits) <= _MOST and not _is_of_mainland(digits):
                yield Span(*found.span(), "phone", "+" + digits)
    for found in _AT_HOME.finditer(text):
        yield Span(*found.span(), "phone", _digits(found.group("number")))
    for found in _LAST4.finditer(text):
        before = text[max(0, found.start() - _FARTHEST_BEFORE) : found.start()]
        if not _OF_SOMETHING_ELSE.search(before):
            yield Span(*found.span(), "phone_last4", found.group())


def last4_of(phone: Span) -> Span:
    """The four digits that a whole mobile number answers to the question for them as well."""
    return Span(phone.start, phone.end, "phone_last4", phone.value[-4:])


def is_mobile(span: Span) -> bool:
    """Whether it is a mobile number of mainland China, the kind that orders are proved with."""
    return span.entity == "phone" and len(span.value) == 11 and span.value[0] == "1"


def _is_of_mainland(digits: Text) -> bool:
    return digits.startswith("86") and len(digits) == 13 and digits[2] == "1"


def _digits(text: Text) -> Text:
    return "".join(character for character in text if character.isdecimal())
