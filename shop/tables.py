"""The shop's tables, for SQLite and PostgreSQL alike.

Step 6 of a message's way (act): below ``shop.sql``; nothing outside this package sees them.
"""

from datetime import datetime, timezone
from typing import Any

from sqlalchemy import (
    JSON,
    CheckConstraint,
    Column,
    Date,
    DateTime,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    Table,
    Text,
    UniqueConstraint,
)
from sqlalchemy.types import TypeDecorator


class UtcDateTime(TypeDecorator):  # type: ignore[misc]
    """An aware moment, kept in UTC. SQLite has no time zones, so a naive one is refused."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Any) -> datetime | None:
        """Turn an aware moment into UTC on its way in."""
        if value is None:
            return None
        if value.tzinfo is None:
            raise ValueError("a moment without a time zone cannot be stored")
        return value.astimezone(timezone.utc)

    def process_result_value(self, value: datetime | None, dialect: Any) -> datetime | None:
        """Give back an aware moment in UTC."""
        if value is None:
            return None
        if value.tzinfo is None:
            return value.replace(tzinfo=timezone.utc)
        return value.astimezone(timezone.utc)


metadata = MetaData()

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

products = Table(
    "products",
    metadata,
    Column("sku", Text, primary_key=True),
    Column("category", Text, nullable=False),
    Column("title", JSON, nullable=False),
    Column("unit_price_cents", Integer, nullable=False),
    Column("traits", JSON, nullable=False),
)

orders = Table(
    "orders",
    metadata,
    Column("number", Text, primary_key=True),
    Column("customer_id", Text, ForeignKey("customers.id"), nullable=False),
    Column("status", Text, nullable=False),
    Column("placed_at", UtcDateTime, nullable=False),
    Column("delivered_at", UtcDateTime),
    Column("total_cents", Integer, nullable=False),
    Index("orders_of_customer", "customer_id", "placed_at"),
)

# Title and price as they were when the order was placed; the product may change or go.
order_lines = Table(
    "order_lines",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("order_number", Text, ForeignKey("orders.number"), nullable=False, index=True),
    Column("sku", Text, nullable=False),
    Column("title", JSON, nullable=False),
    Column("category", Text, nullable=False),
    Column("quantity", Integer, nullable=False),
    Column("unit_price_cents", Integer, nullable=False),
    Column("traits", JSON, nullable=False),
    Column("returned_quantity", Integer, nullable=False),
    CheckConstraint("returned_quantity BETWEEN 0 AND quantity", name="returned_within_bought"),
)

shipments = Table(
    "shipments",
    metadata,
    Column("tracking_number", Text, primary_key=True),
    Column("order_number", Text, ForeignKey("orders.number"), nullable=False, index=True),
    Column("carrier", JSON, nullable=False),
    Column("status", Text, nullable=False),
    Column("promised_on", Date, nullable=False),
)

tracking_events = Table(
    "tracking_events",
    metadata,
    Column("id", Integer, primary_key=True),
    Column(
        "tracking_number",
        Text,
        ForeignKey("shipments.tracking_number"),
        nullable=False,
        index=True,
    ),
    Column("at", UtcDateTime, nullable=False),
    Column("place", JSON, nullable=False),
    Column("text", JSON, nullable=False),
)

refunds = Table(
    "refunds",
    metadata,
    Column("number", Text, primary_key=True),
    Column("order_number", Text, ForeignKey("orders.number"), nullable=False, unique=True),
    Column("amount_cents", Integer, nullable=False),
    Column("state", Text, nullable=False),
    Column("opened_at", UtcDateTime, nullable=False),
    Column("due_on", Date, nullable=False),
)

returns = Table(
    "returns",
    metadata,
    Column("rma_number", Text, primary_key=True),
    Column("order_number", Text, ForeignKey("orders.number"), nullable=False, index=True),
    Column("reason", Text, nullable=False),
    Column("note", Text, nullable=False),
    Column("opened_at", UtcDateTime, nullable=False),
    Column("refund_cents", Integer, nullable=False),
    Column("freight_paid_by", Text, nullable=False),
    Column("actor", Text, nullable=False),
    Column("idempotency_key", Text, nullable=False),
    Column("body_digest", Text, nullable=False),
    UniqueConstraint("actor", "idempotency_key", name="one_return_per_key"),
)

return_lines = Table(
    "return_lines",
    metadata,
    Column("rma_number", Text, ForeignKey("returns.rma_number"), primary_key=True),
    Column("line_id", Integer, ForeignKey("order_lines.id"), primary_key=True),
    Column("quantity", Integer, nullable=False),
)

order_proofs = Table(
    "order_proofs",
    metadata,
    Column("visitor_id", Text, primary_key=True),
    Column("order_number", Text, ForeignKey("orders.number"), primary_key=True),
    Column("proven_at", UtcDateTime, nullable=False),
)

# No foreign key: attempts on orders that do not exist are counted just the same.
proof_failures = Table(
    "proof_failures",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("visitor_id", Text, nullable=False, index=True),
    Column("order_number", Text, nullable=False, index=True),
    Column("failed_at", UtcDateTime, nullable=False),
)
