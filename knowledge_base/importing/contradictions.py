"""Contradictions: two sentences about the same that differ in a number or a date alone."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from dataclasses import dataclass
from functools import lru_cache
from typing import Iterable, Iterator, Sequence

from knowledge_base.importing.draft import Kind
from knowledge_base.importing.duplicates import Placed
from knowledge_base.importing.entry import Entry, standing
from knowledge_base.importing.quantities import Quantity, has_quantity, quantities
from knowledge_base.language import HAN
from knowledge_base.normaliser import normalise
from knowledge_base.words import cut, stem

# Two sentences are alike from that share of common words on: a low bar where titles show that the
# articles are about the same, a high one where nothing does.
_ALIKE, _ALIKE_ELSEWHERE = 0.6, 0.8
_SAME_SUBJECT = 0.5
# A sentence of fewer words is alike to too many.
_LEAST_WORDS = 2
# A longer one is a list or a table.
_MOST_CHARACTERS = 500
# What everybody writes is compared with so many others, and a row is flagged for so many.
_MOST_COMPARED = 60
_MOST_FLAGS = 3

_SENTENCE = re.compile(r"[^。！？!?；;\n]+?(?:[。！？!?；;\n]|\.(?=\s|$)|$)")
_RUN = re.compile(f"[{HAN}]+|[a-z]+")
_COMMON_WORDS = """
的 了 是 在 和 与 或 及 为 就 都 也 还 您 你 我 我们 可以 会 能 请 将 把 被 从 到 以 内 后 前
a an the is are be to of in on at for and or you your we our it this that can will may with by
within from after have has do if
"""
_COMMON = frozenset(_COMMON_WORDS.split())


@dataclass(frozen=True)
class _Statement:
    """A sentence that says a quantity."""

    sentence: str
    paragraph: int
    values: tuple[Quantity, ...]
    words: frozenset[str]
    source: Placed


def flag_contradictions(entries: Sequence[Entry], existing: Iterable[Placed]) -> None:
    """Flag each row that says another number than a row before it, or than an existing article."""
    rows = {entry.where: entry for entry, _ in standing(list(entries))}
    ours = [Placed(article, entry.where) for entry, article in standing(list(entries))]
    statements = [s for placed in [*existing, *ours] for s in _statements(placed)]
    rarity = Counter(word for s in statements for word in s.words)
    before: dict[tuple[str, str], list[_Statement]] = defaultdict(list)
    flags: Counter[str] = Counter()
    for statement in statements:
        entry = rows.get(statement.source.where)
        keys = _keys(statement, rarity)
        if entry and flags[entry.where] < _MOST_FLAGS:
            other = next(_contradicting(statement, (before[key] for key in keys)), None)
            if other:
                flags[entry.where] += 1
                entry.note(Kind.CONTRADICTION, _told(statement, other))
        for key in keys:
            if len(before[key]) < _MOST_COMPARED:
                before[key].append(statement)


def _statements(placed: Placed) -> Iterator[_Statement]:
    for number, paragraph in enumerate(placed.article.paragraphs, start=1):
        for sentence in filter(_is_comparable, _SENTENCE.findall(paragraph)):
            values, frame = quantities(normalise(sentence))
            words = _words(frame)
            if values and len(words) >= _LEAST_WORDS:
                yield _Statement(sentence.strip(), number, values, words, placed)


def _is_comparable(sentence: str) -> bool:
    return len(sentence) <= _MOST_CHARACTERS and has_quantity(sentence)


def _keys(statement: _Statement, rarity: Counter[str]) -> list[tuple[str, str]]:
    """Its rarest words: of two sets as like as asked, at least one of these is in both.

    Prefix filtering for Jaccard joins (Chaudhuri, Ganti and Kaushik, 2006).
    """
    ordered = sorted(statement.words, key=lambda word: (rarity[word], word))
    needed = len(ordered) - int(-(-_ALIKE * len(ordered) // 1)) + 1
    return [(statement.source.article.language, word) for word in ordered[:needed]]


def _contradicting(
    statement: _Statement, groups: Iterable[Sequence[_Statement]]
) -> Iterator[_Statement]:
    for group in groups:
        for other in group:
            if other.source is not statement.source and _contradict(statement, other):
                yield other


def _contradict(one: _Statement, other: _Statement) -> bool:
    counted = [(q.counted, q.measures) for q in one.values]
    if one.values == other.values or counted != [(q.counted, q.measures) for q in other.values]:
        return False
    if _names(one.values) != _names(other.values):
        return False
    likeness = len(one.words & other.words) / len(one.words | other.words)
    if likeness < _ALIKE:
        return False
    return _same_subject(one, other, near=likeness >= _ALIKE_ELSEWHERE)


def _same_subject(one: _Statement, other: _Statement, *, near: bool) -> bool:
    """By the titles: they name the same things, and have words in common or need none."""
    first, names = _title(one.source.article.title)
    second, other_names = _title(other.source.article.title)
    if names != other_names:
        return False
    smaller = min(len(first), len(second))
    return near or bool(smaller) and len(first & second) >= _SAME_SUBJECT * smaller


def _title(title: str) -> tuple[frozenset[str], frozenset[Quantity]]:
    values, frame = quantities(normalise(title))
    return _words(frame), _names(values)


def _names(values: Iterable[Quantity]) -> frozenset[Quantity]:
    """The numbers that are part of a name: other ones, and it is another thing."""
    return frozenset(value for value in values if not value.measures)


@lru_cache(maxsize=65_536)
def _words(text: str) -> frozenset[str]:
    words: list[str] = []
    for run in _RUN.findall(text):
        words += [stem(run)] if run.isascii() else cut(run)
    return frozenset(words) - _COMMON


def _told(statement: _Statement, other: _Statement) -> str:
    return (
        f"“{statement.sentence}” (paragraph {statement.paragraph}) – "
        f"“{other.sentence}” ({other.source.where}, paragraph {other.paragraph})"
    )
