"""The demo shop's shelves.

Beside the way of a message: what the demo's orders are made of; texts in ``products.yml``.
"""

from dataclasses import dataclass
from pathlib import Path

import yaml

_FILE = Path(__file__).with_name("products.yml")


@dataclass(frozen=True)
class Product:
    """Something the demo shop sells; the price in fen."""

    sku: str
    category: str
    title: dict[str, str]
    unit_price_cents: int
    traits: tuple[str, ...]

    @property
    def is_digital(self) -> bool:
        """Tell whether it is delivered without a parcel."""
        return "digital" in self.traits


def load_catalogue() -> list[Product]:
    """Read all products, category by category, in the order of the file."""
    shelves = yaml.safe_load(_FILE.read_text(encoding="utf-8"))
    return [
        Product(
            sku=f"{shelf['prefix']}{1001 + place}",
            category=category,
            title={"zh": item["zh"], "en": item["en"]},
            unit_price_cents=item["price"],
            traits=tuple(item.get("traits", ())),
        )
        for category, shelf in shelves.items()
        for place, item in enumerate(shelf["products"])
    ]
