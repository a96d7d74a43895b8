"""The order of an import: read, clean, make articles, compare, and write all of it or nothing."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import Callable, Iterable, Iterator, TypeVar

from knowledge_base.importing.cleaning import clean, remove_boilerplate
from knowledge_base.importing.contradictions import flag_contradictions
from knowledge_base.importing.draft import Draft, Kind, Problem, Remark
from knowledge_base.importing.drafting import Defaults, make_articles, size_problem
from knowledge_base.importing.duplicates import Placed, drop_duplicates, flag_near_duplicates
from knowledge_base.importing.entry import Entry, standing
from knowledge_base.importing.report import ImportRefused, Report, refusing
from knowledge_base.importing.sources import read
from knowledge_base.importing.spam import load_rules
from knowledge_base.importing.writing import Replace, WriteError, homes, targets, write_articles

Say = Callable[[str], None]
T = TypeVar("T")

# Progress is said once for so many rows.
_STEP = 1_000


@dataclass(frozen=True)
class Options:
    """How to import: what rows get by default, and how far to go."""

    defaults: Defaults
    strict: bool = False
    dry_run: bool = False


def import_articles(
    source: Path,
    articles_dir: Path,
    options: Options,
    *,
    say: Say = lambda _: None,
    replace: Replace = os.replace,
) -> Report:
    """Bring the articles of a file, or of every file of a folder, into the articles folder.

    An article whose id exists in its language takes that one's place. Raises ImportRefused with
    the report of all rows if one of them is refused, or ArticleError if the folder has an article
    that cannot be read; then nothing has changed.
    """
    report = _read(source, options, say)
    _clean(report.entries, say)
    make_articles(report.entries, options.defaults)
    existing = homes(articles_dir)
    _compare(report.entries, existing, say)
    if not report.entries:
        report.entries.append(_refused(str(source), "no articles in it"))
    if report.refused:
        raise ImportRefused(report.problems, report)
    articles = [article for _, article in standing(report.entries)]
    paths = targets(articles, existing, articles_dir)
    if options.dry_run:
        return report
    try:
        write_articles(articles, paths, replace)
    except WriteError as error:
        report.entries.append(_refused(str(articles_dir), str(error)))
        raise ImportRefused(report.problems, report) from error
    report.written = paths
    return report


def _read(source: Path, options: Options, say: Say) -> Report:
    report = Report(strict=options.strict, dry_run=options.dry_run)
    for found in _counted(read(source), "read", say):
        if isinstance(found, Draft):
            entry = Entry(found.where, found, refusing=refusing(strict=options.strict))
            report.entries.append(entry)
        elif isinstance(found, Problem):
            report.entries.append(_refused(found.where, found.reason))
        elif isinstance(found, Remark):
            report.remarks.append(found)
    return report


def _clean(entries: list[Entry], say: Say) -> None:
    """Clean every draft that is worth it; one that is refused loses its draft."""
    for entry in _counted(entries, "cleaned", say):
        if entry.draft:
            problem = size_problem(entry.draft)
            if not problem:
                entry.draft, found = clean(entry.draft)
                entry.findings += found
                problem = size_problem(entry.draft)
            if problem:
                entry.note(Kind.PROBLEM, problem)
                entry.draft = None
    remove_boilerplate(entries)
    rules = load_rules()
    for entry in _counted(entries, "looked through for spam", say):
        reason = entry.draft and rules.reason(
            "\n".join((entry.draft.title, *entry.draft.paragraphs))
        )
        if reason:
            entry.note(Kind.SPAM, reason)


def _compare(entries: list[Entry], existing: dict[tuple[str, str], Placed], say: Say) -> None:
    """Look for what is said twice, or differently, among the rows and by what stays."""
    coming = {(a.language, a.id): entry for entry, a in standing(entries)}
    staying = [placed for key, placed in existing.items() if key not in coming]
    for key, entry in coming.items():
        placed = existing.get(key)
        if placed and placed.article != entry.article:
            entry.note(Kind.REPLACES, placed.where)
    say("comparing …")
    drop_duplicates(entries, staying)
    flag_near_duplicates(entries, staying)
    flag_contradictions(entries, staying)


def _refused(where: str, reason: str) -> Entry:
    entry = Entry(where)
    entry.note(Kind.PROBLEM, reason)
    return entry


def _counted(rows: Iterable[T], done: str, say: Say) -> Iterator[T]:
    for number, row in enumerate(rows, start=1):
        yield row
        if number % _STEP == 0:
            say(f"{number:,} rows {done}")
