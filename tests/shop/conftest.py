"""A seeded demo shop in a temporary SQLite file, under a clock that the test moves."""

import contextlib
import getpass
import pwd
import shutil
import socket
import subprocess
import tempfile
import threading
from contextlib import closing
from datetime import date, datetime, timedelta, timezone
from pathlib import Path

import pytest
import uvicorn
from sqlalchemy import create_engine

from shop.http import Connection, HttpShop
from shop.http.server import create_app
from shop.models import Identity, Order, OrderLine, OrderStatus
from shop.rights import PolicySource, load_policy
from shop.seed import seed
from shop.sql.backend import SqlShop
from shop.sql.engine import open_engine

TOKEN = "a-secret-that-both-know"
TODAY = date(2026, 11, 20)


class Clock:
    """Stands still until it is moved."""

    def __init__(self, moment):
        self.moment = moment

    def __call__(self):
        return self.moment

    def forward(self, **span):
        self.moment += timedelta(**span)


def build_line(line_id=1, *, quantity=1, price=10000, traits=(), returned=0):
    return OrderLine(
        id=line_id,
        sku=f"SKU{line_id}",
        title={"zh": "测试商品", "en": "Test item"},
        category="home",
        quantity=quantity,
        unit_price_cents=price,
        traits=tuple(traits),
        returned_quantity=returned,
    )


def build_order(*lines, delivered_at=None, status=OrderStatus.DELIVERED, total=None):
    placed_at = datetime(2026, 1, 1, tzinfo=timezone.utc)
    paid = sum(line.unit_price_cents * line.quantity for line in lines)
    return Order(
        number="XE20269999",
        customer_id="C1001",
        status=status,
        placed_at=placed_at,
        delivered_at=delivered_at,
        total_cents=paid if total is None else total,
        lines=tuple(lines),
    )


@pytest.fixture(scope="session")
def make_line():
    return build_line


@pytest.fixture(scope="session")
def make_order():
    return build_order


@pytest.fixture(scope="session")
def policy():
    return load_policy()


@pytest.fixture(scope="session")
def policies():
    return PolicySource()


@pytest.fixture(scope="session")
def today():
    return TODAY


@pytest.fixture(scope="session")
def seeded_file(tmp_path_factory, policy):
    path = tmp_path_factory.mktemp("shop") / "seeded.db"
    engine = open_engine(f"sqlite:///{path}")
    seed(engine, today=TODAY, policy=policy)
    engine.dispose()
    return path


@pytest.fixture
def engine(seeded_file, tmp_path):
    path = tmp_path / "shop.db"
    shutil.copyfile(seeded_file, path)
    engine = open_engine(f"sqlite:///{path}")
    yield engine
    engine.dispose()


def _postgresql_programs():
    """The newest that is installed; the distribution keeps them out of the PATH."""
    found = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), key=lambda path: path.parts[4])
    return found[-1].parent if found else None


def _as_server(*command):
    """The server refuses to run as root."""
    own = ["runuser", "-u", "postgres", "--"] if getpass.getuser() == "root" else []
    subprocess.run([*own, *map(str, command)], check=True, capture_output=True, cwd="/")


@pytest.fixture(scope="session")
def postgresql():
    """The address of a private PostgreSQL, without the database's name."""
    programs = _postgresql_programs()
    if programs is None:
        pytest.skip("PostgreSQL is not installed: apt-get install postgresql")
    with closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    folder = Path(tempfile.mkdtemp(prefix="xiaoer-postgresql-"))
    try:
        if getpass.getuser() == "root":
            shutil.chown(folder, pwd.getpwnam("postgres").pw_uid)
        data = folder / "data"
        _as_server(programs / "initdb", "-D", data, "-U", "shop", "-A", "trust", "--no-sync")
        options = f"-p {port} -c listen_addresses=127.0.0.1 -c fsync=off -k {folder}"
        log = folder / "log"
        _as_server(programs / "pg_ctl", "start", "-w", "-D", data, "-o", options, "-l", log)
        yield f"postgresql://shop@127.0.0.1:{port}"
        _as_server(programs / "pg_ctl", "stop", "-D", data, "-m", "immediate")
    finally:
        shutil.rmtree(folder)


@pytest.fixture(scope="session")
def on_postgresql(postgresql):
    """Run a statement outside every transaction and every database of a test."""
    admin = create_engine(f"{postgresql}/postgres", isolation_level="AUTOCOMMIT", future=True)

    def run(statement):
        with admin.connect() as connection:
            connection.exec_driver_sql(statement)

    yield run
    admin.dispose()


@pytest.fixture(scope="session")
def seeded_database(postgresql, on_postgresql, policy):
    """The demo shop in PostgreSQL, from which each test gets its copy."""
    on_postgresql("CREATE DATABASE seeded")
    engine = open_engine(f"{postgresql}/seeded")
    seed(engine, today=TODAY, policy=policy)
    engine.dispose()
    return "seeded"


@pytest.fixture
def clock(policy):
    return Clock(datetime(2026, 11, 20, 10, 0, tzinfo=policy.zone))


@pytest.fixture
def shop(engine, policies, clock):
    return SqlShop(engine, policies, clock)


@pytest.fixture
def lin():
    return Identity(customer_id="C1001")


@pytest.fixture
def emma():
    return Identity(customer_id="C1003")


@pytest.fixture
def visitor():
    return Identity(visitor_id="v-1")


@pytest.fixture
def token():
    return TOKEN


@pytest.fixture
def reach():
    """An HttpShop that asks the system at an address."""
    with contextlib.ExitStack() as opened:

        def reached(url, **options):
            shop = HttpShop(Connection(url, options.pop("token", TOKEN), **options))
            opened.callback(shop.close)
            return shop

        yield reached


@pytest.fixture
def serve(wait_for):
    """Put a shop behind the reference server; gives the address."""
    with contextlib.ExitStack() as running:

        def served(shop):
            listening = socket.socket()
            listening.bind(("127.0.0.1", 0))
            config = uvicorn.Config(create_app(shop, TOKEN), log_config=None, ws="none")
            server = uvicorn.Server(config)
            thread = threading.Thread(target=server.run, args=([listening],))
            thread.start()

            def stop():
                server.should_exit = True
                thread.join()
                listening.close()

            running.callback(stop)
            wait_for(lambda: server.started, 10, "the server")
            return f"http://127.0.0.1:{listening.getsockname()[1]}"

        yield served


@pytest.fixture
def remote(reach, serve):
    """What a shop looks like from the other end of the wire; ``remote(SqlShop(…))``."""
    return lambda shop: reach(serve(shop))
