"""The shop's own system slow, down or answering nonsense: the truth within four seconds, and back.

A whole installation whose shop is the reference server on loopback, behind a door that can fail.
"""

import sqlite3
import threading
import time
from datetime import datetime, timezone
from pathlib import Path
from typing import Any, Callable, Iterator, List

import pytest
import uvicorn
from starlette.types import Message, Receive, Scope, Send

from shop import PolicySource, SqlShop, load_policy
from shop.http.server import create_app
from shop.seed import seed
from shop.sql.engine import open_engine

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(600)]

TOKEN = "the-shop-and-we-know-it"
PATIENCE = 4.0
NONSENSE = [b"<html>it works!</html>", b'{"data": {"number": 7}}', b"[]", b'{"data":', b"null"]


class FailingDoor:
    """ASGI: passes on to the shop, unless told to fail."""

    def __init__(self, app: Any) -> None:
        self.app = app
        self.fault = "none"
        self.calls = 0
        # Only calls whose path ends so fail.
        self.only = ""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        self.calls += 1
        spared = scope["type"] != "http" or not scope["path"].endswith(self.only)
        if spared or self.fault == "none":
            await self.app(scope, receive, send)
        elif self.fault == "slow":
            # As long as the caller stays; a shop that takes five seconds is no different to us.
            while (await receive())["type"] != "http.disconnect":
                pass
        elif self.fault == "done but silent":
            # The shop does what it is asked, but nobody hears of it.
            await self.app(scope, receive, _silence)
            while (await receive())["type"] != "http.disconnect":
                pass
        elif self.fault == "error":
            await _answer(send, 500, b'{"error": {"code": "boom", "message": "x", "detail": {}}}')
        else:
            await _answer(send, 200, NONSENSE[self.calls % len(NONSENSE)])


async def _silence(message: Message) -> None:
    """Nothing gets out."""


async def _answer(send: Send, status: int, body: bytes) -> None:
    headers = [(b"content-type", b"application/json")]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": body})


class Shop:
    """The shop's own system: its database, its door, its server."""

    def __init__(self, folder: Path) -> None:
        self.database = folder / "own.db"
        engine = open_engine(f"sqlite:///{self.database}")
        policy = load_policy()
        seed(engine, today=datetime.now(policy.zone).date(), policy=policy)
        backend = SqlShop(engine, PolicySource(), lambda: datetime.now(timezone.utc))
        self.door = FailingDoor(create_app(backend, TOKEN))
        self._port = 0
        self._start()

    def _start(self) -> None:
        config = uvicorn.Config(
            self.door, port=self._port, log_level="error", ws="none", lifespan="off"
        )
        self._server = uvicorn.Server(config)
        self._thread = threading.Thread(target=self._server.run, daemon=True)
        self._thread.start()
        deadline = time.monotonic() + 20
        while not self._server.started and time.monotonic() < deadline:
            time.sleep(0.02)
        self._port = self._server.servers[0].sockets[0].getsockname()[1]

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._port}"

    def down(self) -> None:
        self._server.should_exit = True
        self._thread.join(10)

    def up(self) -> None:
        self._start()

    def rows(self, statement: str) -> List[Any]:
        with sqlite3.connect(self.database) as connection:
            return connection.execute(statement).fetchall()


@pytest.fixture(scope="module")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shop]:
    running = Shop(tmp_path_factory.mktemp("own-shop"))
    yield running
    running.down()


@pytest.fixture(scope="module")
def installation(
    start_system: Callable[..., Any], shop: Shop, tmp_path_factory: pytest.TempPathFactory
) -> Any:
    """A whole system on that shop."""
    return start_system(
        tmp_path_factory.mktemp("on-own-shop"), SHOP_API_URL=shop.url, SHOP_API_TOKEN=TOKEN
    )


@pytest.fixture
def emma(installation: Any, shopper_of: Callable[..., Any]) -> Any:
    return shopper_of(installation, "C1003")


def timed(say: Callable[[], str]) -> "tuple[str, float]":
    started = time.monotonic()
    said = say()
    return said, time.monotonic() - started


def offers_a_person(shopper: Any) -> bool:
    buttons = [b["title"] for reply in shopper.last["replies"] for b in reply["buttons"]]
    return any("person" in title for title in buttons)


def recovered(shopper: Any, wait_for: Callable[..., Any]) -> None:
    wait_for(
        lambda: "can't reach" not in shopper.say("where is XE20260005"),
        20,
        "the shop to be asked again",
    )


@pytest.mark.parametrize("fault", ["slow", "error", "nonsense", "down"])
def test_the_truth_is_told_in_time_and_the_shop_is_asked_again_by_itself(
    emma: Any, shop: Shop, wait_for: Callable[..., Any], fault: str
) -> None:
    recovered(emma, wait_for)
    before = shop.rows("select count(*) from settlements")
    if fault == "down":
        shop.down()
    else:
        shop.door.fault = fault
    try:
        for text in ("where is XE20260005", "I want to return XE20260005", "cancel XE20260006"):
            said, seconds = timed(lambda text=text: emma.say(text))
            assert "can't reach the order system" in said, said
            assert seconds < PATIENCE
            assert offers_a_person(emma)
    finally:
        if fault == "down":
            shop.up()
        shop.door.fault = "none"
    assert shop.rows("select count(*) from settlements") == before
    recovered(emma, wait_for)


@pytest.mark.parametrize(
    ("fault", "customer_id", "number"),
    [("slow", "C1001", "XE20260002"), ("done but silent", "C1003", "XE20260005")],
)
def test_a_yes_that_gets_no_answer_is_not_called_a_failure_and_is_done_once(
    installation: Any,
    shopper_of: Callable[..., Any],
    emma: Any,
    shop: Shop,
    wait_for: Callable[..., Any],
    fault: str,
    customer_id: str,
    number: str,
) -> None:
    recovered(emma, wait_for)
    shopper = shopper_of(installation, customer_id)
    wish = f"I want to return everything in {number}, it is faulty"
    shopper.say(wish)
    shop.door.fault, shop.door.only = fault, "/requests"
    said, seconds = timed(lambda: shopper.press("Yes, set up the return"))
    shop.door.fault, shop.door.only = "none", ""
    assert "can't tell yet" in said, said
    assert seconds < PATIENCE and offers_a_person(shopper)
    recovered(emma, wait_for)
    said = shopper.say(wish)
    if shopper.last["replies"][-1]["buttons"][0]["title"].startswith("Yes"):
        said = shopper.press("Yes, set up the return")
    rows = shop.rows(f"select rma_number from returns where order_number = '{number}'")
    assert len(rows) == 1 and rows[0][0] in said
