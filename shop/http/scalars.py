"""The smallest values on the wire: numbers, texts, days, moments, and facts made of them.

Step 6 of a message's way (act).
"""

import re
from collections.abc import Callable, Mapping
from contextlib import suppress
from datetime import date, datetime, timezone
from enum import Enum
from typing import Any

# Numbers that every JSON reader keeps exactly.
LARGEST = 2**53 - 1
LANGUAGES = ("zh", "en")
_MOMENT = re.compile(r"(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d)(?:\.(\d{1,9}))?(Z|[+-]\d\d:\d\d)", re.ASCII)
_DAY = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_NO_TEXT = re.compile("[\0\ud800-\udfff]")


class MalformedValue(ValueError):
    """It is not what was declared; the message says where and what is expected, never the value."""

    def __init__(self, where: str, problem: str) -> None:
        super().__init__(f"{where}: {problem}")


def write_text(text: str) -> str:
    """Write a text without what is none, which no database and no other end takes."""
    return text.replace("\0", "").encode(errors="replace").decode()


def write_moment(moment: datetime) -> str:
    """Write a moment in UTC, such as ``2026-11-20T02:00:00Z``.

    Raises:
        ValueError: it has no time zone.
    """
    if moment.tzinfo is None:
        raise ValueError("a moment without a time zone")
    return moment.astimezone(timezone.utc).replace(tzinfo=None).isoformat() + "Z"


def read_moment(data: object, where: str) -> datetime:
    """Read a moment with any time zone as one in UTC; what is finer than microseconds is cut off.

    Raises:
        MalformedValue: it is no moment, or has no time zone.
    """
    found = _MOMENT.fullmatch(data) if isinstance(data, str) else None
    if found:
        moment, fraction, zone = found.groups()
        offset = "+00:00" if zone == "Z" else zone
        # Such as the 31st of June, or a year before the first.
        with suppress(ValueError, OverflowError):
            whole = datetime.fromisoformat(f"{moment}.{(fraction or '')[:6]:0<6}{offset}")
            return whole.astimezone(timezone.utc)
    raise MalformedValue(where, "a moment with its time zone expected, as ISO 8601 writes it")


def read_day(data: object, where: str) -> date:
    """Read a day such as ``2026-11-20``.

    Raises:
        MalformedValue: there is no such day.
    """
    if isinstance(data, str) and _DAY.fullmatch(data):
        with suppress(ValueError):
            return date.fromisoformat(data)
    raise MalformedValue(where, "a day expected, as ISO 8601 writes it")


def read_plain(kind: Any, data: Any, where: str) -> Any:
    """Read a text, a whole number or a truth value; none of them is taken for another.

    Raises:
        MalformedValue: it is something else, a number too large, or characters that are no text.
    """
    if type(data) is not kind:
        raise MalformedValue(where, f"{kind.__name__} expected")
    if kind is str and _NO_TEXT.search(data):
        raise MalformedValue(where, "characters that are no text")
    if kind is int and abs(data) > LARGEST:
        raise MalformedValue(where, "too large a number")
    return data


def read_text(data: object, where: str) -> dict[str, str]:
    """Read a text in both languages; it may be there in more.

    Raises:
        MalformedValue: a language is missing.
    """
    if not isinstance(data, dict):
        raise MalformedValue(where, "a text in both languages expected")
    return {code: read_plain(str, data.get(code), f"{where}.{code}") for code in LANGUAGES}


def write_fact(fact: object) -> Any:
    """Write one of a verdict's facts; what JSON does not know says what it is.

    Raises:
        TypeError: nothing of its kind is a fact.
    """
    if fact is None or isinstance(fact, (bool, int, str)):
        plain = fact.value if isinstance(fact, Enum) else fact
        return write_text(plain) if isinstance(plain, str) else plain
    if isinstance(fact, datetime):
        return {"moment": write_moment(fact)}
    if isinstance(fact, date):
        return {"day": fact.isoformat()}
    if isinstance(fact, Mapping):
        return {"text": dict(fact)}
    if isinstance(fact, (tuple, list)):
        return [write_fact(item) for item in fact]
    raise TypeError(f"{type(fact).__name__} is no fact")


def read_fact(data: object, where: str) -> object:
    """Read one of a verdict's facts.

    Raises:
        MalformedValue: it is none, such as a number that is not whole.
    """
    if isinstance(data, list):
        return tuple(read_fact(item, f"{where}[{place}]") for place, item in enumerate(data))
    if data is None or isinstance(data, (bool, int, str)):
        plain: Any = data
        return plain if plain is None else read_plain(type(plain), plain, where)
    if isinstance(data, dict):
        for name, read in _FACTS.items():
            if name in data:
                return read(data[name], where)
    raise MalformedValue(where, "a text, a whole number, a day or a moment expected")


_FACTS: dict[str, Callable[[object, str], object]] = {
    "moment": read_moment,
    "day": read_day,
    "text": read_text,
}
