"""Word documents: each heading of the first two levels begins an article."""

from __future__ import annotations

import io
import lzma
import struct
import zipfile
import zlib
from pathlib import Path
from typing import Any, Iterator
from xml.parsers.expat import ExpatError

from knowledge_base.importing.blocks import blocks, sections
from knowledge_base.importing.chapters import drafts
from knowledge_base.importing.draft import Found, Problem

# What a document may unpack to: far more than any text, and it fits into memory.
MOST_UNPACKED_BYTES = 100_000_000

_OLE = b"\xd0\xcf\x11\xe0"
# All that is raised on a damaged document: neither library has an error of its own for it. A locked
# archive and one that is nested too deeply are RuntimeErrors.
_BROKEN = (
    zipfile.BadZipFile,
    zlib.error,
    lzma.LZMAError,
    struct.error,
    EOFError,
    OSError,
    ExpatError,
    AttributeError,
    LookupError,
    RuntimeError,
    TypeError,
    ValueError,
)
# Chinese office programs call the styles by their own names.
_STYLES = "\n".join(
    f"p[style-name='{name} {level}'] => h{level}:fresh"
    for name in ("标题", "標題")
    for level in range(1, 7)
)


def read(path: Path, data: bytes) -> Found:
    """A draft for each heading of level one or two and what stands below it."""
    problem = _problem(data)
    if problem:
        yield Problem(str(path), problem)
        return
    try:
        tree = _tree(data)
    except _BROKEN as error:
        yield Problem(str(path), f"not a Word document that can be read: {error!r}")
        return
    yield from drafts(path, sections(blocks(tree), deepest=2), "paragraph")


def _problem(data: bytes) -> str:
    """What is wrong with the container; nothing is unpacked before it is known to be small."""
    if data.startswith(_OLE):
        return "locked by a password, or of the old kind: save it as .docx without a password"
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            return next(_faults(archive), "")
    except _BROKEN as error:
        return f"not a Word document: {error}"


def _faults(archive: zipfile.ZipFile) -> Iterator[str]:
    parts = archive.infolist()
    size = sum(part.file_size for part in parts)
    if size > MOST_UNPACKED_BYTES:
        yield f"unpacks to {size:,} bytes; a document may have {MOST_UNPACKED_BYTES:,}"
    elif "[Content_Types].xml" not in archive.namelist():
        yield "not a Word document: no list of contents in it"
    for part in parts:
        # An office program writes no document type; what has one plays with entities.
        if part.filename.endswith((".xml", ".rels")) and b"<!DOCTYPE" in archive.read(part):
            yield f"not a Word document: {part.filename} has a document type"


def _tree(data: bytes) -> Any:
    import mammoth
    from lxml.html import document_fromstring

    html = mammoth.convert_to_html(
        io.BytesIO(data),
        style_map=_STYLES,
        # Pictures say nothing here.
        convert_image=lambda image: [],
    ).value
    return document_fromstring(f"<body>{html}</body>")
