"""The trained model, the real action server behind a door that can fail, and somebody who talks."""

import asyncio
import contextlib
import copy
import itertools
import json
import logging
import os
import subprocess
import sys
from datetime import datetime
from pathlib import Path
from typing import Any, AsyncIterator, Callable, Dict, Iterator, List, Optional, Set

import httpx
import pytest
from aiohttp import ClientSession, web

from bot.supervisor.ports import free_ports
from bot.training import ROOT, model_path, rasa_environment

TOKEN = "a-service-token"
HEADERS = {"Authorization": f"Bearer {TOKEN}"}


class ActionProcess:
    """The project's own action server on the demo shop, in a process of its own."""

    def __init__(self, folder: Path) -> None:
        from shop import load_policy
        from shop.seed import seed
        from shop.sql.engine import open_engine

        self.database = folder / "shop.db"
        policy = load_policy()
        engine = open_engine(f"sqlite:///{self.database}")
        seed(engine, today=datetime.now(policy.zone).date(), policy=policy)
        engine.dispose()
        port, closed = free_ports(2)
        self.url = f"http://127.0.0.1:{port}"
        environment = {
            **rasa_environment(),
            "ACTIONS_PORT": str(port),
            "SERVICE_TOKEN": TOKEN,
            "SHOP_DATABASE_URL": f"sqlite:///{self.database}",
            # Neither a desk nor a knowledge base: the actions say so, which is answer enough here.
            "GATEWAY_URL": f"http://127.0.0.1:{closed}",
            "KNOWLEDGE_URL": f"http://127.0.0.1:{closed}",
        }
        self.log = folder / "actions.log"
        with open(self.log, "wb") as log:
            self.process = subprocess.Popen(
                [sys.executable, "-m", "actions.server"],
                cwd=ROOT,
                env=environment,
                stdout=log,
                stderr=log,
            )

    def is_up(self) -> bool:
        """Whether it would run an action."""
        if self.process.poll() is not None:
            raise AssertionError(self.log.read_text(encoding="utf-8"))
        with contextlib.suppress(httpx.HTTPError):
            answer = httpx.get(f"{self.url}/health", headers=HEADERS, trust_env=False)
            return answer.status_code == 200
        return False


@pytest.fixture(scope="session")
def _started(tmp_path_factory: pytest.TempPathFactory) -> Iterator[ActionProcess]:
    running = ActionProcess(tmp_path_factory.mktemp("actions"))
    yield running
    running.process.terminate()
    running.process.wait(10)


@pytest.fixture(scope="session")
def loaded(_started: ActionProcess) -> Any:
    """Rasa's own processor with the trained model, loaded once for all tests.

    The action server starts meanwhile.
    """
    os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
    from rasa.core.agent import Agent
    from rasa.utils.log_utils import configure_structlog

    if not (ROOT / model_path()).exists():
        subprocess.run([sys.executable, "-m", "bot", "train"], cwd=ROOT, check=True)
    # Otherwise it tells every step of every message.
    configure_structlog(logging.ERROR)
    return Agent.load(str(ROOT / model_path())).processor


@pytest.fixture(scope="session")
def actions(_started: ActionProcess, loaded: Any, wait_for: Any) -> ActionProcess:
    """The running action server."""
    wait_for(_started.is_up, 60, "the action server")
    return _started


