"""Tracking numbers of carriers, in China and abroad.

The shapes are the carriers' own public formats, as on their labels and tracking pages: SF (SF and
12 or 13 digits), YTO (YT), J&T (JT), JD Logistics (JD), Deppon (DPK), ZTO, STO, Yunda and China
Post (12 to 15 digits), UPS (1Z, with a check digit), FedEx (12 or 15 digits), USPS (20 to 22),
DHL Express (10), Amazon (TBA); international mail: the Universal Postal Union's standard S10.
Digits alone could be anything: they count beside a carrier's name or a word for such a number.
"""

import re
from typing import Iterator, Text

from bot.nlu.entities.span import Span

_START, _END = "(?<![0-9a-z])", "(?![0-9a-z])"


def _spaced(fewest: int, most: int) -> Text:
    """Digits, with blanks or dashes where people put them."""
    return rf"(?:[ -]?[0-9]){{{fewest},{most}}}"


_LETTERED = re.compile(
    rf"{_START}(?:"
    rf"sf{_spaced(12, 13)}|yt{_spaced(13, 15)}|jt{_spaced(13, 13)}"
    rf"|jd[a-z]{{0,2}} ?[0-9]{{10,20}}|dp[kl]{_spaced(12, 13)}"
    rf"|(?:zto|sto|yd){_spaced(12, 15)}|tba{_spaced(12, 12)}"
    r"|[a-z]{2} ?[0-9]{3} ?[0-9]{3} ?[0-9]{3} ?[a-z]{2}"
    rf"){_END}"
)
_UPS = re.compile(rf"{_START}1z(?: ?[0-9a-z]){{16}}{_END}")
_DIGITS = re.compile(rf"{_START}(?<![0-9][ -])[0-9]{_spaced(9, 21)}{_END}")
_USPS = re.compile("9[1-5][0-9]{18,20}")

# Which lengths a word makes a tracking number of.
_BESIDE = (
    (
        re.compile("圆通|中通|韵达|申通|邮政|顺丰|极兔|百世|德邦|天天|京东|快递|包裹|ems"),
        range(12, 16),
    ),
    (re.compile(r"(?<!订)单号|运单|物流|track|waybill"), range(12, 23)),
    (re.compile("fedex|联邦"), (12, 15)),
    (re.compile("usps"), range(20, 23)),
    (re.compile("dhl|敦豪"), (10,)),
    (re.compile("dpd"), (14,)),
)
_FARTHEST_BEFORE, _FARTHEST_AFTER = 30, 12
# Beside these it is another number, whatever else is said.
_OTHER = re.compile("订单号?|订单编号|卡号|身份证|税号|order|card|account")
_NEXT_BEFORE = 8


def find_tracking_numbers(text: Text) -> Iterator[Span]:
    """Yields them in upper case, without blanks and dashes."""
    for found in _LETTERED.finditer(text):
        yield _span(found)
    if "1z" in text:
        for found in _UPS.finditer(text):
            if _has_ups_check_digit(found.group().replace(" ", "")):
                yield _span(found)
    for found in _DIGITS.finditer(text):
        if _is_tracking(text, found):
            yield _span(found)


def _span(found: "re.Match[str]") -> Span:
    value = found.group().replace(" ", "").replace("-", "").upper()
    return Span(*found.span(), "tracking_number", value)


def _is_tracking(text: Text, found: "re.Match[str]") -> bool:
    digits = found.group().replace(" ", "").replace("-", "")
    if _USPS.fullmatch(digits):
        return True
    start, end = found.span()
    if _OTHER.search(text[max(0, start - _NEXT_BEFORE) : start]):
        return False
    around = text[max(0, start - _FARTHEST_BEFORE) : start] + " " + text[end:][:_FARTHEST_AFTER]
    return any(len(digits) in lengths and word.search(around) for word, lengths in _BESIDE)


def _has_ups_check_digit(number: Text) -> bool:
    """Fifteen characters after 1Z, letters counted from A = 2, every second one twice."""
    values = [int(c) if c.isdecimal() else (ord(c) - ord("a") + 2) % 10 for c in number[2:]]
    total = sum(values[0:15:2]) + 2 * sum(values[1:15:2])
    return number[-1].isdecimal() and -total % 10 == values[15]
