"""Hides personal data in whatever is written into a log (beside the way of a message).

A text is kept in one place only, the conversation; what describes the running system must do
without. This is the net below that rule: exceptions and other people's libraries quote what they
were given.
"""

from typing import Callable, Iterator, List, Tuple

from bot.conversation.personal.chinese_addresses import chinese_addresses
from bot.conversation.personal.emails import emails
from bot.conversation.personal.english_addresses import english_addresses
from bot.conversation.personal.numbers import numbers
from bot.conversation.personal.reading import Reading, read

# (start, end, marker)
Span = Tuple[int, int, str]

# In this order: an e-mail address may be made of a phone number, a postal address may hold digits.
_FINDERS: Tuple[Callable[[str], Iterator[Span]], ...] = (
    emails,
    numbers,
    chinese_addresses,
    english_addresses,
)


def mask(text: str) -> str:
    """The text with markers such as `<phone>` in place of personal data.

    Phone numbers, Chinese identity cards, bank cards, e-mail and postal addresses. Order numbers,
    ids, moments and amounts stay. Takes linear time; masking twice is masking once.
    """
    masked = _masked(text, read(text))
    if "%" in masked or "\\" in masked:
        masked = _masked(masked, read(masked, literally=True))
    return masked


def _masked(text: str, reading: Reading) -> str:
    plain = reading.text
    found: List[Span] = []
    for find in _FINDERS:
        spans = _merged(_whole_words(plain, span) for span in find(plain))
        if spans:
            found += spans
            plain = _blanked(plain, spans)
    return _replaced(text, reading, found) if found else text


def _whole_words(text: str, span: Span) -> Span:
    """No half of a word or number is left, which could look like something else by itself."""
    start, end, marker = span
    while start and _is_latin(text[start]) and _is_latin(text[start - 1]):
        start -= 1
    while end < len(text) and _is_latin(text[end - 1]) and _is_latin(text[end]):
        end += 1
    return start, end, marker


def _is_latin(character: str) -> bool:
    return character.isascii() and character.isalnum()


def _merged(spans: Iterator[Span]) -> List[Span]:
    """In order and apart; what overlaps becomes one, under the first one's marker."""
    merged: List[Span] = []
    for start, end, marker in sorted(spans, key=lambda span: span[0]):
        if merged and start < merged[-1][1]:
            first, last, kind = merged[-1]
            merged[-1] = (first, max(last, end), kind)
        else:
            merged.append((start, end, marker))
    return merged


def _blanked(text: str, spans: List[Span]) -> str:
    """The same length, with nothing left in the spans for the next finder."""
    pieces: List[str] = []
    done = 0
    for start, end, _ in spans:
        pieces += [text[done:start], "\0" * (end - start)]
        done = end
    return "".join([*pieces, text[done:]])


def _replaced(text: str, reading: Reading, spans: List[Span]) -> str:
    pieces: List[str] = []
    done = 0
    for first, last, marker in sorted(spans):
        start, end = reading.span(first, last)
        pieces += [text[done:start], marker]
        done = end
    return "".join([*pieces, text[done:]])
