"""The demo shop's shelves by size and colour.

Beside the way of a message: ``demo.catalogue`` gives every product its variants.
"""

from typing import Any

from shop.models import Variant


def make_variants(sku: str, item: dict[str, Any]) -> tuple[Variant, ...]:
    """Make a variant of each size in each colour, size by size, with its stock.

    ``item`` is a product in ``products.yml``: ``sizes`` and ``colours`` (either may be missing),
    ``stock`` of every variant but those ``sold_out`` and ``low``, which are named ``M/black``, or
    by what there is of the two.

    Raises:
        ValueError: a variant is there twice, none has the name, or a stock is negative.
    """
    left = {str(name): int(pieces) for name, pieces in item.get("low", {}).items()}
    for name in item.get("sold_out", ()):
        if str(name) in left:
            raise ValueError(f"{sku}: {name} is both low and sold out")
        left[str(name)] = 0
    variants: dict[str, Variant] = {}
    for size in item.get("sizes", (None,)):
        for colour in item.get("colours", (None,)):
            parts = [str(part) for part in (size, colour) if part is not None]
            variant = Variant(
                id="-".join([sku, *parts]).replace(" ", "-").upper(),
                size=None if size is None else str(size),
                colour=colour,
                stock=left.pop("/".join(parts), item["stock"]),
            )
            if variant.id in variants:
                raise ValueError(f"{sku}: {variant.id} is there twice")
            if variant.stock < 0:
                raise ValueError(f"{sku}: {variant.id} has a negative stock")
            variants[variant.id] = variant
    if left:
        raise ValueError(f"{sku}: no such variant: {', '.join(left)}")
    return tuple(variants.values())
