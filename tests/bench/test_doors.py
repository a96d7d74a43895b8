"""What each door makes of the answers that a real server gives."""

from typing import Any

import aiohttp
import pytest

from bench.doors import Answer, GatewayDoor, Refused, RestDoor
from bench.shoppers import Shopper

SHOPPER = Shopper(7)


def gateway(http: aiohttp.ClientSession, server: Any, *, merge: bool = False) -> GatewayDoor:
    return GatewayDoor(http, server.url, lambda customer: f"token of {customer}", merge=merge)


async def test_our_door_gives_the_replies(server: Any, http: aiohttp.ClientSession) -> None:
    server.will(200, {"replies": [{"text": "你好"}, {"text": "hello"}]})
    answer = await gateway(http, server).send(SHOPPER, "m1", "在吗", wait=2)
    assert answer == Answer(["你好", "hello"])
    assert server.requests == [
        {"query": {"wait": "2", "merge": "false"}, "body": {"message_id": "m1", "text": "在吗"}}
    ]


async def test_a_message_that_still_waits_has_no_replies_yet(
    server: Any, http: aiohttp.ClientSession
) -> None:
    server.will(202, {"replies": []})
    assert await gateway(http, server).send(SHOPPER, "m1", "在吗", wait=0) == Answer(None)


async def test_a_merged_message_names_the_one_that_was_answered(
    server: Any, http: aiohttp.ClientSession
) -> None:
    server.will(200, {"replies": [], "merged_into": "m2"})
    answer = await gateway(http, server, merge=True).send(SHOPPER, "m1", "在吗", wait=2)
    assert answer == Answer([], merged_into="m2")
    assert server.requests[0]["query"]["merge"] == "true"


@pytest.mark.parametrize(("status", "passes"), [(429, True), (503, True), (422, False)])
async def test_a_refusal_says_whether_it_passes(
    server: Any, http: aiohttp.ClientSession, status: int, passes: bool
) -> None:
    server.will(status, {}, Retry_After="3")
    with pytest.raises(Refused) as refused:
        await gateway(http, server).send(SHOPPER, "m1", "在吗", wait=0)
    assert (refused.value.is_temporary, refused.value.retry_after) == (passes, 3.0)


@pytest.mark.parametrize(("text", "language"), [("在吗", "zh-Hans"), ("anyone there", "en")])
async def test_rasas_own_channel_gets_what_our_actions_need(
    server: Any, http: aiohttp.ClientSession, text: str, language: str
) -> None:
    server.will(200, [{"text": "你好"}, {"custom": {}}])
    answer = await RestDoor(http, [server.url]).send(SHOPPER, "m1", text, wait=2)
    assert answer == Answer(["你好", ""])
    body = server.requests[0]["body"]
    assert (body["sender"], body["message"]) == (SHOPPER.customer_id, text)
    assert body["metadata"]["message_id"] == "m1"
    assert body["metadata"]["language"] == language
    assert body["metadata"]["identity"]["customer_id"] == SHOPPER.customer_id
