import pytest
from pydantic import ValidationError

from shop import ShopSettings, open_shop
from shop.http import HttpShop


@pytest.fixture(autouse=True)
def alone(monkeypatch, tmp_path):
    """Neither this machine's settings nor its .env file count."""
    for name in ("SHOP_DATABASE_URL", "SHOP_API_URL", "SHOP_API_TOKEN"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.chdir(tmp_path)


@pytest.mark.parametrize(
    "url", ["https://api.shop.example/xiaoer", "http://127.0.0.1:8010", "http://[::1]:8010"]
)
def test_with_an_address_the_shops_own_system_is_asked(monkeypatch, url):
    monkeypatch.setenv("SHOP_API_URL", url)
    monkeypatch.setenv("SHOP_API_TOKEN", "token")
    shop = open_shop(ShopSettings())
    assert isinstance(shop, HttpShop)
    shop.close()


@pytest.mark.parametrize(
    ("url", "token", "wrong"),
    [
        ("http://api.shop.example", "token", "api_url"),
        ("ftp://api.shop.example", "token", "api_url"),
        ("api.shop.example", "token", "api_url"),
        ("https://[broken", "token", "api_url"),
        ("https://api.shop.example", "", "api_token"),
        ("https://api.shop.example", "two words", "api_token"),
        ("https://api.shop.example", "token\r\nX-Xiaoer-Customer: C1001", "api_token"),
        ("https://api.shop.example", "密码", "api_token"),
    ],
)
def test_where_the_token_could_be_read_or_broken_nothing_is_asked(monkeypatch, url, token, wrong):
    monkeypatch.setenv("SHOP_API_URL", url)
    monkeypatch.setenv("SHOP_API_TOKEN", token)
    with pytest.raises(ValidationError) as refused:
        ShopSettings()
    assert [error["loc"] for error in refused.value.errors()] == [(wrong,)]
