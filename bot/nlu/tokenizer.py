"""Words of a mixed Chinese and Latin text: jieba for the one, spaCy's rules for the other."""

import functools
import logging
import re
from pathlib import Path
from typing import Any, Dict, List, Text

import jieba
import spacy
from rasa.engine.graph import ExecutionContext
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.tokenizers.tokenizer import Token, Tokenizer
from rasa.shared.nlu.training_data.message import Message

from bot.nlu.normaliser import normalise
from bot.nlu.script import runs

# Letters repeated for emphasis, of which two stay.
_EMPHASIS = re.compile(r"([^\W\d_])\1{2,}")

# Cantonese as it is written, in the words that its other readers use. One for one.
_SPOKEN = str.maketrans("唔冇嘅咗喺佢哋啲睇俾畀攞嗰咩", "不没的了在他们些看给给拿那么")

SHOP_WORDS = Path(__file__).with_name("shop_words.txt")


@functools.lru_cache(maxsize=1)
def _jieba() -> jieba.Tokenizer:
    segmenter = jieba.Tokenizer()
    jieba.setLogLevel(logging.WARNING)
    segmenter.initialize()
    for word in SHOP_WORDS.read_text(encoding="utf-8").split():
        segmenter.add_word(word)
    return segmenter


@functools.lru_cache(maxsize=1)
def _latin() -> Any:
    return spacy.blank("en").tokenizer


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_TOKENIZER, is_trainable=False)
class MixedScriptTokenizer(Tokenizer):
    """Tokenizer for Chinese, English and both in one sentence.

    A token's text is folded (see `normaliser`) and calm ("soooo" is "soo"), its offsets point into
    the text as written. Blank tokens never occur. Languages are left open on purpose: one assistant
    serves all of them.
    """

    @staticmethod
    def get_default_config() -> Dict[Text, Any]:
        """Returns the component's default config."""
        return {
            # Intents are atomic names here; splitting them is a Rasa option that we do not use.
            "intent_tokenization_flag": False,
            "intent_split_symbol": "_",
            "token_pattern": None,
        }

    @classmethod
    def create(
        cls,
        config: Dict[Text, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> "MixedScriptTokenizer":
        """Creates the component; loads both dictionaries, lest the first shopper wait for them."""
        _jieba()
        _latin()
        return cls(config)

    def tokenize(self, message: Message, attribute: Text) -> List[Token]:
        """Tokenizes one attribute of a message. See parent class for the full docstring."""
        return tokenize(message.get(attribute))


def tokenize(text: Text) -> List[Token]:
    """Split a text into folded words with original offsets."""
    normalised = normalise(text)
    tokens: List[Token] = []
    for start, run, is_han in runs(normalised.text):
        position = start
        for word in _jieba().cut(run.translate(_SPOKEN)) if is_han else _latin_words(run):
            # Chinese words follow each other without anything between.
            begin = position if is_han else normalised.text.index(word, position)
            position = begin + len(word)
            first, last = normalised.span(begin, position)
            tokens.append(Token(_EMPHASIS.sub(r"\1\1", word), first, last))
    return tokens


def _latin_words(run: Text) -> List[Text]:
    return [token.text for token in _latin()(run) if token.text.strip()]
