"""Cleaning: broken encodings, invisible characters, and paragraphs that every page repeats.

Sound text is left alone to the letter: full-width punctuation, curly quotes and compatibility
characters are how their author wrote.
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter
from dataclasses import replace
from functools import lru_cache
from typing import TYPE_CHECKING, Sequence

from knowledge_base.article import split_paragraphs
from knowledge_base.importing.draft import Draft, Kind
from knowledge_base.importing.encodings import misread
from knowledge_base.importing.entry import Entry, Finding

if TYPE_CHECKING:
    from ftfy import TextFixerConfig

# A paragraph is boiler-plate from that many rows on, if they are that share of all.
_LEAST_ROWS = 3
_LEAST_SHARE = 1 / 3

_LINE_BREAKS = re.compile("\r\n?|[\x0b\x0c\u2028\u2029]")
_JOINER = "\u200d"
# Control, format, private-use and surrogate characters.
_HIDDEN = ("Cc", "Cf", "Co", "Cs")
_LOST = re.compile("\ufffd|锟斤拷|烫烫烫")


def clean(draft: Draft) -> tuple[Draft, list[Finding]]:
    """The draft with readable text only, and what was done to it."""
    found: dict[Kind, str] = {}

    def mend(text: str, *, one_line: bool = True) -> str:
        mended = _clean(text, found)
        return " ".join(mended.split()) if one_line else mended

    body = "\n\n".join(mend(text, one_line=False) for text in draft.paragraphs)
    cleaned = replace(
        draft,
        title=mend(draft.title),
        paragraphs=split_paragraphs("\n".join(line.rstrip() for line in body.split("\n"))),
        topic=mend(draft.topic),
        owner=mend(draft.owner),
        questions=tuple(filter(None, map(mend, draft.questions))),
    )
    damaged = _LOST.search("\n".join((cleaned.title, *cleaned.paragraphs)))
    if damaged:
        found[Kind.DAMAGED] = f"{damaged[0]!r} stands for characters that are lost"
    return cleaned, [Finding(kind, text) for kind, text in found.items()]


def remove_boilerplate(entries: Sequence[Entry]) -> None:
    """Take out the paragraphs that too many rows share; a row of nothing else keeps them."""
    drafts = [entry.draft for entry in entries if entry.draft]
    rows = Counter(key for draft in drafts for key in {_key(p) for p in draft.paragraphs})
    least = max(_LEAST_ROWS, len(drafts) * _LEAST_SHARE)
    common = {key for key, count in rows.items() if count >= least}
    for entry in entries:
        if entry.draft is None:
            continue
        kept = tuple(p for p in entry.draft.paragraphs if _key(p) not in common)
        if kept and len(kept) < len(entry.draft.paragraphs):
            removed = [p for p in entry.draft.paragraphs if _key(p) in common]
            entry.note(Kind.BOILERPLATE, "; ".join(f"“{_short(p)}”" for p in removed))
            entry.draft = replace(entry.draft, paragraphs=kept)


def _clean(text: str, found: dict[Kind, str]) -> str:
    whole = _LINE_BREAKS.sub("\n", text)
    mended = misread(_fix_text(whole))
    if mended != whole:
        found.setdefault(Kind.ENCODING, f"“{_short(whole)}” → “{_short(mended)}”")
    visible, hidden = _visible(mended)
    if hidden:
        names = ", ".join(sorted({f"U+{ord(c):04X}" for c in hidden}))
        found.setdefault(Kind.INVISIBLE, f"{len(hidden)} removed: {names}")
    return visible


def _fix_text(text: str) -> str:
    if text.isascii() and "\x1b" not in text:
        return text
    from ftfy import fix_text

    return fix_text(text, _config())


@lru_cache(maxsize=1)
def _config() -> TextFixerConfig:
    from ftfy import TextFixerConfig

    return TextFixerConfig(
        unescape_html=False,
        fix_latin_ligatures=False,
        fix_character_width=False,
        uncurl_quotes=False,
        fix_line_breaks=False,
        # What is removed without a repair is counted and told as such.
        remove_control_chars=False,
        normalization=None,
        explain=False,
    )


def _visible(text: str) -> tuple[str, list[str]]:
    suspects = {c for c in set(text) if unicodedata.category(c) in _HIDDEN} - {"\n", "\t"}
    if not suspects:
        return text, []
    kept: list[str] = []
    hidden: list[str] = []
    for character in text:
        seen = character not in suspects or (character == _JOINER and _joins(kept))
        (kept if seen else hidden).append(character)
    return "".join(kept), hidden


def _joins(before: list[str]) -> bool:
    """Whether a joiner here belongs to an emoji of several."""
    return bool(before) and unicodedata.category(before[-1]) in ("So", "Mn", "Sk")


def _key(paragraph: str) -> str:
    return " ".join(paragraph.split()).lower()


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= 40 else f"{line[:39]}…"
