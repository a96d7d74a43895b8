"""A row's cells to the values of the database, with what is wrong by line and column."""

from collections.abc import Mapping, Sequence
from typing import Any

from shop.importing.columns import FileColumn, FileFormat
from shop.importing.findings import Findings
from shop.importing.values import Parse

Record = dict[str, Any]


class RecordMaker:
    """Makes records for one file; ``headers`` are what the file calls its columns."""

    def __init__(
        self,
        file: str,
        file_format: FileFormat,
        kinds: Mapping[str, Parse],
        headers: Mapping[str, str],
        findings: Findings,
    ) -> None:
        self._file = file
        self._headers = headers
        self._findings = findings
        self._columns = [(column, kinds[column.kind]) for column in file_format.columns]
        self._bilingual = [
            [column for column in file_format.columns if column.target == target]
            for target in file_format.targets
            if any(column.target == target and column.part for column in file_format.columns)
        ]

    def make(self, line: int, cells: Sequence[str]) -> Record | None:
        """Give the record of a row, or None when something in it is wrong."""
        record: Record = {"file_line": line}
        right = True
        for (column, parse), cell in zip(self._columns, cells, strict=True):
            text = cell.strip()
            if text:
                try:
                    value = parse(text)
                except ValueError as error:
                    self._complain(line, column, str(error))
                    right = False
                    continue
            elif column.required and column.part is None:
                self._complain(line, column, "is empty")
                right = False
                continue
            else:
                value = None if column.part else column.default
            record[column.name if column.part else column.target] = value
        if not right:
            return None
        for chinese, english in self._bilingual:
            texts = record.pop(chinese.name), record.pop(english.name)
            if texts == (None, None) and chinese.required:
                self._complain(line, chinese, "is empty")
                right = False
            merge = _merge_facts if chinese.kind == "facts" else _merge_texts
            record[chinese.target] = merge(*texts)
        return record if right else None

    def _complain(self, line: int, column: FileColumn, text: str) -> None:
        name = self._headers.get(column.name, column.name)
        self._findings.error(self._file, text, line=line, column=name)


def _merge_texts(chinese: str | None, english: str | None) -> dict[str, str]:
    """A text that is there in one language serves for both."""
    return {"zh": chinese or english or "", "en": english or chinese or ""}


def _merge_facts(
    chinese: dict[str, str] | None, english: dict[str, str] | None
) -> list[tuple[str, dict[str, str]]]:
    by_language = chinese or {}, english or {}
    keys = dict.fromkeys(key for facts in by_language for key in facts)
    return [(key, _merge_texts(*(facts.get(key) for facts in by_language))) for key in keys]
