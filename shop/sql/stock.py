"""Pieces on the shelves, as they go and come back.

Step 6 of a message's way (act): used by the effects of requests (``shop.sql.settling``).
"""

from sqlalchemy import update

from shop.models import OrderLine
from shop.sql import tables as t
from shop.sql.case import Case


def put_back(case: Case, line: OrderLine, pieces: int) -> None:
    """Add pieces of a line to the stock of what was bought; nothing when that is not kept."""
    _change(case, _variant(case, line), pieces)


def take(case: Case, line: OrderLine, pieces: int, *, instead: str = "") -> str:
    """Take pieces of what was bought from the stock, or of the variant that is sent ``instead``.

    Returns the variant's id. That there are enough is for the rules to see, which have been asked
    in this transaction.
    """
    variant_id = instead or _variant(case, line)
    _change(case, variant_id, -pieces)
    return variant_id


def _variant(case: Case, line: OrderLine) -> str:
    """Name the variant that was bought: a line of a product of one kind does not tell."""
    product = case.products.get(line.sku)
    if line.variant or product is None or len(product.variants) != 1:
        return line.variant
    return product.variants[0].id


def _change(case: Case, variant_id: str, pieces: int) -> None:
    variants = t.product_variants
    changed = update(variants).where(variants.c.id == variant_id, variants.c.stock >= -pieces)
    case.connection.execute(changed.values(stock=variants.c.stock + pieces))
