"""Which reader a file belongs to, and what no reader should have to see."""

from __future__ import annotations

from pathlib import Path
from typing import Callable

from knowledge_base.importing import json_lines, markdown, page, table, word
from knowledge_base.importing.draft import Found, Kind, Problem, Remark

READERS: dict[str, Callable[[Path, bytes], Found]] = {
    ".md": markdown.read,
    ".markdown": markdown.read,
    ".csv": table.read,
    ".tsv": table.read,
    ".jsonl": json_lines.read,
    ".docx": word.read,
    ".html": page.read,
    ".htm": page.read,
}
# A shop's whole help centre is a few megabytes; what is larger is something else.
MOST_FILE_BYTES = 200_000_000


def read(source: Path) -> Found:
    """Everything in a file, or in the files of a folder that can be read; never raises for them."""
    if not source.exists():
        yield Problem(str(source), "no such file")
    elif not source.is_dir():
        yield from _file(source)
    else:
        for path in sorted(path for path in source.rglob("*") if path.is_file()):
            if path.suffix.lower() in READERS:
                yield from _file(path)
            elif not path.name.startswith("."):
                yield Remark(str(path), Kind.LEFT_OUT, "not a kind of file that is read here")


def _file(path: Path) -> Found:
    reader = READERS.get(path.suffix.lower())
    if reader is None:
        yield Problem(str(path), f"not one of {', '.join(READERS)}")
        return
    size = path.stat().st_size
    if size > MOST_FILE_BYTES:
        yield Problem(str(path), f"{size:,} bytes; a file may have {MOST_FILE_BYTES:,}")
        return
    data = path.read_bytes()
    if not data.strip(b"\xef\xbb\xbf \t\r\n"):
        yield Problem(str(path), "the file is empty")
        return
    yield from reader(path, data)
