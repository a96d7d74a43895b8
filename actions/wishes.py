"""Whether a message about a topic asks about it, or wants it done.

"How do I get an invoice?" is answered; "I need an invoice" begins one. Many a wish is put as a
question ("could you send me an invoice?"), so the words decide, not the question mark.
"""

from pathlib import Path
from typing import Text

from actions.word_patterns import folded, load_patterns


def is_question(text: Text) -> bool:
    """Whether it asks for a fact; the language need not be known."""
    return asks_to_know(text) or bool(_found("asks", text) and not _found("wishes", text))


def asks_to_know(text: Text) -> bool:
    """Whether it asks how, when or where something is in general, which no deed would answer."""
    return _found("to_know", text)


def asks_in_general(text: Text) -> bool:
    """Whether it asks what holds for anybody, so that no order of theirs need be looked at."""
    return _found("in_general", text)


def asks_for_conditions(text: Text) -> bool:
    """Whether it asks until when or for how much an order can be changed, whosever it is."""
    return _found("conditions", text) and is_question(text)


def _found(list_name: Text, text: Text) -> bool:
    lists = load_patterns(Path(__file__).with_suffix(".yml"))
    return bool(lists[list_name].search(folded(text)))
