"""The client sends a message again under the same id until it knows what became of it."""

import random
import time
from typing import Any, List

import aiohttp
import pytest

from bench.chaos.client import Client, Message
from bench.doors import GatewayDoor
from bench.shoppers import Shopper

ANSWERED = {"replies": [{"text": "你好"}]}


def message(number: int, **more: Any) -> Message:
    return Message(Shopper(1), f"m{number}", f"text {number}", plan=0.0, **more)


async def converse(
    server: Any, http: aiohttp.ClientSession, *messages: Message, give_up_seconds: float = 20.0
) -> None:
    door = GatewayDoor(http, server.url, lambda customer: "token", merge=True)
    client = Client(door, began=time.time(), give_up_seconds=give_up_seconds, dice=random.Random(1))
    await client.converse(list(messages))


def ids(server: Any) -> List[str]:
    return [request["body"]["message_id"] for request in server.requests]


@pytest.mark.parametrize("failure", [0, 429, 500, 503])
async def test_what_fails_for_a_while_is_sent_again(
    server: Any, http: aiohttp.ClientSession, failure: int
) -> None:
    server.will(failure, {})
    server.will(failure, {})
    server.will(200, ANSWERED)
    sent = message(1)
    await converse(server, http, sent)
    assert ids(server) == ["m1", "m1", "m1"]
    assert sent.attempts == 3
    assert sent.answered_at is not None and sent.answered_at >= sent.sent_at


async def test_it_waits_as_long_as_it_is_asked_to(server: Any, http: aiohttp.ClientSession) -> None:
    server.will(503, {}, Retry_After="1")
    server.will(200, ANSWERED)
    sent = message(1)
    await converse(server, http, sent)
    assert sent.answered_at is not None and sent.answered_at - sent.sent_at >= 1.0


async def test_what_was_accepted_is_asked_for_until_it_is_answered(
    server: Any, http: aiohttp.ClientSession
) -> None:
    server.will(202, {})
    server.will(202, {})
    server.will(200, {"replies": [], "merged_into": "m9"})
    sent = message(1)
    await converse(server, http, sent)
    assert ids(server) == ["m1", "m1", "m1"]
    assert sent.sent().merged_into == "m9"


async def test_a_hasty_message_is_followed_by_the_next_as_soon_as_it_is_accepted(
    server: Any, http: aiohttp.ClientSession
) -> None:
    server.will(202, {})
    server.will(200, ANSWERED)
    first, second = message(1, hasty=True), message(2)
    await converse(server, http, first, second)
    assert ids(server)[0] == "m1" and sorted(ids(server)[1:]) == ["m1", "m2"]
    assert [request["query"]["wait"] for request in server.requests][0] == "0"
    assert first.answered_at is not None and second.answered_at is not None


async def test_the_next_message_waits_for_the_answer_to_the_one_before(
    server: Any, http: aiohttp.ClientSession
) -> None:
    server.will(503, {})
    server.will(200, ANSWERED)
    await converse(server, http, message(1), message(2))
    assert ids(server) == ["m1", "m1", "m2"]


async def test_it_gives_up_in_the_end_and_says_so(server: Any, http: aiohttp.ClientSession) -> None:
    server.will(503, {})
    sent = message(1, hasty=True)
    await converse(server, http, sent, give_up_seconds=0.5)
    assert sent.attempts > 1
    assert sent.sent().settled_at is None


async def test_who_had_to_give_up_leaves(server: Any, http: aiohttp.ClientSession) -> None:
    server.will(503, {})
    first, second = message(1), message(2)
    await converse(server, http, first, second, give_up_seconds=0.5)
    assert set(ids(server)) == {"m1"}
    assert second.sent_at == 0.0


async def test_a_final_refusal_is_not_tried_again(server: Any, http: aiohttp.ClientSession) -> None:
    server.will(422, {})
    sent = message(1)
    await converse(server, http, sent)
    assert (sent.attempts, sent.answered_at) == (1, None)
