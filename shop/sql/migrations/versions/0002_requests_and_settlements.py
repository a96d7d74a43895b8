"""Everything that can be settled about an order, and what it takes to decide it.

What was there stays: a return keeps its lines, and the key that it came with moves to the
settlements. Proofs and failures, which live for minutes, become those of an actor.
"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

_MOMENT = sa.DateTime(timezone=True)


def upgrade() -> None:
    """Make the new tables, widen the old ones, move what has moved."""
    _widen()
    _new_of_catalogue()
    _new_of_customers()
    _new_of_orders()
    _settlements()
    # Where a constraint has gone, SQLite needs the table made anew.
    _remake_refunds()
    _remake_returns()
    _remake_proofs()


def _widen() -> None:
    op.add_column("products", _listing("facts"))
    for name in ("freight_cents", "coupon_cents", "points_used"):
        op.add_column("orders", _number(name))
    for name in ("recipient", "phone", "region", "city", "detail"):
        op.add_column("orders", sa.Column(name, sa.Text))
    yes_or_no = sa.Column("compensated", sa.Boolean, nullable=False, server_default="0")
    op.add_column("orders", yes_or_no)
    op.add_column("order_lines", _words("variant"))
    op.add_column("order_lines", sa.Column("gift_with", sa.Integer))
    op.add_column("order_lines", _words("bundle"))
    op.add_column("shipments", _listing("line_ids"))


def _new_of_catalogue() -> None:
    op.create_table(
        "product_variants",
        sa.Column("id", sa.Text, primary_key=True),
        sa.Column("sku", sa.Text, sa.ForeignKey("products.sku"), nullable=False, index=True),
        sa.Column("size", sa.Text),
        sa.Column("colour", sa.Text),
        sa.Column("stock", sa.Integer, nullable=False),
        _number("position"),
        sa.CheckConstraint("stock >= 0", name="stock_not_negative"),
    )
    op.create_table(
        "product_prices",
        sa.Column("sku", sa.Text, sa.ForeignKey("products.sku"), primary_key=True),
        sa.Column("from_day", sa.Date, primary_key=True),
        sa.Column("cents", sa.Integer, nullable=False),
        _words("campaign"),
    )
    op.create_table(
        "stock_notices",
        sa.Column("number", sa.Text, primary_key=True),
        sa.Column("customer_id", sa.Text, sa.ForeignKey("customers.id"), nullable=False),
        sa.Column("variant", sa.Text, sa.ForeignKey("product_variants.id"), nullable=False),
        sa.Column("requested_at", _MOMENT, nullable=False),
        sa.UniqueConstraint("customer_id", "variant", name="one_notice_per_variant"),
    )


def _new_of_customers() -> None:
    op.create_table(
        "coupons",
        sa.Column("code", sa.Text, primary_key=True),
        _of_customer(),
        sa.Column("title", sa.JSON, nullable=False),
        sa.Column("amount_cents", sa.Integer, nullable=False),
        sa.Column("from_cents", sa.Integer, nullable=False),
        sa.Column("valid_until", sa.Date, nullable=False),
        sa.Column("used", sa.Boolean, nullable=False),
        sa.Column("order_number", sa.Text),
    )
    op.create_table(
        "points_entries",
        sa.Column("id", sa.Integer, primary_key=True),
        _of_customer(),
        sa.Column("at", _MOMENT, nullable=False),
        sa.Column("points", sa.Integer, nullable=False),
        sa.Column("reason", sa.Text, nullable=False),
        sa.Column("order_number", sa.Text),
    )


def _new_of_orders() -> None:
    op.create_table(
        "payments",
        sa.Column("id", sa.Text, primary_key=True),
        _of_order(index=True),
        sa.Column("method", sa.Text, nullable=False),
        sa.Column("amount_cents", sa.Integer, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("at", _MOMENT, nullable=False),
        _words("problem"),
    )
    op.create_table(
        "inquiries",
        sa.Column("number", sa.Text, primary_key=True),
        _of_order(index=True),
        sa.Column("tracking_number", sa.Text, nullable=False),
        sa.Column("problem", sa.Text, nullable=False),
        sa.Column("note", sa.Text, nullable=False),
        sa.Column("opened_at", _MOMENT, nullable=False),
        sa.Column("answer_by", _MOMENT, nullable=False),
        sa.Column("open", sa.Boolean, nullable=False),
    )
    op.create_table(
        "invoices",
        sa.Column("number", sa.Text, primary_key=True),
        _of_order(index=True),
        *(sa.Column(name, sa.Text, nullable=False) for name in ("kind", "title")),
        *(sa.Column(name, sa.Text, nullable=False) for name in ("tax_number", "email")),
        sa.Column("amount_cents", sa.Integer, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("requested_at", _MOMENT, nullable=False),
        sa.Column("due_at", _MOMENT, nullable=False),
        sa.Column("replaces", sa.Text),
    )


def _settlements() -> None:
    op.create_table(
        "settlements",
        sa.Column("actor", sa.Text, primary_key=True),
        sa.Column("idempotency_key", sa.Text, primary_key=True),
        *(sa.Column(name, sa.Text, nullable=False) for name in ("body_digest", "number")),
        sa.Column("remedy", sa.Text, nullable=False),
        _of_order(index=True),
        sa.Column("settled_at", _MOMENT, nullable=False),
        sa.Column("due_at", _MOMENT),
        *(sa.Column(name, sa.Integer, nullable=False) for name in ("refund_cents", "points")),
        sa.Column("coupon_cents", sa.Integer, nullable=False),
        sa.Column("freight_paid_by", sa.Text),
        sa.Column("rules", sa.JSON, nullable=False),
        sa.Column("policy_version", sa.Text, nullable=False),
    )
    op.execute(
        "INSERT INTO settlements (actor, idempotency_key, body_digest, number, remedy,"
        " order_number, settled_at, refund_cents, points, coupon_cents, freight_paid_by, rules,"
        " policy_version) SELECT actor, idempotency_key, body_digest, rma_number, 'return',"
        " order_number, opened_at, refund_cents, 0, 0, freight_paid_by, '[]', '' FROM returns"
    )
    # Another process may have made it already: it needs no other table.
    if sa.inspect(op.get_bind()).has_table("promises"):
        return
    texts = ("kind", "reference", "order_number")
    op.create_table(
        "promises",
        sa.Column("id", sa.Text, primary_key=True),
        *(sa.Column(name, sa.Text, nullable=False) for name in texts),
        *(
            sa.Column(name, sa.Text, nullable=False, index=True)
            for name in ("actor", "conversation_id")
        ),
        *(sa.Column(name, _MOMENT, nullable=False) for name in ("made_at", "due_at")),
        sa.Column("state", sa.Text, nullable=False),
    )
    op.create_index("promises_by_due", "promises", ["state", "due_at"])


def _remake_refunds() -> None:
    op.create_table(
        "new_refunds",
        sa.Column("number", sa.Text, primary_key=True),
        _of_order(),
        sa.Column("amount_cents", sa.Integer, nullable=False),
        sa.Column("state", sa.Text, nullable=False),
        sa.Column("opened_at", _MOMENT, nullable=False),
        sa.Column("due_on", sa.Date, nullable=False),
        _number("points"),
        sa.Column("cause", sa.Text, nullable=False, server_default="return"),
        sa.Column("rma_number", sa.Text),
    )
    _replace("refunds", "number, order_number, amount_cents, state, opened_at, due_on")
    op.create_index("ix_refunds_order_number", "refunds", ["order_number"])


def _remake_returns() -> None:
    op.create_table(
        "new_returns",
        sa.Column("rma_number", sa.Text, primary_key=True),
        _of_order(),
        sa.Column("kind", sa.Text, nullable=False, server_default="return"),
        *(sa.Column(name, sa.Text, nullable=False) for name in ("reason", "note")),
        sa.Column("opened_at", _MOMENT, nullable=False),
        sa.Column("refund_cents", sa.Integer, nullable=False),
        sa.Column("freight_paid_by", sa.Text, nullable=False),
        _words("replacement"),
        sa.Column("state", sa.Text, nullable=False, server_default="open"),
    )
    op.create_table(
        "new_return_lines",
        sa.Column("rma_number", sa.Text, sa.ForeignKey("new_returns.rma_number"), primary_key=True),
        sa.Column("line_id", sa.Integer, sa.ForeignKey("order_lines.id"), primary_key=True),
        sa.Column("quantity", sa.Integer, nullable=False),
    )
    _copy(
        "returns",
        "rma_number, order_number, reason, note, opened_at, refund_cents, freight_paid_by",
    )
    _copy("return_lines", "rma_number, line_id, quantity")
    for table in ("return_lines", "returns"):
        op.drop_table(table)
    for table in ("returns", "return_lines"):
        op.rename_table(f"new_{table}", table)
    op.create_index("ix_returns_order_number", "returns", ["order_number"])


def _remake_proofs() -> None:
    op.create_table(
        "new_order_proofs",
        sa.Column("actor", sa.Text, primary_key=True),
        sa.Column("order_number", sa.Text, primary_key=True),
        sa.Column("proven_at", _MOMENT, nullable=False),
    )
    visitor = "'visitor:' || visitor_id"
    _replace("order_proofs", "actor, order_number, proven_at", actor=visitor)
    op.create_table(
        "new_proof_failures",
        sa.Column("id", sa.Integer, primary_key=True),
        *(sa.Column(name, sa.Text, nullable=False) for name in ("actor", "order_number")),
        _words("origin"),
        sa.Column("failed_at", _MOMENT, nullable=False),
    )
    _replace("proof_failures", "actor, order_number, failed_at", actor=visitor)
    for name in ("actor", "order_number", "origin"):
        op.create_index(f"ix_proof_failures_{name}", "proof_failures", [name])


def _replace(table: str, columns: str, **changed: str) -> None:
    _copy(table, columns, **changed)
    op.drop_table(table)
    op.rename_table(f"new_{table}", table)


def _copy(table: str, columns: str, **changed: str) -> None:
    sources = ", ".join(changed.get(name, name) for name in columns.split(", "))
    op.execute(f"INSERT INTO new_{table} ({columns}) SELECT {sources} FROM {table}")


def _of_order(*, index: bool | None = None) -> sa.Column:
    order = sa.ForeignKey("orders.number")
    return sa.Column("order_number", sa.Text, order, nullable=False, index=index)


def _of_customer() -> sa.Column:
    customer = sa.ForeignKey("customers.id")
    return sa.Column("customer_id", sa.Text, customer, nullable=False, index=True)


def _number(name: str) -> sa.Column:
    return sa.Column(name, sa.Integer, nullable=False, server_default="0")


def _words(name: str) -> sa.Column:
    return sa.Column(name, sa.Text, nullable=False, server_default="")


def _listing(name: str) -> sa.Column:
    return sa.Column(name, sa.JSON, nullable=False, server_default="[]")
