"""Turn 5 and turn 200 are compared by the same five questions."""

from typing import Any, List

import aiohttp

from bench.doors import GatewayDoor
from bench.shoppers import Shopper
from bench.speed.growth import CYCLE, ENDS, LENGTH, SESSIONS, Growth

ANSWERED = {"replies": [{"text": "好的"}]}


def door(server: Any, http: aiohttp.ClientSession) -> GatewayDoor:
    return GatewayDoor(http, server.url, lambda customer: "token", merge=False)


async def test_both_windows_hold_the_same_questions(
    server: Any, http: aiohttp.ClientSession
) -> None:
    server.will(200, ANSWERED)
    growth = Growth()
    await growth.converse(door(server, http), Shopper(1))
    said = [request["body"]["text"] for request in server.requests]
    assert len(said) == LENGTH
    assert sorted(said[2:7]) == sorted(said[195:200])
    assert (len(growth.early), len(growth.late), growth.errors) == (5, 5, 0)


async def test_five_sessions_have_forty_turns_each(
    server: Any, http: aiohttp.ClientSession
) -> None:
    server.will(200, ANSWERED)
    begun: List[int] = []

    async def begin_anew(shopper: Shopper) -> None:
        begun.append(len(server.requests))

    growth = Growth()
    await growth.converse(door(server, http), Shopper(1), stretches=SESSIONS, between=begin_anew)
    assert begun == [40, 80, 120, 160]
    assert len(server.requests) == LENGTH


async def test_what_lies_between_the_ends_may_be_put_into_the_history(
    server: Any, http: aiohttp.ClientSession
) -> None:
    server.will(200, ANSWERED)
    begun: List[int] = []

    async def lengthen(shopper: Shopper) -> None:
        begun.append(len(server.requests))

    growth = Growth()
    await growth.converse(door(server, http), Shopper(1), stretches=ENDS, between=lengthen)
    said = [request["body"]["text"] for request in server.requests]
    # The history's last turns are a whole cycle, so that the late window asks what would follow.
    assert begun == [20] and 20 % CYCLE == 0
    assert said[-CYCLE:] == said[:CYCLE]
    assert sorted(said[2:7]) == sorted(said[-CYCLE:])
    assert (len(growth.early), len(growth.late)) == (CYCLE, CYCLE)


async def test_a_conversation_with_errors_counts_as_errors_and_not_as_time(
    server: Any, http: aiohttp.ClientSession
) -> None:
    server.will(200, ANSWERED)
    server.will(503, {})
    server.will(200, ANSWERED)
    growth = Growth()
    await growth.converse(door(server, http), Shopper(1))
    assert (growth.early, growth.late, growth.errors) == ([], [], 1)
    assert growth.summary()["ratio"] == 0.0


def test_the_ratio_is_that_of_the_medians() -> None:
    growth = Growth()
    growth.early = [0.010] * 4 + [9.0]
    growth.late = [0.011] * 4 + [0.001]
    assert growth.summary() == {
        "conversations": 1,
        "turn5_p50_ms": 10.0,
        "turn200_p50_ms": 11.0,
        "ratio": 1.1,
        "errors": 0,
    }
