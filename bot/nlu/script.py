"""Cuts a folded text into runs of one script: Chinese characters, and everything else."""

import re
from typing import Iterator, Tuple

# CJK unified ideographs with extension A, and the iteration mark.
_HAN_RUN = re.compile(r"[\u3400-\u4dbf\u4e00-\u9fff\u3005\uf900-\ufaff]+")


def runs(text: str) -> Iterator[Tuple[int, str, bool]]:
    """Yield (start, run, is_han) from left to right; together the runs are the whole text."""
    position = 0
    for match in _HAN_RUN.finditer(text):
        if match.start() > position:
            yield position, text[position : match.start()], False
        yield match.start(), match.group(), True
        position = match.end()
    if position < len(text):
        yield position, text[position:], False


def has_han(text: str) -> bool:
    """Whether any Chinese character is in the text."""
    return _HAN_RUN.search(text) is not None
