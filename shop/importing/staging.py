"""Files into temporary tables, line numbers kept, so that the database can check them whole.

Nothing that others see is touched, and no lock is held while the files are read.
"""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from sqlalchemy import JSON, Column, Index, Integer, MetaData, Table, insert
from sqlalchemy.engine import Connection

from shop.importing.columns import FileFormat
from shop.importing.files import SourceFile, detect_encoding
from shop.importing.findings import Findings
from shop.importing.reader import RowReader
from shop.importing.records import RecordMaker
from shop.importing.values import Parse

BATCH = 5000

# Told the file and its rows so far, after each batch.
Progress = Callable[[str, int], None]


@dataclass(frozen=True)
class Staged:
    """A file that has been read: its rows are in ``table``, by the line they begin on.

    ``filled`` are the columns of the database that the file has, ``headers`` what it calls them.
    """

    name: str
    format: FileFormat
    table: Table
    filled: tuple[str, ...] = ()
    headers: Mapping[str, str] = field(default_factory=dict)


def stage(
    connection: Connection,
    file: SourceFile,
    kinds: Mapping[str, Parse],
    findings: Findings,
    progress: Progress,
) -> Staged:
    """Read a file into a temporary table; rows with errors are left out and become findings."""
    table = _staging_table(file.format)
    table.create(connection)
    try:
        encoding = detect_encoding(file.path)
    except (ValueError, OSError) as error:
        findings.error(file.name, str(error))
        return Staged(file.name, file.format, table)
    if encoding in ("gb18030", "utf-16"):
        findings.note(f"{file.name}: read as {encoding.upper()}")
    reader = RowReader(file, encoding, findings)
    maker = RecordMaker(file.name, file.format, kinds, reader.headers, findings)
    for batch, rows in _batches(reader, maker):
        if batch:
            connection.execute(insert(table), batch)
        progress(file.name, rows)
    if file.format.key:
        Index(f"{table.name}_key", *(table.c[name] for name in file.format.key)).create(connection)
    # Nobody counts temporary tables for PostgreSQL's planner unless asked to.
    connection.exec_driver_sql(f"ANALYZE {table.name}")
    columns = file.format.columns
    filled = dict.fromkeys(each.target for each in columns if each.name in reader.headers)
    return Staged(file.name, file.format, table, tuple(filled), reader.headers)


def _batches(reader: RowReader, maker: RecordMaker) -> Iterator[tuple[list[Any], int]]:
    batch, rows = [], 0
    for rows, (line, cells) in enumerate(reader.rows(), start=1):
        record = maker.make(line, cells)
        if record is not None:
            batch.append(record)
        if rows % BATCH == 0:
            yield batch, rows
            batch = []
    yield batch, rows


def _staging_table(file_format: FileFormat) -> Table:
    columns = [
        Column(name, _nullable(file_format.table.c[name].type)) for name in file_format.targets
    ]
    return Table(
        f"import_{file_format.name}",
        MetaData(),
        Column("file_line", Integer, primary_key=True, autoincrement=False),
        *columns,
        prefixes=["TEMPORARY"],
    )


def _nullable(kind: Any) -> Any:
    return JSON(none_as_null=True) if isinstance(kind, JSON) else kind
