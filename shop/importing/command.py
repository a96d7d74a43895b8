"""``python -m shop import DIR``: options, progress and what is said at the end.

Exit code 1 means that nothing was changed.
"""

import argparse
import sys
import tempfile
import time
from datetime import datetime, timezone
from pathlib import Path
from typing import TextIO

from sqlalchemy.engine import make_url

from shop.importing.findings import Findings
from shop.importing.folder import Options, Report, import_folder
from shop.importing.manual import columns_manual
from shop.rights import PolicyBook
from shop.sql.engine import create_folder, open_engine

_SECONDS_BETWEEN_LINES = 2.0


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Declare what the command takes, beside ``--database``."""
    parser.add_argument("folder", metavar="DIR", nargs="?", type=Path, help="where the files are")
    parser.add_argument("--dry-run", action="store_true", help="check everything and write nothing")
    parser.add_argument("--replace", action="store_true", help="update what is in the shop already")
    parser.add_argument("--force", action="store_true", help="replace the demo shop")
    parser.add_argument(
        "--columns", action="store_true", help="print the files and columns, and stop"
    )


def run_import(options: argparse.Namespace, url: str, policies: PolicyBook) -> int:
    """Import a folder into the database at ``url`` and give the exit code.

    Raises:
        ShopUnavailable: the database cannot be used; nothing has been changed.
    """
    if options.columns or options.folder is None:
        print(columns_manual(), end="")
        return 0 if options.columns else 2
    policy = policies.current(datetime.now(timezone.utc))
    chosen = Options(
        zone=policy.zone,
        largest_discount_percent=policy.membership.gold_discount_percent,
        replace=options.replace,
        replace_demo=options.force,
        dry_run=options.dry_run,
    )
    with tempfile.TemporaryDirectory() as spare:
        engine = open_engine(_target(url, Path(spare), dry_run=options.dry_run))
        try:
            report = import_folder(engine, options.folder, chosen, ProgressLine(sys.stderr))
        finally:
            engine.dispose()
    _tell_findings(report.findings)
    return _tell_result(report, dry_run=options.dry_run)


class ProgressLine:
    """Says now and then how many rows of a file have been read, and how fast."""

    def __init__(self, out: TextIO) -> None:
        self._out = out
        self._file = ""
        self._began = self._last = self._said = time.monotonic()

    def __call__(self, file: str, rows: int) -> None:
        """Take note of ``rows`` read so far; 0 when they are being written."""
        if rows == 0:
            print(f"{file}: writing", file=self._out, flush=True)
            return
        now = time.monotonic()
        if file != self._file:
            self._file, self._began = file, self._last
        if now - self._said >= _SECONDS_BETWEEN_LINES:
            self._said = now
            speed = rows / max(now - self._began, 0.001)
            print(f"{file}: {rows:,} rows, {speed:,.0f} per second", file=self._out, flush=True)
        self._last = now


def _target(url: str, spare: Path, *, dry_run: bool) -> str:
    """Give the database to write to; a rehearsal does not even create the file."""
    parsed = make_url(url)
    sqlite = parsed.get_backend_name() == "sqlite"
    if dry_run and sqlite and parsed.database and not Path(parsed.database).exists():
        return f"sqlite:///{spare}/rehearsal.db"
    create_folder(url)
    return url


def _tell_findings(findings: Findings) -> None:
    for note in findings.notes:
        print(f"note: {note}", file=sys.stderr)
    for warning in findings.warnings:
        print(f"warning: {warning}", file=sys.stderr)
    _tell_rest(findings.warning_count - len(findings.warnings), "warnings")
    for error in findings.errors:
        print(f"error: {error}", file=sys.stderr)
    _tell_rest(findings.error_count - len(findings.errors), "errors")


def _tell_rest(count: int, what: str) -> None:
    if count > 0:
        print(f"and {count:,} more {what}", file=sys.stderr)


def _tell_result(report: Report, *, dry_run: bool) -> int:
    errors = report.findings.error_count
    if errors:
        print(f"Nothing changed: {errors:,} errors.", file=sys.stderr)
        return 1
    for file in report.written:
        print(f"{file.file}: {file.new:,} new, {file.updated:,} updated")
    print("Nothing changed: this was a rehearsal." if dry_run else "Imported.")
    return 0
