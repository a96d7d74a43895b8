"""Tax numbers of organisations in China.

The unified social credit code has 18 characters (GB 32100-2015): who registered, what kind, six
digits of the area, nine of the organisation (GB 11714), a check digit; I, O, S, V and Z are not in
it. Before 2015 a tax number had fifteen digits, the area first. One whose check digit is wrong is
yielded too: the shopper wants to hear that, not to be asked again.
"""

import re
from typing import Iterator, Text

from stdnum.cn import ric, uscc

from bot.nlu.entities.span import Span

_CODE = re.compile(
    r"(?<![0-9a-z])(?<![0-9][ -])[1-9any][0-9a-z](?:[ -]?[0-9oi]){6}(?:[ -]?[0-9a-z]){10}"
    "(?![0-9a-z])"
)
# A character too many or too few, as a company's number begins.
_MISCOUNTED = re.compile(
    r"(?<![0-9a-z])9[1-3][0-9]{6}(?=[0-9]{0,10}[a-z])[0-9a-z]{8,12}(?![0-9a-z])"
)
_STATED = re.compile(
    r"(?:税号|税务登记号|纳税人?识别号?码?|识别号码?|信用代码|统一代码|机构代码"
    r"|(?<![a-z])(?:tax|taxpayer|vat|credit code|tin|uscc)"
    r"(?: (?:id|code|no\.?|number|identification|registration))*)"
    r"(?:是|为|改成|改为|换成|写| is|'s|:|：| |#){0,4}(?P<code>[0-9a-z]{13,20})(?![0-9a-z])"
)
# The first two digits of an area: its province (GB/T 2260).
_PROVINCE = "(?:1[1-5]|2[1-3]|3[1-7]|4[1-6]|5[0-4]|6[1-5]|71|8[12])"
_LIKE_A_COMPANY = re.compile(f"9[1-3]{_PROVINCE}")
_ID_CARD = re.compile(f"{_PROVINCE}[0-9]{{15}}[0-9X]")
_ALONE = re.compile(rf"[ ,.!]*(?P<code>{_PROVINCE}[0-9]{{13}})[ ,.!]*")
_FEWEST_DIGITS = 8
_LENGTH = 18

_CHARACTERS = "0123456789ABCDEFGHJKLMNPQRTUWXY"
_MISTAKEN = str.maketrans("OI", "01")


def find_tax_numbers(text: Text) -> Iterator[Span]:
    """Yields them in upper case, without blanks and dashes; with O and I read as 0 and 1 where
    that makes the check digit right.
    """
    for found in _STATED.finditer(text):
        code = found.group("code")
        if sum(character.isdecimal() for character in code) >= _FEWEST_DIGITS:
            yield Span(*found.span("code"), "tax_number", _read(code))
    for found in _CODE.finditer(text):
        code = _read(found.group())
        # A person's identity card has eighteen digits as well.
        if not _is_identity_card(code) and (is_credit_code(code) or _LIKE_A_COMPANY.match(code)):
            yield Span(*found.span(), "tax_number", code)
    for found in _MISCOUNTED.finditer(text):
        yield Span(*found.span(), "tax_number", _read(found.group()))
    alone = _ALONE.fullmatch(text)
    if alone:
        yield Span(*alone.span("code"), "tax_number", alone.group("code"))


def is_credit_code(code: Text) -> bool:
    """Whether an upper-case text is a unified social credit code with the right check digit."""
    if len(code) != _LENGTH or any(character not in _CHARACTERS for character in code):
        return False
    return bool(code[-1] == uscc.calc_check_digit(code))


def _read(written: Text) -> Text:
    code = written.replace(" ", "").replace("-", "").upper()
    corrected = code.translate(_MISTAKEN)
    return corrected if is_credit_code(corrected) else code


def _is_identity_card(code: Text) -> bool:
    """GB 11643: seventeen digits and a check character, which may be X."""
    return bool(_ID_CARD.fullmatch(code)) and code[-1] == ric.calc_check_digit(code)
