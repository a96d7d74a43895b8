"""What a reader yields: an article as it was found, or why there is none."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import Enum
from pathlib import Path
from typing import Iterator, Union

from knowledge_base.article import Article


class Kind(str, Enum):
    """What was found in a row, by what follows from it."""

    PROBLEM = "problem"  # it cannot be an article; refuses the import
    SPAM = "spam"  # nobody's answer; refuses the import
    DUPLICATE = "duplicate"  # says nothing that another does not; left out
    NEAR_DUPLICATE = "near-duplicate"  # refuses the import if it is strict
    CONTRADICTION = "contradiction"  # refuses the import if it is strict
    ENCODING = "encoding"  # characters that were read wrongly once, repaired
    INVISIBLE = "invisible characters"  # removed
    BOILERPLATE = "boiler-plate"  # a paragraph of many rows, removed
    DAMAGED = "damaged"  # characters that nobody can repair
    REPLACES = "replaces"  # an article of that id exists
    LEFT_OUT = "left out"  # something of the file is in no article


@dataclass(frozen=True)
class Draft:
    """An article before it is cleaned; what is empty gets a default or is made from the title.

    ``where`` names the file and the place in it. ``front`` is the article itself where the file
    has our front matter: it keeps what a draft has no field for.
    """

    where: str
    title: str
    paragraphs: tuple[str, ...]
    id: str = ""
    language: str = ""
    topic: str = ""
    owner: str = ""
    updated: date | None = None
    questions: tuple[str, ...] = ()
    front: Article | None = None


@dataclass(frozen=True)
class Problem:
    """A row that cannot be read."""

    where: str
    reason: str


@dataclass(frozen=True)
class Remark:
    """Something about a whole file."""

    where: str
    kind: Kind
    text: str


Found = Iterator[Union[Draft, Problem, Remark]]


def place(path: Path, line: int, more: str = "") -> str:
    """``file:line``, as editors and terminals follow it."""
    return f"{path}:{line} ({more})" if more else f"{path}:{line}"
