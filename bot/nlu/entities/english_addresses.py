"""Addresses written in English: a number and a street, with what stands around them."""

import re
from typing import Iterator, Text

from bot.nlu.entities.span import Span

_STREETS = "street|st|road|rd|avenue|ave|boulevard|blvd|highway|hwy|parkway|pkwy|terrace|crescent"
# Also what shops sell and people say: only with a capital.
_WITH_CAPITAL = (
    "Lane|Ln|Drive|Dr|Court|Ct|Place|Pl|Way|Square|Sq|Close|Gardens|Row|Circle|Mews|Grove|Hill"
)
# Without one there is no street; most messages end here.
_STREET = re.compile(rf"(?<=[a-z] )(?:{_STREETS}|{_WITH_CAPITAL.lower()})(?![a-z])|box [0-9]")
_NOT_IN_NAME = (
    "a|an|and|at|but|by|for|from|in|is|it|of|on|or|orders?|per|that|the|this"
    "|to|was|with|days?|items?"
)
_WORD = rf"(?:(?!(?i:{_NOT_IN_NAME})\b)[A-Za-z][A-Za-z'.-]{{0,20}}|[0-9]{{1,3}}(?i:st|nd|rd|th))"
_FLAT = r"(?i:flat|apt|apartment|unit|suite|ste|room|floor|#)\.? ?#?[0-9]{0,5}[A-Za-z]?"
# United States, Canada, United Kingdom, China; the first with the state.
_POSTCODE = (
    r"(?:(?:[A-Z]{2} )?[0-9]{5}(?:-[0-9]{4})?(?![0-9])"
    r"|(?i:[a-z][0-9][a-z] ?[0-9][a-z][0-9]|[a-z]{1,2}[0-9][0-9a-z]? ?[0-9][a-z]{2})"
    r"(?![0-9A-Za-z])"
    r"|[0-9]{6}(?![0-9]))"
)
_CITY = r"[A-Z][a-z'.-]{1,20}(?: [A-Z][a-z'.-]{1,20}){0,2}"
_ADDRESS = re.compile(
    rf"(?:(?<![A-Za-z]){_FLAT}, )?"
    r"(?<![A-Za-z0-9$€£.-])[0-9]{1,5}[A-Za-z]?(?:[-/][0-9]{1,4})?,? "
    rf"(?:{_WORD} ){{1,4}}?(?:(?i:{_STREETS})|{_WITH_CAPITAL})(?![A-Za-z0-9])(?:\.(?=,))?"
    r"(?: (?:North|South|East|West|Central|[NSEW]{1,2}(?![A-Za-z])))?"
    rf"(?:,? {_FLAT}(?![A-Za-z0-9]))?(?:, {_CITY}(?![a-z])){{0,3}}(?:,? {_POSTCODE})?"
)
_PO_BOX = re.compile(r"(?<![A-Za-z])(?i:p\.?o\.? box) [0-9]{1,6}(?![0-9])")
_STATED_POSTCODE = re.compile(
    r"(?i:zip(?: ?code)?|post ?code|postal code)(?i:[ :]{1,2}is)?[ :]{1,2}"
    rf"(?P<code>{_POSTCODE})"
)


def find_english_addresses(text: Text, as_written: Text) -> Iterator[Span]:
    """Yields each as one span; the value is left to be read from the text as written.

    Args:
        text: folded.
        as_written: the same characters before they were folded; names of towns begin with a
            capital.
    """
    if _STREET.search(text):
        for pattern in (_ADDRESS, _PO_BOX):
            for found in pattern.finditer(as_written):
                yield Span(*found.span(), "address", "")
    for found in _STATED_POSTCODE.finditer(as_written):
        yield Span(*found.span("code"), "address", "")
