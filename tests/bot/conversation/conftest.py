"""An assistant on loopback that answers as the test says, and workers that ask it."""

import asyncio
import socket
import threading
from typing import Any, AsyncIterator, Awaitable, Callable, Dict, Iterator, List, Optional

import pytest
import uvicorn
from fastapi import FastAPI, Request, Response
from fastapi.responses import JSONResponse

from bot.conversation import Conversations
from bot.conversation.assistant_client import AssistantClient
from bot.conversation.turn import Turns
from bot.conversation.worker import Worker


class Assistant:
    """The assistant's end of the wire. Unless told otherwise it repeats what it was asked."""

    def __init__(self, url: str) -> None:
        self.url = url
        self.turns: List[Dict[str, Any]] = []
        self._answer: Callable[[Dict[str, Any]], Response] = self._echo
        self._free = threading.Event()
        self._free.set()

    def answers(self, *replies: Dict[str, Any]) -> None:
        """Answer every turn with these replies."""
        self._answer = lambda _: JSONResponse({"replies": list(replies)})

    def fails(self, status: int = 500) -> None:
        """Answer every turn with an error."""
        self._answer = lambda _: JSONResponse({"error": "failed"}, status)

    def talks_nonsense(self, body: str, media_type: str = "text/html") -> None:
        """Answer every turn with 200 and this body."""
        self._answer = lambda _: Response(body, media_type=media_type)

    def recovers(self) -> None:
        """Repeat what was asked again."""
        self._answer = self._echo

    def hold(self) -> None:
        """Keep every turn waiting until `release`."""
        self._free.clear()

    def release(self) -> None:
        """Answer what was held."""
        self._free.set()

    async def turn(self, asked: Dict[str, Any]) -> Response:
        """One turn."""
        self.turns.append(asked)
        answer = self._answer
        await asyncio.to_thread(self._free.wait, 20)
        return answer(asked)

    @staticmethod
    def _echo(asked: Dict[str, Any]) -> Response:
        return JSONResponse({"replies": [{"text": f"re: {asked['text']}"}]})

    @property
    def asked(self) -> List[str]:
        """The message ids of all turns so far."""
        return [turn["message_id"] for turn in self.turns]


@pytest.fixture(scope="session")
def wire(wait_for: Callable[..., Any]) -> Iterator[Dict[str, Any]]:
    """A real HTTP server for all tests; each puts its own assistant behind it."""
    behind: Dict[str, Any] = {}
    app = FastAPI()

    @app.post("/webhooks/xiaoer/turns")
    async def turn(request: Request) -> Response:
        assistant: Assistant = behind["assistant"]
        return await assistant.turn(await request.json())

    @app.get("/webhooks/xiaoer/ready")
    async def ready() -> Dict[str, str]:
        return {"status": "ready"}

    listening = socket.socket()
    listening.bind(("127.0.0.1", 0))
    behind["url"] = f"http://127.0.0.1:{listening.getsockname()[1]}"
    config = uvicorn.Config(app, log_level="error", ws="none", timeout_graceful_shutdown=1)
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True)
    thread.start()
    wait_for(lambda: server.started, 10, "the assistant")
    yield behind
    server.should_exit = True
    thread.join(10)


@pytest.fixture
def assistant(wire: Dict[str, Any]) -> Iterator[Assistant]:
    """A fresh assistant."""
    wire["assistant"] = fresh = Assistant(wire["url"])
    yield fresh
    fresh.release()


@pytest.fixture
async def client(assistant: Assistant) -> AsyncIterator[AssistantClient]:
    """Our end of the wire."""
    client = AssistantClient([assistant.url], service_token="service-token")
    yield client
    await client.close()


@pytest.fixture
def escalated() -> List[Any]:
    """Every escalation: (conversation id, message id, language)."""
    return []


@pytest.fixture
async def make_worker(
    conversations: Conversations, client: AssistantClient, escalated: List[Any]
) -> AsyncIterator[Callable[..., Worker]]:
    """Workers that are stopped at the end; started at once."""
    workers: List[Worker] = []

    async def escalate(conversation_id: str, message_id: str, language: str) -> None:
        escalated.append((conversation_id, message_id, language))

    def make(
        *,
        on: Conversations = conversations,
        turn_timeout: float = 8.0,
        idle_minutes: int = 30,
        escalate: Optional[Callable[..., Awaitable[None]]] = escalate,
    ) -> Worker:
        turns = Turns(
            mailbox=on.mailbox,
            ownership=on.ownership,
            buttons=on.buttons,
            hub=on.hub,
            assistant=client,
            escalate=escalate,
            turn_timeout=turn_timeout,
            dialogue_idle_minutes=idle_minutes,
        )
        worker = Worker(mailbox=on.mailbox, turns=turns, most_at_once=4, stop_seconds=turn_timeout)
        workers.append(worker)
        worker.start()
        return worker

    yield make
    await asyncio.gather(*(_stop(worker) for worker in workers))


async def _stop(worker: Worker) -> None:
    """Stop for certain: the Redis client now and then swallows the cancelling of a loop."""
    stopping = asyncio.create_task(worker.stop())
    while not (await asyncio.wait({stopping}, timeout=0.5))[0]:
        for loop in worker._loops:
            loop.cancel()


@pytest.fixture
def short_lease(monkeypatch: pytest.MonkeyPatch) -> None:
    """Leases of half a second instead of five: the same rule, less waiting."""
    monkeypatch.setattr("bot.conversation.mailbox.LEASE_MS", 500)
    monkeypatch.setattr("bot.conversation.worker.LEASE_MS", 500)
