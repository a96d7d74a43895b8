"""Bytes to text: UTF-8 if they are, else the encoding under which the text is most usual."""

from __future__ import annotations

import re

from knowledge_base.language import HAN

_BYTE_ORDER_MARKS = {b"\xff\xfe": "utf-16", b"\xfe\xff": "utf-16"}
# One or two between plain letters: Chinese that was read as Western stands in long runs.
_WESTERN = re.compile(r"(?<![^\x00-\x7f])[À-ÖØ-öø-ÿ’‘“”–—…£€°§©®]{1,2}(?![^\x00-\x7f])")
_HAN_CHARACTER = re.compile(f"[{HAN}]")
# Below that share of usual characters, a text is not in this encoding.
_LEAST_USUAL = 0.7


class NotText(ValueError):
    """Bytes that are no text in any encoding that is known here."""


def decode(data: bytes) -> tuple[str, str]:
    """The text of some bytes and the name of their encoding; raises NotText.

    GB 18030 can read nearly every file, so that trying is not enough: each candidate is judged by
    how many of its characters are ones that people use.
    """
    for mark, encoding in _BYTE_ORDER_MARKS.items():
        if data.startswith(mark):
            return data.decode(encoding, errors="replace"), encoding
    if b"\0" in data:
        raise NotText("not text")
    try:
        return data.decode("utf-8-sig"), "utf-8"
    except UnicodeDecodeError:
        pass
    attempts = [_attempt(data, name) for name in ("gb18030", "big5", "cp1252")]
    best, text, encoding = max(attempts, key=lambda attempt: attempt[0])
    if best < _LEAST_USUAL:
        raise NotText("not text in UTF-8, GB 18030 or Big5")
    return text, encoding


def usual(text: str) -> float:
    """The share of characters beyond ASCII that are in everyday use in Chinese writing."""
    beyond = [c for c in text if not c.isascii()]
    return sum(map(_is_everyday, beyond)) / len(beyond) if beyond else 0.0


def _attempt(data: bytes, encoding: str) -> tuple[float, str, str]:
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError:
        return 0.0, "", encoding
    return (_western(text) if encoding == "cp1252" else usual(text)), text, encoding


def _is_everyday(character: str) -> bool:
    # Both standards put punctuation and everyday characters first, and rare ones behind.
    return any(
        encoded and encoded[0] <= last
        for encoded, last in (
            (character.encode("gb2312", "ignore"), 0xD7),
            (character.encode("big5", "ignore"), 0xC6),
        )
    )


def _western(text: str) -> float:
    beyond = sum(1 for c in text if not c.isascii())
    return len("".join(_WESTERN.findall(text))) / beyond


def misread(text: str) -> str:
    """The text as it was before UTF-8 was read as GB 18030, or the same text if it was not.

    ``浣犲ソ`` → ``你好``. Sound Chinese text is UTF-8 under that encoding by rare accident alone:
    what comes out must be more usual than what went in.
    """
    if not _HAN_CHARACTER.search(text):
        return text
    try:
        mended = text.encode("gb18030").decode("utf-8")
    except UnicodeError:
        return text
    better = _HAN_CHARACTER.search(mended) and usual(mended) > usual(text)
    return mended if better else text
