"""Conversations on the real Redis, gateways, shoppers who write, and waiting for a condition."""

import asyncio
import contextlib
import inspect
import itertools
import json
import time
from pathlib import Path
from typing import (
    Any,
    AsyncContextManager,
    AsyncIterator,
    Awaitable,
    Callable,
    Dict,
    List,
    Optional,
    Tuple,
)

import httpx
import pytest

from bot.app import create_app
from bot.conversation import Conversations
from bot.conversation.identity import Shopper
from bot.conversation.mailbox import ALONE, Accepted, Pace, digest
from bot.conversation.messages import BOT, SHOPPER, Entry, now
from bot.conversation.wording import Wording
from bot.settings import Settings

PACE = Pace(most_waiting=5, burst=1000, per_second=1000.0, fragment_ms=200)


@pytest.fixture(scope="session")
def domain_wording() -> Wording:
    """The domain's responses."""
    return Wording.from_domain()


@pytest.fixture
def read_once(domain_wording: Wording, monkeypatch: pytest.MonkeyPatch) -> None:
    """The domain files are read once for all tests, which is what takes longest otherwise."""
    monkeypatch.setattr(Wording, "from_domain", lambda: domain_wording)


@pytest.fixture
def conversations(redis: Any, read_once: None) -> Conversations:
    """Empty conversations; at most five messages wait in one."""
    return Conversations.on(redis, PACE)


@pytest.fixture
def gateway_settings(redis_url: str, tmp_path: Path) -> Callable[..., Settings]:
    """Settings of a gateway on the tests' Redis, some of them changed."""

    def settings(**changed: Any) -> Settings:
        usual = {
            "redis_url": redis_url,
            "data_dir": tmp_path,
            "shop_database_url": f"sqlite:///{tmp_path}/shop.db",
            "shop_jwt_secret": "s" * 40,
            "visitor_secret": "v" * 40,
            "service_token": "service-token",
        }
        return Settings(_env_file=None, **{**usual, **changed})

    return settings


@pytest.fixture
def connect(
    redis: Any, read_once: None, gateway_settings: Callable[..., Settings]
) -> Callable[..., AsyncContextManager[httpx.AsyncClient]]:
    """A client of a gateway's own app, called without a network from an address.

    Nothing works through its mailbox.
    """

    @contextlib.asynccontextmanager
    async def connected(address: str = "127.0.0.1", **changed: Any) -> Any:
        app = create_app(gateway_settings(**changed))
        transport = httpx.ASGITransport(app, client=(address, 50_000))
        async with httpx.AsyncClient(transport=transport, base_url="http://gateway") as http:
            yield http

    return connected


@pytest.fixture(scope="session")
def until() -> Callable[..., Awaitable[Any]]:
    """Ask again and again until it is true, while everything else goes on."""

    async def until_true(condition: Callable[[], Any], what: str, seconds: float = 10) -> Any:
        deadline = time.monotonic() + seconds
        while time.monotonic() < deadline:
            found = condition()
            if inspect.isawaitable(found):
                found = await found
            if found:
                return found
            await asyncio.sleep(0.01)
        raise AssertionError(f"waited {seconds} s in vain for {what}")

    return until_true


@pytest.fixture
def make_shopper() -> Callable[[], Shopper]:
    """A new visitor each time."""
    numbers = itertools.count(1)

    def make() -> Shopper:
        number = next(numbers)
        return Shopper(f"c_{number}", visitor_id=f"v-{number}")

    return make


@pytest.fixture
def shopper(make_shopper: Callable[[], Shopper]) -> Shopper:
    """One visitor."""
    return make_shopper()


@pytest.fixture(scope="session")
def make_entry() -> Callable[..., Entry]:
    """Something said, by the assistant unless told otherwise."""

    def make(text: str, sender: str = BOT, **more: Any) -> Entry:
        return Entry(sender=sender, text=text, at=now(), **{"language": "zh-Hans", **more})

    return make


@pytest.fixture
def write(
    conversations: Conversations, shopper: Shopper, make_entry: Callable[..., Entry]
) -> Callable[..., Awaitable[Accepted]]:
    """Put a shopper's message into the mailbox, as a door does."""

    async def write_message(
        message_id: str,
        text: str = "你好",
        *,
        by: Optional[Shopper] = None,
        payload: Optional[str] = None,
        kind: str = ALONE,
        lease: bool = False,
        door: str = "web",
        pushed: bool = False,
    ) -> Accepted:
        entry = make_entry(text, SHOPPER, message_id=message_id, payload=payload)
        return await conversations.mailbox.accept(
            by or shopper,
            message_id,
            entry,
            digest(None if payload else text, payload),
            door=door,
            pushed=pushed,
            kind=kind,
            lease=lease,
        )

    return write_message


@pytest.fixture
def texts(conversations: Conversations) -> Callable[..., Awaitable[Any]]:
    """What was said in a conversation, as (who, text)."""

    async def said(conversation_id: str) -> Any:
        entries = await conversations.transcript.after(conversation_id, 0)
        return [(numbered.entry.sender, numbered.entry.text) for numbered in entries]

    return said


class Clock:
    """Milliseconds since the epoch; goes forward when the test says so."""

    def __init__(self) -> None:
        self._ahead = 0

    def __call__(self) -> int:
        return int(time.time() * 1000) + self._ahead

    def advance(self, seconds: float) -> None:
        """Let time pass."""
        self._ahead += int(seconds * 1000)


@pytest.fixture
def clock() -> Clock:
    """The outbox's clock."""
    return Clock()


