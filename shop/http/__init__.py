"""The shop over HTTP: ``HttpShop`` asks a shop's own system, ``server`` is what one may look like.

Step 6 of a message's way (act); docs/shop_api.md is the contract.
"""

from shop.http.backend import HttpShop
from shop.http.connection import Connection

__all__ = ["Connection", "HttpShop"]
