"""Names of products, as the training data list them: `lookup: product`, a synonym for each SKU."""

from typing import Dict, Text

from rasa.shared.nlu.training_data.training_data import TrainingData

LOOKUP = "product"


def product_names(training_data: TrainingData) -> Dict[Text, Text]:
    """Each name in the look-up table with the SKU that it is a synonym of, else with itself.

    Raises:
        OSError: the table is a file of its own that cannot be read.
    """
    return {
        name: training_data.entity_synonyms.get(name, name)
        for table in training_data.lookup_tables
        if table["name"] == LOOKUP
        for name in _elements(table["elements"])
    }


def _elements(elements: object) -> "list[Text]":
    if isinstance(elements, str):
        with open(elements, encoding="utf-8") as file:
            elements = file.read().splitlines()
    assert isinstance(elements, list)
    return [element.strip() for element in elements if element.strip()]
