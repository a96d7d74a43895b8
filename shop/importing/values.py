"""One cell of a file to one value of the database.

Each kind of ``columns.yml`` has a function; what cannot be read raises ValueError with a text
for the person who made the file.
"""

import re
import unicodedata
from collections.abc import Callable
from datetime import date, datetime, timezone
from typing import Any
from zoneinfo import ZoneInfo

from shop.importing.columns import choices
from shop.order_number import normalise_order_number

Parse = Callable[[str], Any]

# PostgreSQL's whole numbers; SQLite's are wider, but a shop may move.
_LARGEST = 2**31 - 1
_LONGEST_ID = 64
_LONGEST_TEXT = 2000
_YEARS = range(1990, 2101)

_WHOLE = re.compile(r"-?[0-9]{1,19}")
_YUAN = re.compile(r"[0-9]{1,12}(\.[0-9]{1,2})?")
_ROUNDED = re.compile(r"[0-9](\.[0-9]+)?E\+?[0-9]+", re.IGNORECASE)
_PHONE = re.compile(r"\+?[0-9][0-9*]{2,14}[0-9]{4}|[0-9]{7}")
_PHONE_FILLING = str.maketrans("", "", " -()\u00a0")
# ISO 8601, and with slashes as Excel writes it in China.
_DAY = r"(\d{4})([-/])(\d{1,2})\2(\d{1,2})"
_CLOCK = r"(\d{1,2}):(\d{2})(?::(\d{2})(?:\.(\d{1,6})\d*)?)?"
_DATE = re.compile(_DAY, re.ASCII)
_MOMENT = re.compile(rf"{_DAY}[T ]+{_CLOCK}\s*(Z|[+-]\d{{2}}:?\d{{2}})?", re.ASCII | re.IGNORECASE)
_FLAGS = {"true": True, "1": True, "yes": True, "是": True} | {
    "false": False,
    "0": False,
    "no": False,
    "否": False,
}


def parsers(zone: ZoneInfo) -> dict[str, Parse]:
    """Give the function of each kind; moments without a zone are read as the shop's ``zone``."""
    kinds: dict[str, Parse] = {
        "text": _text,
        "id": _id,
        "order_number": _order_number,
        "phone": _phone,
        "money": _money,
        "count": lambda text: _whole(text, at_least=0),
        "quantity": lambda text: _whole(text, at_least=1),
        "line_id": lambda text: _whole(text, at_least=1),
        "integer": lambda text: _whole(text, at_least=-_LARGEST),
        "day": _day,
        "moment": lambda text: _moment(text, zone),
        "flag": _flag,
        "list": _list,
        "line_ids": lambda text: [_whole(each, at_least=1) for each in _list(text)],
        "facts": _facts,
    }
    return kinds | {kind: _choice(words) for kind, words in choices().items()}


def _text(text: str) -> str:
    if len(text) > _LONGEST_TEXT:
        raise ValueError(f"is longer than {_LONGEST_TEXT} characters")
    # Line breaks are fine; NUL and halves of characters no database takes.
    if not text.isprintable() and any(
        char == "\0" or unicodedata.category(char) == "Cs" for char in text
    ):
        raise ValueError("holds a character that is none")
    return text


def _id(text: str) -> str:
    if len(text) > _LONGEST_ID:
        raise ValueError(f"is longer than {_LONGEST_ID} characters")
    if not text.isprintable():
        raise ValueError("holds a line break or an invisible character")
    _refuse_rounded(text)
    return text


def _order_number(text: str) -> str:
    number = text.upper() if text.isascii() and text.isalnum() else normalise_order_number(text)
    if not number:
        raise ValueError("is no order number")
    # Cut at the longest length, two numbers could become one.
    if len(text) > _LONGEST_ID:
        raise ValueError(f"is longer than {_LONGEST_ID} characters")
    _refuse_rounded(text)
    return number


def _phone(text: str) -> str:
    _refuse_rounded(text)
    phone = text.translate(_PHONE_FILLING)
    # The number itself is not repeated: errors are shown and kept.
    if not _PHONE.fullmatch(phone):
        raise ValueError("should be a phone number of 7 to 15 digits")
    if len(phone) == 11 and phone[0] == "1" and phone[1] in "012":
        raise ValueError("is no mobile number: those begin with 13 to 19")
    return phone


