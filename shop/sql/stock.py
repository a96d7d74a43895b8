"""Pieces on the shelves, as they go and come back.

Step 6 of a message's way (act): used by the effects of requests (``shop.sql.settling``).
"""

from sqlalchemy import update

from shop.models import OrderLine
from shop.sql import tables as t
from shop.sql.case import Case


def put_back(case: Case, variant_id: str, pieces: int) -> None:
    """Add pieces to a variant's stock; nothing when its stock is not kept."""
    _change(case, variant_id, pieces)


def take(case: Case, variant_id: str, pieces: int) -> None:
    """Take pieces from a variant's stock; nothing when its stock is not kept.

    That there are enough is for the rules to see; stock never falls below zero.
    """
    _change(case, variant_id, -pieces)


def variant_of(line: OrderLine) -> str:
    """Name the variant that was bought; a product of one kind has one variant, its SKU."""
    return line.variant or line.sku


def _change(case: Case, variant_id: str, pieces: int) -> None:
    variants = t.product_variants
    changed = update(variants).where(variants.c.id == variant_id, variants.c.stock >= -pieces)
    case.connection.execute(changed.values(stock=variants.c.stock + pieces))
