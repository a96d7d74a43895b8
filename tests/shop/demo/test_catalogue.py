from pathlib import Path

from shop.__main__ import main
from shop.demo.catalogue import load_catalogue

LEARNT = Path(__file__).parents[3] / "data" / "nlu" / "shared" / "products.yml"


def test_the_assistant_learns_what_the_shop_sells(capsys) -> None:
    assert main(["catalogue"]) == 0
    # Red when the catalogue changed: python -m shop catalogue > data/nlu/shared/products.yml
    assert capsys.readouterr().out == LEARNT.read_text(encoding="utf-8")


def test_a_name_means_one_product_alone() -> None:
    names = [
        name.lower()
        for product in load_catalogue()
        for name in {*product.title.values(), *product.short_names}
    ]
    assert len(names) == len(set(names)) > 3 * len(load_catalogue())
    assert all(product.short_names for product in load_catalogue())
