"""Orders with lines, parcels and payments, and who has proven that one is theirs."""

from sqlalchemy import (
    JSON,
    Boolean,
    CheckConstraint,
    Column,
    Date,
    ForeignKey,
    Index,
    Integer,
    Table,
    Text,
)

from shop.sql.tables.base import metadata, of_order
from shop.sql.types import UtcDateTime

# The address is the order's own: the customer's may have changed since.
orders = Table(
    "orders",
    metadata,
    Column("number", Text, primary_key=True),
    Column("customer_id", Text, ForeignKey("customers.id"), nullable=False),
    Column("status", Text, nullable=False),
    Column("placed_at", UtcDateTime, nullable=False),
    Column("delivered_at", UtcDateTime),
    Column("total_cents", Integer, nullable=False),
    Column("freight_cents", Integer, nullable=False, server_default="0"),
    Column("coupon_cents", Integer, nullable=False, server_default="0"),
    Column("points_used", Integer, nullable=False, server_default="0"),
    Column("recipient", Text),
    Column("phone", Text),
    Column("region", Text),
    Column("city", Text),
    Column("detail", Text),
    Column("compensated", Boolean, nullable=False, server_default="0"),
    Index("orders_of_customer", "customer_id", "placed_at"),
)

# Title and price as they were when the order was placed; the product may change or go.
order_lines = Table(
    "order_lines",
    metadata,
    Column("id", Integer, primary_key=True),
    of_order(),
    Column("sku", Text, nullable=False),
    Column("title", JSON, nullable=False),
    Column("category", Text, nullable=False),
    Column("quantity", Integer, nullable=False),
    Column("unit_price_cents", Integer, nullable=False),
    Column("traits", JSON, nullable=False),
    Column("returned_quantity", Integer, nullable=False),
    Column("variant", Text, nullable=False, server_default=""),
    Column("gift_with", Integer),
    Column("bundle", Text, nullable=False, server_default=""),
    CheckConstraint("returned_quantity BETWEEN 0 AND quantity", name="returned_within_bought"),
)

shipments = Table(
    "shipments",
    metadata,
    Column("tracking_number", Text, primary_key=True),
    of_order(),
    Column("carrier", JSON, nullable=False),
    Column("status", Text, nullable=False),
    Column("promised_on", Date, nullable=False),
    # Empty: all lines of the order.
    Column("line_ids", JSON, nullable=False, server_default="[]"),
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

payments = Table(
    "payments",
    metadata,
    Column("id", Text, primary_key=True),
    of_order(),
    Column("method", Text, nullable=False),
    Column("amount_cents", Integer, nullable=False),
    Column("state", Text, nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Column("problem", Text, nullable=False, server_default=""),
)

order_proofs = Table(
    "order_proofs",
    metadata,
    Column("actor", Text, primary_key=True),
    Column("order_number", Text, primary_key=True),
    Column("proven_at", UtcDateTime, nullable=False),
)

# No foreign key: attempts on orders that do not exist are counted just the same.
proof_failures = Table(
    "proof_failures",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("actor", Text, nullable=False, index=True),
    Column("order_number", Text, nullable=False, index=True),
    # Where the asker's connection comes from.
    Column("origin", Text, nullable=False, server_default="", index=True),
    Column("failed_at", UtcDateTime, nullable=False),
)
