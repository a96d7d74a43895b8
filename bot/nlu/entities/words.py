"""Choices, reasons, colours and products: words of a list, found by spaCy's entity ruler.

Chinese is cut into single characters here, not words, and every mark stands alone: a word of a
list must match whatever the surroundings are, and patterns and text then always align.
"""

import re
from pathlib import Path
from typing import Any, Dict, Iterable, Iterator, List, Mapping, Text

import spacy
import yaml
from spacy.tokens import Doc
from spacy.vocab import Vocab

from bot.nlu.entities.span import Span
from bot.nlu.normaliser import normalise
from bot.nlu.script import runs

_LISTS = Path(__file__).parent
# Letters and digits with apostrophes inside; else single characters.
_PIECE = re.compile(r"[^\W_]+(?:'[^\W_]+)*|.", re.DOTALL)
# In no list, and in no text: folding leaves it out.
_UNKNOWN = "\x00"


class CharacterTokenizer:
    """spaCy tokenizer: one token per Chinese character, mark or Latin word.

    Of the text only the pieces of the lists' words are kept, of all others no more than their
    length: spaCy remembers every piece that it has ever seen, shoppers' phone numbers too.
    """

    def __init__(self, vocab: Vocab, words: Iterable[Text]) -> None:
        """Take all words that are looked for, folded."""
        self._vocab = vocab
        self._pieces = {piece for word in words for piece in _cut(word)}

    def __call__(self, text: str) -> Doc:
        """Tokenize; the Doc's text is as long as the text given, so offsets agree."""
        words: List[str] = []
        spaces: List[bool] = []
        for piece in _cut(text):
            if piece == " " and words and not spaces[-1]:
                spaces[-1] = True
            else:
                words.append(piece if piece in self._pieces else _UNKNOWN * len(piece))
                spaces.append(False)
        return Doc(self._vocab, words=words, spaces=spaces)


def _cut(text: Text) -> Iterator[Text]:
    for _, run, is_han in runs(text):
        yield from run if is_han else _PIECE.findall(run)


class WordFinder:
    """Finds the words of all lists in a folded text; of overlapping ones the longest."""

    def __init__(self, products: Mapping[Text, Text]) -> None:
        """Compile the lists of this folder and the names of products, each with its value."""
        lists = [yaml.safe_load(path.read_text(encoding="utf-8")) for path in _LISTS.glob("*.yml")]
        patterns = [pattern for entities in lists for pattern in _patterns(entities)]
        patterns += [_pattern("product", name, sku) for name, sku in products.items()]
        self._nlp = spacy.blank("xx")
        words = [pattern["pattern"] for pattern in patterns]
        self._nlp.tokenizer = CharacterTokenizer(self._nlp.vocab, words)
        ruler: Any = self._nlp.add_pipe("entity_ruler")
        ruler.add_patterns(patterns)

    def find(self, text: Text) -> Iterator[Span]:
        """Yield them with the values that the lists give them."""
        for entity in self._nlp(text).ents:
            yield Span(entity.start_char, entity.end_char, entity.label_, entity.ent_id_)


def _patterns(entities: Dict[Text, Dict[Any, List[Text]]]) -> Iterator[Dict[Text, Text]]:
    for entity, values in entities.items():
        for value, ways in values.items():
            yield from (_pattern(entity, way, str(value)) for way in ways)


def _pattern(entity: Text, way: Text, value: Text) -> Dict[Text, Text]:
    return {"label": entity, "pattern": normalise(way).text, "id": value}
