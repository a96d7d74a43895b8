"""Connections to the shop's database, and the edge where its errors become ours.

Step 6 of a message's way (act): ``shop.sql`` and ``shop.seed`` open transactions here.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import create_engine, event, func, select
from sqlalchemy.engine import Connection, Engine, make_url
from sqlalchemy.exc import SQLAlchemyError

from shop.errors import ShopUnavailable

_WRITES = "shop_writes"


def open_engine(url: str) -> Engine:
    """Make an engine for the shop's database; connects only when it is first used.

    SQLite gets write-ahead logging, foreign keys, five seconds of patience with a lock, and
    ``BEGIN IMMEDIATE`` for writing, so that what was checked still holds when it is written.

    Raises:
        ShopUnavailable: the URL cannot be read or names a driver that is not there.
    """
    try:
        # A statement's parameters hold phone digits; they must not reach a log.
        engine = create_engine(url, future=True, hide_parameters=True)
    except (SQLAlchemyError, ImportError) as error:
        raise ShopUnavailable() from error
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
    return engine


def create_folder(url: str) -> None:
    """Create the folder of an SQLite file; nothing to do for any other database."""
    parsed = make_url(url)
    if parsed.get_backend_name() == "sqlite" and parsed.database not in (None, "", ":memory:"):
        Path(parsed.database).parent.mkdir(parents=True, exist_ok=True)


@contextmanager
def reading(engine: Engine) -> Iterator[Connection]:
    """Open one consistent view of the data.

    Raises:
        ShopUnavailable: for whatever the database raises, which is kept as the cause.
    """
    try:
        with engine.connect() as connection:
            yield connection
    except SQLAlchemyError as error:
        raise ShopUnavailable() from error


@contextmanager
def writing(engine: Engine) -> Iterator[Connection]:
    """Open a transaction that writes; committed at the end, undone on any exception.

    Raises:
        ShopUnavailable: as for ``reading``; nothing has been written then.
    """
    try:
        with engine.execution_options(**{_WRITES: True}).begin() as connection:
            yield connection
    except SQLAlchemyError as error:
        raise ShopUnavailable() from error


def serialise(connection: Connection, *names: str) -> None:
    """Make transactions that share a name wait for each other until they end.

    SQLite needs nothing: there is one writer at a time. PostgreSQL takes advisory locks, in
    sorted order so that two transactions cannot wait for each other.
    """
    if connection.dialect.name != "postgresql":
        return
    for name in sorted(names):
        connection.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(name, 0))))


def _prepare_sqlite(connection: sqlite3.Connection, _record: Any) -> None:
    # The driver would begin transactions by itself, too late and never IMMEDIATE.
    connection.isolation_level = None
    for pragma in ("busy_timeout=5000", "journal_mode=WAL", "foreign_keys=ON"):
        connection.execute(f"PRAGMA {pragma}").close()


def _begin_sqlite(connection: Connection) -> None:
    writes = connection.get_execution_options().get(_WRITES, False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")
