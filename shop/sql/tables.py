"""The shop's tables, for SQLite and PostgreSQL alike.

Step 6 of a message's way (act): below ``shop.sql``; nothing outside this package sees them.
``migrations/`` brings a database to them.
"""

from sqlalchemy import (
    JSON,
    Boolean,
    CheckConstraint,
    Column,
    Date,
    ForeignKey,
    Index,
    Integer,
    MetaData,
    Table,
    Text,
    UniqueConstraint,
)

from shop.sql.types import UtcDateTime

metadata = MetaData()


def _of_order() -> Column:
    return Column(
        "order_number", Text, ForeignKey("orders.number"), nullable=False, index=True
    )


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
    _of_order(),
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
    _of_order(),
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
    _of_order(),
    Column("method", Text, nullable=False),
    Column("amount_cents", Integer, nullable=False),
    Column("state", Text, nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Column("problem", Text, nullable=False, server_default=""),
)

refunds = Table(
    "refunds",
    metadata,
    Column("number", Text, primary_key=True),
    _of_order(),
    Column("amount_cents", Integer, nullable=False),
    Column("state", Text, nullable=False),
    Column("opened_at", UtcDateTime, nullable=False),
    Column("due_on", Date, nullable=False),
    Column("points", Integer, nullable=False, server_default="0"),
    Column("cause", Text, nullable=False, server_default="return"),
    Column("rma_number", Text),
)

# Cases about goods: returns, exchanges, repairs, resends, and refunds without a parcel back.
returns = Table(
    "returns",
    metadata,
    Column("rma_number", Text, primary_key=True),
    _of_order(),
    Column("kind", Text, nullable=False, server_default="return"),
    Column("reason", Text, nullable=False),
    Column("note", Text, nullable=False),
    Column("opened_at", UtcDateTime, nullable=False),
    Column("refund_cents", Integer, nullable=False),
    Column("freight_paid_by", Text, nullable=False),
    Column("replacement", Text, nullable=False, server_default=""),
    Column("state", Text, nullable=False, server_default="open"),
)

return_lines = Table(
    "return_lines",
    metadata,
    Column("rma_number", Text, ForeignKey("returns.rma_number"), primary_key=True),
    Column("line_id", Integer, ForeignKey("order_lines.id"), primary_key=True),
    Column("quantity", Integer, nullable=False),
)

inquiries = Table(
    "inquiries",
    metadata,
    Column("number", Text, primary_key=True),
    _of_order(),
    Column("tracking_number", Text, nullable=False),
    Column("problem", Text, nullable=False),
    Column("note", Text, nullable=False),
    Column("opened_at", UtcDateTime, nullable=False),
    Column("answer_by", UtcDateTime, nullable=False),
    Column("open", Boolean, nullable=False),
)

invoices = Table(
    "invoices",
    metadata,
    Column("number", Text, primary_key=True),
    _of_order(),
    Column("kind", Text, nullable=False),
    Column("title", Text, nullable=False),
    Column("tax_number", Text, nullable=False),
    Column("email", Text, nullable=False),
    Column("amount_cents", Integer, nullable=False),
    Column("state", Text, nullable=False),
    Column("requested_at", UtcDateTime, nullable=False),
    Column("due_at", UtcDateTime, nullable=False),
    Column("replaces", Text),
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

stock_notices = Table(
    "stock_notices",
    metadata,
    Column("number", Text, primary_key=True),
    Column("customer_id", Text, ForeignKey("customers.id"), nullable=False),
    Column("variant", Text, ForeignKey("product_variants.id"), nullable=False),
    Column("requested_at", UtcDateTime, nullable=False),
    UniqueConstraint("customer_id", "variant", name="one_notice_per_variant"),
)

# What each request has led to: the memory that makes a repeated one the same one, and the verdict
# as it was given, which no later policy rewrites.
settlements = Table(
    "settlements",
    metadata,
    Column("actor", Text, primary_key=True),
    Column("idempotency_key", Text, primary_key=True),
    Column("body_digest", Text, nullable=False),
    Column("number", Text, nullable=False),
    Column("remedy", Text, nullable=False),
    _of_order(),
    Column("settled_at", UtcDateTime, nullable=False),
    Column("due_at", UtcDateTime),
    Column("refund_cents", Integer, nullable=False),
    Column("points", Integer, nullable=False),
    Column("coupon_cents", Integer, nullable=False),
    Column("freight_paid_by", Text),
    Column("rules", JSON, nullable=False),
    Column("policy_version", Text, nullable=False),
)

# No foreign keys: the orders may be in the shop's own system.
promises = Table(
    "promises",
    metadata,
    Column("id", Text, primary_key=True),
    Column("kind", Text, nullable=False),
    Column("reference", Text, nullable=False),
    Column("order_number", Text, nullable=False),
    Column("actor", Text, nullable=False, index=True),
    Column("conversation_id", Text, nullable=False, index=True),
    Column("made_at", UtcDateTime, nullable=False),
    Column("due_at", UtcDateTime, nullable=False),
    Column("state", Text, nullable=False),
    Index("promises_by_due", "state", "due_at"),
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
