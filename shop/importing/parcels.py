"""Whether the lines that a parcel says it holds are lines of its order.

They stand in a list inside one column, which no join reaches; so they are looked up in batches.
"""

from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import Table, Text, cast, select
from sqlalchemy.engine import Connection

from shop.importing.findings import Findings
from shop.importing.staging import Staged
from shop.sql import tables

_PARCELS = 500
# Fewer than the parameters that SQLite takes at once.
_IDS = 5000


def check_parcels(
    connection: Connection, shipments: Staged, lines: Staged | None, findings: Findings
) -> None:
    """Look for parcels with lines that are nowhere, or of another order."""
    column = shipments.headers.get("line_ids", "line_ids")
    sources = [tables.order_lines] if lines is None else [lines.table, tables.order_lines]
    for batch in _batches(connection, shipments):
        wanted = sorted({line_id for parcel in batch for line_id in parcel.line_ids})
        order_of: dict[int, str] = {}
        for source in reversed(sources):
            order_of |= _orders(connection, source, wanted)
        for parcel in batch:
            for line_id in parcel.line_ids:
                if order_of.get(line_id) != parcel.order_number:
                    text = f"line {line_id} is not in order {parcel.order_number}"
                    findings.error(shipments.name, text, line=parcel.file_line, column=column)


def _batches(connection: Connection, shipments: Staged) -> Iterator[Sequence[Any]]:
    parcel = shipments.table.c
    listed = (
        select(parcel.file_line, parcel.order_number, parcel.line_ids)
        .where(cast(parcel.line_ids, Text) != "[]")
        .order_by(parcel.file_line)
        .limit(_PARCELS)
    )
    last = 0
    while batch := connection.execute(listed.where(parcel.file_line > last)).all():
        yield batch
        last = batch[-1].file_line


def _orders(connection: Connection, source: Table, ids: Sequence[int]) -> dict[int, str]:
    found: dict[int, str] = {}
    for start in range(0, len(ids), _IDS):
        some = source.c.id.in_(ids[start : start + _IDS])
        found |= dict(
            connection.execute(select(source.c.id, source.c.order_number).where(some)).all()
        )
    return found
