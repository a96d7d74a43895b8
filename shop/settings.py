"""Where the shop's data is: the only reading of the environment in this package.

Built once at the entry of a process (step 6 of a message's way, act) and passed in.
"""

from pydantic import BaseSettings, Field


class ShopSettings(BaseSettings):
    """Settings of the shop.

    ``database_url`` (``SHOP_DATABASE_URL``): an SQLAlchemy URL; by default an SQLite file
    under the folder in which the process was started.
    """

    database_url: str = Field(default="sqlite:///var/shop.db", env="SHOP_DATABASE_URL")
