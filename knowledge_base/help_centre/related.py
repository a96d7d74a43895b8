"""Which articles a reader of one may want next: those of its topic that speak of the same."""

from __future__ import annotations

import math
import re
from collections import Counter
from typing import Mapping, Sequence

from knowledge_base.article import Article
from knowledge_base.language import HAN

_PIECE = re.compile(rf"(?=([{HAN}]{{2}}))|([a-z]{{3,}})")


def related(articles: Sequence[Article], *, most: int) -> dict[str, list[Article]]:
    """For each id, the nearest other articles of the topic, nearest first.

    Near means to share pairs of characters or words of titles and questions, rare ones the more.
    """
    pieces = {article.id: _pieces(article) for article in articles}
    spread = Counter(piece for found in pieces.values() for piece in found)
    weights = {piece: math.log(len(articles) / n) for piece, n in spread.items()}
    topics: dict[str, list[Article]] = {}
    for article in articles:
        topics.setdefault(article.topic, []).append(article)
    return {
        article.id: _nearest(article, topics[article.topic], pieces, weights)[:most]
        for article in articles
    }


def _nearest(
    article: Article,
    topic: Sequence[Article],
    pieces: Mapping[str, set[str]],
    weights: Mapping[str, float],
) -> list[Article]:
    mine = pieces[article.id]

    def likeness(other: Article) -> float:
        theirs = pieces[other.id]
        return sum(weights[piece] for piece in mine & theirs) / math.sqrt(len(theirs) or 1)

    return sorted((other for other in topic if other is not article), key=likeness, reverse=True)


def _pieces(article: Article) -> set[str]:
    text = "\n".join((article.title, *article.questions)).lower()
    return {pair or word for pair, word in _PIECE.findall(text)}
