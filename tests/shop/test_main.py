from datetime import datetime

import pytest
from sqlalchemy import insert

from shop import ShopSettings, open_shop
from shop.__main__ import main
from shop.models import Identity
from shop.sql import schema
from shop.sql import tables as t
from shop.sql.engine import open_engine


@pytest.fixture
def url(tmp_path):
    return f"sqlite:///{tmp_path}/new/folder/shop.db"


def test_seeding_makes_the_folder_and_says_so_in_one_line(url, policy, capsys):
    assert main(["seed", "--database", url]) == 0
    said = capsys.readouterr().out
    assert said.count("\n") == 1
    assert "220 customers, 120 products, 1500 orders" in said
    assert str(datetime.now(policy.zone).year) in said
    assert main(["seed", "--database", url]) == 0
    assert main(["refresh", "--database", url]) == 0
    assert "Nothing to move" in capsys.readouterr().out


def test_the_settings_name_the_database_for_commands_and_shop(url, monkeypatch, capsys):
    monkeypatch.setenv("SHOP_DATABASE_URL", url)
    assert ShopSettings().database_url == url
    assert main(["seed"]) == 0
    shop = open_shop(ShopSettings())
    assert len(shop.orders(Identity(customer_id="C1001"))) == 3
    monkeypatch.delenv("SHOP_DATABASE_URL")
    assert ShopSettings().database_url == "sqlite:///var/shop.db"


def test_somebodys_data_is_refused_with_the_way_out(tmp_path, capsys):
    url = f"sqlite:///{tmp_path}/real.db"
    engine = open_engine(url)
    schema.migrate(engine)
    with engine.begin() as connection:
        connection.execute(insert(t.shop_meta), {"key": "owner", "value": "a real shop"})
    engine.dispose()
    assert main(["seed", "--database", url]) == 1
    assert "--force" in capsys.readouterr().err
    assert main(["seed", "--database", url, "--force"]) == 0


def test_a_database_that_cannot_be_used_is_told_in_one_line(capsys):
    assert main(["seed", "--database", "nosuchdatabase://host/shop"]) == 1
    said = capsys.readouterr().err
    assert said.startswith("Nothing changed: ")
    assert said.count("\n") == 1
