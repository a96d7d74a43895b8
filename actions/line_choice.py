"""Which lines of an order a shopper means: "all", "the second one", or by what it is called."""

import re
from typing import List, Sequence, Set

from shop import OrderLine

ALL = "all"
# Below this share of a title's own pieces, a text does not name it.
_ENOUGH = 0.3


def chosen_lines(
    lines: Sequence[OrderLine], choices: Sequence[str], text: str, language: str
) -> List[OrderLine]:
    """The lines meant, in the order's sequence; empty when it is not clear.

    Args:
        lines: those that can be chosen, as they were shown.
        choices: values of the entity `line_choice`: `all` or a position from 1.
        text: the shopper's words, or an empty text when they are not about the lines.
        language: of the titles, `zh` or `en`.
    """
    if ALL in choices:
        return list(lines)
    # A bare number answers the question as well.
    positions = {int(choice) for choice in [*choices, text.strip()] if choice.isdecimal()}
    if positions:
        return [line for position, line in enumerate(lines, start=1) if position in positions]
    return _named(lines, text, language)


def _named(lines: Sequence[OrderLine], text: str, language: str) -> List[OrderLine]:
    """The lines whose titles share enough with the text."""
    said = _pieces(text)
    pieces = [_pieces(line.title.get(language, "")) for line in lines]
    return [line for line, own in zip(lines, pieces) if _own_share(said, own, pieces) >= _ENOUGH]


def _own_share(said: Set[str], own: Set[str], all_pieces: Sequence[Set[str]]) -> float:
    """How much of what sets this title apart from the others was said."""
    others: Set[str] = set().union(*(pieces for pieces in all_pieces if pieces is not own))
    telling = own - others
    hit = len(said & telling)
    return hit / min(len(telling), 3) if telling else 0.0


def _pieces(text: str) -> Set[str]:
    """Latin words, and pairs of neighbouring Chinese characters."""
    lowered = text.lower()
    words = set(re.findall(r"[a-z0-9]{3,}", lowered))
    for run in re.findall(r"[\u4e00-\u9fff]+", lowered):
        words.update(run[i : i + 2] for i in range(len(run) - 1))
    return words
