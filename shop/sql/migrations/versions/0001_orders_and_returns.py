"""Customers, products, orders, parcels, refunds and returns, as before versions were kept."""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None

_MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Make the tables."""
    _people_and_products()
    _orders()
    _after_sales()
    _proofs()


def _people_and_products() -> None:
    op.create_table(
        "shop_meta",
        sa.Column("key", sa.Text, primary_key=True),
        sa.Column("value", sa.Text, nullable=False),
    )
    op.create_table(
        "customers",
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("name", sa.Text, nullable=False),
        sa.Column("language", sa.Text, nullable=False),
        sa.Column("level", sa.Text, nullable=False),
        sa.Column("phone", sa.Text, nullable=False),
        sa.Column("points", sa.Integer, nullable=False),
    )
    op.create_table(
        "products",
        sa.Column("sku", sa.Text, primary_key=True),
        sa.Column("category", sa.Text, nullable=False),
        sa.Column("title", sa.JSON, nullable=False),
        sa.Column("unit_price_cents", sa.Integer, nullable=False),
        sa.Column("traits", sa.JSON, nullable=False),
    )


def _orders() -> None:
    op.create_table(
        "orders",
        sa.Column("number", sa.Text, primary_key=True),
        sa.Column("customer_id", sa.Text, sa.ForeignKey("customers.id"), nullable=False),
        sa.Column("status", sa.Text, nullable=False),
        sa.Column("placed_at", _MOMENT, nullable=False),
        sa.Column("delivered_at", _MOMENT),
        sa.Column("total_cents", sa.Integer, nullable=False),
    )
    op.create_index("orders_of_customer", "orders", ["customer_id", "placed_at"])
    op.create_table(
        "order_lines",
        sa.Column("id", sa.Integer, primary_key=True),
        _of_order(index=True),
        sa.Column("sku", sa.Text, nullable=False),
        sa.Column("title", sa.JSON, nullable=False),
        sa.Column("category", sa.Text, nullable=False),
        sa.Column("quantity", sa.Integer, nullable=False),
        sa.Column("unit_price_cents", sa.Integer, nullable=False),
        sa.Column("traits", sa.JSON, nullable=False),
        sa.Column("returned_quantity", sa.Integer, nullable=False),
        sa.CheckConstraint(
            "returned_quantity BETWEEN 0 AND quantity", name="returned_within_bought"
        ),
    )
    op.create_table(
        "shipments",
        sa.Column("tracking_number", sa.Text, primary_key=True),
        _of_order(index=True),
        sa.Column("carrier", sa.JSON, nullable=False),
        sa.Column("status", sa.Text, nullable=False),
        sa.Column("promised_on", sa.Date, nullable=False),
    )
    op.create_table(
        "tracking_events",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column(
            "tracking_number",
            sa.Text,
            sa.ForeignKey("shipments.tracking_number"),
            nullable=False,
            index=True,
        ),
        sa.Column("at", _MOMENT, nullable=False),
        sa.Column("place", sa.JSON, nullable=False),
        sa.Column("text", sa.JSON, nullable=False),
    )


def _after_sales() -> None:
    op.create_table(
        "refunds",
        sa.Column("number", sa.Text, primary_key=True),
        _of_order(unique=True),
        sa.Column("amount_cents", sa.Integer, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("opened_at", _MOMENT, nullable=False),
        sa.Column("due_on", sa.Date, nullable=False),
    )
    op.create_table(
        "returns",
        sa.Column("rma_number", sa.Text, primary_key=True),
        _of_order(index=True),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("note", sa.Text, nullable=False),
        sa.Column("opened_at", _MOMENT, nullable=False),
        sa.Column("refund_cents", sa.Integer, nullable=False),
        sa.Column("freight_paid_by", sa.Text, nullable=False),
        sa.Column("actor", sa.Text, nullable=False),
        sa.Column("idempotency_key", sa.Text, nullable=False),
        sa.Column("body_digest", sa.Text, nullable=False),
        sa.UniqueConstraint("actor", "idempotency_key", name="one_return_per_key"),
    )
    op.create_table(
        "return_lines",
        sa.Column("rma_number", sa.Text, sa.ForeignKey("returns.rma_number"), primary_key=True),
        sa.Column("line_id", sa.Integer, sa.ForeignKey("order_lines.id"), primary_key=True),
        sa.Column("quantity", sa.Integer, nullable=False),
    )


def _proofs() -> None:
    op.create_table(
        "order_proofs",
        sa.Column("visitor_id", sa.Text, primary_key=True),
        sa.Column("order_number", sa.Text, sa.ForeignKey("orders.number"), primary_key=True),
        sa.Column("proven_at", _MOMENT, nullable=False),
    )
    op.create_table(
        "proof_failures",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("visitor_id", sa.Text, nullable=False, index=True),
        sa.Column("order_number", sa.Text, nullable=False, index=True),
        sa.Column("failed_at", _MOMENT, nullable=False),
    )


def _of_order(*, index: bool | None = None, unique: bool | None = None) -> sa.Column:
    order = sa.ForeignKey("orders.number")
    return sa.Column("order_number", sa.Text, order, nullable=False, index=index, unique=unique)
