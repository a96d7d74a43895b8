"""Articles that say the same as another: dropped if they say nothing else, flagged if nearly so."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Iterable, Sequence

from knowledge_base.article import Article
from knowledge_base.importing.draft import Kind
from knowledge_base.importing.entry import Entry, standing
from knowledge_base.normaliser import normalise

# From which Jaccard likeness on two texts are near-duplicates.
LIKENESS = 0.85
# Signatures only guess the likeness: what they propose from here on is then measured.
_PROPOSED = 0.75
_PERMUTATIONS = 96
_SHINGLE = 5

_WORD = re.compile(r"\w+")


@dataclass(frozen=True)
class Placed:
    """An article and where it stands: a row of the import, or a file of the base."""

    article: Article
    where: str


def drop_duplicates(entries: Sequence[Entry], existing: Sequence[Placed]) -> None:
    """Drop every row that has title, text and questions of another one under another id."""
    seen: dict[tuple[str, str, tuple[str, ...]], Placed] = {}
    for placed in existing:
        seen.setdefault(_content(placed.article), placed)
    for entry, article in standing(list(entries)):
        first = seen.setdefault(_content(article), Placed(article, entry.where))
        if first.where != entry.where and set(article.questions) <= set(first.article.questions):
            entry.note(Kind.DUPLICATE, f"the same as {first.where}")


def flag_near_duplicates(entries: Sequence[Entry], existing: Iterable[Placed]) -> None:
    """Flag each row whose text is nearly that of an article before it.

    Only texts that stand for themselves are compared with, so that a thousand copies of one form
    letter cost a thousand comparisons and not a million.
    """
    near = _Neighbours()
    for placed in existing:
        near.add(placed)
    for entry, article in standing(list(entries)):
        placed = Placed(article, entry.where)
        found = near.add(placed)
        if found:
            other, likeness = found
            entry.note(
                Kind.NEAR_DUPLICATE,
                f"{likeness:.0%} the text of {other.where}, “{other.article.title}”",
            )


class _Neighbours:
    """Texts by language, found again by their MinHash signatures."""

    def __init__(self) -> None:
        from datasketch import MinHashLSH

        self._lsh = MinHashLSH(threshold=_PROPOSED, num_perm=_PERMUTATIONS)
        self._leaders: list[tuple[Placed, frozenset[str]]] = []
        self._same: dict[tuple[str, frozenset[str]], Placed] = {}

    def add(self, placed: Placed) -> tuple[Placed, float] | None:
        """The nearest text that is near enough, with its likeness; without one, remember this."""
        from datasketch import MinHash

        language = placed.article.language
        shingles = _shingles("\n".join(placed.article.paragraphs), language)
        same = self._same.setdefault((language, shingles), placed)
        if same is not placed:
            return same, 1.0
        signature = MinHash(num_perm=_PERMUTATIONS)
        signature.update_batch([f"{language} {shingle}".encode() for shingle in shingles])
        best: tuple[float, Placed] | None = None
        for number in self._lsh.query(signature):
            other, theirs = self._leaders[number]
            likeness = len(shingles & theirs) / len(shingles | theirs)
            if likeness >= LIKENESS and (best is None or likeness > best[0]):
                best = likeness, other
        if best:
            return best[1], best[0]
        self._lsh.insert(len(self._leaders), signature)
        self._leaders.append((placed, shingles))
        return None


def _shingles(text: str, language: str) -> frozenset[str]:
    """What a text is compared by: runs of five characters in Chinese, words in English."""
    words = _WORD.findall(normalise(text))
    if language == "en":
        return frozenset(words) or frozenset([text])
    run = "".join(words)
    starts = range(max(1, len(run) - _SHINGLE + 1))
    return frozenset(run[start : start + _SHINGLE] for start in starts)


def _content(article: Article) -> tuple[str, str, tuple[str, ...]]:
    lines = (" ".join(paragraph.split()) for paragraph in article.paragraphs)
    return article.language, " ".join(article.title.split()).lower(), tuple(lines)
