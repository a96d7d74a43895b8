"""What has come of requests: refunds, cases about goods, inquiries, invoices, promises."""

from sqlalchemy import JSON, Boolean, Column, Date, ForeignKey, Index, Integer, Table, Text

from shop.sql.tables.base import metadata, of_order
from shop.sql.types import UtcDateTime

refunds = Table(
    "refunds",
    metadata,
    Column("number", Text, primary_key=True),
    of_order(),
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
    of_order(),
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
    of_order(),
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
    of_order(),
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
    of_order(),
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
