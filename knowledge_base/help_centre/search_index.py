"""What the search box looks through: one JSON file for each edition."""

from __future__ import annotations

import json
from functools import lru_cache
from typing import Sequence

from knowledge_base.article import Article
from knowledge_base.help_centre.markdown import to_text

_HAN_BLOCK = range(0x4E00, 0xA000)


def search_index(articles: Sequence[Article]) -> str:
    """JSON: ``{"fold": [from, to], "articles": [[id, title, questions, body], …]}``.

    ``fold`` are two strings of the same length: a Traditional character stands in the first where
    its Simplified one stands in the second. Only those are there that matter for these articles.
    Questions are separated by line ends.
    """
    rows = [[a.id, a.title, "\n".join(a.questions), to_text(a.paragraphs)] for a in articles]
    occurring = {character for row in rows for part in row for character in part}
    pairs = [pair for pair in _simplified() if occurring.intersection(pair)]
    fold = ["".join(traditional for traditional, _ in pairs), "".join(s for _, s in pairs)]
    return json.dumps({"fold": fold, "articles": rows}, ensure_ascii=False, separators=(",", ":"))


@lru_cache(maxsize=1)
def _simplified() -> list[tuple[str, str]]:
    """Every Traditional character of the common block with its Simplified one."""
    from opencc import OpenCC

    characters = [chr(code) for code in _HAN_BLOCK]
    # Line ends keep the characters from being read as words.
    simplified = OpenCC("t2s").convert("\n".join(characters)).split("\n")
    return [
        (one, other)
        for one, other in zip(characters, simplified)
        if one != other and len(other) == 1 and ord(other) < 0x10000
    ]
