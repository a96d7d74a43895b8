"""The real shop under a standing clock, its neighbours on loopback, and somebody who talks."""

import re
import shutil
import socket
import sqlite3
import threading
import time
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any, Callable, Dict, Iterator, List, Optional, Sequence, Tuple

import aiohttp
import pytest
import uvicorn
import yaml
from fastapi import FastAPI, Request, Response
from fastapi.responses import JSONResponse
from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher

from actions import services as installed
from actions.handoff_client import HandoffClient
from actions.knowledge_client import KnowledgeClient
from actions.promise_client import PromiseClient
from actions.promises import TOLD
from actions.services import Services
from actions.shop_action import FORM_SLOTS
from actions.shop_client import ShopClient
from actions.tracking_client import TrackingClient
from shop import Identity, Policy, PolicySource, SqlShop, load_policy
from shop.seed import seed
from shop.sql.engine import open_engine
from shop.sql.promises import SqlPromiseBook
from shop.tracking import DatabaseTracking

ROOT = Path(__file__).resolve().parents[2]
TODAY = date(2026, 11, 20)
# Short, so that a neighbour that hangs costs a test no time.
TIMEOUT = 0.3

ANSWER = {"id": "returns", "title": "退货", "text": "七天内可以退。", "updated": "2026-11-01"}
_PLACEHOLDER = re.compile(r"(?<!{){(\w+)}(?!})")


class Clock:
    """Stands still until it is moved."""

    def __init__(self, moment: datetime) -> None:
        self.moment = moment

    def __call__(self) -> datetime:
        return self.moment

    def forward(self, **span: float) -> None:
        self.moment += timedelta(**span)


class Neighbour:
    """The knowledge service and the desk; `behaviour` says how the next calls are answered."""

    def __init__(self) -> None:
        self.behaviour = "fine"
        self.answer: Any = ANSWER
        self.bodies: List[Dict[str, Any]] = []
        self.articles: List[Tuple[str, str, Optional[str]]] = []
        self.keys: List[Optional[str]] = []
        self._socket = socket.socket()
        self._socket.bind(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._socket.getsockname()[1]}"
        config = uvicorn.Config(self._app(), log_level="error", ws="none", lifespan="off")
        self._server = uvicorn.Server(config)
        self._thread = threading.Thread(
            target=self._server.run, kwargs={"sockets": [self._socket]}, daemon=True
        )
        self._thread.start()
        # The callers' patience is short: it must not be spent on this server's own start.
        deadline = time.monotonic() + 30
        while not self._server.started and time.monotonic() < deadline:
            time.sleep(0.01)

    def _app(self) -> FastAPI:
        app = FastAPI()

        @app.post("/v1/answers")
        async def answers(request: Request) -> Response:
            if isinstance(self.answer, list):
                return await self._respond(request, {"unsure": True, "candidates": self.answer})
            answer = self.answer
            if isinstance(answer, dict):
                # In the language asked, unless told otherwise.
                answer = {"language": (await request.json())["language"], **answer}
            return await self._respond(request, {"answer": answer})

        @app.get("/v1/articles/{language}/{article_id}")
        async def article(
            language: str, article_id: str, conversation_id: Optional[str] = None
        ) -> Response:
            self.articles.append((language, article_id, conversation_id))
            if article_id != ANSWER["id"]:
                return JSONResponse({"error": {"code": "not_found"}}, 404)
            return JSONResponse({"answer": {**ANSWER, "language": language}})

        @app.post("/v1/handoffs")
        async def handoffs(request: Request) -> Response:
            return await self._respond(request, {"handoff_id": "h-1", "state": "queued"}, 201)

        return app

    async def _respond(self, request: Request, content: Any, status: int = 200) -> Response:
        self.bodies.append(await request.json())
        self.keys.append(request.headers.get("Idempotency-Key"))
        if self.behaviour == "slow":
            # Until the caller has had enough.
            while (await request.receive())["type"] != "http.disconnect":
                pass
        if self.behaviour == "broken":
            return JSONResponse({"error": {"code": "internal"}}, 500)
        if self.behaviour == "refused":
            return JSONResponse({"error": {"code": "conflict"}}, 409)
        if self.behaviour == "unprocessable":
            return JSONResponse({"error": {"code": "too_long"}}, 422)
        if self.behaviour == "garbage":
            return Response("<html>it works!</html>")
        if self.behaviour == "another shape":
            return JSONResponse(["handoff_id", "answer"])
        return JSONResponse(content, status)

    def forget(self) -> None:
        """Back to the beginning."""
        self.behaviour, self.answer = "fine", ANSWER
        self.bodies.clear()
        self.keys.clear()

    def stop(self) -> None:
        """Close the door."""
        self._server.should_exit = True
        self._thread.join(10)


