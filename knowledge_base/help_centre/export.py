"""The same pages in a folder of the shop's own, for a shop that serves them itself."""

from __future__ import annotations

import shutil
import tempfile
from datetime import date
from pathlib import Path
from typing import Sequence

from knowledge_base.article import Article
from knowledge_base.errors import ExportRefused
from knowledge_base.help_centre.pages import CHAT, write_pages

# Names what was written, so that the next time takes away what is gone and nothing else.
LISTING = ".help-centre"


def export_pages(
    folder: Path, articles: Sequence[Article], *, today: date, chat: str | None = None
) -> int:
    """Write the pages of a day into a folder; gives the number of files.

    Files of an earlier time that are not pages any more are deleted. Raises ExportRefused for a
    folder that holds anything else, or that cannot be written to.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        before = _listed(folder)
        with tempfile.TemporaryDirectory() as scratch:
            fresh = Path(scratch)
            write_pages(fresh, articles, today=today, chat=chat or CHAT)
            shutil.copytree(fresh, folder, dirs_exist_ok=True)
            written = {str(p.relative_to(fresh)) for p in fresh.rglob("*") if p.is_file()}
        for name in before - written:
            (folder / name).unlink(missing_ok=True)
        (folder / LISTING).write_text("".join(f"{name}\n" for name in sorted(written)), "utf-8")
    except OSError as error:
        raise ExportRefused(f"the pages cannot be written: {error}") from error
    return len(written)


def _listed(folder: Path) -> set[str]:
    listing = folder / LISTING
    if listing.is_file():
        return set(listing.read_text("utf-8").splitlines())
    if any(folder.iterdir()):
        raise ExportRefused(f"{folder} holds other files: name an empty folder, or a new one")
    return set()
