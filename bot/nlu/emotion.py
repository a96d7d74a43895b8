"""What a message says about the shopper: anger, distress, or the threat to take it elsewhere.

By words and rules (bot/nlu/emotion/*.yml), so that a verdict can be explained by the words that
decided it. It changes tone, priority and routing; what is wanted is understood elsewhere. Urgency
by itself is no emotion: nothing would be done differently for "asap please".
"""

import re
import unicodedata
from dataclasses import dataclass
from typing import Any, Dict, List, Optional, Sequence, Text, Tuple

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import ENTITIES, TEXT
from rasa.shared.nlu.training_data.message import Message

from bot.nlu.emotion_words import Phrase, fold, word_lists

ANGER, DISTRESS, THREAT = "anger", "distress", "threat"
GRIEVANCE, IRONY, FRIENDLY, ASIDE = "grievance", "irony", "friendly", "aside"
_EMOTIONS = (ANGER, DISTRESS, THREAT)
# Without one of these, or shouting, no verdict but calm is possible.
_TELLING = (*_EMOTIONS, IRONY)
_SIDES = (GRIEVANCE, IRONY, FRIENDLY)

# What is read of a message: it bounds the cost, and whoever writes more has said it by then.
MOST_READ = 2000
# Other people's words, and titles.
_QUOTED = re.compile(
    r"《[^》]*》|「[^」]*」|『[^』]*』|\"[^\"]*\"|(?<![^\s,:])'[^']*'(?![^\s,.!?])"
)
_MARKS = re.compile(r"!!|!\?|\?!|\?{3}|!.*!", re.DOTALL)
# Laughter and sizes (XXL) are stretched by nature.
_STRETCHED = re.compile(r"([^\W\d_哈呵嘿嘻嗯哦xw])\1\1")
_CAPITALS = re.compile(r"(?<![A-Za-z0-9])[A-Z]{2,}(?![A-Za-z0-9])")
# Letters in words of capitals from which somebody shouts; fewer are sizes and abbreviations.
_SHOUTED_LETTERS = 9

_Span = Tuple[int, int]


@dataclass(frozen=True)
class Emotion:
    """A verdict, its weight, and the words that decided it."""

    value: Text
    weight: int
    words: Tuple[Text, ...]

    @property
    def confidence(self) -> float:
        """Half of the doubt goes with each unit of weight."""
        return 1 - 0.5**self.weight


