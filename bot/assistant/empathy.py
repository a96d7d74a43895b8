"""How the assistant meets somebody who is upset: a word about it first, and threats go to a person.

The emotion is an entity of the message (bot/nlu/emotion.py); a turn without one costs nothing here.
"""

from typing import Any, Dict, Iterable, List, Optional, Text

from rasa.core.nlg.generator import NaturalLanguageGenerator
from rasa.shared.core.events import Event, SlotSet, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker

EMOTION = "emotion"
# Slot: the emotions that were answered in this dialogue (domain/complaints.yml).
ANSWERED = "emotions_answered"
_THREAT = "threat"
_PERSON = {"name": "human_agent", "confidence": 1.0}


def emotion_in(entities: List[Dict[Text, Any]]) -> Optional[Text]:
    """The emotion among a message's entities: anger, distress, threat or none."""
    return next((str(e["value"]) for e in entities if e.get("entity") == EMOTION), None)


def emotion_of(turn: Iterable[Event]) -> Optional[Text]:
    """The emotion of a turn's messages, by the turn's events; the first one found."""
    heard = (emotion_in(event.entities) for event in turn if isinstance(event, UserUttered))
    return next((emotion for emotion in heard if emotion), None)


def routed(parsed: Dict[Text, Any]) -> Dict[Text, Any]:
    """A parsed message as the dialogue hears it: a threat is a wish for a person, whatever else.

    Every state of the dialogue has a rule for that wish. What the message was understood as stays
    in its ranking.
    """
    if emotion_in(parsed["entities"]) == _THREAT:
        return {**parsed, "intent": dict(_PERSON)}
    return parsed


async def first_word(
    emotion: Text, tracker: DialogueStateTracker, nlg: NaturalLanguageGenerator, channel: Text
) -> Optional[Dict[Text, Any]]:
    """What is said in front of a turn's replies: once in a dialogue for each emotion."""
    # Again: a message that was not understood was taken back, and its slots with it.
    tracker.update(SlotSet(EMOTION, emotion))
    answered = tracker.get_slot(ANSWERED) or []
    if emotion in answered:
        return None
    tracker.update(SlotSet(ANSWERED, [*answered, emotion]))
    return await nlg.generate(f"utter_emotion_{emotion}", tracker, channel)
