"""Finds phone numbers, Chinese identity cards and bank cards.

Numbers stand alone: a letter or digit directly beside one makes it a part of something else, an
order number or an id. They are written together, in groups of three or more, or digit by digit;
shorter groups are counts and amounts that happen to stand in a row.
"""

import re
from typing import Iterator, List, NamedTuple, Tuple

PHONE, ID_CARD, BANK_CARD = "<phone>", "<id_card>", "<bank_card>"

# Nothing else is looked at more closely: most lines have no such stretch but their date.
_STRETCH = re.compile(r"[+(0-9][-+0-9 \t().]{6,}")
_DATE = re.compile(r"\(?(?:19|20)[0-9]{2}-[0-9]{2}-[0-9]{2}(?: [0-9]{2})?[- \t().]*")
# Ids of ours and of clients, and moments: digits with dashes that mean nobody.
_KEPT = re.compile(
    r"(?<![0-9A-Za-z])(?:"
    r"[0-9a-fA-F]{8}(?:-[0-9a-fA-F]{4}){3}-[0-9a-fA-F]{12}"
    r"|T-[0-9]{6}-[0-9]{4,6}"
    r"|(?:19|20)[0-9]{2}-[0-9]{2}-[0-9]{2}[T ][0-9]{2}:[0-9]{2}:[0-9]{2}"
    r"(?:[.,][0-9]{1,9}(?![0-9]))?(?:Z|[+-][0-9]{2}:?[0-9]{2})?"
    r")(?![0-9A-Za-z])"
)
# Spelled digit by digit, a number is one group.
_GROUP = re.compile(r"[0-9](?:[ -][0-9](?![0-9])){9,18}|[0-9]+")
_SIGN = re.compile(r"\+\(?$")
_GAP = re.compile(r"[ \t().-]{1,3}")
_FEWEST, _FEWEST_AT_HOME, _MOST = 8, 10, 19
_UNSPELLED = str.maketrans("", "", " -")

_HEXADECIMAL = frozenset("0123456789abcdefABCDEF")
_MOBILE = re.compile("(?:(?:00)?86)?1[3-9][0-9]{9}")
_CHECK_X = re.compile(r"[ -]?[Xx](?![0-9A-Za-z])")
# Scores and durations are fractions full of digits.
_FRACTION = re.compile(r"(?:^|[^0-9])0\.$")
# Twice a digit, and the digits of that added up.
_DOUBLED = str.maketrans("0123456789", "0246813579")


class _Written(NamedTuple):
    """Up to nineteen digits in groups, and up to three characters on both sides."""

    start: int
    end: int
    digits: str
    sizes: Tuple[int, ...]
    dotted: bool
    before: str
    after: str


def numbers(text: str) -> Iterator[Tuple[int, int, str]]:
    """Spans (start, end, marker); they may overlap where a text can be read as two numbers."""
    kept = False
    for stretch in _STRETCH.finditer(text):
        if _DATE.fullmatch(stretch.group()):
            continue
        found = _within(text, *stretch.span())
        if found and not kept and "-" in text:
            # Only now: it takes longer than all the rest.
            text, kept = _KEPT.sub(lambda match: "_" * len(match.group()), text), True
            found = _within(text, *stretch.span())
        yield from found


def _within(text: str, start: int, end: int) -> List[Tuple[int, int, str]]:
    groups = list(_GROUP.finditer(text, start, end))
    return [
        span
        for first in range(len(groups))
        for written in _beginning(text, groups[first : first + _MOST])
        for span in _classified(written)
    ]


def _beginning(text: str, groups: List["re.Match[str]"]) -> Iterator[_Written]:
    """What can be read from the first of some groups on: it alone, with the next, and so on."""
    start = end = groups[0].start()
    before = text[max(0, start - 3) : start]
    if before[-1:] in _HEXADECIMAL:
        return
    sign = _SIGN.search(before)
    digits, dotted = "", False
    sizes: Tuple[int, ...] = ()
    for group in groups:
        if sizes:
            # Only the codes of countries and areas are shorter than three digits.
            short = sizes == (1,) or (len(sizes) > 1 and sizes[-1] < 3)
            gap = text[end : group.start()]
            abroad = sign or digits.startswith("00")
            if (short and not abroad) or not _GAP.fullmatch(gap):
                return
            dotted = dotted or "." in gap
        end = group.end()
        digits += group.group().translate(_UNSPELLED)
        sizes += (end - group.start(),)
        if len(digits) > _MOST:
            return
        if len(digits) >= (_FEWEST if sign else _FEWEST_AT_HOME):
            opened = before.endswith("(") and ")" in text[start:end]
            first = start - (len(sign.group()) if sign else opened)
            yield _Written(first, end, digits, sizes, dotted, before, text[end : end + 3])


