"""What became of every row: for people a line each, for programs JSON."""

from __future__ import annotations

import json
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Iterator, Sequence

from knowledge_base.errors import KnowledgeError
from knowledge_base.importing.draft import Kind, Remark
from knowledge_base.importing.entry import Entry, Outcome

_REFUSING = frozenset({Kind.PROBLEM, Kind.SPAM})


@dataclass
class Report:
    """All rows of an import in the order of the files, and what was said about whole files."""

    strict: bool = False
    dry_run: bool = False
    entries: list[Entry] = field(default_factory=list)
    remarks: list[Remark] = field(default_factory=list)
    written: list[Path] = field(default_factory=list)

    @property
    def refused(self) -> bool:
        """Whether a row refuses the import."""
        return any(entry.outcome is Outcome.REFUSED for entry in self.entries)

    @property
    def problems(self) -> tuple[str, ...]:
        """Why the import is refused, a line for each reason."""
        return tuple(
            f"{entry.where}: {finding.text}"
            for entry in self.entries
            for finding in entry.findings
            if finding.kind in entry.refusing
        )

    def lines(self) -> Iterator[str]:
        """Every row that is not plainly taken, every remark, and the summary."""
        for remark in self.remarks:
            yield f"{remark.where}: {remark.kind.value}: {remark.text}"
        for entry in self.entries:
            if entry.outcome is not Outcome.TAKEN:
                yield f"{entry.where}: {entry.outcome.value}{_named(entry)}"
                yield from (f"    {f.kind.value}: {f.text}" for f in entry.findings)
        yield self.summary()

    def summary(self) -> str:
        """How many rows became what, and whether anything was written."""
        counts = Counter(entry.outcome for entry in self.entries)
        told = ", ".join(f"{counts[o]:,} {o.value}" for o in Outcome if counts[o])
        if self.refused:
            done = "nothing was imported"
        elif self.dry_run:
            done = "nothing was written: a dry run"
        else:
            done = f"{len(self.written):,} written"
        return f"{len(self.entries):,} row(s): {told or 'none'}; {done}"

    def as_json(self) -> str:
        """The whole report, the rows that were plainly taken too."""
        rows = [_row(entry) for entry in self.entries]
        counts = Counter(row["outcome"] for row in rows)
        content = {
            "refused": self.refused,
            "strict": self.strict,
            "dry_run": self.dry_run,
            "counts": {outcome.value: counts[outcome.value] for outcome in Outcome},
            "files": [
                {"where": r.where, "kind": r.kind.value, "text": r.text} for r in self.remarks
            ],
            "rows": rows,
            "written": [str(path) for path in self.written],
        }
        return json.dumps(content, ensure_ascii=False, indent=2) + "\n"


def refusing(*, strict: bool) -> frozenset[Kind]:
    """The kinds of findings that refuse an import."""
    return _REFUSING | ({Kind.NEAR_DUPLICATE, Kind.CONTRADICTION} if strict else set())


def _named(entry: Entry) -> str:
    return f", {entry.article.language}/{entry.article.id}" if entry.article else ""


def _row(entry: Entry) -> dict[str, Any]:
    article = entry.article
    return {
        "where": entry.where,
        "outcome": entry.outcome.value,
        "id": article.id if article else None,
        "language": article.language if article else None,
        "findings": [{"kind": f.kind.value, "text": f.text} for f in entry.findings],
    }


class ImportRefused(KnowledgeError):
    """An import with bad rows; every one of them is named and nothing was written."""

    def __init__(self, problems: Sequence[str], report: Report) -> None:
        listed = "\n".join(f"  {problem}" for problem in problems)
        super().__init__(f"nothing was imported, {len(problems)} problem(s):\n{listed}")
        self.problems = tuple(problems)
        self.report = report
