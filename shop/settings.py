"""Where the shop's data is: the only reading of the environment in this package.

Built once at the entry of a process (step 6 of a message's way, act) and passed in.
"""

import re
from typing import Any, Literal
from urllib.parse import urlsplit

from pydantic import BaseSettings, Field, validator

# What may stand after "Bearer".
_TOKEN = re.compile("[!-~]*")
EMBEDDED = "sqlite:///var/shop.db"


class ShopSettings(BaseSettings):
    """Settings of the shop.

    ``database_url`` (``SHOP_DATABASE_URL``): an SQLAlchemy URL; by default an SQLite file
    under the folder in which the process was started.
    ``api_url`` and ``api_token`` (``SHOP_API_URL``, ``SHOP_API_TOKEN``): where the shop's own
    system answers (docs/shop_api.md), and the secret that it knows us by; instead of a database.
    ``policy`` (``SHOP_POLICY``): ``default``, ``international`` or the path of a policy file.
    """

    database_url: str = Field(default=EMBEDDED, env="SHOP_DATABASE_URL")
    api_url: str = Field(default="", env="SHOP_API_URL")
    api_token: str = Field(default="", env="SHOP_API_TOKEN")
    policy: str = Field(default="default", env="SHOP_POLICY")

    class Config:
        """Where pydantic looks."""

        env_file = ".env"

    @validator("database_url")
    def _or_embedded(cls, url: str) -> str:
        return url or EMBEDDED

    @validator("api_url")
    def _is_private(cls, url: str) -> str:
        if url and not is_private(url):
            raise ValueError("takes an https address, or http on this machine alone")
        return url

    @validator("api_token", always=True)
    def _is_a_token(cls, token: str, values: dict[str, Any]) -> str:
        if values.get("api_url") and not token:
            raise ValueError("is needed to ask SHOP_API_URL")
        if not _TOKEN.fullmatch(token):
            raise ValueError("takes printable ASCII without spaces, as a header does")
        return token


class TrackingSettings(BaseSettings):
    """Who follows the parcels; see ``.env.example`` for the meaning of each.

    Read from the environment, then from ``.env``.
    """

    tracking: Literal["database", "kuaidi100", "17track"] = "database"
    tracking_url: str = ""
    tracking_key: str = ""
    tracking_customer: str = ""

    class Config:
        """Where pydantic looks."""

        env_file = ".env"

    @validator("tracking_url")
    def _is_private(cls, url: str) -> str:
        if url and not is_private(url):
            raise ValueError("takes an https address, or http on this machine alone")
        return url

    @validator("tracking_key", always=True)
    def _has_key(cls, key: str, values: dict[str, Any]) -> str:
        if not key and values.get("tracking", "database") != "database":
            raise ValueError(f"is needed for TRACKING={values['tracking']}")
        return key

    @validator("tracking_customer", always=True)
    def _has_customer(cls, customer: str, values: dict[str, Any]) -> str:
        if not customer and values.get("tracking") == "kuaidi100":
            raise ValueError("is needed for TRACKING=kuaidi100")
        return customer


def is_private(url: str) -> bool:
    """Tell whether nobody on the way can read what is sent to an address.

    Raises:
        ValueError: it is no address.
    """
    parts = urlsplit(url)
    if parts.scheme == "http":
        return parts.hostname in ("localhost", "127.0.0.1", "::1")
    return parts.scheme == "https" and bool(parts.hostname)
