r"""Reads a line as a person would, before anything is searched in it.

A number is the same number in full width, with blanks from another alphabet or with marks of no
width in between; and in a log a text often stands as Python, JSON or a URL would write it, where
`\u53f7` or `\n` in front of a number would look like letters glued to it.
"""

import itertools
import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from typing import Iterator, List, Optional, Tuple

# Whatever is not plain ASCII, a Chinese character or the commonest Chinese marks; and what escapes
# begin with. One set, so that an ordinary line costs one fast search.
_UNUSUAL = re.compile(
    r"[^\x00-\x1a\x1c-\x24\x26-\x5b\x5d-\x7f\u3001-\u303f\u3400-\u9fff，。：；？！]"
)
_COLOUR = r"(?P<colour>(?:\x1b|\\{1,8}(?:x1b|u001b|033))\[[0-9;]{0,16}m)"
_ESCAPE = (
    r"(?P<code>(?:\\{1,8}u[0-9a-fA-F]{4})+)"
    r"|(?P<bytes>(?:\\{1,8}x[0-9a-fA-F]{2}|%[0-9a-fA-F]{2})+)"
    r"|(?P<mark>\\{1,8}[abfnrtv])"
)
_OTHER = f"(?P<other>{_UNUSUAL.pattern})"
_RESOLVED = re.compile(f"{_COLOUR}|{_ESCAPE}|{_OTHER}")
_LITERAL = re.compile(f"{_COLOUR}|{_OTHER}")
_HEX = re.compile(r"(?:\\[ux]|%)([0-9a-fA-F]+)")


@dataclass(frozen=True)
class Reading:
    """A text as it reads; `starts` says where each of its characters was (None: at its own place).

    `starts` is one longer than the text: the last one is the original's length.
    """

    text: str
    starts: Optional[List[int]] = None

    def span(self, start: int, end: int) -> Tuple[int, int]:
        """Where a span of this text was in the original."""
        return (self.starts[start], self.starts[end]) if self.starts else (start, end)


def read(text: str, *, literally: bool = False) -> Reading:
    """The text with every character folded, every escape resolved and unseen marks left out.

    Literally: a percent sign or a backslash means itself, as in "10%13800138000".
    """
    if not _UNUSUAL.search(text):
        return Reading(text)
    pieces: List[str] = []
    starts: List[int] = []
    done = 0
    for part in (_LITERAL if literally else _RESOLVED).finditer(text):
        pieces.append(text[done : part.start()])
        starts.extend(range(done, part.start()))
        for character, start in _characters(part):
            pieces.append(character)
            starts.append(start)
        done = part.end()
    pieces.append(text[done:])
    starts.extend(range(done, len(text) + 1))
    return Reading("".join(pieces), starts)


def _characters(part: "re.Match[str]") -> Iterator[Tuple[str, int]]:
    """What an unusual part stands for: each character with its place in the original."""
    kind, start = part.lastgroup, part.start()
    if kind in ("colour", "mark"):
        yield " ", start
    elif kind == "other":
        folded = _fold(part.group())
        if folded:
            yield folded, start
    else:
        units = [(found.group(1), start + found.start()) for found in _HEX.finditer(part.group())]
        if kind == "code":
            decoded = [chr(int(unit, 16)) for unit, _ in units]
            lengths = [1] * len(decoded)
        else:
            decoded = list(bytes.fromhex("".join(u for u, _ in units)).decode(errors=_KEEP))
            lengths = [len(character.encode(errors=_KEEP)) for character in decoded]
        places = itertools.accumulate([0, *lengths])
        for character, place in zip(decoded, places):
            folded = _fold(character)
            if folded:
                yield folded, units[place][1]


# Bytes that are no UTF-8 keep their places as characters that nothing is searched in.
_KEEP = "surrogateescape"


@lru_cache(maxsize=4096)
def _fold(character: str) -> str:
    """One plain character; none for a mark that nobody sees."""
    category = unicodedata.category(character)
    if category == "Cf":
        return ""
    if category == "Nd":
        return str(unicodedata.decimal(character))
    if category == "Pd" or character == "\u2212":
        return "-"
    if character.isspace():
        return " "
    folded = unicodedata.normalize("NFKC", character)
    return folded if len(folded) == 1 else character
