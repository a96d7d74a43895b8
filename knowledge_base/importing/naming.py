"""Names for what has none: ids and topics from words, Chinese ones by their sound."""

from __future__ import annotations

import re
import unicodedata

# Longer ones are no good as names of files.
_MOST_CHARACTERS = 60

_APOSTROPHES = re.compile("['’]")
_NAME_PART = re.compile(r"[a-z0-9]+")


def name_from(words: str) -> str:
    """``"How do I return it?"`` → ``how-do-i-return-it``, ``"退货"`` → ``tui-huo``.

    The same words always give the same name; words of another script give none ("").
    """
    from pypinyin import lazy_pinyin

    joined = _APOSTROPHES.sub("", unicodedata.normalize("NFKC", words))
    plain = unicodedata.normalize("NFKD", "-".join(lazy_pinyin(joined)))
    # "ü" is written "v" on keyboards, but an accent is left out in every other word.
    letters = "".join(c for c in plain if not unicodedata.combining(c)).lower()
    name = ""
    for part in _NAME_PART.findall(letters):
        if name and len(name) + len(part) + 1 > _MOST_CHARACTERS:
            break
        name = f"{name}-{part}" if name else part[:_MOST_CHARACTERS]
    return name
