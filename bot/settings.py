"""Settings of the gateway and the supervisor; the only place where they read the environment.

Every one is in .env.example with its default and meaning.
"""

import json
import os
import secrets
from pathlib import Path
from typing import Dict

from pydantic import BaseSettings

# Secrets that an installation needs and that nobody has to invent: made once, kept in DATA_DIR.
_GENERATED = ("service_token", "visitor_secret", "redis_password")


class Settings(BaseSettings):
    """Read from the environment, then from `.env`."""

    host: str = "127.0.0.1"
    port: int = 8000
    data_dir: Path = Path("var")

    redis_url: str = ""
    redis_password: str = ""
    shop_database_url: str = ""

    shop_jwt_secret: str = ""
    shop_jwt_public_key: str = ""
    service_token: str = ""
    visitor_secret: str = ""

    assistant_url: str = "http://127.0.0.1:8001"
    actions_url: str = "http://127.0.0.1:8002"
    knowledge_url: str = "http://127.0.0.1:8003"
    encoder: str = ""

    # A turn that takes longer is handed to a person.
    turn_timeout: float = 8.0
    workers: int = 16
    dialogue_idle_minutes: int = 30
    most_text: int = 2000
    most_body: int = 65_536
    most_waiting: int = 50
    message_burst: int = 40
    messages_per_second: float = 10.0
    visitor_burst: int = 60
    visitors_per_second: float = 2.0

    class Config:
        """Where pydantic looks."""

        env_file = ".env"

    @property
    def is_demo(self) -> bool:
        """Whether the shop is the embedded demo shop, whose customers anybody may play."""
        return not self.shop_database_url

    @property
    def shop_database(self) -> str:
        """The shop's database; the embedded one is a file in DATA_DIR."""
        return self.shop_database_url or f"sqlite:///{self.data_dir}/shop.db"


def load_settings() -> Settings:
    """Settings with the generated secrets filled in; makes those the first time.

    Raises:
        pydantic.ValidationError: a value is not what its setting takes; names the setting.
    """
    settings = Settings()
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
    try:
        descriptor = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    except FileExistsError:
        # Another process of the same start was faster; its secrets count.
        return _generated_secrets(path)
    with os.fdopen(descriptor, "w") as file:
        json.dump(made, file)
    return made
