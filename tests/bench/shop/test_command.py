"""The measurement of the shop's database fills one and asks what is really there."""

import json
from datetime import date
from pathlib import Path

import pytest

from bench.__main__ import main
from bench.shop.crowd import ORDERS_EACH, customer_of, fill, number_of
from shop import Identity, OrderStatus, ShopSettings, open_shop
from shop.seed import seed
from shop.sql.engine import open_engine


def test_every_order_is_there_whole_and_belongs_to_somebody(tmp_path: Path) -> None:
    url = f"sqlite:///{tmp_path}/shop.db"
    engine = open_engine(url)
    seed(engine, today=date.today())
    fill(engine, 45, lambda line: None)
    shop = open_shop(ShopSettings(database_url=url))
    for place in (0, 44):
        me = Identity(customer_id=customer_of(place))
        order = shop.order(me, number_of(place))
        assert order.status is OrderStatus.SHIPPED
        assert (len(order.lines), len(order.payments)) == (1, 1)
        assert len(order.shipments[0].events) == 3
    assert len(shop.orders(Identity(customer_id=customer_of(0)), limit=50)) == ORDERS_EACH


def test_a_quick_run_writes_its_figures(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["shop", "--quick", "--out", str(tmp_path)]) == 0
    figures = json.loads((tmp_path / "shop-sqlite.json").read_text())
    assert figures["orders"] == 2000
    assert all(times["p95_ms"] > 0 for times in figures["questions"].values())
    assert "orders of five" in capsys.readouterr().out
