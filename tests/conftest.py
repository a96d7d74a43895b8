"""What all tests share: no network beyond loopback, a real Redis, and the whole system."""

import contextlib
import ipaddress
import json
import os
import re
import secrets
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
import uuid
from pathlib import Path
from typing import Any, Callable, Dict, Iterator, List, Optional

import httpx
import pytest

ROOT = Path(__file__).resolve().parents[1]
_CONNECT = socket.socket.connect


@pytest.fixture(autouse=True, scope="session")
def no_network_beyond_loopback() -> Iterator[None]:
    """A test that reaches out of this machine fails."""

    def connect(self: socket.socket, address: Any) -> Any:
        if self.family in (socket.AF_INET, socket.AF_INET6):
            host = "127.0.0.1" if address[0] == "localhost" else address[0]
            if not ipaddress.ip_address(host).is_loopback:
                raise AssertionError(f"tests may not connect to {address}")
        return _CONNECT(self, address)

    socket.socket.connect = connect  # type: ignore[method-assign]
    yield
    socket.socket.connect = _CONNECT  # type: ignore[method-assign]


def wait_for(condition: Callable[[], Any], seconds: float, what: str) -> Any:
    """Ask again and again until it is true; never a fixed sleep."""
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        found = condition()
        if found:
            return found
        time.sleep(0.05)
    raise AssertionError(f"waited {seconds} s in vain for {what}")


@pytest.fixture(name="wait_for", scope="session")
def wait_for_fixture() -> Callable[..., Any]:
    """`wait_for` for test modules, which cannot import each other."""
    return wait_for


@pytest.fixture(scope="session")
def redis_url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The embedded Redis itself, under our own configuration, on a free port."""
    from bot.supervisor.ports import free_ports
    from bot.supervisor.redis_server import command

    (port,) = free_ports(1)
    password = secrets.token_hex(16)
    folder = tmp_path_factory.mktemp("redis")
    with open(folder / "log", "wb") as log:
        process = subprocess.Popen(
            command(folder, port=port, password=password), stdout=log, stderr=log
        )
    url = f"redis://:{password}@127.0.0.1:{port}/0"
    import redis as sync_redis

    client = sync_redis.Redis.from_url(url)

    def answers() -> bool:
        with contextlib.suppress(sync_redis.RedisError):
            return bool(client.ping())
        return False

    wait_for(answers, 10, "redis")
    yield url
    client.close()
    process.terminate()
    process.wait(10)


@pytest.fixture
async def redis(redis_url: str) -> Any:
    """An empty Redis."""
    from bot.storage.connection import connect

    client: Any = connect(redis_url)
    await client.flushall()
    yield client
    await client.close()


class System:
    """The whole running installation, started as a user would start it."""

    def __init__(self, data_dir: Path, port: int, **settings: str) -> None:
        self.data_dir = data_dir
        self.url = f"http://127.0.0.1:{port}"
        self.output: List[str] = []
        self.started_in = 0.0
        environment = {
            name: value for name, value in os.environ.items() if not name.startswith("SHOP_")
        }
        started = time.monotonic()
        self.process = subprocess.Popen(
            [sys.executable, "-m", "bot", "run"],
            cwd=ROOT,
            env={
                **environment,
                "DATA_DIR": str(data_dir),
                "PORT": str(port),
                "PROMISE_SECONDS": "0.5",
                **settings,
            },
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        threading.Thread(target=self._read, daemon=True).start()
        wait_for(self._is_up, 300, "the system to start")
        self.started_in = time.monotonic() - started

    def _read(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self.output.append(line)

    def _is_up(self) -> bool:
        if self.process.poll() is not None:
            raise AssertionError("the system ended:\n" + "".join(self.output))
        return any("Ctrl-C stops everything" in line for line in self.output)

    @property
    def agent(self) -> Dict[str, str]:
        """The demo agent's name and password, as printed once."""
        found = re.search(r"sign in as (\S+), password (\S+)", "".join(self.output))
        assert found, "".join(self.output)
        return {"name": found.group(1), "password": found.group(2)}

    @property
    def secrets(self) -> Dict[str, str]:
        """The generated secrets."""
        return dict(json.loads((self.data_dir / "secrets.json").read_text()))

    @property
    def running(self) -> Dict[str, Any]:
        """What the installation tells about itself: address, redis_url, pids."""
        return dict(json.loads((self.data_dir / "run.json").read_text()))

    def ready(self) -> bool:
        """Whether the next message would be answered."""
        try:
            return httpx.get(f"{self.url}/readyz", timeout=5).status_code == 200
        except httpx.HTTPError:
            return False

    def stop(self) -> None:
        """Ctrl-C."""
        self.process.send_signal(signal.SIGINT)
        self.process.wait(40)


@pytest.fixture(scope="session")
def system(tmp_path_factory: pytest.TempPathFactory) -> Iterator[System]:
    """One running system for all tests that drive it."""
    from bot.supervisor.ports import free_ports

    running = System(_prepared(tmp_path_factory.mktemp("system")), free_ports(1)[0])
    yield running
    running.stop()


def _prepared(data_dir: Path) -> Path:
    built = ROOT / "var" / "knowledge"
    if built.exists():
        # Built once by `make test`; the build itself has its own tests.
        shutil.copytree(built, data_dir / "knowledge")
    return data_dir


