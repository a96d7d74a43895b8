"""Notices messages in languages that are not served: Japanese, Russian, Korean, Arabic and so on.

By script alone. Languages in Latin letters are not told apart: a French or Spanish message shares
no words with the examples and is taken for nothing known anyway.
"""

import re
import unicodedata
from typing import Any, Dict, List, Text

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.classifiers.classifier import IntentClassifier
from rasa.shared.nlu.constants import INTENT, INTENT_RANKING_KEY, TEXT
from rasa.shared.nlu.training_data.message import Message

OTHER_LANGUAGE = "other_language"

_SERVED = re.compile(r"[A-Za-z\u00c0-\u024f\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\uff21-\uff5a]")
# The Japanese の is a fashionable ornament in Chinese; one kana alone says nothing.
_KANA = re.compile(r"[\u3040-\u30ff]")
_LEAST_KANA = 2
# A name or a word in another script stands in many a served message.
_LEAST_SHARE = 0.5
_MOST_READ = 500


def is_other_language(text: Text) -> bool:
    """Whether a message is written in a script that is neither Chinese nor Latin."""
    letters = [c for c in text[:_MOST_READ] if unicodedata.category(c) in ("Lo", "Ll", "Lu")]
    kana = sum(bool(_KANA.match(c)) for c in letters)
    if kana >= _LEAST_KANA and kana * 5 >= len(letters):
        return True
    others = sum(not _SERVED.match(c) and not _KANA.match(c) for c in letters)
    return bool(letters) and others > _LEAST_SHARE * len(letters)


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=False)
class OtherLanguageClassifier(GraphComponent, IntentClassifier):
    """Gives messages in other scripts the intent `other_language`, whatever was made of them."""

    @classmethod
    def create(
        cls,
        config: Dict[Text, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> "OtherLanguageClassifier":
        """Creates the component."""
        return cls()

    def process(self, messages: List[Message]) -> List[Message]:
        """Overrides the intent where the script decides."""
        for message in messages:
            text = message.get(TEXT) or ""
            # Most messages end here: nothing in them is beyond Chinese and Latin.
            if not text.isascii() and is_other_language(text):
                intent = {"name": OTHER_LANGUAGE, "confidence": 1.0}
                message.set(INTENT, intent, add_to_output=True)
                message.set(INTENT_RANKING_KEY, [intent], add_to_output=True)
        return messages
