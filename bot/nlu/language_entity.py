"""Turns the door's language decision into an entity, from which the `language` slot is filled.

The gateway knows the conversation and decides the language (bot/conversation/language.py); it
arrives in the message's metadata. Without a gateway (`rasa shell`, tests) the script decides.
"""

from typing import Any, Dict, List, Text

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import ENTITIES, TEXT
from rasa.shared.nlu.training_data.message import Message

from bot.nlu.script import has_han


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR, is_trainable=False)
class LanguageEntity(GraphComponent):
    """Adds the entity `language` (zh or en): the language in which wording is chosen."""

    @classmethod
    def create(
        cls,
        config: Dict[Text, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> "LanguageEntity":
        """Creates the component."""
        return cls()

    def process(self, messages: List[Message]) -> List[Message]:
        """Adds the entity to each message."""
        for message in messages:
            entity = {"entity": "language", "value": _language(message), "extractor": "door"}
            message.set(ENTITIES, message.get(ENTITIES, []) + [entity], add_to_output=True)
        return messages


def _language(message: Message) -> Text:
    decided = (message.get("metadata") or {}).get("language")
    if decided:
        return decided.split("-")[0]
    return "zh" if has_han(message.get(TEXT) or "") else "en"
