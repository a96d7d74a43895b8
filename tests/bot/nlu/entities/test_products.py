from pathlib import Path

from rasa.shared.nlu.training_data.loading import load_data
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.nlu.entities.products import product_names
from bot.training import ROOT


def test_a_name_stands_for_the_sku_that_it_is_a_synonym_of() -> None:
    data = TrainingData(
        lookup_tables=[{"name": "product", "elements": ["kettle", "mug"]}],
        entity_synonyms={"kettle": "AP1012", "red": "colour"},
    )
    assert product_names(data) == {"kettle": "AP1012", "mug": "mug"}


def test_a_table_may_be_a_file_of_its_own(tmp_path: Path) -> None:
    table = tmp_path / "products.txt"
    table.write_text("电热水壶\n\nkettle\n", encoding="utf-8")
    data = TrainingData(lookup_tables=[{"name": "product", "elements": str(table)}])
    assert list(product_names(data)) == ["电热水壶", "kettle"]


def test_training_data_without_products_has_none() -> None:
    assert product_names(TrainingData()) == {}


def test_the_demo_shops_products_are_there_in_both_languages() -> None:
    names = product_names(load_data(str(ROOT / "data" / "nlu" / "shared" / "products.yml")))
    assert names["扫拖一体机器人"] == names["Robot vacuum and mop"] == "AP1001"
    assert names["羽绒服"] == names["down jacket"] == "CL1005"
    assert len(set(names.values())) == 120