@dataclass(frozen=True)
class _Hit:
    kind: Text
    weight: int
    span: _Span


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR, is_trainable=False)
class EmotionEntity(GraphComponent):
    """Adds the entity `emotion` (anger, distress or threat) to messages that are not calm."""

    @classmethod
    def create(
        cls,
        config: Dict[Text, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> "EmotionEntity":
        """Creates the component and compiles the word lists."""
        word_lists()
        return cls()

    def process(self, messages: List[Message]) -> List[Message]:
        """Adds the entity to each message."""
        for message in messages:
            found = entities(_written(message))
            if found:
                message.set(ENTITIES, message.get(ENTITIES, []) + found, add_to_output=True)
        return messages


def _written(message: Message) -> Text:
    """What the shopper wrote, with the marks in front that are cut off before understanding."""
    text = message.get(TEXT) or ""
    if text.startswith("/"):
        return ""
    return (message.get("metadata") or {}).get("text") or text


def entities(text: Text) -> List[Dict[Text, Any]]:
    """The emotion of a text as Rasa entities: one, or none."""
    emotion = judge(text)
    if emotion is None:
        return []
    return [
        {
            "entity": "emotion",
            "value": emotion.value,
            "confidence_entity": emotion.confidence,
            "words": list(emotion.words),
            "extractor": "EmotionEntity",
        }
    ]


def judge(text: Text) -> Optional[Emotion]:
    """The strongest emotion of a text, None when it is calm.

    A threat outweighs the others: it says what happens next. Of anger and distress the heavier one
    counts; of two alike distress, which is what can be helped.
    """
    written = text[:MOST_READ]
    folded = fold(written)
    shouting = _shouting(written)
    hits = _hits(folded, shouting)
    if not hits:
        return None
    counted = _counted(hits, shouting)
    weights = {emotion: sum(weight for weight, _ in counted[emotion]) for emotion in _EMOTIONS}
    enough = word_lists().rules["enough"]
    heavier = DISTRESS if weights[DISTRESS] >= weights[ANGER] else ANGER
    value = THREAT if weights[THREAT] >= enough else heavier
    if weights[value] < enough:
        return None
    words = (folded[slice(*span)] for _, span in counted[value] if span)
    return Emotion(value, weights[value], tuple(words))


def _hits(text: Text, shouting: int) -> List[_Hit]:
    """What was found of the word lists, each place once for each kind; nothing in a calm text."""
    candidates = word_lists().index.candidates(text)
    if not shouting and not any(
        phrase.kind in _TELLING and phrase.pattern.search(text) for phrase in candidates
    ):
        return []
    aside = [match.span() for match in _QUOTED.finditer(text)]
    for phrase in candidates:
        if phrase.kind == ASIDE:
            aside.extend(match.span() for match in phrase.pattern.finditer(text))
    hits = [
        _Hit(phrase.kind, phrase.weight, span)
        for phrase in candidates
        if phrase.kind != ASIDE
        if (span := _place(phrase, text, aside))
    ]
    return _apart(hits)


def _place(phrase: Phrase, text: Text, aside: Sequence[_Span]) -> Optional[_Span]:
    """The first place where a phrase is meant: neither ends in an aside nor is taken back."""
    for match in phrase.pattern.finditer(text):
        start, end = match.span()
        if phrase.kind not in _EMOTIONS:
            return start, end
        if any(first < end <= last for first, last in aside):
            continue
        if phrase.denial is None or not phrase.denial.covers(text, start):
            return start, end
    return None


def _apart(hits: List[_Hit]) -> List[_Hit]:
    """The heaviest and longest first; what overlaps one of its own kind says nothing new."""
    kept: List[_Hit] = []
    for hit in sorted(hits, key=lambda hit: (-hit.weight, hit.span[0] - hit.span[1], hit.span)):
        start, end = hit.span
        if not any(
            other.kind == hit.kind and start < other.span[1] and other.span[0] < end
            for other in kept
        ):
            kept.append(hit)
    return kept


def _counted(hits: List[_Hit], shouting: int) -> Dict[Text, List[Tuple[int, Optional[_Span]]]]:
    """Per emotion, what adds to its weight and where that stands."""
    counted: Dict[Text, List[Tuple[int, Optional[_Span]]]] = {kind: [] for kind in _EMOTIONS}
    places: Dict[Text, List[_Span]] = {kind: [] for kind in _SIDES}
    for hit in hits:
        if hit.kind in counted:
            counted[hit.kind].append((hit.weight, hit.span))
        else:
            places[hit.kind].append(hit.span)
    if places[FRIENDLY]:
        # Whoever thanks or asks nicely neither shouts nor mocks; strong words count all the same.
        return counted
    if places[GRIEVANCE]:
        counted[ANGER].extend((1, span) for span in places[IRONY])
        if places[IRONY] or shouting:
            counted[ANGER].append((1, places[GRIEVANCE][0]))
    if shouting and counted[ANGER]:
        counted[ANGER].append((shouting, None))
    return counted


def _shouting(written: Text) -> int:
    """How loud a text is, 0 to 2: rows of marks, capitals, stretched words."""
    capitals = sum(map(len, _CAPITALS.findall(written)))
    signs = (
        bool(_MARKS.search(unicodedata.normalize("NFKC", written))),
        capitals >= _SHOUTED_LETTERS,
        bool(_STRETCHED.search(written.lower())),
    )
    return min(sum(signs), word_lists().rules["shouting"])
