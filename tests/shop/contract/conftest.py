"""The same demo shop behind every implementation of the protocol, each test with its own copy."""

import itertools

import pytest

from shop.sql.backend import SqlShop
from shop.sql.engine import open_engine

_NUMBERS = itertools.count()


@pytest.fixture(params=["sqlite", "postgresql", "http"])
def kind(request):
    """Where the shop is; over HTTP, an SQLite file is behind it."""
    return request.param


@pytest.fixture
def database(kind, request):
    """An engine on this test's own database."""
    if kind != "postgresql":
        yield request.getfixturevalue("engine")
        return
    address = request.getfixturevalue("postgresql")
    template = request.getfixturevalue("seeded_database")
    run = request.getfixturevalue("on_postgresql")
    name = f"test_{next(_NUMBERS)}"
    run(f"CREATE DATABASE {name} TEMPLATE {template}")
    engine = open_engine(f"{address}/{name}")
    yield engine
    engine.dispose()
    run(f"DROP DATABASE {name} WITH (FORCE)")


@pytest.fixture
def shop(kind, database, policies, clock, remote):
    shop = SqlShop(database, policies, clock)
    return remote(shop) if kind == "http" else shop


@pytest.fixture
def rows(database):
    """Ask the database behind the shop's back, or change it."""

    def ask(statement):
        with database.connect() as connection:
            result = connection.exec_driver_sql(statement)
            found = [tuple(row) for row in result] if result.returns_rows else []
            connection.commit()
        return found

    return ask
