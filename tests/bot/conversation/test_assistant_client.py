"""Our end of the wire: answers as replies, every failure as one error."""

import socket
import time

import pytest

from bot.conversation.assistant_client import (
    AssistantClient,
    AssistantUnavailable,
    CircuitBreaker,
    TurnSuperseded,
)

TURN = {"fence": 1, "text": "你好", "payload": None, "trusted": {"language": "zh-Hans"}}


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
    (first,) = await client.turn("c_1", 0, "m1", **TURN)
    assert first.text == "您的订单"
    assert first.buttons == [{"title": "退货", "payload": "/return_item"}]
    assert (first.card, first.sources) == ({"type": "order"}, [{"id": "returns"}])


@pytest.mark.parametrize("status", [400, 401, 404, 500, 503])
async def test_an_error_is_an_assistant_that_is_unavailable(client, assistant, status):
    assistant.fails(status)
    with pytest.raises(AssistantUnavailable):
        await client.turn("c_1", 0, "m1", **TURN)


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
        await client.turn("c_1", 0, "m1", **TURN)


async def test_an_assistant_that_answers_is_ready(client):
    assert await client.is_ready() is True


async def test_an_assistant_that_is_gone_is_neither_ready_nor_asked():
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        url = f"http://127.0.0.1:{free.getsockname()[1]}"
        # Bound but not listening: nobody else gets the port, and every call is refused.
        gone = AssistantClient([url], service_token="service-token")
        assert await gone.is_ready() is False
        with pytest.raises(AssistantUnavailable):
            await gone.turn("c_1", 0, "m1", **TURN)
        await gone.close()


async def test_a_turn_that_belongs_to_another_worker_is_told_apart(client, assistant):
    assistant.fails(409)
    with pytest.raises(TurnSuperseded):
        await client.turn("c_1", 0, "m1", **TURN)


async def test_when_one_process_is_gone_another_is_asked(assistant):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        gone = f"http://127.0.0.1:{free.getsockname()[1]}"
        client = AssistantClient([gone, assistant.url], service_token="service-token")
        failures = 0
        for number in range(40):
            try:
                await client.turn(f"c_{number}", 0, "m1", **TURN)
            except AssistantUnavailable:
                failures += 1
        # Its first caller finds out; the others are spared.
        assert failures <= 2
        await client.close()


async def test_a_conversation_stays_with_its_process(assistant):
    urls = [f"http://127.0.0.1:{port}" for port in (1, 2, 3)]
    client = AssistantClient(urls, service_token="service-token")
    homes = {f"c_{number}": client._process_for(f"c_{number}") for number in range(300)}
    assert {client._process_for(conversation) for conversation in homes} == set(urls)
    client._breakers[urls[0]].failed()
    moved = {c for c, home in homes.items() if client._process_for(c) != home}
    assert moved == {c for c, home in homes.items() if home == urls[0]}


async def test_a_process_that_fails_again_is_left_alone_for_longer():
    breaker = CircuitBreaker()
    rests = []
    for _ in range(8):
        breaker.failed()
        rests.append(round(breaker._rests_until - time.monotonic(), 1))
    assert rests == [0.5, 1.0, 2.0, 4.0, 8.0, 8.0, 8.0, 8.0]
    breaker.answered()
    assert not breaker.is_open()