def _refuse_rounded(text: str) -> None:
    if "+" in text and _ROUNDED.fullmatch(text):
        raise ValueError(f"{text} was rounded by the spreadsheet; format the column as text")


def _money(text: str) -> int:
    if not _YUAN.fullmatch(text):
        raise ValueError(f"{_shown(text)} should be yuan such as 899.00: two decimals at most")
    yuan, _, fen = text.partition(".")
    return _bounded(int(yuan) * 100 + int(fen.ljust(2, "0")))


def _whole(text: str, *, at_least: int) -> int:
    if not _WHOLE.fullmatch(text):
        raise ValueError(f"{_shown(text)} should be a whole number")
    number = _bounded(int(text))
    if number < at_least:
        raise ValueError(f"{number} is less than {at_least}")
    return number


def _bounded(number: int) -> int:
    if abs(number) > _LARGEST:
        raise ValueError("is too large")
    return number


def _day(text: str) -> date:
    match = _DATE.fullmatch(text)
    if not match:
        raise ValueError(f"{_shown(text)} should be a day such as 2026-11-20")
    year, _, month, day = match.groups()
    return _date(int(year), int(month), int(day), text)


def _moment(text: str, zone: ZoneInfo) -> datetime:
    match = _MOMENT.fullmatch(text)
    if not match:
        raise ValueError(f"{_shown(text)} should be a time such as 2026-11-20T10:00:00+08:00")
    year, _, month, day, hour, minute, second, fraction, offset = match.groups()
    _date(int(year), int(month), int(day), text)
    clock = f"{int(hour):02}:{minute}:{second or '00'}.{(fraction or '0').ljust(6, '0')}"
    written = f"{year}-{int(month):02}-{int(day):02}T{clock}{_offset(offset)}"
    try:
        moment = datetime.fromisoformat(written)
    except ValueError:
        raise ValueError(f"{text} is a time that does not exist") from None
    if moment.tzinfo is not None:
        return moment.astimezone(timezone.utc)
    known = moment.replace(tzinfo=zone).astimezone(timezone.utc)
    # In spring, where clocks are put forward, an hour is left out.
    if known.astimezone(zone).replace(tzinfo=None) != moment:
        raise ValueError(f"{text} does not exist in {zone.key}")
    return known


def _offset(written: str | None) -> str:
    if written is None:
        return ""
    if written in "zZ":
        return "+00:00"
    return written if ":" in written else f"{written[:3]}:{written[3:]}"


def _date(year: int, month: int, day: int, text: str) -> date:
    if year not in _YEARS:
        raise ValueError(f"{text} is not between {_YEARS.start} and {_YEARS.stop - 1}")
    try:
        return date(year, month, day)
    except ValueError:
        raise ValueError(f"{text} is a day that does not exist") from None


def _flag(text: str) -> bool:
    try:
        return _FLAGS[text.lower()]
    except KeyError:
        raise ValueError(f"{_shown(text)} should be yes or no") from None


def _list(text: str) -> list[str]:
    return [_text(part.strip()) for part in text.split("|") if part.strip()]


def _facts(text: str) -> dict[str, str]:
    facts: dict[str, str] = {}
    for part in _list(text):
        key, equals, value = (each.strip() for each in part.partition("="))
        if not (key and equals and value):
            raise ValueError(f"{_shown(part)} should be written as material=wool|care=dry clean")
        if key in facts:
            raise ValueError(f"says {_shown(key)} twice")
        facts[key] = value
    return facts


def _choice(words: dict[str, str]) -> Parse:
    values = ", ".join(dict.fromkeys(words.values()))

    def parse(text: str) -> str:
        try:
            return words[text.lower()]
        except KeyError:
            raise ValueError(f"{_shown(text)} is none of: {values}") from None

    return parse


def _shown(text: str) -> str:
    return repr(text if len(text) <= 40 else f"{text[:40]}…")
