"""Finds e-mail addresses."""

import re
from typing import Iterator, Tuple

EMAIL = "<email>"

# After a Latin domain Chinese letters are the sentence going on, not a top-level domain.
_DOMAIN = re.compile(
    r"@(?:[^\W_][\w-]{0,62}\.)+(?:xn--[0-9a-z-]{2,59}|[a-z]{2,63}|[\u4e00-\u9fff]{2,4})",
    re.IGNORECASE,
)
# Read backwards from the @. RFC 5321 allows more marks than people use: those that a log puts in
# front of a value (to=...) are taken only where there is nothing else.
_LOCAL = re.compile(
    r"['=/?^`{|}~]{0,64}(?:[0-9A-Za-z\u00c0-\u024f!#$%&*+_.-]|'(?=[0-9A-Za-z])){0,64}"
)
_LONGEST_LOCAL = 64


def emails(text: str) -> Iterator[Tuple[int, int, str]]:
    """Spans (start, end, marker)."""
    if "@" not in text:
        return
    for domain in _DOMAIN.finditer(text):
        at = domain.start()
        local = _LOCAL.match(text[max(0, at - _LONGEST_LOCAL) : at][::-1])
        if local and local.end():
            yield at - local.end(), domain.end(), EMAIL
