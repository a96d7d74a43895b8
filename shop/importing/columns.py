"""What the files look like: one ``FileFormat`` per table, read from ``columns.yml``.

The parser, the checks and ``docs/import.md`` go by the same formats.
"""

from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml
from sqlalchemy import Table

from shop.sql import tables

_FILE = Path(__file__).with_name("columns.yml")

# Kinds of which one column in the database is two in a file, one for each language.
_BILINGUAL = {"bilingual": "text", "facts": "facts"}


@dataclass(frozen=True)
class FileColumn:
    """One column of a file. ``target`` is the database's column, ``part`` its language if it has.

    ``references`` is (file format's name, column) of the row that has to exist.
    """

    name: str
    target: str
    kind: str
    required: bool
    default: Any
    aliases: tuple[str, ...]
    says: str
    references: tuple[str, str] | None = None
    part: str | None = None


@dataclass(frozen=True)
class FileFormat:
    """One file. ``key`` tells rows apart; ``owner`` may never change for a key.

    Rows without a key ``belong_to`` the row that this column names, and come as a whole.
    """

    name: str
    aliases: tuple[str, ...]
    table: Table
    columns: tuple[FileColumn, ...]
    key: tuple[str, ...] = ()
    owner: str | None = None
    belongs_to: str | None = None

    @property
    def targets(self) -> tuple[str, ...]:
        """The columns of the database that a row fills."""
        return tuple(dict.fromkeys(column.target for column in self.columns))

    @property
    def names(self) -> dict[str, int]:
        """The place of a column by each of its headers, in lower case."""
        return {
            name.lower(): place
            for place, column in enumerate(self.columns)
            for name in (column.name, *column.aliases)
        }


@lru_cache(maxsize=1)
def file_formats() -> tuple[FileFormat, ...]:
    """All files, each after those whose rows it refers to."""
    read = yaml.safe_load(_FILE.read_text(encoding="utf-8"))["files"]
    return tuple(_file_format(name, entry) for name, entry in read.items())


@lru_cache(maxsize=1)
def choices() -> dict[str, dict[str, str]]:
    """For each kind that is a choice, the value by each of its writings, in lower case."""
    read = yaml.safe_load(_FILE.read_text(encoding="utf-8"))["choices"]
    return {
        kind: {word.lower(): value for value, also in values.items() for word in (value, *also)}
        for kind, values in read.items()
    }


def _file_format(name: str, entry: dict[str, Any]) -> FileFormat:
    columns: list[FileColumn] = []
    for column, described in entry["columns"].items():
        columns += _columns(column, described)
    return FileFormat(
        name=name,
        aliases=tuple(entry.get("also", ())),
        table=tables.metadata.tables[entry.get("table", name)],
        columns=tuple(columns),
        key=tuple(entry.get("key", ())),
        owner=entry.get("owner"),
        belongs_to=entry.get("belongs_to"),
    )


def _columns(name: str, described: dict[str, Any]) -> list[FileColumn]:
    kind = described["kind"]
    aliases = tuple(described.get("also", ()))
    said = {
        "target": described.get("to", name),
        "kind": _BILINGUAL.get(kind, kind),
        "required": described.get("required", False),
        "default": described.get("default"),
        "says": described["says"],
    }
    if kind in _BILINGUAL:
        # A shop with one language alone has one column, named without a language.
        chinese = FileColumn(name=f"{name}_zh", aliases=(*aliases, name), part="zh", **said)
        return [chinese, FileColumn(name=f"{name}_en", aliases=(), part="en", **said)]
    references = described.get("in")
    row = None if references is None else tuple(references.split("."))
    return [FileColumn(name=name, aliases=aliases, references=row, **said)]
