"""Cutting text where a sentence ends: long paragraphs for the index, long answers for the chat."""

from __future__ import annotations

import re

# After a full stop in either script, or at a line break; "3.5" and "v1.2" stay whole.
_SENTENCE = re.compile(r".+?(?:[。！？!?；]+[”’」』）)\"']*|\.(?=\s|$)[\"')]*|\n|$)\s*", re.DOTALL)


def sentences(text: str) -> list[str]:
    """Split into sentences, each with the white space after it; joined they are the text."""
    return [found for found in _SENTENCE.findall(text) if found]


def excerpt(text: str, limit: int) -> str:
    """As many whole sentences from the beginning as fit into ``limit`` characters.

    A first sentence that is too long by itself is cut with an ellipsis.
    """
    text = text.strip()
    if len(text) <= limit:
        return text
    kept = ""
    for sentence in sentences(text):
        if len((kept + sentence).rstrip()) > limit:
            break
        kept += sentence
    return kept.rstrip() or _cut(text, limit)


def chunks(text: str, limit: int) -> list[str]:
    """Split a long paragraph into runs of whole sentences of about ``limit`` characters."""
    if len(text) <= limit:
        return [text]
    parts = [""]
    for sentence in sentences(text):
        if parts[-1] and len(parts[-1]) + len(sentence) > limit:
            parts.append("")
        parts[-1] += sentence
    return [part.strip() for part in parts if part.strip()]


def _cut(text: str, limit: int) -> str:
    head = text[: limit - 1]
    # Between words where there are any; Chinese has none and is cut anywhere.
    before, blank, _ = head.rpartition(" ")
    return (before if blank and len(before) > limit // 2 else head).rstrip() + "…"
