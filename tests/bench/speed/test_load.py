"""The load counts what was answered and what was not."""

from typing import Any

import aiohttp

from bench.doors import GatewayDoor
from bench.shoppers import Shopper
from bench.speed.load import Load, crowd
from bench.speed.memory import CountingDoor

ANSWERED = {"replies": [{"text": "你好"}]}


def door(server: Any, http: aiohttp.ClientSession) -> CountingDoor:
    return CountingDoor(GatewayDoor(http, server.url, lambda customer: "token", merge=False))


async def test_every_shopper_is_heard_to_the_end(server: Any, http: aiohttp.ClientSession) -> None:
    server.will(200, ANSWERED)
    counting = door(server, http)
    shoppers = [Shopper(number) for number in range(5)]
    load = await crowd(counting, shoppers, lambda shopper: ["one", "two", "three"], at_once=2)
    assert (len(load.seconds), load.failures, counting.turns) == (15, [], 15)
    assert load.per_second == 15 / load.elapsed
    assert [request["body"]["text"] for request in server.requests][:2] == ["one", "one"]


async def test_silence_refusals_and_late_answers_are_errors(
    server: Any, http: aiohttp.ClientSession
) -> None:
    for status, body in ((200, {"replies": []}), (503, {}), (202, {}), (0, {}), (200, ANSWERED)):
        server.will(status, body)
    load = await crowd(door(server, http), [Shopper(1)], lambda shopper: ["x"] * 5, at_once=1)
    assert len(load.seconds) == 1
    assert [failure.split(":")[0] for failure in load.failures] == [
        "turn 1",
        "turn 2",
        "turn 3",
        "turn 4",
    ]


def test_quantiles_are_those_of_the_turns() -> None:
    load = Load([n / 1000 for n in range(1, 101)], elapsed=2.0)
    assert load.summary() == {
        "turns": 100,
        "per_second": 50.0,
        "p50_ms": 51.0,
        "p95_ms": 96.0,
        "max_ms": 100.0,
        "errors": 0,
    }
    assert Load().summary()["p95_ms"] == 0


def test_slices_of_a_measurement_add_up() -> None:
    load = Load([0.1], ["x"], 1.0)
    load.add(Load([0.2, 0.3], [], 2.0))
    assert (load.seconds, load.failures, load.elapsed) == ([0.1, 0.2, 0.3], ["x"], 3.0)