class ActionDoor:
    """In front of the action server: passes calls on, or fails as it is told."""

    def __init__(self, server: str) -> None:
        # Or a status and a text to answer with.
        self.behaviour: Any = "fine"
        # Actions that answer that they do not want to run.
        self.refused: Set[str] = set()
        # The actions that were asked for.
        self.calls: List[str] = []
        # For calls that are answered late: one is there, and all may go on.
        self.arrived, self.released = asyncio.Event(), asyncio.Event()
        (self.port,) = free_ports(1)
        self.url = f"http://127.0.0.1:{self.port}/webhook"
        self._server = f"{server}/webhook"

    async def open(self) -> None:
        """Begin to answer."""
        app = web.Application()
        app.router.add_post("/webhook", self._answer)
        self._runner = web.AppRunner(app, shutdown_timeout=0.1)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", self.port).start()
        self._http = ClientSession(headers=HEADERS)

    async def close(self) -> None:
        """From now on nobody is there."""
        self.released.set()
        await self._runner.cleanup()
        await self._http.close()

    async def _answer(self, request: web.Request) -> web.Response:
        body = await request.json()
        self.calls.append(body["next_action"])
        if self.behaviour == "held":
            self.behaviour = "fine"
            self.arrived.set()
            await self.released.wait()
        if self.behaviour == "slow":
            # Until the caller has had enough.
            await self.released.wait()
        if body["next_action"] in self.refused:
            refusal = {"error": "not now", "action_name": body["next_action"]}
            return web.json_response(refusal, status=400)
        if self.behaviour == "hangs up":
            assert request.transport is not None
            request.transport.close()
        if isinstance(self.behaviour, tuple):
            status, text = self.behaviour
            return web.Response(status=status, text=text)
        async with self._http.post(self._server, json=body) as answer:
            return web.Response(status=answer.status, body=await answer.read())


@pytest.fixture
async def door(actions: ActionProcess) -> AsyncIterator[ActionDoor]:
    """The action server, well-behaved until told otherwise."""
    opened = ActionDoor(actions.url)
    await opened.open()
    yield opened
    await opened.close()


@pytest.fixture
async def make_processor(loaded: Any, door: ActionDoor, redis_url: str, redis: Any) -> Any:
    """A processor as one assistant process has it, all on one empty Redis."""
    from rasa.utils.endpoints import EndpointConfig

    from bot.assistant import remote_action
    from bot.assistant.processor import TurnProcessor
    from bot.storage.tracker_store import WindowTrackerStore

    made: List[TurnProcessor] = []

    def make() -> TurnProcessor:
        remote_action.install()
        one = copy.copy(loaded)
        one.action_endpoint = EndpointConfig(
            door.url, headers=HEADERS, enable_selective_domain=True
        )
        made.append(TurnProcessor(one, WindowTrackerStore(loaded.domain, host=redis_url)))
        return made[-1]

    yield make
    for processor in made:
        await processor.close()


class Speaker:
    """Somebody whose messages reach the assistant as the gateway sends them."""

    _numbers = itertools.count(1)

    def __init__(self, customer: Optional[str] = None, language: str = "zh-Hans") -> None:
        number = next(self._numbers)
        self.conversation_id = f"c_{number}"
        self.dialogue = 1
        self._language = language
        self._identity = {
            "customer_id": customer,
            "visitor_id": None if customer else f"v-{number}",
        }

    @property
    def sender_id(self) -> str:
        """Rasa's name of the dialogue."""
        return f"{self.conversation_id}.{self.dialogue}"

    def turn(self, text: str, *, message_id: str = "", fence: Any = None, pressed: str = "") -> Any:
        """A turn as the channel reads it from the wire; a button's payload beside its title."""
        from bot.assistant.channel import _turn

        message_id = message_id or f"m-{next(self._numbers)}"
        trusted = {
            "conversation_id": self.conversation_id,
            "message_id": message_id,
            "language": self._language,
            "text": text,
            "identity": self._identity,
        }
        body: Dict[str, Any] = {
            "conversation_id": self.conversation_id,
            "dialogue": self.dialogue,
            "message_id": message_id,
            "fence": fence,
            "text": None if pressed else text,
            "payload": pressed or None,
            "trusted": trusted,
        }
        return _turn(json.loads(json.dumps(body)))

    async def say(self, processor: Any, text: str, **more: Any) -> List[str]:
        """What the assistant says to it."""
        answer = await asyncio.wait_for(processor.answer(self.turn(text, **more)), 30)
        return [reply["text"] for reply in json.loads(answer)["replies"]]


@pytest.fixture
def speaker() -> Callable[..., Speaker]:
    """Somebody new each time, logged in or not."""
    return Speaker
