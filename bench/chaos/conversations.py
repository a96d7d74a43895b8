"""Who says what and when during the faults."""

import random
from typing import Dict, List, Sequence

from bench.chaos.client import Message
from bench.script import lines
from bench.shoppers import Shopper

_CHINESE, _ENGLISH = "转人工", "I want to talk to a human"
# Shares of conversations with a person, and of messages sent without waiting for the answer.
_WITH_PERSON = 0.25
_HASTY = 0.25


def plan(
    shoppers: Sequence[Shopper], *, seconds: float, dice: random.Random
) -> Dict[Shopper, List[Message]]:
    """Each shopper's messages at random moments within `seconds`, in order.

    One conversation in four asks for a person somewhere; one message in four is hasty.
    """
    return {shopper: _conversation(shopper, seconds, dice) for shopper in shoppers}


def _conversation(shopper: Shopper, seconds: float, dice: random.Random) -> List[Message]:
    said = lines(shopper)
    place = dice.randrange(len(said)) if dice.random() < _WITH_PERSON else None
    if place is not None:
        said.insert(place, _ENGLISH if said[0].isascii() else _CHINESE)
    moments = sorted(dice.uniform(0.0, seconds) for _ in said)
    return [
        Message(
            shopper,
            message_id=f"{shopper.customer_id}-{number:02d}",
            text=text,
            plan=moment,
            hasty=dice.random() < _HASTY,
            asks_for_person=number == place,
        )
        for number, (text, moment) in enumerate(zip(said, moments))
    ]
