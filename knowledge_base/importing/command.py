"""``python -m knowledge_base import``: what it may be told, and what it tells."""

from __future__ import annotations

import argparse
from datetime import date
from pathlib import Path
from typing import Callable

from knowledge_base.importing.drafting import Defaults
from knowledge_base.importing.importer import Options, import_articles
from knowledge_base.importing.report import ImportRefused
from knowledge_base.language import LANGUAGES

Say = Callable[[str], None]


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """The command's arguments."""
    kinds = ".md .csv .tsv .jsonl .docx .html, or a folder of them"
    parser.add_argument("source", metavar="FILE|FOLDER", type=Path, help=kinds)
    parser.add_argument("--language", choices=LANGUAGES, default="", help="of rows that say none")
    parser.add_argument("--topic", default="general", help="of rows that say none (general)")
    parser.add_argument("--owner", default="service", help="of rows that say none (service)")
    parser.add_argument("--dry-run", action="store_true", help="report only, write nothing")
    parser.add_argument(
        "--strict", action="store_true", help="refuse near-duplicates and contradictions too"
    )
    parser.add_argument("--report", metavar="FILE.json", type=Path, help="write every row here")


def run(chosen: argparse.Namespace, articles_dir: Path, *, show: Say, say: Say) -> int:
    """Import and show the report; 2 if the import is refused, as for every explained error."""
    defaults = Defaults(date.today(), chosen.language, chosen.topic, chosen.owner)
    options = Options(defaults, strict=chosen.strict, dry_run=chosen.dry_run)
    try:
        report = import_articles(chosen.source, articles_dir, options, say=say)
    except ImportRefused as refusal:
        report = refusal.report
    for line in report.lines():
        show(line)
    if chosen.report:
        chosen.report.parent.mkdir(parents=True, exist_ok=True)
        chosen.report.write_text(report.as_json(), encoding="utf-8")
    if report.written:
        say("python -m knowledge_base build puts them to use")
    return 2 if report.refused else 0