@pytest.fixture(scope="module")
def start_system() -> Iterator[Callable[..., System]]:
    """Start a system of a module's own, with settings of its own; stopped at the module's end."""
    from bot.supervisor.ports import free_ports

    started: List[System] = []

    def start(data_dir: Path, **settings: str) -> System:
        started.append(System(_prepared(data_dir), free_ports(1)[0], **settings))
        return started[-1]

    yield start
    for running in started:
        running.stop()


class Shopper:
    """Somebody who writes to the shop over the API."""

    def __init__(self, url: str, token: str) -> None:
        self.token = token
        self.http = httpx.Client(
            base_url=url, timeout=40, headers={"Authorization": f"Bearer {token}"}
        )
        self.last: Dict[str, Any] = {}

    def post(self, *, wait: float = 20, **body: Any) -> httpx.Response:
        """One call of POST /v1/messages."""
        body.setdefault("message_id", uuid.uuid4().hex)
        return self.http.post("/v1/messages", params={"wait": wait}, json=body)

    def say(self, text: str) -> str:
        """Write something; returns the texts of all replies."""
        return self._answered(self.post(text=text))

    def press(self, title: str) -> str:
        """Press a button of the last replies by (a part of) its title."""
        buttons = [b for reply in self.last["replies"] for b in reply["buttons"]]
        payload = next(b["payload"] for b in buttons if title in b["title"])
        return self._answered(self.post(payload=payload))

    def _answered(self, response: httpx.Response) -> str:
        assert response.status_code == 200, response.text
        self.last = response.json()
        return "\n".join(reply["text"] for reply in self.last["replies"])

    def history(self, after: int = 0) -> List[Dict[str, Any]]:
        """What was said, by GET /v1/messages."""
        response = self.http.get("/v1/messages", params={"after": after})
        assert response.status_code == 200, response.text
        return list(response.json()["messages"])


@pytest.fixture
def visitor(system: System) -> Iterator[Shopper]:
    """Somebody who is not logged in."""
    shopper = Shopper(system.url, httpx.post(f"{system.url}/v1/visitors").json()["token"])
    yield shopper
    shopper.http.close()


@pytest.fixture
def customer(system: System, agent: "Agent") -> Iterator[Callable[[str], Shopper]]:
    """A logged-in customer by number, with a token signed as the shop would.

    A customer has one conversation; an agent who takes it and gives it back begins a new dialogue,
    whatever an earlier test left behind.
    """
    opened: List[Shopper] = []

    def log_in(customer_id: str) -> Shopper:
        tokens = _tokens(system)
        token = tokens.customer(customer_id, seconds=3600)
        opened.append(Shopper(system.url, token))
        agent.begin_anew(tokens.verify(token).conversation_id, system.secrets["service_token"])
        return opened[-1]

    yield log_in
    for shopper in opened:
        shopper.http.close()


def _tokens(system: System) -> Any:
    from bot.conversation.identity import Tokens

    return Tokens(
        shop_secret=system.secrets["shop_jwt_secret"],
        shop_public_key="",
        visitor_secret=system.secrets["visitor_secret"],
    )


@pytest.fixture
def shopper_of() -> Iterator[Callable[[System, str], Shopper]]:
    """A logged-in customer of any system, wherever their dialogue stands."""
    opened: List[Shopper] = []

    def log_in(running: System, customer_id: str) -> Shopper:
        token = _tokens(running).customer(customer_id, seconds=3600)
        opened.append(Shopper(running.url, token))
        return opened[-1]

    yield log_in
    for shopper in opened:
        shopper.http.close()


class Agent:
    """Somebody who answers at the desk, over the console's API."""

    def __init__(self, url: str, account: Dict[str, str]) -> None:
        self.http = httpx.Client(base_url=url, timeout=20)
        response = self.http.post("/v1/desk/session", json=account)
        assert response.status_code == 200, response.text

    def ticket_of(self, conversation_id: str) -> Optional[Dict[str, Any]]:
        """The open ticket of a conversation."""
        tickets = self.http.get("/v1/desk/tickets").json()["tickets"]
        return next((t for t in tickets if t["conversation_id"] == conversation_id), None)

    def begin_anew(self, conversation_id: str, service_token: str) -> None:
        """Take a conversation over, wherever it is, and give it back to the assistant."""
        headers = {"Authorization": f"Bearer {service_token}", "Idempotency-Key": uuid.uuid4().hex}
        body = {"conversation_id": conversation_id, "reason": "test"}
        ticket = self.http.post("/v1/handoffs", json=body, headers=headers).json()["ticket"]
        assert self.do(ticket, "take").status_code == 200
        assert self.do(ticket, "return").status_code == 200

    def do(self, ticket: str, what: str, **body: Any) -> httpx.Response:
        """`take`, `messages`, `return` or `close` a ticket."""
        return self.http.post(f"/v1/desk/tickets/{ticket}/{what}", json=body or None)


@pytest.fixture(scope="session")
def agent(system: System) -> Iterator[Agent]:
    """The demo's agent, signed in once: signing in is limited, as it should be."""
    signed_in = Agent(system.url, system.agent)
    yield signed_in
    signed_in.http.close()
