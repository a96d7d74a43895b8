"""A folder of files into the shop's database: everything or nothing."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from zoneinfo import ZoneInfo

from sqlalchemy import delete
from sqlalchemy.engine import Connection, Engine

from shop.importing.checks import check_rows, warn_of_totals
from shop.importing.files import find_files
from shop.importing.findings import Findings
from shop.importing.staging import Progress, Staged, stage
from shop.importing.values import parsers
from shop.importing.writing import Written, write_rows
from shop.seed import DEMO_MARK, demo_seeded_on
from shop.sql import schema
from shop.sql import tables as t
from shop.sql.engine import for_writing, serialise, session


@dataclass(frozen=True)
class Options:
    """How to import.

    ``zone`` is the shop's, for moments without one; ``replace`` updates rows that are there;
    ``replace_demo`` lets the files take the demo shop's place; ``dry_run`` does all and undoes it.
    """

    zone: ZoneInfo
    largest_discount_percent: int = 0
    replace: bool = False
    replace_demo: bool = False
    dry_run: bool = False


@dataclass
class Report:
    """What was found and, when nothing was wrong, what was written (or would have been)."""

    findings: Findings = field(default_factory=Findings)
    written: list[Written] = field(default_factory=list)


def import_folder(engine: Engine, folder: Path, options: Options, progress: Progress) -> Report:
    """Read a folder's files and write them in one transaction, unless anything is wrong.

    Memory does not grow with the files: rows are staged in the database in batches.

    Raises:
        ShopUnavailable: the database cannot be used; nothing has been changed.
    """
    report = Report()
    findings = report.findings
    files = find_files(folder, findings)
    if findings.error_count:
        return report
    schema.check(engine)
    with session(engine) as connection:
        kinds = parsers(options.zone)
        with connection.begin():
            staged = [stage(connection, file, kinds, findings, progress) for file in files]
        with for_writing(connection).begin() as transaction:
            serialise(connection, DEMO_MARK)
            if _may_write(connection, findings, replace_demo=options.replace_demo):
                _check(connection, staged, findings, options)
            if not findings.error_count:
                for each in staged:
                    progress(each.name, 0)
                    report.written.append(write_rows(connection, each))
            if findings.error_count or options.dry_run:
                transaction.rollback()
    return report


def _may_write(connection: Connection, findings: Findings, *, replace_demo: bool) -> bool:
    """Make the tables, and room where the demo shop is; without leave for that it stays."""
    if schema.version(connection) is None:
        schema.create(connection)
    if demo_seeded_on(connection) is None:
        return True
    if not replace_demo:
        findings.error("the database", "holds the demo shop; to replace it, add --force")
        return False
    for table in reversed(t.metadata.sorted_tables):
        connection.execute(delete(table))
    return True


def _check(
    connection: Connection, staged: Sequence[Staged], findings: Findings, options: Options
) -> None:
    check_rows(connection, staged, findings, replace=options.replace)
    by_name = {each.format.name: each for each in staged}
    if "orders" in by_name and "lines" in by_name:
        warn_of_totals(
            connection,
            by_name["orders"],
            by_name["lines"],
            findings,
            largest_discount_percent=options.largest_discount_percent,
        )
