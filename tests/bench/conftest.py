"""A door on loopback that answers as it is told."""

from typing import Any, AsyncIterator, Dict, List, Tuple

import aiohttp
import pytest
from aiohttp import web

from bench.doors import http_session

Scripted = Tuple[int, Dict[str, Any], Dict[str, str]]


class ScriptedServer:
    """Answers the next scripted (status, body, headers) each time, the last one for ever."""

    def __init__(self) -> None:
        self.answers: List[Scripted] = []
        self.requests: List[Dict[str, Any]] = []
        self.url = ""

    def will(self, status: int, body: Any, **headers: str) -> None:
        """Add an answer; status 0 hangs up without one."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        self.answers.append((status, body, named))

    async def answer(self, request: web.Request) -> web.Response:
        """One request."""
        self.requests.append({"query": dict(request.query), "body": await request.json()})
        status, body, headers = self.answers[min(len(self.requests), len(self.answers)) - 1]
        if status == 0:
            assert request.transport is not None
            request.transport.abort()
        return web.json_response(body, status=status or 200, headers=headers)


@pytest.fixture
async def server() -> AsyncIterator[ScriptedServer]:
    """A real server; both doors' paths lead to it."""
    scripted = ScriptedServer()
    app = web.Application()
    app.router.add_post("/v1/messages", scripted.answer)
    app.router.add_post("/webhooks/rest/webhook", scripted.answer)
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    scripted.url = f"http://127.0.0.1:{runner.addresses[0][1]}"
    yield scripted
    await runner.cleanup()


@pytest.fixture
async def http() -> AsyncIterator[aiohttp.ClientSession]:
    """The load's own session."""
    async with http_session() as session:
        yield session
