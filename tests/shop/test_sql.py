"""What is special about a database: its address, its settings, its errors."""

import pytest

from shop.errors import ShopUnavailable
from shop.sql.backend import SqlShop
from shop.sql.engine import open_engine


@pytest.mark.parametrize("url", ["sqlite:////nowhere/at/all/shop.db", "sqlite://"])
def test_a_database_that_is_not_there_is_an_error_of_the_shop(policies, clock, lin, url):
    shop = SqlShop(open_engine(url), policies, clock)
    with pytest.raises(ShopUnavailable) as caught:
        shop.orders(lin)
    assert caught.value.__cause__ is not None


@pytest.mark.parametrize("url", ["not a url", "nosuchdatabase://host/shop"])
def test_a_url_that_cannot_be_used_is_an_error_of_the_shop(url):
    with pytest.raises(ShopUnavailable):
        open_engine(url)


def test_a_database_error_never_shows_what_was_typed(engine, policies, clock, visitor):
    shop = SqlShop(engine, policies, clock)
    with engine.connect() as connection:
        connection.exec_driver_sql("DROP TABLE proof_failures")
        connection.commit()
    with pytest.raises(ShopUnavailable) as caught:
        shop.prove_order(visitor, "XE20260004", "1002")
    assert "1002" not in f"{caught.value} {caught.value.__cause__}"


def test_sqlite_runs_with_the_settings_it_needs(engine):
    with engine.connect() as connection:
        pragmas = {
            name: connection.exec_driver_sql(f"PRAGMA {name}").scalar_one()
            for name in ("journal_mode", "foreign_keys", "busy_timeout")
        }
    assert pragmas == {"journal_mode": "wal", "foreign_keys": 1, "busy_timeout": 1500}
