"""Staged rows to the shop's tables, inside the one transaction that makes them count."""

from dataclasses import dataclass
from typing import Any

from sqlalchemy import and_, delete, func, insert, select, text, true
from sqlalchemy.dialects.postgresql import insert as postgresql_insert
from sqlalchemy.dialects.sqlite import insert as sqlite_insert
from sqlalchemy.engine import Connection

from shop.importing.staging import Staged

_UPSERTS: dict[str, Any] = {"sqlite": sqlite_insert, "postgresql": postgresql_insert}


@dataclass(frozen=True)
class Written:
    """What one file has led to, in rows."""

    file: str
    new: int
    updated: int


def write_rows(connection: Connection, staged: Staged) -> Written:
    """Write a staged file: new rows with everything, others with the columns the file has.

    Rows without a key take the place of all that the row they belong to had.
    """
    table, rows = staged.format.table, staged.table
    total = connection.execute(select(func.count()).select_from(rows)).scalar_one()
    updated = 0
    targets = staged.format.targets
    source = select(*(rows.c[name] for name in targets)).where(true()).order_by(rows.c.file_line)
    if staged.format.belongs_to:
        parent = staged.format.belongs_to
        named = select(rows.c[parent])
        connection.execute(delete(table).where(table.c[parent].in_(named)))
        connection.execute(insert(table).from_select(targets, source))
    else:
        same = and_(*(table.c[name] == rows.c[name] for name in staged.format.key))
        both = select(func.count()).select_from(table.join(rows, same))
        updated = connection.execute(both).scalar_one()
        statement = _UPSERTS[connection.dialect.name](table).from_select(targets, source)
        given = {
            name: statement.excluded[name]
            for name in staged.filled
            if name not in staged.format.key
        }
        if updated and given:
            statement = statement.on_conflict_do_update(
                index_elements=list(staged.format.key), set_=given
            )
        connection.execute(statement)
    _follow_numbers(connection, staged)
    return Written(staged.name, new=total - updated, updated=updated)


def _follow_numbers(connection: Connection, staged: Staged) -> None:
    """Let PostgreSQL give out line ids above those that the file brought."""
    if connection.dialect.name != "postgresql" or staged.format.name != "lines":
        return
    connection.execute(
        text(
            "SELECT setval(pg_get_serial_sequence('order_lines', 'id'), "
            "(SELECT coalesce(max(id), 1) FROM order_lines))"
        )
    )
