"""A seeded demo shop in a temporary SQLite file, under a clock that the test moves."""

import shutil
from datetime import date, datetime, timedelta, timezone

import pytest

from shop.sql.engine import open_engine
from shop.models import Identity, Order, OrderLine, OrderStatus
from shop.rights.policy import load_policy
from shop.seed import seed
from shop.sql.backend import SqlShop

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


@pytest.fixture
def clock(policy):
    return Clock(datetime(2026, 11, 20, 10, 0, tzinfo=policy.zone))


@pytest.fixture
def shop(engine, policy, clock):
    return SqlShop(engine, policy, clock)


@pytest.fixture
def lin():
    return Identity(customer_id="C1001")


@pytest.fixture
def emma():
    return Identity(customer_id="C1003")


@pytest.fixture
def visitor():
    return Identity(visitor_id="v-1")
