"""What the shop knows of itself and of its customers: accounts, coupons, points."""

from sqlalchemy import JSON, Boolean, Column, Date, ForeignKey, Integer, Table, Text

from shop.sql.tables.base import metadata
from shop.sql.types import UtcDateTime

# What this database is: ``demo_seeded_on`` marks a demo shop and holds the day of its dates.
shop_meta = Table(
    "shop_meta",
    metadata,
    Column("key", Text, primary_key=True),
    Column("value", Text, nullable=False),
)

customers = Table(
    "customers",
    metadata,
    Column("id", Text, primary_key=True),
    Column("name", Text, nullable=False),
    Column("language", Text, nullable=False),
    Column("level", Text, nullable=False),
    Column("phone", Text, nullable=False),
    Column("points", Integer, nullable=False),
)

coupons = Table(
    "coupons",
    metadata,
    Column("code", Text, primary_key=True),
    Column("customer_id", Text, ForeignKey("customers.id"), nullable=False, index=True),
    Column("title", JSON, nullable=False),
    Column("amount_cents", Integer, nullable=False),
    Column("from_cents", Integer, nullable=False),
    Column("valid_until", Date, nullable=False),
    Column("used", Boolean, nullable=False),
    # The order that it was used for: it goes back when that is cancelled.
    Column("order_number", Text),
)

points_entries = Table(
    "points_entries",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("customer_id", Text, ForeignKey("customers.id"), nullable=False, index=True),
    Column("at", UtcDateTime, nullable=False),
    Column("points", Integer, nullable=False),
    Column("reason", Text, nullable=False),
    Column("order_number", Text),
)
