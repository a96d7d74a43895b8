"""What the shop sells, and who waits for it."""

from sqlalchemy import (
    JSON,
    CheckConstraint,
    Column,
    Date,
    ForeignKey,
    Integer,
    Table,
    Text,
    UniqueConstraint,
)

from shop.sql.tables.base import metadata
from shop.sql.types import UtcDateTime

products = Table(
    "products",
    metadata,
    Column("sku", Text, primary_key=True),
    Column("category", Text, nullable=False),
    Column("title", JSON, nullable=False),
    Column("unit_price_cents", Integer, nullable=False),
    Column("traits", JSON, nullable=False),
    # A list of [key, text]: the order in which they are told.
    Column("facts", JSON, nullable=False, server_default="[]"),
)

product_variants = Table(
    "product_variants",
    metadata,
    Column("id", Text, primary_key=True),
    Column("sku", Text, ForeignKey("products.sku"), nullable=False, index=True),
    Column("size", Text),
    Column("colour", Text),
    Column("stock", Integer, nullable=False),
    # On the shelf: sizes do not go by the alphabet.
    Column("position", Integer, nullable=False, server_default="0"),
    CheckConstraint("stock >= 0", name="stock_not_negative"),
)

product_prices = Table(
    "product_prices",
    metadata,
    Column("sku", Text, ForeignKey("products.sku"), primary_key=True),
    Column("from_day", Date, primary_key=True),
    Column("cents", Integer, nullable=False),
    Column("campaign", Text, nullable=False, server_default=""),
)

stock_notices = Table(
    "stock_notices",
    metadata,
    Column("number", Text, primary_key=True),
    Column("customer_id", Text, ForeignKey("customers.id"), nullable=False),
    Column("variant", Text, ForeignKey("product_variants.id"), nullable=False),
    Column("requested_at", UtcDateTime, nullable=False),
    UniqueConstraint("customer_id", "variant", name="one_notice_per_variant"),
)
