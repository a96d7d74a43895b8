"""What the verifier is given, from Rasa's trackers and from the shop."""

from typing import Any, Dict

from bench.chaos.evidence import said_to_rasa
from bench.chaos.verdict import BOT, SHOPPER, Said


def event(kind: str, at: float, text: str = "", message_id: str = "") -> Dict[str, Any]:
    metadata = {"message_id": message_id} if message_id else {}
    return {"event": kind, "timestamp": at, "text": text, "metadata": metadata}


def test_a_trackers_words_answer_the_message_before_them() -> None:
    events = [
        event("action", 1.0),
        event("user", 2.0, "在吗", "m1"),
        event("bot", 3.0, "在的"),
        event("user", 4.0, "where is it", "m2"),
        event("slot", 4.5),
        event("bot", 5.0, "On its way"),
        event("bot", 6.0, "Anything else?"),
    ]
    assert said_to_rasa(events) == [
        Said(2, SHOPPER, "在吗", 2.0, "m1"),
        Said(3, BOT, "在的", 3.0, "m1"),
        Said(4, SHOPPER, "where is it", 4.0, "m2"),
        Said(6, BOT, "On its way", 5.0, "m2"),
        Said(7, BOT, "Anything else?", 6.0, "m2"),
    ]
