"""Who says what and when is random, and the same for the same seed."""

import random

from bench.chaos.conversations import plan
from bench.shoppers import Shopper

SHOPPERS = [Shopper(number) for number in range(200)]


def test_two_hundred_conversations_have_over_two_thousand_messages_in_order() -> None:
    planned = plan(SHOPPERS, seconds=100.0, dice=random.Random(1))
    messages = [message for said in planned.values() for message in said]
    assert len(messages) >= 2_000
    assert len({message.message_id for message in messages}) == len(messages)
    for said in planned.values():
        moments = [message.plan for message in said]
        assert moments == sorted(moments) and 0 <= moments[0] <= moments[-1] <= 100


def test_some_ask_for_a_person_in_their_own_language_and_some_are_hasty() -> None:
    planned = plan(SHOPPERS, seconds=100.0, dice=random.Random(1))
    messages = [message for said in planned.values() for message in said]
    asking = {message.text for message in messages if message.asks_for_person}
    assert asking == {"转人工", "I want to talk to a human"}
    assert 20 < sum(message.asks_for_person for message in messages) < 80
    assert 0.15 < sum(message.hasty for message in messages) / len(messages) < 0.35


def test_the_same_seed_plans_the_same() -> None:
    first, again = (plan(SHOPPERS, seconds=9.0, dice=random.Random(5)) for _ in range(2))
    assert first == again
    assert first != plan(SHOPPERS, seconds=9.0, dice=random.Random(6))
