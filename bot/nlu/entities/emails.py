"""E-mail addresses, also between Chinese characters."""

import re
from typing import Iterator, Text

from bot.nlu.entities.span import Span

_EMAIL = re.compile(
    r"(?<![a-z0-9._%+-])[a-z0-9_%+-]{1,64}(?:\.[a-z0-9_%+-]{1,64}){0,8}"
    r"@(?:[a-z0-9-]{1,63}\.){1,5}[a-z]{2,24}(?![a-z0-9])"
)


def find_emails(text: Text) -> Iterator[Span]:
    """Yields them in lower case."""
    if "@" in text:
        for found in _EMAIL.finditer(text):
            yield Span(*found.span(), "email", found.group())
