"""Entities by rules, in Chinese, English and mixed text; found by `bot.nlu.entities`."""

from datetime import date, datetime
from typing import Any, Dict, Iterator, List, Mapping, Optional, Text

import rasa.shared.utils.io
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import ENTITIES, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.nlu.entities.amounts import find_amounts
from bot.nlu.entities.chinese_addresses import find_chinese_addresses
from bot.nlu.entities.companies import find_companies
from bot.nlu.entities.dates import find_dates
from bot.nlu.entities.emails import find_emails
from bot.nlu.entities.english_addresses import find_english_addresses
from bot.nlu.entities.order_numbers import find_order_numbers
from bot.nlu.entities.phones import find_phones, is_mobile, last4_of
from bot.nlu.entities.phrases import find_phrases
from bot.nlu.entities.products import product_names
from bot.nlu.entities.quantities import find_quantities
from bot.nlu.entities.recipients import find_recipients
from bot.nlu.entities.sizes import find_sizes
from bot.nlu.entities.span import Span, without_overlaps
from bot.nlu.entities.tax_numbers import find_tax_numbers
from bot.nlu.entities.tracking_numbers import find_tracking_numbers
from bot.nlu.entities.words import WordFinder
from bot.nlu.normaliser import NormalisedText, normalise

_PRODUCTS = "products.json"


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR, is_trainable=True)
class RuleEntityExtractor(GraphComponent):
    """Finds what a message names; values have one form whatever the writing.

    Learns the names of products from the training data. Days are counted from `now` (ISO) in the
    message's metadata, else from today.
    """

    def __init__(self, model_storage: ModelStorage, resource: Resource) -> None:
        self._model_storage = model_storage
        self._resource = resource
        self._extractor = EntityExtractor({})

    @classmethod
    def create(
        cls,
        config: Dict[Text, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> "RuleEntityExtractor":
        """Creates a component that knows no products yet."""
        return cls(model_storage, resource)

    def train(self, training_data: TrainingData) -> Resource:
        """Learns the products' names and stores them."""
        products = product_names(training_data)
        self._extractor = EntityExtractor(products)
        with self._model_storage.write_to(self._resource) as folder:
            rasa.shared.utils.io.dump_obj_as_json_to_file(folder / _PRODUCTS, products)
        return self._resource

    @classmethod
    def load(
        cls,
        config: Dict[Text, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> "RuleEntityExtractor":
        """Loads a trained component."""
        component = cls(model_storage, resource)
        with model_storage.read_from(resource) as folder:
            products = rasa.shared.utils.io.read_json_file(folder / _PRODUCTS)
        component._extractor = EntityExtractor(products)
        return component

    def process(self, messages: List[Message]) -> List[Message]:
        """Adds the entities found to each message."""
        for message in messages:
            found = self._extractor.extract(message.get(TEXT) or "", _reference_day(message))
            message.set(ENTITIES, message.get(ENTITIES, []) + found, add_to_output=True)
        return messages


class EntityExtractor:
    """The rules, compiled once."""

    def __init__(self, products: Mapping[Text, Text]) -> None:
        """Take the names of products, each with its SKU."""
        self._words = WordFinder(products)

    def extract(self, text: Text, today: Optional[date] = None) -> List[Dict[Text, Any]]:
        """Entities of a text as Rasa dictionaries, in its order, offsets in it as written."""
        normalised = normalise(text)
        if not normalised.text.strip():
            return []
        found = self._find(text, normalised, today or date.today())
        spans = without_overlaps(found, len(normalised.text))
        # A whole number answers the question for its last four digits as well.
        spans += [last4_of(span) for span in spans if is_mobile(span)]
        spans += find_phrases(normalised.text)
        return [_entity(span, text, normalised) for span in sorted(spans)]

    def _find(self, text: Text, normalised: NormalisedText, today: date) -> Iterator[Span]:
        folded = normalised.text
        as_written = "".join([text[origin] for origin in normalised.origins])
        yield from self._words.find(folded)
        yield from find_order_numbers(folded)
        yield from find_tracking_numbers(folded)
        yield from find_tax_numbers(folded)
        yield from find_phones(folded)
        yield from find_emails(folded)
        yield from find_amounts(folded)
        yield from find_quantities(folded)
        yield from find_dates(folded, today)
        yield from find_sizes(folded, as_written)
        yield from find_chinese_addresses(folded)
        yield from find_english_addresses(folded, as_written)
        yield from find_companies(folded, as_written)
        yield from find_recipients(folded, as_written)


def _reference_day(message: Message) -> Optional[date]:
    now = (message.get("metadata") or {}).get("now")
    try:
        # Python 3.10 does not know the Z of other clocks.
        return datetime.fromisoformat(str(now).replace("Z", "+00:00")).date() if now else None
    except ValueError:
        return None


def _entity(span: Span, text: Text, normalised: NormalisedText) -> Dict[Text, Any]:
    start, end = normalised.span(span.start, span.end)
    return {
        "entity": span.entity,
        "start": start,
        "end": end,
        # An address has no other form than the shopper's.
        "value": span.value or text[start:end],
        "extractor": "RuleEntityExtractor",
    }