def _responses() -> Dict[str, List[Dict[str, Any]]]:
    found: Dict[str, List[Dict[str, Any]]] = {}
    for path in sorted((ROOT / "domain").glob("*.yml")):
        found.update(yaml.safe_load(path.read_text(encoding="utf-8")).get("responses") or {})
    return found


RESPONSES = _responses()


def check_wording(message: Dict[str, Any]) -> None:
    """Every wording of a dispatched response exists and can be filled from the facts given."""
    wordings = RESPONSES[message["response"]]
    assert len({str(wording.get("condition")) for wording in wordings}) == len(wordings)
    for wording in wordings:
        needed = set(_PLACEHOLDER.findall(yaml.safe_dump(wording, allow_unicode=True)))
        given = {name for name, fact in message.items() if fact is not None}
        assert needed <= given, f"{message['response']} lacks {needed - given}"


class Scene:
    """One dialogue: runs actions as Rasa would and keeps what they did."""

    def __init__(self, identity: Identity, language: str) -> None:
        self.identity = identity
        self.language = language
        self.slots: Dict[str, Any] = dict.fromkeys((*FORM_SLOTS, "requested_slot", TOLD))
        self.history: List[Dict[str, Any]] = []
        self.events: List[Dict[str, Any]] = []
        self.messages: List[Dict[str, Any]] = []
        self.loop: Optional[str] = None
        self.turns = 0

    def hears(
        self,
        text: str = "",
        *,
        intent: str = "inform",
        ranking: Sequence[str] = (),
        message_id: Optional[str] = None,
        **entities: Any,
    ) -> None:
        """A message of the shopper with what was found in it."""
        self.turns += 1
        found = [
            {"entity": name, "value": value}
            for name, values in entities.items()
            for value in (values if isinstance(values, list) else [values])
        ]
        trusted = {
            "identity": {
                "customer_id": self.identity.customer_id,
                "visitor_id": self.identity.visitor_id,
            },
            "language": self.language,
            "message_id": message_id or f"m-{self.turns}",
            "conversation_id": "c-1",
            "text": text,
        }
        parsed = {
            "text": text,
            "intent": {"name": intent},
            "entities": found,
            "intent_ranking": [{"name": name, "confidence": 0.4} for name in ranking],
        }
        heard = {"event": "user", "timestamp": time.time(), "metadata": trusted}
        self.history.append({**heard, "parse_data": parsed, **parsed})

    def said(self, response: str, buttons: Any = None) -> None:
        """Something the assistant said earlier."""
        self.history.append(
            {"event": "bot", "metadata": {"utter_action": response}, "data": {"buttons": buttons}}
        )

    async def does(self, action: Any, **candidates: Any) -> List[str]:
        """Run an action, with slots just filled from the message; the responses it named."""
        self._set([_slot(name, value) for name, value in candidates.items()])
        events = [*self.history, {"event": "action", "name": "form"}]
        events += [_slot(name, value) for name, value in candidates.items()]
        latest = next(event for event in reversed(self.history) if event["event"] == "user")
        loop = {"name": self.loop} if self.loop else {}
        tracker = Tracker("d-1", dict(self.slots), latest, events, False, None, loop, None)
        dispatcher = CollectingDispatcher()
        self.events = await action.run(dispatcher, tracker, {})
        self.messages = dispatcher.messages
        self._set(self.events)
        for message in self.messages:
            check_wording(message)
            self.said(message["response"], message["buttons"])
        return [message["response"] for message in self.messages]

    def _set(self, events: List[Dict[str, Any]]) -> None:
        for event in events:
            if event["event"] == "slot":
                self.slots[event["name"]] = event["value"]
                self.history.append(event)
            if event["event"] == "active_loop":
                self.loop = event["name"]

    @property
    def cleared(self) -> bool:
        """Whether nothing that a form collected is left."""
        return not self.filled

    @property
    def filled(self) -> Dict[str, Any]:
        """The slots that hold something."""
        return {name: value for name, value in self.slots.items() if value is not None}

    def facts(self, response: str) -> Dict[str, Any]:
        """What was given to a response of the last action."""
        return next(m for m in self.messages if m["response"] == response)


