"""The measurement's own customers fit into the real demo shop, and what they say fits them."""

from datetime import date, datetime, timezone

import pytest

from bench.script import TURNS, lines
from bench.shoppers import Shopper, add_shoppers
from bench.speed.turns import without_return
from shop import Identity, OrderStatus, Reason, ReturnRequest, ShopSettings, open_shop
from shop.seed import seed
from shop.sql.engine import open_engine


@pytest.fixture(scope="module")
def database_url(tmp_path_factory: pytest.TempPathFactory) -> str:
    """A demo shop with three of them."""
    url = f"sqlite:///{tmp_path_factory.mktemp('shop')}/shop.db"
    engine = open_engine(url)
    seed(engine, today=date.today())
    add_shoppers(engine, 3)
    return url


def test_each_has_a_parcel_on_its_way_and_an_order_that_may_be_returned(database_url: str) -> None:
    shop = open_shop(ShopSettings(database_url=database_url))
    shopper = Shopper(1)
    me = Identity(customer_id=shopper.customer_id, visitor_id=None)
    assert shop.order(me, shopper.travelling).status is OrderStatus.SHIPPED
    order = shop.order(me, shopper.delivered)
    assert order.status is OrderStatus.DELIVERED
    assert without_return(open_engine(database_url), [shopper]) != []
    request = ReturnRequest(tuple((line.id, 1) for line in order.lines), Reason.CHANGED_MIND)
    now = datetime.now(timezone.utc)
    shop.settle(me, order.number, request, idempotency_key="m1", now=now)
    assert without_return(open_engine(database_url), [shopper]) == []


def test_half_of_them_write_chinese_and_half_english() -> None:
    chinese, english = lines(Shopper(0)), lines(Shopper(1))
    assert len(chinese) == len(english) == TURNS
    assert all(line.isascii() for line in english)
    assert not any(line.isascii() for line in chinese)
    assert Shopper(0).delivered in "".join(chinese) and Shopper(1).delivered in "".join(english)
