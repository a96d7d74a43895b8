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
    short_names: tuple[str, ...] = ()

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
            short_names=tuple(item.get("also", ())),
        )
        for category, shelf in shelves.items()
        for place, item in enumerate(shelf["products"])
    ]


def as_training_data(products: list[Product]) -> str:
    """Write what the products are called as Rasa's training data.

    A look-up table of all names, and for each SKU the names that mean it as its synonyms.
    """
    names = {product.sku: [*product.title.values(), *product.short_names] for product in products}
    every = [name for listed in names.values() for name in listed]
    return "\n".join(
        [
            "# What the shop's products are called; written by `python -m shop catalogue`.",
            'version: "3.1"',
            "nlu:",
            *_examples("lookup: product", every),
            *(
                line
                for sku, listed in names.items()
                for line in _examples(f"synonym: {sku}", listed)
            ),
            "",
        ]
    )


def _examples(heading: str, names: list[str]) -> list[str]:
    return [f"- {heading}", "  examples: |", *(f"    - {name}" for name in names)]
