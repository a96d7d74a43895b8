"""CSV: a header row with usual names in either language, an article a row."""

from __future__ import annotations

import csv
import io
import re
from datetime import date
from pathlib import Path
from typing import Iterator

from knowledge_base.article import split_paragraphs
from knowledge_base.importing.draft import Draft, Found, Kind, Problem, Remark, place
from knowledge_base.importing.encodings import NotText, decode

# A table that has both a title and a question knows another way to ask.
COLUMNS = {
    "id": ("id", "编号", "編號"),
    "title": ("title", "标题", "標題"),
    "question": ("question", "问题", "問題"),
    "text": ("text", "answer", "body", "content", "内容", "內容", "答案"),
    "topic": ("topic", "category", "分类", "分類"),
    "language": ("language", "lang", "语言", "語言"),
    "owner": ("owner", "负责人", "負責人"),
    "updated": ("updated", "更新日期"),
    "questions": ("questions", "问法", "問法"),
}
_FIELDS = {name: field for field, names in COLUMNS.items() for name in names}
_DELIMITERS = (",", "\t", ";", "|")
_BETWEEN_QUESTIONS = re.compile(r"[|｜\n]")
# Year first: what 3/4/2026 means, depends on who wrote it.
_DAY = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?(?:[ T].*)?")


class _Unreadable(ValueError):
    """A cell or a row that is not what its column or its header promises."""


def read(path: Path, data: bytes) -> Found:
    """A draft for each row below the header; stops where the quotes do not match."""
    if data.startswith(b"PK\x03\x04"):
        yield Problem(str(path), "not text: a workbook or an archive; save it as CSV")
        return
    try:
        text, encoding = decode(data)
    except NotText as error:
        yield Problem(str(path), str(error))
        return
    if encoding != "utf-8":
        yield Remark(str(path), Kind.ENCODING, f"read as {encoding}")
    # An article that is too long is told by its own name, not by the reader's.
    csv.field_size_limit(len(text) + 1)
    delimiter = _delimiter(text)
    rows = _rows(path, text, delimiter)
    _, header = next(rows, (1, Problem(str(path), "the file is empty")))
    if isinstance(header, Problem):
        yield header
        return
    fields = [_field(name) for name in header]
    fault = _header_fault(header, fields)
    if fault:
        yield Problem(place(path, 1), fault)
        return
    for name, field in zip(header, fields):
        if name.strip() and not field:
            yield Remark(place(path, 1), Kind.LEFT_OUT, f"column {name.strip()!r} is not known")
    for number, (line, cells) in enumerate(rows, start=1):
        where = place(path, line, f"row {number}")
        yield cells if isinstance(cells, Problem) else _draft(where, fields, cells)


def _rows(path: Path, text: str, delimiter: str) -> Iterator[tuple[int, list[str] | Problem]]:
    """Each row that is not blank with the line it begins on; a Problem is the last of them."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    line = 1
    while True:
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            begun = f"; the row ends on line {reader.line_num}" if reader.line_num > line else ""
            yield line, Problem(place(path, line), f"quotes do not match: {error}{begun}")
            return
        if any(cell.strip() for cell in cells):
            yield line, cells
        line = reader.line_num + 1


def _delimiter(text: str) -> str:
    """The one that makes the most known columns of the header."""
    header = text.lstrip().split("\n", 1)[0]

    def known(delimiter: str) -> int:
        return sum(1 for name in header.split(delimiter) if _field(name.strip().strip('"')))

    return max(_DELIMITERS, key=known)


def _field(name: str) -> str:
    return _FIELDS.get(name.strip().lower(), "")


def _header_fault(header: list[str], fields: list[str]) -> str:
    for field in filter(None, fields):
        if fields.count(field) > 1:
            same = [name.strip() for name, f in zip(header, fields) if f == field]
            return f"columns {' and '.join(same)} mean the same"
    if "title" not in fields and "question" not in fields:
        return f"no column for the title: {', '.join(COLUMNS['title'] + COLUMNS['question'])}"
    if "text" not in fields:
        return f"no column for the text: {', '.join(COLUMNS['text'])}"
    return ""


def _draft(where: str, fields: list[str], cells: list[str]) -> Draft | Problem:
    if len(cells) < len(fields) or any(cell.strip() for cell in cells[len(fields) :]):
        return Problem(where, f"{len(cells)} cells where the header has {len(fields)}")
    row = {field: cell.strip() for field, cell in zip(fields, cells) if field}
    title, question = row.get("title", ""), row.get("question", "")
    asked = [question] if title and question else []
    asked += _BETWEEN_QUESTIONS.split(row.get("questions", "").replace("\r", "\n"))
    try:
        updated = _day(row.get("updated", ""))
    except _Unreadable as error:
        return Problem(where, str(error))
    return Draft(
        where=where,
        title=title or question,
        paragraphs=split_paragraphs(row["text"].replace("\r\n", "\n").replace("\r", "\n")),
        id=row.get("id", "").lower(),
        language=row.get("language", ""),
        topic=row.get("topic", ""),
        owner=row.get("owner", ""),
        updated=updated,
        questions=tuple(filter(None, (one.strip() for one in asked))),
    )


def _day(written: str) -> date | None:
    if not written:
        return None
    found = _DAY.fullmatch(written)
    try:
        return date(*map(int, found.groups() if found else ()))
    except (TypeError, ValueError) as error:
        reason = f"updated: {written!r} is not a date like 2026-11-01"
        raise _Unreadable(reason) from error
