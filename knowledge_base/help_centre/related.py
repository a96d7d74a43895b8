"""Which articles a reader of one may want next: those of its topic that speak of the same."""

from __future__ import annotations

import math
import re
from heapq import nlargest, nsmallest
from typing import Iterable, Iterator, Sequence

from knowledge_base.article import Article
from knowledge_base.language import HAN

_PIECE = re.compile(rf"(?=([{HAN}]{{2}}))|([a-z]{{3,}})")
# An article is compared by what it says most rarely, and with so many others at most: thousands
# in one topic cost thousands of times what one costs, not millions.
_RAREST = 16
_COMPARED = 60


def related(articles: Iterable[Article], *, most: int) -> dict[str, list[str]]:
    """For each id, the ids of the nearest others of its topic, nearest first; maybe few, or none.

    Near means to share pairs of characters or words of titles and questions, rare ones the more.
    """
    topics: dict[str, list[Article]] = {}
    for article in articles:
        topics.setdefault(article.topic, []).append(article)
    return {name: near for topic in topics.values() for name, near in _nearest(topic, most)}


def _nearest(topic: Sequence[Article], most: int) -> Iterator[tuple[str, list[str]]]:
    pieces = [_pieces(article) for article in topic]
    having: dict[str, list[int]] = {}
    for place, found in enumerate(pieces):
        for piece in found:
            having.setdefault(piece, []).append(place)
    for place, found in enumerate(pieces):
        likeness: dict[int, float] = {}
        shared = [(len(having[piece]), piece) for piece in found if len(having[piece]) > 1]
        for count, piece in nsmallest(_RAREST, shared):
            weight = math.log((len(topic) + 1) / count)
            for other in having[piece][:_COMPARED]:
                worth = weight / math.sqrt(len(pieces[other]))
                likeness[other] = likeness.get(other, 0.0) + worth
        likeness.pop(place, None)
        near = nlargest(most, likeness, key=lambda other: (likeness[other], -other))
        yield topic[place].id, [topic[other].id for other in near]


def _pieces(article: Article) -> set[str]:
    text = "\n".join((article.title, *article.questions)).lower()
    return {pair or word for pair, word in _PIECE.findall(text)}
