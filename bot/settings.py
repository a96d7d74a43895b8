"""Settings of the gateway and the supervisor; the only place where they read the environment.

Every one is in .env.example with its default and meaning.
"""

import ipaddress
import json
import os
import secrets
from pathlib import Path
from typing import Any, Dict
from urllib.parse import urlsplit

from pydantic import BaseSettings, Field, validator

from bot.signature import signing_key

# Secrets that an installation needs and that nobody has to invent: made once, kept in DATA_DIR.
_GENERATED = ("service_token", "visitor_secret", "redis_password")


class Settings(BaseSettings):
    """Read from the environment, then from `.env`."""

    host: str = "127.0.0.1"
    port: int = Field(8000, ge=1, le=65535)
    data_dir: Path = Path("var")

    redis_url: str = ""
    redis_password: str = ""
    shop_database_url: str = ""
    # Read here for `is_demo` alone; who asks the shop reads both by `shop.settings`.
    shop_api_url: str = ""
    shop_api_token: str = ""

    shop_jwt_secret: str = ""
    shop_jwt_public_key: str = ""
    service_token: str = ""
    visitor_secret: str = ""

    assistant_url: str = "http://127.0.0.1:8001"
    actions_url: str = "http://127.0.0.1:8002"
    knowledge_url: str = "http://127.0.0.1:8003"
    encoder: str = ""
    questions_days: int = Field(90, ge=1)

    # Processes of each kind that `make run` starts.
    gateways: int = Field(1, ge=1, le=64)
    assistants: int = Field(1, ge=1, le=64)
    # A second, private address on which this gateway alone answers; 0: none.
    gateway_private_port: int = Field(0, ge=0, le=65535)

    reply_webhook_url: str = ""
    reply_webhook_secret: str = ""

    # A turn that takes longer is handed to a person.
    turn_timeout: float = Field(8.0, gt=0)
    workers: int = Field(16, ge=1)
    dialogue_idle_minutes: int = Field(30, ge=1)
    most_text: int = Field(2000, ge=1)
    most_body: int = Field(65_536, ge=1024)
    most_waiting: int = Field(50, ge=1)
    burst_seconds: float = Field(0.8, ge=0, le=10)
    message_burst: int = Field(40, ge=1)
    messages_per_second: float = Field(10.0, gt=0)
    visitor_burst: int = Field(60, ge=1)
    visitors_per_second: float = Field(2.0, gt=0)
    address_burst: int = Field(200, ge=1)
    address_messages_per_second: float = Field(50.0, gt=0)
    most_streams: int = Field(20, ge=1)
    most_streams_per_address: int = Field(500, ge=1)
    trusted_proxies: str = ""
    promise_seconds: float = Field(60.0, gt=0)

    class Config:
        """Where pydantic looks."""

        env_file = ".env"

    @validator("reply_webhook_url")
    def _is_private(cls, url: str) -> str:
        if url and not is_private(url):
            raise ValueError("takes an https address, or http on this machine alone")
        return url

    @validator("reply_webhook_secret", always=True)
    def _can_sign(cls, secret: str, values: Dict[str, Any]) -> str:
        if secret:
            signing_key(secret)
        elif values.get("reply_webhook_url"):
            raise ValueError("is needed to sign what is sent to REPLY_WEBHOOK_URL")
        return secret

    @validator("trusted_proxies")
    def _addresses(cls, value: str) -> str:  # noqa: N805
        for proxy in value.split(",") if value else ():
            ipaddress.ip_network(proxy.strip(), strict=False)
        return value

    @property
    def is_demo(self) -> bool:
        """Whether the shop is the embedded demo shop, whose customers anybody may play."""
        return not self.shop_database_url and not self.shop_api_url

    @property
    def shop_database(self) -> str:
        """The shop's database; the embedded one is a file in DATA_DIR."""
        return self.shop_database_url or f"sqlite:///{self.data_dir}/shop.db"


def is_private(url: str) -> bool:
    """Whether nobody on the way can read what is sent to an address."""
    try:
        parts = urlsplit(url)
        host, _ = parts.hostname, parts.port
    except ValueError:
        return False
    if parts.scheme == "http":
        return host in ("localhost", "127.0.0.1", "::1")
    return parts.scheme == "https" and bool(host)


def load_settings() -> Settings:
    """Settings with the generated secrets filled in; makes those the first time.

    Raises:
        pydantic.ValidationError: a value is not what its setting takes; names the setting.
    """
    settings = Settings()  # type: ignore[call-arg]
    generated = _generated_secrets(settings.data_dir / "secrets.json")
    missing = {name: generated[name] for name in _GENERATED if not getattr(settings, name)}
    if not settings.shop_jwt_secret and not settings.shop_jwt_public_key:
        missing["shop_jwt_secret"] = generated["shop_jwt_secret"]
    return settings.copy(update=missing)


def _generated_secrets(path: Path) -> Dict[str, str]:
    if path.exists():
        return dict(json.loads(path.read_text()))
    path.parent.mkdir(parents=True, exist_ok=True)
    made = {name: secrets.token_hex(32) for name in (*_GENERATED, "shop_jwt_secret")}
    aside = path.with_name(f"{path.name}.{os.getpid()}")
    with os.fdopen(os.open(aside, os.O_WRONLY | os.O_CREAT, 0o600), "w") as file:
        json.dump(made, file)
    try:
        # Appears whole or not at all; of two processes that start together one wins.
        os.link(aside, path)
    except FileExistsError:
        return _generated_secrets(path)
    finally:
        aside.unlink()
    return made
