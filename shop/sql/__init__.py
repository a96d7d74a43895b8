"""The shop in a SQL database: SQLite as it comes, PostgreSQL by URL."""

from shop.sql.backend import SqlShop

__all__ = ["SqlShop"]