def _classified(written: _Written) -> Iterator[Tuple[int, int, str]]:
    start, end, digits, _, dotted, before, after = written
    if _is_mobile(written):
        yield start, end, PHONE
    if _is_latin(before[-1:]):
        return
    check_x = _CHECK_X.match(after) if len(digits) == 17 else None
    if check_x and not dotted and _is_id_card(digits + "X"):
        yield start, end + check_x.end(), ID_CARD
    elif not _is_latin(after[:1]):
        if not dotted and _is_id_card(digits):
            yield start, end, ID_CARD
        elif _is_international(written) or _is_national(written):
            yield start, end, PHONE
        elif _is_bank_card(written):
            yield start, end, BANK_CARD


def _is_latin(character: str) -> bool:
    return character.isascii() and character.isalnum()


def _is_id_card(digits: str) -> bool:
    """18 characters with the check character of GB 11643, or the 15 digits before 1999."""
    if len(digits) == 18:
        year, month, day = digits[6:10], digits[10:12], digits[12:14]
        weighted = sum(int(digit) << (17 - place) for place, digit in enumerate(digits[:17]))
        if "10X98765432"[weighted % 11] != digits[-1]:
            return False
    elif len(digits) == 15:
        year, month, day = "19" + digits[6:8], digits[8:10], digits[10:12]
    else:
        return False
    is_date = 1 <= int(month) <= 12 and 1 <= int(day) <= 31
    return digits[0] != "0" and year[:2] in ("18", "19", "20") and is_date


def _is_mobile(written: _Written) -> bool:
    """China's; "vx13800138000" as well, but not the middle of a hexadecimal id."""
    if not _MOBILE.fullmatch(written.digits) or written.after[:1] in _HEXADECIMAL:
        return False
    sizes = written.sizes
    if written.dotted:
        return sizes == (3, 4, 4)
    return min(sizes[1:], default=3) >= 3 and (sizes[0] >= 3 or written.digits[0] == "8")


def _is_international(written: _Written) -> bool:
    """ITU E.164: at most fifteen digits with the country's; 00 for the plus in many countries."""
    digits = written.digits
    if _SIGN.search(written.before):
        return digits[0] != "0" and len(digits) <= 15
    is_prefixed = digits.startswith("00") and digits[2] != "0" and 12 <= len(digits) <= 15
    return is_prefixed and not _FRACTION.search(written.before)


def _is_national(written: _Written) -> bool:
    """With an area's code: 010-12345678, (0755) 8888 6666, 020 7946 0958, 415.555.0132."""
    digits, sizes = written.digits, written.sizes
    if sizes == (3, 3, 4):
        # North America.
        return digits[0] > "1" and digits[3] > "1"
    if digits[0] != "0" or digits[1] == "0" or not 10 <= len(digits) <= 12 or written.dotted:
        return False
    # The month of a date is no area.
    is_month = sizes[0] == 2 and re.search("[0-9][-/]$", written.before)
    return min(sizes[1:], default=3) >= 3 and not (is_month or _FRACTION.search(written.before))


def _is_bank_card(written: _Written) -> bool:
    """ISO/IEC 7812: a check digit, and 0, 1, 20 and 21 are no banks; so moments in digits stay."""
    digits, sizes = written.digits, written.sizes
    if len(digits) < 13 or digits < "22" or written.dotted or (sizes[0] < 3 and len(sizes) > 1):
        return False
    summed = (digits[-1::-2] + digits[-2::-2].translate(_DOUBLED)).encode()
    is_checked = (sum(summed) - len(summed) * ord("0")) % 10 == 0
    return is_checked and not _FRACTION.search(written.before)
