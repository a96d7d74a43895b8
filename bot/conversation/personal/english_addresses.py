"""Finds postal addresses written in English, Chinese streets in Latin letters included.

A number and a street are an address; what stands around them, from the flat to the postcode,
belongs to it. A city alone is none.
"""

import re
from typing import Iterator, Tuple

ADDRESS = "<address>"

_STRONG = "street|st|road|rd|avenue|ave|boulevard|blvd|highway|hwy"
# Also what shops sell and people say: only with capitals, or when a flat or a postcode follows.
_WEAK = (
    "lane|ln|drive|dr|court|ct|place|pl|way|square|sq|close|crescent|terrace|parkway|pkwy|gardens"
    "|row|walk|circle|cir|mews|quay|wharf|trail|grove"
)
# In lower case only: most lines have no such word, and nothing slower looks at them.
_STREET = re.compile(rf" (?:(?:{_STRONG}|{_WEAK})(?![0-9a-z])|box )")
_NOT_IN_NAME = (
    "a|an|and|any|at|but|by|days?|flash|for|from|hard|hours?|i|in|into|is|it|items?|minutes?|ms|my"
    "|of|on|or|orders?|our|per|pieces?|seconds?|that|the|this|times?|to|usb|via|was|with|your"
)
# Chinese letters may follow directly.
_BEGIN, _END = "(?<![0-9A-Za-z])", "(?![0-9A-Za-z])"
_LETTERS = r"[^\W\d_][\w'.-]{0,20}"
_WORD = rf"(?!(?:{_NOT_IN_NAME})\b)(?:{_LETTERS}|[0-9]{{1,3}}(?:st|nd|rd|th))"
_FLAT = r"(?:flat|apt|apartment|unit|suite|ste|room|rm|building|bldg|floor|block|no|#)\.? {0,2}#?"
# United States, China, United Kingdom, Canada.
_POSTCODE = (
    r"(?:[0-9]{5}(?:-[0-9]{4})?|[0-9]{6}|[a-z]{1,2}[0-9][0-9a-z]? ?[0-9][a-z]{2}"
    r"|[a-z][0-9][a-z] ?[0-9][a-z][0-9])(?![0-9a-z])"
)
_LINE = re.compile(
    r"[0-9](?<![0-9A-Za-z][0-9])[0-9]{0,4}[a-z]?(?:[-/][0-9]{1,4}[a-z]?)?(?![0-9]),? {1,3}"
    rf"(?P<name>(?:{_WORD} {{1,3}}){{1,4}}?)"
    rf"(?:(?P<strong>{_STRONG})|(?:{_WEAK})){_END}\.?(?: (?:ne|nw|se|sw|n|s|e|w){_END})?"
    rf"(?P<flat>[, ]{{1,3}}{_FLAT}[0-9]{{0,5}}[a-z]?{_END})?"
    rf"(?P<code>(?:,? {{1,3}}{_LETTERS}|,){{0,6}}[, ]{{1,3}}{_POSTCODE})?"
    rf"(?:, {{0,2}}(?:{_LETTERS} ){{1,2}}(?:district|county|city|province){_END}){{0,3}}",
    re.IGNORECASE,
)
_FLATS_BEFORE = re.compile(rf"(?:{_BEGIN}{_FLAT}[0-9a-z]{{0,5}}[, ]{{0,3}}){{1,3}}$", re.IGNORECASE)
_FARTHEST_BEFORE = 40
_PO_BOX = re.compile(rf"{_BEGIN}p\.? ?o\.? {{0,2}}box {{1,2}}[0-9]{{1,6}}{_END}", re.IGNORECASE)


def english_addresses(text: str) -> Iterator[Tuple[int, int, str]]:
    """Spans (start, end, marker)."""
    if not _STREET.search(text.lower()):
        return
    for found in _LINE.finditer(text):
        if any(found.group("strong", "flat", "code")) or _is_in_capitals(found.group("name")):
            farthest = max(0, found.start() - _FARTHEST_BEFORE)
            flats = _FLATS_BEFORE.search(text[farthest : found.start()])
            yield farthest + flats.start() if flats else found.start(), found.end(), ADDRESS
    for found in _PO_BOX.finditer(text):
        yield found.start(), found.end(), ADDRESS


def _is_in_capitals(name: str) -> bool:
    return all(word[0].isupper() or word[0].isdigit() for word in name.split())
