"""Entities by spaCy's entity ruler, in Chinese, English and mixed text.

Chinese is cut into single characters here, not words, and every mark stands alone: a rule must
match whatever the surroundings are, and patterns and text then always align.
"""

import functools
import re
from pathlib import Path
from typing import Any, Dict, List, Text

import spacy
import yaml
from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import ENTITIES, TEXT
from rasa.shared.nlu.training_data.message import Message
from spacy.tokens import Doc, Span
from spacy.vocab import Vocab

from bot.nlu.normaliser import normalise
from bot.nlu.script import runs

PATTERNS = Path(__file__).with_name("entities")


# Letters and digits with apostrophes inside; else single characters.
_PIECE = re.compile(r"[^\W_]+(?:'[^\W_]+)*|.", re.DOTALL)
# What four digits stand beside when they are part of a date or a longer number.
_NUMBER_BEFORE = re.compile(r"(?<![a-z0-9])[0-9]{1,4}[-/.:]$")
_NUMBER_AFTER = re.compile(r"[-/.:][0-9]|[年月]")


class CharacterTokenizer:
    """spaCy tokenizer: one token per Chinese character, mark or Latin word."""

    def __init__(self, vocab: Vocab) -> None:
        self.vocab = vocab

    def __call__(self, text: str) -> Doc:
        """Tokenize; the Doc's text is exactly the text given, so offsets agree."""
        words: List[str] = []
        spaces: List[bool] = []
        for _, run, is_han in runs(text):
            for piece in run if is_han else _PIECE.findall(run):
                if piece == " " and words and not spaces[-1]:
                    spaces[-1] = True
                else:
                    words.append(piece)
                    spaces.append(False)
        return Doc(self.vocab, words=words, spaces=spaces)


@functools.lru_cache(maxsize=1)
def _ruler() -> Any:
    nlp = spacy.blank("xx")
    nlp.tokenizer = CharacterTokenizer(nlp.vocab)
    ruler: Any = nlp.add_pipe("entity_ruler", config={"validate": True})
    for path in sorted(PATTERNS.glob("*.yml")):
        ruler.add_patterns(_patterns(yaml.safe_load(path.read_text(encoding="utf-8"))))
    return nlp


def _patterns(entities: Dict[Text, Any]) -> List[Dict[Text, Any]]:
    patterns = []
    for label, values in entities.items():
        for value, ways in values.items():
            for way in ways:
                pattern = normalise(way).text if isinstance(way, str) else way
                patterns.append({"label": label, "pattern": pattern, "id": str(value)})
    return patterns


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR, is_trainable=False)
class RuleEntityExtractor(GraphComponent):
    """Finds order numbers, phone digits, choices and return reasons; values are normalised."""

    @classmethod
    def create(
        cls,
        config: Dict[Text, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> "RuleEntityExtractor":
        """Creates the component and compiles the patterns."""
        _ruler()
        return cls()

    def process(self, messages: List[Message]) -> List[Message]:
        """Adds the entities found to each message."""
        for message in messages:
            found = extract(message.get(TEXT) or "")
            message.set(ENTITIES, message.get(ENTITIES, []) + found, add_to_output=True)
        return messages


def extract(text: Text) -> List[Dict[Text, Any]]:
    """Entities of a text as Rasa dictionaries, offsets in the text as written."""
    normalised = normalise(text)
    if not normalised.text.strip():
        return []
    return [
        _entity(span, normalised)
        for span in _ruler()(normalised.text).ents
        if not _is_part_of_a_number(span, normalised.text)
    ]


def _is_part_of_a_number(span: Span, text: Text) -> bool:
    if span.label_ != "phone_last4":
        return False
    before, after = text[: span.start_char], text[span.end_char :]
    return bool(_NUMBER_BEFORE.search(before) or _NUMBER_AFTER.match(after))


def _entity(span: Span, normalised: Any) -> Dict[Text, Any]:
    start, end = normalised.span(span.start_char, span.end_char)
    return {
        "entity": span.label_,
        "start": start,
        "end": end,
        "value": _value(span),
        "extractor": "RuleEntityExtractor",
    }


def _value(span: Span) -> Text:
    """The pattern's id; ids that begin with `=` say how to read the value from the text."""
    if span.ent_id_ == "=upper":
        return span.text.upper()
    if span.ent_id_ == "=last4":
        return span.text[-4:]
    return span.ent_id_
