"""Products with variants, stock and prices, and who waits for one.

Step 6 of a message's way (act): read and written inside a transaction of ``shop.sql``.
"""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import bindparam, insert, select
from sqlalchemy.engine import Connection

from shop.models import PricePoint, Product, StockNotice, Text, Variant
from shop.sql import rows
from shop.sql import tables as t

# Built once: putting a statement together takes several times as long as executing it.
_PRODUCTS = select(t.products).where(t.products.c.sku.in_(bindparam("skus", expanding=True)))
_VARIANTS = (
    select(t.product_variants)
    .where(t.product_variants.c.sku.in_(bindparam("skus", expanding=True)))
    .order_by(t.product_variants.c.position, t.product_variants.c.id)
)
# For a decision on stock: others wait until it is carried out.
_VARIANTS_KEPT = _VARIANTS.with_for_update()
_PRICES = (
    select(t.product_prices)
    .where(t.product_prices.c.sku.in_(bindparam("skus", expanding=True)))
    .order_by(t.product_prices.c.from_day)
)
_VARIANT = select(t.product_variants.c.id).where(t.product_variants.c.id == bindparam("id"))
_NOTICE = select(t.stock_notices).where(
    t.stock_notices.c.customer_id == bindparam("customer_id"),
    t.stock_notices.c.variant == bindparam("variant"),
)


def read_products(
    connection: Connection, skus: Iterable[str], *, keep: bool = False
) -> dict[str, Product]:
    """Read products by SKU; those that are not there are left out.

    ``keep`` lets their stock be changed by nobody else until the transaction ends.
    """
    asked = {"skus": sorted(set(skus))}
    with rows.decoding():
        variants = _by_sku(connection.execute(_VARIANTS_KEPT if keep else _VARIANTS, asked))
        prices = _by_sku(connection.execute(_PRICES, asked))
        return {
            row.sku: _product(row, variants[row.sku], prices[row.sku])
            for row in connection.execute(_PRODUCTS, asked)
        }


def has_variant(connection: Connection, variant_id: str) -> bool:
    """Tell whether the shop sells such a variant."""
    return connection.execute(_VARIANT, {"id": variant_id}).first() is not None


def watch(
    connection: Connection, customer_id: str, variant_id: str, number: str, now: datetime
) -> StockNotice:
    """Note that a customer waits for a variant; gives the earlier notice when there is one."""
    asked = {"customer_id": customer_id, "variant": variant_id}
    row = connection.execute(_NOTICE, asked).one_or_none()
    if row is not None:
        return StockNotice(number=row.number, variant=row.variant, requested_at=row.requested_at)
    connection.execute(insert(t.stock_notices), {**asked, "number": number, "requested_at": now})
    return StockNotice(number=number, variant=variant_id, requested_at=now)


def _by_sku(found: Iterable[Any]) -> dict[str, list[Any]]:
    groups: dict[str, list[Any]] = defaultdict(list)
    for row in found:
        groups[row.sku].append(row)
    return groups


def _product(row: Any, variants: list[Any], prices: list[Any]) -> Product:
    return Product(
        sku=row.sku,
        category=row.category,
        title=rows.text(row.title),
        unit_price_cents=rows.amount(row.unit_price_cents),
        traits=rows.listed(row.traits, str),
        facts=tuple(_fact(each) for each in rows.listed(row.facts, list)),
        variants=tuple(_variant(each) for each in variants),
        prices=tuple(
            PricePoint(
                from_day=each.from_day, cents=rows.amount(each.cents), campaign=each.campaign
            )
            for each in prices
        ),
    )


def _fact(pair: list[Any]) -> tuple[str, Text]:
    key, words = pair
    return str(key), rows.text(words)


def _variant(row: Any) -> Variant:
    return Variant(id=row.id, size=row.size, colour=row.colour, stock=rows.amount(row.stock))
