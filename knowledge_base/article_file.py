"""The articles of an index on disk, a line of JSON for each, read when they are asked for.

A base of a hundred thousand articles would otherwise fill hundreds of megabytes with sentences of
which a question needs three.
"""

from __future__ import annotations

import hashlib
import json
import mmap
from dataclasses import asdict
from datetime import date
from pathlib import Path
from typing import Any, Iterable, Sequence, overload

import numpy as np

from knowledge_base.article import Article

_DAYS = ("updated", "reviewed", "valid_from", "valid_until")
_ENCODING = "utf-8"


def write_articles(path: Path, articles: Iterable[Article]) -> str:
    """Write articles into a file; gives its digest."""
    digest = hashlib.sha256()
    with path.open("wb") as file:
        for article in articles:
            line = (json.dumps(_row(article), ensure_ascii=False) + "\n").encode(_ENCODING)
            digest.update(line)
            file.write(line)
    return digest.hexdigest()[:16]


class ArticleFile(Sequence[Article]):
    """What :func:`write_articles` wrote, in order. The file must stay as it is."""

    def __init__(self, path: Path) -> None:
        with path.open("rb") as file:
            # An empty file cannot be mapped.
            size = path.stat().st_size
            self._bytes: Any = mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) if size else b""
        breaks = np.flatnonzero(np.frombuffer(self._bytes, dtype=np.uint8) == ord("\n"))
        self._ends = breaks.tolist()

    def __len__(self) -> int:
        return len(self._ends)

    @overload
    def __getitem__(self, place: int) -> Article: ...

    @overload
    def __getitem__(self, place: slice) -> list[Article]: ...

    def __getitem__(self, place: int | slice) -> Article | list[Article]:
        """The article at a place; raises IndexError behind the last one."""
        if isinstance(place, slice):
            return [self[each] for each in range(*place.indices(len(self)))]
        number = range(len(self))[place]
        start = self._ends[number - 1] + 1 if number else 0
        return _article(json.loads(self._bytes[start : self._ends[number]]))


def _row(article: Article) -> dict[str, Any]:
    row = asdict(article)
    return {**row, **{name: row[name].isoformat() for name in _DAYS if row[name]}}


def _article(row: dict[str, Any]) -> Article:
    days = {name: date.fromisoformat(row[name]) for name in _DAYS if row[name]}
    lists = {name: tuple(value) for name, value in row.items() if isinstance(value, list)}
    return Article(**{**row, **days, **lists})
