"""A desk on the real Redis, two agents, conversations that wait for them."""

from typing import Any, AsyncIterator, Awaitable, Callable

import httpx
import pytest

from bot.conversation import Conversations
from bot.desk import agents
from bot.desk.agents import Agent
from bot.desk.desk import Desk
from bot.desk.tickets import Ticket, TicketStore

SERVICE_TOKEN = "service-token"


@pytest.fixture
def tickets(redis: Any) -> TicketStore:
    """No tickets yet."""
    return TicketStore(redis)


@pytest.fixture
def desk(tickets: TicketStore, conversations: Conversations) -> Desk:
    """The desk, without a shop behind it."""
    return Desk(tickets, conversations, None)


@pytest.fixture
def quick_hash(monkeypatch: pytest.MonkeyPatch) -> None:
    """The same hash with less work, where its cost is not what is tested."""
    monkeypatch.setitem(agents._SCRYPT, "n", 2)


@pytest.fixture(scope="session")
def mei() -> Agent:
    """An agent."""
    return Agent("mei", ["zh"])


@pytest.fixture(scope="session")
def jun() -> Agent:
    """Another one."""
    return Agent("jun", ["en"])


@pytest.fixture
def opened(desk: Desk) -> Callable[..., Awaitable[Ticket]]:
    """A conversation that waits for a person."""

    async def open_ticket(conversation_id: str = "c_1", **more: Any) -> Ticket:
        return await desk.open(conversation_id, **{"reason": "asked", **more})

    return open_ticket


@pytest.fixture
async def gateway(connect: Any, knowledge: Any) -> AsyncIterator[httpx.AsyncClient]:
    """The gateway's own app, beside a knowledge service."""
    async with connect(service_token=SERVICE_TOKEN, knowledge_url=knowledge.url) as http:
        yield http
