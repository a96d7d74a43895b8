"""Readiness asks every part, and never a part twice at a time."""

import asyncio

import httpx
import pytest

from bot.conversation.assistant_client import AssistantClient
from bot.readiness import Readiness


class Part:
    """A process on loopback that answers when it is let."""

    def __init__(self, status=200):
        self.status = status
        self.asked = 0
        self.may_answer = asyncio.Event()
        self.may_answer.set()

    async def start(self):
        self._server = await asyncio.start_server(self._answer, "127.0.0.1", 0)
        port = self._server.sockets[0].getsockname()[1]
        self.client = httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}", trust_env=False)

    async def stop(self):
        await self.client.aclose()
        self._server.close()

    async def _answer(self, reader, writer):
        await reader.readuntil(b"\r\n\r\n")
        self.asked += 1
        await self.may_answer.wait()
        head = f"HTTP/1.1 {self.status} X\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{{}}"
        writer.write(head.encode())
        await writer.drain()
        writer.close()


@pytest.fixture
async def parts():
    made = {name: Part() for name in ("assistant", "actions", "knowledge")}
    for part in made.values():
        await part.start()
    yield made
    for part in made.values():
        await part.stop()


@pytest.fixture
async def readiness(redis, parts):
    url = str(parts["assistant"].client.base_url).rstrip("/")
    assistant = AssistantClient([url], service_token="service-token")
    yield Readiness(redis, assistant, parts["actions"].client, parts["knowledge"].client)
    await assistant.close()


async def test_a_part_that_fails_is_named(readiness, parts):
    parts["knowledge"].status = 503
    assert await readiness.parts() == {
        "redis": True,
        "assistant": True,
        "actions": True,
        "knowledge": False,
    }
    parts["knowledge"].status = 200
    assert all((await readiness.parts()).values())


async def test_all_who_ask_at_the_same_time_get_one_answer(readiness, parts, until):
    parts["actions"].may_answer.clear()
    asking = [asyncio.create_task(readiness.parts()) for _ in range(20)]
    await until(lambda: parts["actions"].asked, "the first question")
    asking[0].cancel()
    parts["actions"].may_answer.set()
    answers = await asyncio.gather(*asking, return_exceptions=True)
    assert isinstance(answers[0], asyncio.CancelledError)
    assert all(all(answer.values()) for answer in answers[1:])
    assert {part.asked for part in parts.values()} == {1}
