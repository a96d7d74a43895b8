"""Connections to the shop's database, and the edge where its errors become ours.

Step 6 of a message's way (act): ``shop.sql`` and ``shop.seed`` open transactions here.
"""

import os
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from sqlalchemy import Table, create_engine, event, func, select
from sqlalchemy.engine import Connection, Engine, make_url
from sqlalchemy.engine.url import URL
from sqlalchemy.exc import DisconnectionError, SQLAlchemyError
from sqlalchemy.pool import QueuePool

from shop.errors import ShopUnavailable

# Of a lock and of a statement; a shopper hears the truth within four seconds.
_WAIT_MS = 1500
_CONNECT_SECONDS = 2
_WRITES = "shop_writes"
_FILE = "shop_file"


def open_engine(url: str) -> Engine:
    """Make an engine for the shop's database; connects only when it is first used.

    SQLite gets write-ahead logging, foreign keys, and ``BEGIN IMMEDIATE`` for writing, so that
    what was checked still holds when it is written. Nothing waits long for a lock, a statement or
    a connection: whoever asks is told within their patience, and what was begun is undone.

    Raises:
        ShopUnavailable: the URL cannot be read or names a driver that is not there.
    """
    try:
        parsed = make_url(url)
        file = _sqlite_file(parsed)
        # A statement's parameters hold phone digits; they must not reach a log.
        engine = create_engine(url, future=True, hide_parameters=True, **_options(parsed, file))
    except (SQLAlchemyError, ImportError) as error:
        raise ShopUnavailable() from error
    if engine.dialect.name == "sqlite":
        event.listen(engine, "connect", _prepare_sqlite)
        event.listen(engine, "begin", _begin_sqlite)
    if file is not None:
        _follow(engine, file)
    return engine


def create_folder(url: str) -> None:
    """Create the folder of an SQLite file; nothing to do for any other database."""
    file = _sqlite_file(make_url(url))
    if file is not None:
        file.parent.mkdir(parents=True, exist_ok=True)


@contextmanager
def reading(engine: Engine) -> Iterator[Connection]:
    """Open one consistent view of the data.

    Raises:
        ShopUnavailable: for whatever the database raises, which is kept as the cause.
    """
    try:
        with engine.connect() as connection:
            if engine.dialect.name == "postgresql":
                # Left to itself, each of its statements would see another moment.
                connection = connection.execution_options(isolation_level="REPEATABLE READ")
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


@contextmanager
def session(engine: Engine) -> Iterator[Connection]:
    """Open one connection for several transactions; its temporary tables go with it.

    Its statements take as long as they need: nobody talks to a shopper here.

    Raises:
        ShopUnavailable: as for ``reading``.
    """
    try:
        with engine.connect() as connection:
            # Closed at the end, not given back to the pool.
            connection.detach()
            if engine.dialect.name == "postgresql":
                with connection.begin():
                    connection.exec_driver_sql("SET statement_timeout = 0")
            yield connection
    except SQLAlchemyError as error:
        raise ShopUnavailable() from error


def for_writing(connection: Connection) -> Connection:
    """Let a session's next transactions write, as ``writing`` does."""
    return connection.execution_options(**{_WRITES: True})


def serialise(connection: Connection, *names: str) -> None:
    """Make transactions that share a name wait for each other until they end.

    SQLite needs nothing: there is one writer at a time. PostgreSQL takes advisory locks, in
    sorted order so that two transactions cannot wait for each other.
    """
    if connection.dialect.name != "postgresql":
        return
    for name in sorted(names):
        connection.execute(select(func.pg_advisory_xact_lock(func.hashtextextended(name, 0))))


def take_time(connection: Connection) -> None:
    """Let this transaction's statements take as long as they need: no shopper waits for them.

    Only PostgreSQL limits statements.
    """
    if connection.dialect.name == "postgresql":
        connection.exec_driver_sql("SET LOCAL statement_timeout = 0")


def count_on(connection: Connection, table: Table) -> None:
    """Number rows to come after those that were written with numbers of their own.

    SQLite does so by itself; PostgreSQL has to be told.
    """
    if connection.dialect.name != "postgresql":
        return
    (key,) = table.primary_key.columns
    sequence = func.pg_get_serial_sequence(table.name, key.name)
    connection.execute(select(func.setval(sequence, func.coalesce(func.max(key), 1))))


def _sqlite_file(url: URL) -> Path | None:
    if url.get_backend_name() != "sqlite" or url.database in (None, "", ":memory:"):
        return None
    return Path(url.database).absolute()


def _options(url: URL, file: Path | None) -> dict[str, Any]:
    if url.get_backend_name() == "postgresql":
        waits = f"-c statement_timeout={_WAIT_MS} -c lock_timeout={_WAIT_MS}"
        arguments = {"connect_timeout": _CONNECT_SECONDS, "options": waits}
        # A connection that the server has closed meanwhile is noticed before it is used.
        return {"connect_args": arguments, "pool_pre_ping": True, "pool_timeout": _CONNECT_SECONDS}
    if file is None:
        return {}
    # Left to itself, SQLAlchemy opens an SQLite file anew for every transaction, which takes
    # longer than reading an order. The pool gives a connection to one thread at a time.
    threads = {"check_same_thread": False}
    return {"poolclass": QueuePool, "max_overflow": -1, "connect_args": threads}


def _follow(engine: Engine, file: Path) -> None:
    """Let go of a connection whose file was replaced: after a backup is put back, or a deletion."""

    def remember(_connection: Any, record: Any) -> None:
        record.info[_FILE] = _inode(file)

    def compare(_connection: Any, record: Any, _proxy: Any) -> None:
        if record.info[_FILE] != _inode(file):
            raise DisconnectionError()

    event.listen(engine, "connect", remember)
    event.listen(engine, "checkout", compare)


def _inode(file: Path) -> tuple[int, int] | None:
    try:
        found = os.stat(file)
    except OSError:
        return None
    return found.st_dev, found.st_ino


def _prepare_sqlite(connection: sqlite3.Connection, _record: Any) -> None:
    # The driver would begin transactions by itself, too late and never IMMEDIATE.
    connection.isolation_level = None
    for pragma in (f"busy_timeout={_WAIT_MS}", "journal_mode=WAL", "foreign_keys=ON"):
        connection.execute(f"PRAGMA {pragma}").close()


def _begin_sqlite(connection: Connection) -> None:
    writes = connection.get_execution_options().get(_WRITES, False)
    connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")
