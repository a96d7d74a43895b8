"""`python -m knowledge_base gaps`: lists gaps, or closes one."""

from __future__ import annotations

import argparse
import sqlite3
from contextlib import closing
from datetime import date

from knowledge_base.errors import GapsError, JournalError
from knowledge_base.gap_files import add_variants, write_draft
from knowledge_base.gaps import gap_of, open_gaps
from knowledge_base.gaps_table import gaps_json, gaps_table
from knowledge_base.journal import DISMISSED, DRAFTED, VARIANT, Journal
from knowledge_base.settings import Settings

_BUILD = "python -m knowledge_base build puts it to use"


def run(chosen: argparse.Namespace, settings: Settings, *, today: date) -> str:
    """Do what the command's arguments say; returns what there is to read.

    Raises GapsError, JournalError, and what reading the index or the articles raises.
    """
    if bool(chosen.draft) != bool(chosen.id):
        raise GapsError("--draft and --id go together")
    try:
        with closing(Journal(settings.journal_path)) as journal:
            return _run(chosen, settings, journal, today)
    except (sqlite3.Error, OSError) as error:
        raise JournalError(f"{settings.journal_path}: {error}") from error


def _run(chosen: argparse.Namespace, settings: Settings, journal: Journal, today: date) -> str:
    gaps = open_gaps(settings, journal, today=today, days=chosen.days, language=chosen.language)
    if chosen.draft:
        gap = gap_of(gaps, chosen.draft)
        path = write_draft(gap, settings, article_id=chosen.id, topic=chosen.topic, today=today)
        journal.settle(gap.rows, DRAFTED)
        home = settings.articles_dir / gap.language
        return f"{path}\nedit it and move it to {home}; then {_BUILD}"
    if chosen.variant:
        gap_id, article_id = chosen.variant
        gap = gap_of(gaps, gap_id)
        path, fresh = add_variants(gap, settings, article_id=article_id)
        journal.settle(gap.rows, VARIANT)
        return f"{path}: {len(fresh)} more way(s) to ask for {article_id}; {_BUILD}"
    if chosen.dismiss:
        gap = gap_of(gaps, chosen.dismiss)
        journal.settle(gap.rows, DISMISSED)
        return f"dismissed: {gap.question}"
    return gaps_json(gaps) if chosen.json else gaps_table(gaps)
