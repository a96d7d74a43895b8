"""Settings: documented, named when they are wrong; secrets made once and kept to ourselves."""

import json
import re
import stat
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest
from pydantic import ValidationError

from bot.settings import Settings, load_settings

ROOT = Path(__file__).resolve().parents[2]
SECRETS = ("service_token", "visitor_secret", "redis_password", "shop_jwt_secret")


@pytest.fixture(autouse=True)
def clean_environment(monkeypatch, tmp_path):
    """Neither this machine's settings nor its .env file count."""
    for name in Settings.__fields__:
        monkeypatch.delenv(name, raising=False)
        monkeypatch.delenv(name.upper(), raising=False)
    monkeypatch.setenv("DATA_DIR", str(tmp_path / "data"))
    monkeypatch.chdir(tmp_path)


@pytest.fixture(scope="module")
def example():
    """Name -> default of .env.example."""
    text = (ROOT / ".env.example").read_text(encoding="utf-8")
    return dict(re.findall(r"^([A-Z_]+)=(.*)$", text, re.M))


@pytest.mark.parametrize("name", Settings.__fields__)
def test_every_setting_is_in_the_example_with_its_default(example, name):
    field = Settings.__fields__[name]
    assert name.upper() in example
    assert field.validate(example[name.upper()], {}, loc=name)[0] == field.default


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("PORT", "eight thousand"),
        ("TURN_TIMEOUT", "soon"),
        ("WORKERS", "many"),
        ("MOST_TEXT", "1.5 pages"),
        ("MESSAGES_PER_SECOND", "十"),
        ("DIALOGUE_IDLE_MINUTES", ""),
        ("TRUSTED_PROXIES", "*"),
        ("TRUSTED_PROXIES", "10.0.0.1,proxy.internal"),
    ],
)
def test_a_bad_value_names_its_setting(monkeypatch, name, value):
    monkeypatch.setenv(name, value)
    with pytest.raises(ValidationError) as refused:
        load_settings()
    assert [error["loc"] for error in refused.value.errors()] == [(name.lower(),)]
    assert name.lower() in str(refused.value)


WEBHOOK_SECRET = "whsec_" + "c2Vj" * 11


@pytest.mark.parametrize(
    "url",
    [
        "https://app.shop.example/replies",
        "https://app.shop.example:8443/replies?shop=1",
        "http://127.0.0.1:9000/replies",
        "http://localhost/replies",
        "http://[::1]:9000/",
    ],
)
def test_replies_may_be_pushed_where_nobody_on_the_way_can_read_them(monkeypatch, url):
    monkeypatch.setenv("REPLY_WEBHOOK_URL", url)
    monkeypatch.setenv("REPLY_WEBHOOK_SECRET", WEBHOOK_SECRET)
    assert load_settings().reply_webhook_url == url


@pytest.mark.parametrize(
    "url",
    [
        "http://app.shop.example/replies",
        "http://127.0.0.1.shop.example/replies",
        "http://localhost@shop.example/replies",
        "http://10.0.0.5/replies",
        "https://",
        "https://app.shop.example:port/",
        "https://[::1/",
        "ftp://127.0.0.1/replies",
        "app.shop.example/replies",
    ],
)
def test_replies_are_not_pushed_in_the_clear_or_to_nowhere(monkeypatch, url):
    monkeypatch.setenv("REPLY_WEBHOOK_URL", url)
    monkeypatch.setenv("REPLY_WEBHOOK_SECRET", WEBHOOK_SECRET)
    with pytest.raises(ValidationError) as refused:
        load_settings()
    (error,) = refused.value.errors()
    assert error["loc"] == ("reply_webhook_url",)
    assert error["msg"] == "takes an https address, or http on this machine alone"


@pytest.mark.parametrize(
    ("secret", "message"),
    [
        ("", "is needed to sign what is sent to REPLY_WEBHOOK_URL"),
        ("whsec_c2hvcnQ=", "takes whsec_ and the base64 of 24 to 64 random bytes"),
    ],
)
def test_pushed_replies_need_a_secret_to_be_signed_with(monkeypatch, secret, message):
    monkeypatch.setenv("REPLY_WEBHOOK_URL", "https://app.shop.example/replies")
    monkeypatch.setenv("REPLY_WEBHOOK_SECRET", secret)
    with pytest.raises(ValidationError) as refused:
        load_settings()
    (error,) = refused.value.errors()
    assert (error["loc"], error["msg"]) == (("reply_webhook_secret",), message)


def test_the_environment_is_read_whatever_its_case(monkeypatch):
    monkeypatch.setenv("PORT", "9002")
    monkeypatch.setenv("workers", "3")
    settings = load_settings()
    assert (settings.port, settings.workers) == (9002, 3)


def test_secrets_are_made_once(tmp_path):
    first, again = load_settings(), load_settings()
    made = [getattr(first, name) for name in SECRETS]
    assert made == [getattr(again, name) for name in SECRETS]
    assert len(set(made)) == len(SECRETS)
    assert all(len(secret) >= 32 for secret in made)


def test_nobody_else_may_read_the_secrets(tmp_path):
    load_settings()
    path = tmp_path / "data" / "secrets.json"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert set(json.loads(path.read_text())) == set(SECRETS)


def test_two_installations_have_different_secrets(monkeypatch, tmp_path):
    first = load_settings()
    monkeypatch.setenv("DATA_DIR", str(tmp_path / "other"))
    assert load_settings().service_token != first.service_token


@pytest.mark.parametrize("name", SECRETS)
def test_a_given_secret_is_used(monkeypatch, name):
    monkeypatch.setenv(name.upper(), "given")
    settings = load_settings()
    assert getattr(settings, name) == "given"
    assert all(getattr(settings, other) for other in SECRETS)


def test_with_a_public_key_no_shared_secret_is_made_up(monkeypatch):
    monkeypatch.setenv("SHOP_JWT_PUBLIC_KEY", "-----BEGIN PUBLIC KEY-----")
    assert load_settings().shop_jwt_secret == ""


def test_without_a_shops_database_it_is_the_demo(monkeypatch, tmp_path):
    settings = load_settings()
    assert settings.is_demo is True
    assert settings.shop_database == f"sqlite:///{tmp_path}/data/shop.db"

    monkeypatch.setenv("SHOP_DATABASE_URL", "postgresql://shop.internal/shop")
    settings = load_settings()
    assert settings.is_demo is False
    assert settings.shop_database == "postgresql://shop.internal/shop"


def test_a_shop_with_a_system_of_its_own_is_no_demo_whose_customers_anybody_may_play(monkeypatch):
    monkeypatch.setenv("SHOP_API_URL", "https://api.shop.example")
    assert load_settings().is_demo is False


def test_it_listens_on_loopback_unless_told_otherwise():
    assert load_settings().host == "127.0.0.1"


def test_proxies_are_addresses_and_networks(monkeypatch):
    assert load_settings().trusted_proxies == ""
    monkeypatch.setenv("TRUSTED_PROXIES", "10.0.0.1, 192.168.0.0/16,::1")
    assert load_settings().trusted_proxies == "10.0.0.1, 192.168.0.0/16,::1"


def test_processes_that_start_again_side_by_side_share_the_secrets():
    load_settings()
    with ThreadPoolExecutor(8) as pool:
        found = {
            settings.service_token for settings in pool.map(lambda _: load_settings(), "x" * 8)
        }
    assert len(found) == 1
