"""The demo shop's shelves.

Beside the way of a message: what the demo's orders are made of; titles, variants and prices in
``products.yml``, attributes in ``facts/<category>.yml``.
"""

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

import yaml

from shop.demo.price_history import make_prices
from shop.demo.stock import make_variants
from shop.facts import load_fact_words
from shop.models import Product, Text

FOLDER = Path(__file__).parent
_LANGUAGES = {"zh", "en"}


def load_catalogue(today: date, folder: Path = FOLDER) -> list[Product]:
    """Read all products, category by category, in the order of the file.

    Price histories are dated back from ``today``.

    Raises:
        ValueError: something does not fit together; the message names the product.
    """
    known = set(load_fact_words())
    shelves = _read(folder / "products.yml")
    facts = {category: _read(folder / "facts" / f"{category}.yml") for category in shelves}
    products = [
        Product(
            sku=sku,
            category=category,
            title={"zh": item["zh"], "en": item["en"]},
            unit_price_cents=item["price"],
            traits=tuple(item.get("traits", ())),
            facts=_facts(sku, facts[category].pop(sku, {}), known),
            variants=make_variants(sku, item),
            prices=make_prices(sku, item, today),
        )
        for category, sku, item in _items(shelves)
    ]
    if unsold := [sku for left in facts.values() for sku in left]:
        raise ValueError(f"facts of products that are not there: {', '.join(unsold)}")
    return products


def load_names() -> dict[str, list[str]]:
    """Read what shoppers call the products, by SKU: both titles, then short names."""
    shelves = _read(FOLDER / "products.yml")
    return {sku: [item["zh"], item["en"], *item["also"]] for _, sku, item in _items(shelves)}


def is_digital(product: Product) -> bool:
    """Tell whether it is delivered without a parcel."""
    return "digital" in product.traits


def as_training_data(names: dict[str, list[str]]) -> str:
    """Write what the products are called as Rasa's training data.

    A look-up table of all names, and for each SKU the names that mean it as its synonyms.
    """
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


def _read(path: Path) -> dict[str, Any]:
    read: dict[str, Any] = yaml.safe_load(path.read_text(encoding="utf-8"))
    return read


def _items(shelves: dict[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    for category, shelf in shelves.items():
        for place, item in enumerate(shelf["products"]):
            yield category, f"{shelf['prefix']}{1001 + place}", item


def _facts(sku: str, facts: dict[str, Text], known: set[str]) -> tuple[tuple[str, Text], ...]:
    if not facts:
        raise ValueError(f"{sku}: nothing is known about it")
    for key, text in facts.items():
        if key not in known:
            raise ValueError(f"{sku}: {key} is not in facts.yml")
        if set(text) != _LANGUAGES or not all(text.values()):
            raise ValueError(f"{sku}: {key} must be told in {' and '.join(sorted(_LANGUAGES))}")
    return tuple(facts.items())


def _examples(heading: str, names: list[str]) -> list[str]:
    return [f"- {heading}", "  examples: |", *(f"    - {name}" for name in names)]
