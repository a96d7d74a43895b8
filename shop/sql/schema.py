"""The state of a database's tables: none, those of an earlier version, or those that are needed.

Beside the way of a message: ``python -m shop migrate``, and whatever fills a database or opens it.
The steps from one version to the next are in ``migrations/``.
"""

from pathlib import Path

from sqlalchemy import Column, MetaData, PrimaryKeyConstraint, String, Table, inspect, select
from sqlalchemy.engine import Connection, Engine

from shop.errors import SchemaMismatch
from shop.sql import tables as t
from shop.sql.engine import reading, take_time, writing

FIRST, NEWEST = "0001", "0002"
_KNOWN = (FIRST, NEWEST)
_STEPS = Path(__file__).with_name("migrations")

# As Alembic keeps it.
_version = Table(
    "alembic_version",
    MetaData(),
    Column("version_num", String(32), nullable=False),
    PrimaryKeyConstraint("version_num", name="alembic_version_pkc"),
)


def version(connection: Connection) -> str | None:
    """Tell the version of a database's tables; None when there are none of the shop's.

    Tables from before versions were kept are the first version's.
    """
    inspector = inspect(connection)
    if inspector.has_table(_version.name):
        found = connection.execute(select(_version.c.version_num)).scalar_one_or_none()
        if found is not None:
            return str(found)
    return FIRST if inspector.has_table(t.orders.name) else None


def version_of(engine: Engine) -> str | None:
    """Tell the version of a database's tables; None when there are none of the shop's.

    Raises:
        ShopUnavailable: the database cannot be read.
    """
    with reading(engine) as connection:
        return version(connection)


def create(connection: Connection) -> None:
    """Make all tables in a database that has none of them."""
    t.metadata.create_all(connection)
    _stamp(connection, NEWEST)


def drop(connection: Connection) -> None:
    """Remove the shop's tables of whatever version, with all that is in them."""
    present = set(inspect(connection).get_table_names())
    names = [table.name for table in t.metadata.sorted_tables if table.name in present]
    # As they are, not as they should be: an earlier version's depend on each other otherwise.
    found = MetaData()
    found.reflect(connection, only=names)
    found.drop_all(connection)
    _version.drop(connection, checkfirst=True)


def migrate(engine: Engine) -> tuple[str | None, str]:
    """Bring a database to the newest version, all of it or nothing; gives the one before and after.

    Raises:
        SchemaMismatch: a later version of the program made it.
        ShopUnavailable: the database cannot be written.
    """
    with writing(engine) as connection:
        take_time(connection)
        before = version(connection)
        if before is None:
            create(connection)
        elif before not in _KNOWN:
            raise SchemaMismatch(before, NEWEST)
        elif before != NEWEST:
            _stamp(connection, before)
            _upgrade(connection)
    return before, NEWEST


def check(engine: Engine) -> None:
    """Make sure that the program fits a database; one without tables is left to whoever fills it.

    Raises:
        SchemaMismatch: an earlier or a later version of the program made its tables.
        ShopUnavailable: the database cannot be read.
    """
    found = version_of(engine)
    if found not in (None, NEWEST):
        raise SchemaMismatch(str(found), NEWEST)


def _stamp(connection: Connection, revision: str) -> None:
    _version.create(connection, checkfirst=True)
    connection.execute(_version.delete())
    connection.execute(_version.insert(), {"version_num": revision})


def _upgrade(connection: Connection) -> None:
    # Only who upgrades needs it: a process that answers shoppers starts without.
    from alembic import command
    from alembic.config import Config

    config = Config()
    config.set_main_option("script_location", str(_STEPS).replace("%", "%%"))
    config.attributes["connection"] = connection
    command.upgrade(config, NEWEST)
