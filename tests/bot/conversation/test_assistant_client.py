"""Our end of the wire: answers as replies, every failure as one error."""

import socket

import httpx
import pytest

from bot.conversation.assistant_client import AssistantClient, AssistantUnavailable

TURN = {"text": "你好", "payload": None, "trusted": {"language": "zh-Hans"}}


async def test_replies_come_back_whole(client, assistant):
    assistant.answers(
        {
            "text": "您的订单",
            "buttons": [{"title": "退货", "payload": "/return_item"}],
            "custom": {"card": {"type": "order"}, "sources": [{"id": "returns"}]},
        },
        {"text": None, "buttons": None, "custom": None},
    )
    # A reply without a word or a card is none.
    (first,) = await client.turn("c_1.0", "m1", **TURN)
    assert first.text == "您的订单"
    assert first.buttons == [{"title": "退货", "payload": "/return_item"}]
    assert (first.card, first.sources) == ({"type": "order"}, [{"id": "returns"}])


@pytest.mark.parametrize("status", [400, 401, 404, 500, 503])
async def test_an_error_is_an_assistant_that_is_unavailable(client, assistant, status):
    assistant.fails(status)
    with pytest.raises(AssistantUnavailable):
        await client.turn("c_1.0", "m1", **TURN)


@pytest.mark.parametrize(
    "body",
    [
        "",
        "<html>",
        "{}",
        "[]",
        "null",
        '{"answers": []}',
        '{"replies"',
        '{"replies": null}',
        '{"replies": ["hi"]}',
        '{"replies": [{"text": "hi", "custom": [1]}]}',
        '{"replies": [{"text": "hi", "buttons": [{"payload": "/x"}]}]}',
    ],
)
async def test_nonsense_is_an_assistant_that_is_unavailable(client, assistant, body):
    assistant.talks_nonsense(body, "application/json")
    with pytest.raises(AssistantUnavailable):
        await client.turn("c_1.0", "m1", **TURN)


async def test_an_assistant_that_answers_is_ready(client):
    assert await client.is_ready() is True


async def test_an_assistant_that_is_gone_is_neither_ready_nor_asked():
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{free.getsockname()[1]}"
        # Bound but not listening: nobody else gets the port, and every call is refused.
        async with httpx.AsyncClient(base_url=url, trust_env=False, verify=False) as http:
            gone = AssistantClient(http)
            assert await gone.is_ready() is False
            with pytest.raises(AssistantUnavailable):
                await gone.turn("c_1.0", "m1", **TURN)
