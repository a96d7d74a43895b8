"""Order numbers of this shop: XE and eight digits, however they are written."""

import re
from typing import Iterator, Text

from bot.nlu.entities.span import NOTHING, Span

_GAP = "[ -]"
_CHARACTER = "[0-9o]"


def _groups(*sizes: int) -> Text:
    return _GAP.join(f"{_CHARACTER}{{{size}}}" for size in sizes)


# In groups that people make; any other would join the number to what stands beside it.
_BODY = "|".join(
    [_groups(8), _groups(4, 4), _groups(4, 2, 2), _groups(2, 6), _groups(2, 2, 2, 2)]
    + [_groups(*[1] * 8)]
)
_NUMBER = re.compile(rf"(?<![a-z0-9])xe[ :#-]{{0,2}}(?P<body>{_BODY})(?=xe|(?![a-z0-9]))")
# Also directly behind another one; a pattern that looks behind cannot have both.
_NEXT = re.compile(rf"xe(?P<body>{_groups(8)})(?=xe|(?![a-z0-9]))")
_WRONG = re.compile(r"(?<![a-z0-9])xe[ :#-]{0,2}[0-9o][0-9o -]{2,14}[0-9o](?![0-9])")
# As many letters O as an order number has zeros to mistake; with more it was meant as something
# else.
_MOST_LETTERS = 4


def find_order_numbers(text: Text) -> Iterator[Span]:
    """Yields them as XE and eight digits; what has another length is yielded as nothing."""
    if "xe" not in text:
        return
    end = 0
    found = _NUMBER.search(text)
    while found:
        body = found.group("body").replace(" ", "").replace("-", "")
        if body.count("o") <= _MOST_LETTERS:
            yield Span(*found.span(), "order_number", "XE" + body.replace("o", "0"))
        end = found.end()
        found = _NEXT.match(text, end) or _NUMBER.search(text, end)
    for wrong in _WRONG.finditer(text):
        if not _NUMBER.match(text, wrong.start()):
            yield Span(*wrong.span(), NOTHING, "")