def _slot(name: str, value: Any) -> Dict[str, Any]:
    return {"event": "slot", "timestamp": None, "name": name, "value": value}


@pytest.fixture(scope="session")
def policy() -> Policy:
    return load_policy()


@pytest.fixture(scope="session")
def seeded_file(tmp_path_factory: pytest.TempPathFactory, policy: Policy) -> Path:
    path = tmp_path_factory.mktemp("shop") / "seeded.db"
    engine = open_engine(f"sqlite:///{path}")
    seed(engine, today=TODAY, policy=policy)
    engine.dispose()
    return path


@pytest.fixture
def database(seeded_file: Path, tmp_path: Path) -> Path:
    """This test's own copy of the demo shop."""
    path = tmp_path / "shop.db"
    shutil.copyfile(seeded_file, path)
    return path


@pytest.fixture
def rows(database: Path) -> Callable[..., List[Tuple[Any, ...]]]:
    """Ask the shop's database behind everybody's back, or change it."""

    def ask(statement: str, *values: Any) -> List[Tuple[Any, ...]]:
        with sqlite3.connect(database) as connection:
            return connection.execute(statement, values).fetchall()

    return ask


@pytest.fixture
def clock(policy: Policy) -> Clock:
    return Clock(datetime(2026, 11, 20, 10, 0, tzinfo=policy.zone))


@pytest.fixture(scope="session")
def _neighbour() -> Iterator[Neighbour]:
    running = Neighbour()
    yield running
    running.stop()


@pytest.fixture
def neighbour(_neighbour: Neighbour) -> Neighbour:
    """Knowledge service and desk, well-behaved until told otherwise."""
    _neighbour.forget()
    return _neighbour


@pytest.fixture
async def shop_on(policy: Policy, clock: Clock, neighbour: Neighbour) -> Any:
    """Install services on the shop at an address."""
    engines: List[Any] = []
    clients: List[ShopClient] = []
    tracked: List[TrackingClient] = []
    http = aiohttp.ClientSession(timeout=aiohttp.ClientTimeout(total=TIMEOUT))
    knowledge, handoff = KnowledgeClient(http, neighbour.url), HandoffClient(http, neighbour.url)

    def install(url: str) -> SqlShop:
        engine = open_engine(url)
        engines.append(engine)
        shop = SqlShop(engine, PolicySource(), clock)
        clients.append(ShopClient(shop))
        tracked.append(TrackingClient(DatabaseTracking()))
        promises = PromiseClient(SqlPromiseBook(engine), shop)
        parts = (clients[-1], tracked[-1], PolicySource(), knowledge, handoff, promises)
        installed.install(Services(*parts, now=clock))
        return shop

    yield install
    await http.close()
    for client in [*clients, *tracked]:
        client.close()
    for engine in engines:
        engine.dispose()


@pytest.fixture
def shop(shop_on: Any, database: Path) -> SqlShop:
    """The demo shop, installed for the actions."""
    return shop_on(f"sqlite:///{database}")


@pytest.fixture
def break_shop(shop_on: Any, tmp_path: Path) -> Callable[[], SqlShop]:
    """From now on the shop's database is not there."""
    return lambda: shop_on(f"sqlite:///{tmp_path}/gone/shop.db")


@pytest.fixture
def customer(shop: SqlShop) -> Callable[..., Scene]:
    """Somebody who is logged in."""
    return lambda number="C1001", language="zh-Hans": Scene(Identity(customer_id=number), language)


@pytest.fixture
def visitor(shop: SqlShop) -> Callable[..., Scene]:
    """Somebody who is not."""
    return lambda number="v-1", language="zh-Hans": Scene(Identity(visitor_id=number), language)


@pytest.fixture(scope="session")
def responses() -> Dict[str, List[Dict[str, Any]]]:
    """The wording of every response, from all of domain/."""
    return RESPONSES
