"""The shop's tables, for SQLite and PostgreSQL alike.

Step 6 of a message's way (act): below ``shop.sql``; nothing outside this package sees them.
``migrations/`` brings a database to them.
"""

from shop.sql.tables.accounts import coupons, customers, points_entries, shop_meta
from shop.sql.tables.base import metadata
from shop.sql.tables.catalogue import product_prices, product_variants, products, stock_notices
from shop.sql.tables.orders import (
    order_lines,
    order_proofs,
    orders,
    payments,
    proof_failures,
    shipments,
    tracking_events,
)
from shop.sql.tables.settlements import (
    inquiries,
    invoices,
    promises,
    refunds,
    return_lines,
    returns,
    settlements,
)

__all__ = [
    "coupons",
    "customers",
    "inquiries",
    "invoices",
    "metadata",
    "order_lines",
    "order_proofs",
    "orders",
    "payments",
    "points_entries",
    "product_prices",
    "product_variants",
    "products",
    "promises",
    "proof_failures",
    "refunds",
    "return_lines",
    "returns",
    "settlements",
    "shipments",
    "shop_meta",
    "stock_notices",
    "tracking_events",
]
