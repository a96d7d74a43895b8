"""A file as a stream of rows: the line on which each begins, and its cells in the format's order.

CSV and JSON Lines give the same cells, all of them text, so that what follows is one way.
"""

import csv
import json
from collections.abc import Iterator
from difflib import get_close_matches
from itertools import chain
from typing import Any, TextIO

from shop.importing.files import JSON_LINES, SourceFile
from shop.importing.findings import Findings

Row = tuple[int, list[str]]

_DELIMITERS = ",;\t"
# In characters. One line is held in memory whole, and a forgotten quote makes the rest one line.
_LONGEST_LINE = 1 << 20


class Unreadable(Exception):
    """The rest of a file cannot be read; carries the line and what is the matter."""

    def __init__(self, text: str, line: int | None = None) -> None:
        super().__init__(text)
        self.line = line


class RowReader:
    """Reads one file. Afterwards ``headers`` has what the file calls each column that it has."""

    def __init__(self, file: SourceFile, encoding: str, findings: Findings) -> None:
        self._file = file
        self._encoding = encoding
        self._findings = findings
        self._known = file.format.names
        self.headers: dict[str, str] = {}

    def rows(self) -> Iterator[Row]:
        """Yield the rows; what is wrong with a row becomes a finding and the row is left out."""
        try:
            with self._file.path.open(encoding=self._encoding, newline="") as stream:
                lines = _lines(stream)
                first = next(lines, "")
                if not first.strip():
                    raise Unreadable("is empty", None if not first else 1)
                lines = chain([first], lines)
                json_lines = self._file.path.suffix.lower() in JSON_LINES
                yield from self._json_rows(lines) if json_lines else self._csv_rows(lines, first)
        except Unreadable as error:
            self._findings.error(self._file.name, str(error), line=error.line)
        except OSError as error:
            self._findings.error(self._file.name, f"cannot be read: {error.strerror}")

    def _csv_rows(self, lines: Iterator[str], first: str) -> Iterator[Row]:
        delimiter = max(_DELIMITERS, key=lambda each: self._known_in(first, each))
        reader = csv.reader(lines, delimiter=delimiter, strict=True, skipinitialspace=True)
        places: list[int] = []
        width = 0
        while True:
            line = reader.line_num + 1
            try:
                row = next(reader)
            except StopIteration:
                return
            except csv.Error as error:
                raise Unreadable(f"cannot be read from here on: {error}", line) from None
            if not places:
                places, width = self._header(row), len(row)
            elif len(row) == width:
                row.append("")
                if any(row):
                    yield line, [row[place] for place in places]
            elif any(row):
                text = f"has {len(row)} columns, the header has {width}"
                self._findings.error(self._file.name, text, line=line)

    def _known_in(self, first: str, delimiter: str) -> tuple[int, int]:
        try:
            names = next(csv.reader([first], delimiter=delimiter, skipinitialspace=True))
        except csv.Error:
            return 0, 0
        return sum(_plain(name) in self._known for name in names), len(names)

    def _header(self, row: list[str]) -> list[int]:
        """Give for each column of the format its place in the file; -1 where it has none."""
        columns = self._file.format.columns
        places = [-1] * len(columns)
        faults = self._findings.error_count
        for place, name in enumerate(row):
            column = self._known.get(_plain(name))
            if column is None:
                self._unknown(name, line=1)
            elif places[column] != -1:
                text = f"the column {columns[column].name} is there twice"
                self._findings.error(self._file.name, text, line=1)
            else:
                places[column] = place
                self.headers[columns[column].name] = name.strip()
        self._missing()
        if self._findings.error_count > faults:
            raise Unreadable("was not read: its columns are not as they should be", 1)
        return places

    def _missing(self) -> None:
        columns = self._file.format.columns
        there = {column.target for column in columns if column.name in self.headers}
        for column in columns:
            if column.required and column.target not in there:
                there.add(column.target)
                names = ", ".join((column.name, *column.aliases))
                self._findings.error(
                    self._file.name, f"lacks a column that is required: {names}", line=1
                )

    def _unknown(self, name: str, line: int) -> None:
        if not name.strip():
            self._findings.error(self._file.name, "has a column without a name", line=line)
            return
        near = get_close_matches(_plain(name), self._known, n=1)
        known = ", ".join(column.name for column in self._file.format.columns)
        hint = f"did you mean {near[0]}?" if near else f"known are {known}"
        shown = name.strip()[:40]
        self._findings.error(self._file.name, f"unknown column {shown!r}; {hint}", line=line)

    def _json_rows(self, lines: Iterator[str]) -> Iterator[Row]:
        for line, text in enumerate(lines, start=1):
            if not text.strip():
                continue
            try:
                cells = self._cells(_parse_json(text), line)
            except ValueError as error:
                self._findings.error(self._file.name, str(error), line=line)
                continue
            if cells is not None:
                yield line, cells

    def _cells(self, row: Any, line: int) -> list[str] | None:
        if not isinstance(row, dict):
            raise ValueError("should be a JSON object")
        columns = self._file.format.columns
        cells = [""] * len(columns)
        for name, value in row.items():
            place = self._known.get(_plain(name))
            if place is None:
                self._unknown(name, line)
                return None
            if cells[place]:
                raise ValueError(f"the column {columns[place].name} is there twice")
            cells[place] = _as_cell(name, value)
            self.headers.setdefault(columns[place].name, name)
        return cells


def _lines(stream: TextIO) -> Iterator[str]:
    number = 0
    while line := stream.readline(_LONGEST_LINE):
        number += 1
        if len(line) == _LONGEST_LINE:
            raise Unreadable(f"is longer than {_LONGEST_LINE} characters", number)
        yield line


def _plain(name: str) -> str:
    return name.strip().lower().replace(" ", "_")


def _parse_json(text: str) -> Any:
    """Read one line; numbers stay as they were written, since money is no float."""
    try:
        return json.loads(text, parse_float=str, parse_int=str, parse_constant=_no_number)
    except json.JSONDecodeError as error:
        raise ValueError(f"is not JSON: {error.msg} at character {error.pos + 1}") from None
    except RecursionError:
        raise ValueError("is not a row: too deep") from None


def _no_number(name: str) -> None:
    raise ValueError(f"{name} is no number")


def _as_cell(name: str, value: Any) -> str:
    if isinstance(value, str):
        return value
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list) and all(isinstance(each, str) for each in value):
        return "|".join(value)
    raise ValueError(f"{name} should be a text, a number or a list of them")