class Receiver:
    """A server of the shop on loopback; unless told otherwise it takes everything with 204."""

    def __init__(self) -> None:
        self.requests: List[Tuple[Dict[str, str], bytes]] = []
        self._answers: List[Tuple[int, Dict[str, str]]] = []
        self._always: Tuple[int, Dict[str, str]] = (204, {})
        self._held: Dict[str, asyncio.Event] = {}
        self._server: Optional[asyncio.AbstractServer] = None
        self._port = 0
        self.open = 0
        self.most_open = 0

    @property
    def url(self) -> str:
        """Where replies are sent."""
        return f"http://127.0.0.1:{self._port}/replies"

    async def up(self) -> None:
        """Listen, always at the same address."""
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", self._port)
        self._port = self._server.sockets[0].getsockname()[1]

    async def down(self) -> None:
        """Listen no more."""
        if self._server:
            self._server.close()
            await self._server.wait_closed()

    def answers(self, *statuses: int, **headers: str) -> None:
        """Answer the next requests with these, one each."""
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        self._answers += [(status, named) for status in statuses]

    def always(self, status: int) -> None:
        """Answer with this from now on."""
        self._always = (status, {})

    def hold(self, conversation_id: str) -> None:
        """Have everything of a conversation, but do not answer until `release`."""
        self._held[conversation_id] = asyncio.Event()

    def release(self, conversation_id: str) -> None:
        """Answer what was held."""
        self._held.pop(conversation_id).set()

    @property
    def bodies(self) -> List[Dict[str, Any]]:
        """What was received so far."""
        return [json.loads(body) for _, body in self.requests]

    @property
    def ids(self) -> List[str]:
        """The ids of what was received so far."""
        return [headers["webhook-id"] for headers, _ in self.requests]

    def texts(self, conversation_id: Optional[str] = None) -> List[str]:
        """The texts received so far, of all conversations or one."""
        return [
            body["reply"]["text"]
            for body in self.bodies
            if conversation_id in (None, body["conversation_id"])
        ]

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.open += 1
        self.most_open = max(self.open, self.most_open)
        try:
            lines = (await reader.readuntil(b"\r\n\r\n")).decode().split("\r\n")
            headers = {
                name.lower(): value
                for name, _, value in (line.partition(": ") for line in lines[1:])
            }
            body = await reader.readexactly(int(headers["content-length"]))
            self.requests.append((headers, body))
            status, more = self._answers.pop(0) if self._answers else self._always
            held = self._held.get(json.loads(body)["conversation_id"])
            if held:
                await held.wait()
            named = "".join(f"{name}: {value}\r\n" for name, value in more.items())
            writer.write(f"HTTP/1.1 {status} Said\r\n{named}connection: close\r\n\r\n".encode())
        except (asyncio.IncompleteReadError, ConnectionError):
            # The sender went away.
            pass
        finally:
            self.open -= 1
            writer.close()


@pytest.fixture
async def receiver() -> AsyncIterator[Receiver]:
    """The shop's server, listening."""
    server = Receiver()
    await server.up()
    yield server
    for conversation_id in list(server._held):
        server.release(conversation_id)
    await server.down()


class KnowledgeService:
    """The knowledge service on loopback, as the gateway calls it; takes everything with 204."""

    def __init__(self) -> None:
        self.calls: List[httpx.Request] = []
        self._status: Optional[int] = 204
        self._content: Any = None
        self._may_answer = asyncio.Event()
        self._may_answer.set()
        self._server: Optional[asyncio.AbstractServer] = None
        self.url = ""

    async def up(self) -> None:
        """Listen on a free port."""
        self._server = await asyncio.start_server(self._serve, "127.0.0.1", 0)
        self.url = f"http://127.0.0.1:{self._server.sockets[0].getsockname()[1]}"

    async def down(self) -> None:
        """Listen no more."""
        self._may_answer.set()
        if self._server:
            self._server.close()
            await self._server.wait_closed()

    def answer(self, status: Optional[int], content: Any = None) -> None:
        """Answer with this from now on; without a status, not at all."""
        self._status, self._content = status, content

    def hang(self) -> None:
        """Take calls and do not answer them, until it is down."""
        self._may_answer.clear()

    @property
    def bodies(self) -> List[Dict[str, Any]]:
        """The bodies of the calls so far."""
        return [json.loads(call.content) for call in self.calls]

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            head = (await reader.readuntil(b"\r\n\r\n")).decode()
            lines = head.split("\r\n")
            method, target, _ = lines[0].split(" ")
            headers = dict(line.split(": ", 1) for line in lines[1:] if line)
            named = {name.lower(): value for name, value in headers.items()}
            body = await reader.readexactly(int(named.get("content-length", 0)))
            self.calls.append(httpx.Request(method, self.url + target, headers=named, content=body))
            await self._may_answer.wait()
            if self._status is not None:
                content = b"" if self._content is None else json.dumps(self._content).encode()
                length = f"content-length: {len(content)}\r\n" if self._status != 204 else ""
                said = f"HTTP/1.1 {self._status} X\r\n{length}connection: close\r\n\r\n"
                writer.write(said.encode() + content)
        except (asyncio.IncompleteReadError, ConnectionError):
            # The gateway went away.
            pass
        finally:
            writer.close()


@pytest.fixture
async def knowledge() -> AsyncIterator[KnowledgeService]:
    """The knowledge service, listening."""
    service = KnowledgeService()
    await service.up()
    yield service
    await service.down()
