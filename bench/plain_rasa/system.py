"""Plain Rasa, running: Redis, our action server, and one or several `rasa run` side by side."""

import contextlib
import os
import secrets
import shutil
import sys
import tempfile
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any, AsyncIterator, Dict, List

import aiohttp
from redis.asyncio import Redis
from redis.exceptions import RedisError

from bot.supervisor import redis_server
from bot.supervisor.child import Child, ChildSpec, Ready
from bot.supervisor.ports import free_ports
from bot.training import ROOT, rasa_environment

_HOST = "127.0.0.1"


@dataclass
class PlainRasa:
    """The running parts, kept running by our own supervision."""

    urls: List[str]
    redis_url: str
    children: Dict[str, Child] = field(default_factory=dict)

    @property
    def pids(self) -> Dict[str, int]:
        """Process ids by name as they are now."""
        return {name: child.pid for name, child in self.children.items() if child.pid}


@dataclass(frozen=True)
class Surroundings:
    """What plain Rasa's action server talks to.

    Without a knowledge service it gets one of its own; without a gateway nobody takes handoffs.
    """

    shop_database_url: str
    service_token: str
    knowledge_url: str = ""
    gateway_url: str = ""


@contextlib.asynccontextmanager
async def plain_rasa(
    model: Path, surroundings: Surroundings, *, servers: int = 1
) -> AsyncIterator[PlainRasa]:
    """Plain Rasa with a model, ready to answer, for as long as the block lasts.

    Raises:
        ChildFailed: a part does not start; names its log.
    """
    with tempfile.TemporaryDirectory(prefix="plain-rasa-") as folder:
        redis_port, actions_port, knowledge_port, *ports = free_ports(3 + servers)
        password = secrets.token_hex(16)
        running = PlainRasa(
            urls=[f"http://{_HOST}:{port}" for port in ports],
            redis_url=f"redis://:{password}@{_HOST}:{redis_port}/0",
        )
        specs = []
        if not surroundings.knowledge_url:
            surroundings = replace(surroundings, knowledge_url=f"http://{_HOST}:{knowledge_port}")
            specs.append(_knowledge(Path(folder), knowledge_port, surroundings.service_token))
        parts = _Parts(Path(folder), surroundings, redis_port, password, actions_port)
        specs.append(parts.actions())
        for number, port in enumerate(ports, start=1):
            name = "assistant" if number == 1 else f"assistant-{number}"
            specs.append(parts.rasa(name, port, model))
        try:
            await _start([parts.redis(running.redis_url)], running)
            await _start(specs, running)
            yield running
        finally:
            for child in reversed(list(running.children.values())):
                await child.stop()


async def _start(specs: List[ChildSpec], running: PlainRasa) -> None:
    for spec in specs:
        running.children[spec.name] = Child(spec)
        running.children[spec.name].start()
    for spec in specs:
        await running.children[spec.name].wait_ready()


@dataclass(frozen=True)
class _Parts:
    """How each part is started."""

    folder: Path
    surroundings: Surroundings
    redis_port: int
    password: str
    actions_port: int

    def redis(self, url: str) -> ChildSpec:
        command = redis_server.command(
            self.folder / "redis", port=self.redis_port, password=self.password
        )
        return self._spec("redis", command, {**os.environ}, _pings(url))

    def actions(self) -> ChildSpec:
        around = self.surroundings
        environment = {
            **os.environ,
            "PYTHONPATH": str(ROOT),
            "ACTIONS_HOST": _HOST,
            "ACTIONS_PORT": str(self.actions_port),
            "SERVICE_TOKEN": around.service_token,
            "GATEWAY_URL": around.gateway_url,
            "KNOWLEDGE_URL": around.knowledge_url,
            "SHOP_DATABASE_URL": around.shop_database_url,
        }
        command = [sys.executable, "-m", "actions.server"]
        ready = _answers(f"http://{_HOST}:{self.actions_port}/health", around.service_token)
        return self._spec("actions", command, environment, ready)

    def rasa(self, name: str, port: int, model: Path) -> ChildSpec:
        environment = {
            **rasa_environment(),
            "ACTIONS_URL": f"http://{_HOST}:{self.actions_port}",
            "SERVICE_TOKEN": self.surroundings.service_token,
            "REDIS_HOST": _HOST,
            "REDIS_PORT": str(self.redis_port),
            "REDIS_PASSWORD": self.password,
        }
        command = [
            *(sys.executable, "-m", "rasa", "run", "--model", str(model)),
            *("--interface", _HOST, "--port", str(port)),
            *("--endpoints", "bench/plain_rasa/endpoints.yml"),
            *("--credentials", "bench/plain_rasa/credentials.yml"),
        ]
        return self._spec(name, command, environment, _answers(f"http://{_HOST}:{port}/", ""))

    def _spec(
        self, name: str, command: List[str], environment: Dict[str, str], ready: Ready
    ) -> ChildSpec:
        return ChildSpec(name, command, environment, self.folder / f"{name}.log", ready)


def _knowledge(folder: Path, port: int, token: str) -> ChildSpec:
    built = ROOT / "var" / "knowledge"
    if built.exists():
        shutil.copytree(built, folder / "knowledge")
    environment = {
        **os.environ,
        "PYTHONPATH": str(ROOT),
        "DATA_DIR": str(folder),
        "KNOWLEDGE_HOST": _HOST,
        "KNOWLEDGE_PORT": str(port),
        "SERVICE_TOKEN": token,
    }
    command = [sys.executable, "-m", "knowledge_base", "serve"]
    ready = _answers(f"http://{_HOST}:{port}/readyz", token)
    return ChildSpec("knowledge", command, environment, folder / "knowledge.log", ready)


def _pings(url: str) -> Ready:
    async def ready() -> bool:
        client: Any = Redis.from_url(url, socket_timeout=1.0)
        try:
            return bool(await client.ping())
        except (RedisError, OSError):
            return False
        finally:
            await client.close()

    return ready


def _answers(url: str, token: str) -> Ready:
    headers = {"Authorization": f"Bearer {token}"}

    async def ready() -> bool:
        try:
            async with aiohttp.ClientSession(headers=headers) as http, http.get(url) as response:
                return response.status == 200
        except aiohttp.ClientError:
            return False

    return ready
