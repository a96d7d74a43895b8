"""Order numbers of this shop: XE and eight digits, however they are written."""

import re
from typing import Iterator, Text

from bot.nlu.entities.span import NOTHING, Span

_GAP = "[ -]"
# Letters are mistaken for digits: O for 0, I and l for 1.
_CHARACTER = "[0-9oil]"
_DIGITS = str.maketrans("oil", "011")


def _groups(*sizes: int) -> Text:
    return _GAP.join(f"{_CHARACTER}{{{size}}}" for size in sizes)


# In groups that people make; any other would join the number to what stands beside it.
_BODY = "|".join(
    [_groups(8), _groups(4, 4), _groups(4, 2, 2), _groups(2, 6), _groups(2, 2, 2, 2)]
    + [_groups(*[1] * 8)]
)
_MARKS = "[ :#-]{0,2}"
_NUMBER = re.compile(rf"(?<![a-z0-9])xe{_MARKS}(?P<body>{_BODY})(?=xe|(?![a-z0-9]))")
# Also directly behind another one; a pattern that looks behind cannot have both.
_NEXT = re.compile(rf"xe(?P<body>{_groups(8)})(?=xe|(?![a-z0-9]))")
# A digit or two too many or too few: told to the shopper as it was written.
_MISCOUNTED = re.compile(
    rf"(?<![a-z0-9])xe{_MARKS}(?P<body>[0-9][0-9o]{{5,9}}|[0-9]{{2,6}}(?:{_GAP}[0-9]{{2,6}}){{1,3}})"
    "(?![a-z0-9])"
)
_FEWEST, _MOST = 6, 10
_WRONG = re.compile(rf"(?<![a-z0-9])xe{_MARKS}[0-9o][0-9o -]{{2,14}}[0-9o](?![0-9])")
# One that looks like an order number to whoever need not know which it is, miscounted or not.
LIKE_ONE = rf"\bxe ?{_CHARACTER}(?:{_GAP}?{_CHARACTER}){{{_FEWEST - 1},{_MOST - 1}}}\b"
# More letters than these were meant as something else: 20260001 has five digits to mistake.
_MOST_LETTERS = 5

# Without XE: alone, as the answer to the question for it, or where the words say what it is.
_ALONE = re.compile(r" *(?P<body>20[2-9][0-9](?:[ -]?[0-9]{4}))[ .,!。]*")
_STATED = re.compile(
    r"(?:订单(?:编?号|号码)?|(?<![a-z])order (?:number|no\.?|num|id)|(?<![a-z])order)(?: is|'s)?"
    r"[ :#是为]{0,3}(?P<body>[0-9]{8})(?![0-9a-z])"
)


def find_order_numbers(text: Text) -> Iterator[Span]:
    """Yields them as XE and eight digits, one with too many or too few of them as it stands."""
    yield from _without_letters(text)
    if "xe" not in text:
        return
    end = 0
    found = _NUMBER.search(text)
    while found:
        body = _joined(found.group("body"))
        if len(body) - len(re.sub("[oil]", "", body)) <= _MOST_LETTERS:
            yield Span(*found.span(), "order_number", "XE" + body.translate(_DIGITS))
        end = found.end()
        found = _NEXT.match(text, end) or _NUMBER.search(text, end)
    for wrong in _WRONG.finditer(text):
        if not _NUMBER.match(text, wrong.start()):
            yield _miscounted(text, wrong)


def _without_letters(text: Text) -> Iterator[Span]:
    alone = _ALONE.fullmatch(text)
    for found in [alone] if alone else _STATED.finditer(text):
        yield Span(*found.span("body"), "order_number", "XE" + _joined(found.group("body")))


def _miscounted(text: Text, wrong: "re.Match[str]") -> Span:
    found = _MISCOUNTED.match(text, wrong.start())
    if found:
        body = _joined(found.group("body"))
        if _FEWEST <= len(body) <= _MOST and len(re.sub("[^o]", "", body)) <= _MOST_LETTERS:
            return Span(*found.span(), "order_number", "XE" + body.upper())
    return Span(*wrong.span(), NOTHING, "")


def _joined(body: Text) -> Text:
    return body.replace(" ", "").replace("-", "")
