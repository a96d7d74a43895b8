"""What the demo shop sells: names, attributes, and that nothing in it contradicts itself."""

import re
import shutil
from collections import Counter
from pathlib import Path

import pytest
import yaml

from shop.__main__ import main
from shop.demo.catalogue import FOLDER, load_catalogue, load_names
from shop.facts import load_fact_words

ROOT = Path(__file__).parents[3]
LEARNT = ROOT / "data" / "nlu" / "shared" / "products.yml"


@pytest.fixture(scope="module")
def products(today):
    return load_catalogue(today)


def test_the_assistant_learns_what_the_shop_sells(capsys) -> None:
    assert main(["catalogue"]) == 0
    # Red when the catalogue changed: python -m shop catalogue > data/nlu/shared/products.yml
    assert capsys.readouterr().out == LEARNT.read_text(encoding="utf-8")


def test_a_name_means_one_product_alone(products) -> None:
    names = load_names()
    every = [name.lower() for listed in names.values() for name in set(listed)]
    assert len(every) == len(set(every)) > 3 * len(names)
    assert list(names) == [product.sku for product in products]
    assert all(len(listed) > 2 for listed in names.values())


def test_every_product_has_what_shoppers_ask_about_in_both_languages(products) -> None:
    assert len(products) == 120
    for product in products:
        assert 4 <= len(product.facts) <= 7, product.sku
        for key, text in product.facts:
            assert re.search("[\u4e00-\u9fff]|SPF", text["zh"]), (product.sku, key)
            assert not re.search("[\u3000-\u9fff\uff00-\uffef]", text["en"]), (product.sku, key)
            assert not re.search("[.。]$", text["zh"] + text["en"]), (product.sku, key)


def _amounts(text):
    return Counter(re.findall(r"\d+(?:\.\d+)?", text))


def test_a_figure_with_its_unit_is_the_same_in_both_languages(products) -> None:
    units = {"分贝": "dB", "毫升": "ml", "毫米": "mm", "毫安": "mAh", "W": " W", "V": " V"}
    for product in products:
        for key, text in product.facts:
            for chinese, english in units.items():
                told = re.findall(rf"(\d+(?:\.\d+)?){chinese}(?![a-zA-Z])", text["zh"])
                missing = _amounts(" ".join(told)) - _amounts(text["en"].replace(",", ""))
                assert not missing, (product.sku, key, english)


def test_the_warranty_told_is_the_one_in_the_rules(products, policy) -> None:
    months_by_category = {
        "electronics": policy.warranty.electronics_months,
        "appliances": policy.warranty.appliances_months,
    }
    told = [
        (product, text)
        for product in products
        for key, text in product.facts
        if key == "warranty_note"
    ]
    assert len(told) > 20
    for product, note in told:
        months = months_by_category[product.category]
        assert f"{months}个月" in note["zh"], product.sku
        assert f"{months} months" in note["en"], product.sku


def test_what_the_title_says_is_what_the_facts_say(products) -> None:
    for product in products:
        facts = dict(product.facts)
        litres = re.search(r"([\d.]+) L ", product.title["en"])
        if litres:
            assert f"{litres[1]} L" in facts["capacity"]["en"], product.sku
        if "custom_made" in product.traits:
            assert "personalisation" in facts, product.sku
        else:
            assert "personalisation" not in facts, product.sku
        if "digital" in product.traits:
            assert {"activation", "language"} <= set(facts), product.sku
            assert not {"weight", "dimensions", "material"} & set(facts), product.sku
        if "perishable" in product.traits:
            assert {"keeping"} <= set(facts), product.sku


def test_no_word_for_an_attribute_is_a_products_name() -> None:
    names = {name.lower() for listed in load_names().values() for name in listed}
    words = [
        word.lower()
        for by_language in load_fact_words().values()
        for listed in by_language.values()
        for word in listed
    ]
    assert not names & set(words)


@pytest.mark.parametrize(
    ("sku", "facts", "complaint"),
    [
        ("CL1001", {}, "CL1001: nothing is known"),
        ("CL1001", {"mood": {"zh": "好", "en": "good"}}, "CL1001: mood is not in facts.yml"),
        ("CL1001", {"material": {"zh": "羊毛"}}, "CL1001: material must be told in en and zh"),
        ("CL1001", {"material": {"zh": "羊毛", "en": ""}}, "CL1001: material must be told"),
        ("CL1999", {"material": {"zh": "羊毛", "en": "wool"}}, "not there: CL1999"),
    ],
)
def test_facts_that_do_not_fit_stop_the_loading(tmp_path, today, sku, facts, complaint) -> None:
    folder = tmp_path / "demo"
    shutil.copytree(FOLDER, folder)
    path = folder / "facts" / "clothing.yml"
    told = yaml.safe_load(path.read_text("utf-8"))
    path.write_text(yaml.safe_dump({**told, sku: facts}, allow_unicode=True), "utf-8")
    with pytest.raises(ValueError, match=complaint):
        load_catalogue(today, folder)


def test_colours_are_those_that_the_assistant_understands(products) -> None:
    words = yaml.safe_load((ROOT / "bot" / "nlu" / "entities" / "zh.yml").read_text("utf-8"))
    colours = {variant.colour for product in products for variant in product.variants}
    assert colours - {None} <= set(words["color"])
