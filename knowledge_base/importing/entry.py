"""A row on its way: what it is, what was found in it, and what becomes of it."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum

from knowledge_base.article import Article
from knowledge_base.importing.draft import Draft, Kind


class Outcome(str, Enum):
    """What becomes of a row."""

    TAKEN = "taken"
    WARNED = "taken with warnings"  # somebody should look at it
    DROPPED = "dropped"  # it says nothing new
    REFUSED = "refused"  # and the whole import with it


@dataclass(frozen=True)
class Finding:
    """One thing that was found in a row."""

    kind: Kind
    text: str


@dataclass
class Entry:
    """A row; ``draft`` is None if it could not be read, ``article`` until it is made."""

    where: str
    draft: Draft | None = None
    article: Article | None = None
    findings: list[Finding] = field(default_factory=list)
    # Kinds that refuse the row: more of them in a strict import.
    refusing: frozenset[Kind] = frozenset({Kind.PROBLEM, Kind.SPAM})

    def note(self, kind: Kind, text: str) -> None:
        """Write a finding down."""
        self.findings.append(Finding(kind, text))

    @property
    def outcome(self) -> Outcome:
        """By the worst of what was found."""
        kinds = {finding.kind for finding in self.findings}
        if kinds & self.refusing:
            return Outcome.REFUSED
        if Kind.DUPLICATE in kinds:
            return Outcome.DROPPED
        return Outcome.WARNED if kinds else Outcome.TAKEN

    @property
    def stands(self) -> bool:
        """Whether it is still to be written."""
        return self.outcome in (Outcome.TAKEN, Outcome.WARNED)


def standing(entries: list[Entry]) -> list[tuple[Entry, Article]]:
    """The entries that are still to be written, with their articles."""
    return [(e, e.article) for e in entries if e.article is not None and e.stands]
