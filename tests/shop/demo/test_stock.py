"""Variants of the demo shop's products, and which of them are there."""

import pytest

from shop.demo.catalogue import load_catalogue
from shop.demo.stock import make_variants


@pytest.fixture(scope="module")
def shelf(today):
    return {product.sku: product for product in load_catalogue(today)}


def test_a_variant_is_each_size_in_each_colour() -> None:
    item = {
        "sizes": ["M", 42],
        "colours": ["black", "dark grey"],
        "stock": 9,
        "sold_out": ["M/dark grey"],
        "low": {"42/black": 2},
    }
    made = [(v.id, v.size, v.colour, v.stock) for v in make_variants("CL1", item)]
    assert made == [
        ("CL1-M-BLACK", "M", "black", 9),
        ("CL1-M-DARK-GREY", "M", "dark grey", 0),
        ("CL1-42-BLACK", "42", "black", 2),
        ("CL1-42-DARK-GREY", "42", "dark grey", 9),
    ]


def test_sizes_or_colours_may_be_missing() -> None:
    (only,) = make_variants("HO1", {"stock": 3})
    assert (only.id, only.size, only.colour, only.stock) == ("HO1", None, None, 3)
    white, black = make_variants(
        "EL1", {"colours": ["white", "black"], "stock": 3, "sold_out": ["black"]}
    )
    assert (white.id, white.size, white.stock) == ("EL1-WHITE", None, 3)
    assert (black.id, black.stock) == ("EL1-BLACK", 0)


@pytest.mark.parametrize(
    ("item", "complaint"),
    [
        ({"colours": ["red", "red"], "stock": 1}, "CL1-RED is there twice"),
        ({"colours": ["red"], "stock": 1, "sold_out": ["blue"]}, "no such variant: blue"),
        ({"colours": ["red"], "stock": 1, "low": {"S/red": 1}}, "no such variant: S/red"),
        ({"sizes": ["S"], "stock": 1, "sold_out": ["S"], "low": {"S": 1}}, "both low and sold out"),
        ({"stock": -1}, "negative stock"),
    ],
)
def test_a_shelf_that_contradicts_itself_is_refused(item, complaint) -> None:
    with pytest.raises(ValueError, match=f"CL1.*{complaint}"):
        make_variants("CL1", item)


def test_clothes_and_shoes_have_sizes_and_nothing_else_has(shelf) -> None:
    sized = {sku[:2] for sku, product in shelf.items() if any(v.size for v in product.variants)}
    assert sized == {"CL", "SH"}
    # A scarf, and a suit that is cut to measure.
    unsized = {sku for sku in shelf if sku[:2] in sized and not shelf[sku].variants[0].size}
    assert unsized == {"CL1012", "CL1014"}


def test_some_variants_are_sold_out_in_every_part_of_the_shop(shelf) -> None:
    variants = [variant for product in shelf.values() for variant in product.variants]
    sold_out = [variant.id[:2] for variant in variants if variant.stock == 0]
    assert 0.06 < len(sold_out) / len(variants) < 0.1
    assert {"CL", "SH", "EL"} < set(sold_out)
    assert sum(product.stock == 0 for product in shelf.values()) >= 2


@pytest.mark.parametrize(
    ("variant", "there"),
    [
        ("CL1001-M-CAMEL", False),
        ("CL1001-L-CAMEL", True),
        ("SH1001-42-BLACK", True),
        ("SH1001-43-BLACK", False),
        ("EL1001-WHITE", True),
        ("HO1003-GREY", True),
    ],
)
def test_the_named_variants_are_there_or_not(shelf, variant, there) -> None:
    assert (shelf[variant[:6]].variant(variant).stock > 0) is there
