"""The processes: command, environment and readiness of each."""

import os
import sys
from pathlib import Path
from typing import Any, Dict, List
from urllib.parse import urlsplit

import httpx
from redis.asyncio import Redis
from redis.exceptions import RedisError

from bot.settings import Settings
from bot.supervisor import redis_server
from bot.supervisor.child import ChildSpec, Ready
from bot.supervisor.ports import free_ports
from bot.training import ROOT, rasa_environment

LOOPBACK = "127.0.0.1"


def specs(settings: Settings, model: Path, redis_port: int) -> List[ChildSpec]:
    """All processes of an embedded installation; `settings` carries the internal addresses."""
    children = [_knowledge(settings), _actions(settings)]
    for number, url in enumerate(settings.assistant_url.split(","), start=1):
        children.append(_assistant(settings, model, url, _numbered("assistant", number)))
    for number, port in enumerate(free_ports(settings.gateways), start=1):
        children.append(_gateway(settings, port, _numbered("gateway", number)))
    if redis_port:
        children.insert(0, redis_spec(settings, redis_port))
    return children


def _numbered(name: str, number: int) -> str:
    """The first has the bare name, the next is `gateway-2`."""
    return name if number == 1 else f"{name}-{number}"


def redis_spec(settings: Settings, port: int) -> ChildSpec:
    """The embedded Redis on a port."""

    async def ready() -> bool:
        client: Any = Redis.from_url(settings.redis_url, socket_timeout=1.0)
        try:
            # False while it reads its append-only file back.
            return bool(await client.ping())
        except (RedisError, OSError):
            return False
        finally:
            await client.close()

    command = redis_server.command(
        settings.data_dir / "redis", port=port, password=settings.redis_password
    )
    return ChildSpec("redis", command, dict(os.environ), _log(settings, "redis"), ready)


def _knowledge(settings: Settings) -> ChildSpec:
    env = {
        **_environment(settings),
        "KNOWLEDGE_HOST": LOOPBACK,
        "KNOWLEDGE_PORT": _port(settings.knowledge_url),
        "SERVICE_TOKEN": settings.service_token,
        "ENCODER": settings.encoder,
        "QUESTIONS_DAYS": str(settings.questions_days),
    }
    command = [sys.executable, "-m", "knowledge_base", "serve"]
    ready = _answers(f"{settings.knowledge_url}/readyz", settings)
    return ChildSpec("knowledge", command, env, _log(settings, "knowledge"), ready)


def _actions(settings: Settings) -> ChildSpec:
    env = {
        **_environment(settings),
        "ACTIONS_HOST": LOOPBACK,
        "ACTIONS_PORT": _port(settings.actions_url),
        "SERVICE_TOKEN": settings.service_token,
        "GATEWAY_URL": f"http://{LOOPBACK}:{settings.port}",
        "KNOWLEDGE_URL": settings.knowledge_url,
        "SHOP_DATABASE_URL": settings.shop_database,
    }
    command = [sys.executable, "-m", "actions.server"]
    ready = _answers(f"{settings.actions_url}/health", settings)
    return ChildSpec("actions", command, env, _log(settings, "actions"), ready)


def _assistant(settings: Settings, model: Path, url: str, name: str) -> ChildSpec:
    env = {
        **rasa_environment(),
        "REDIS_URL": settings.redis_url,
        "ACTIONS_URL": settings.actions_url,
        "SERVICE_TOKEN": settings.service_token,
        # One thread each: several processes on few cores only get in each other's way.
        "OMP_NUM_THREADS": "1",
        "TF_INTRA_OP_PARALLELISM_THREADS": "1",
        "TF_INTER_OP_PARALLELISM_THREADS": "1",
    }
    command = [
        *(sys.executable, "-m", "rasa", "run", "--model", str(model)),
        *("--interface", LOOPBACK, "--port", _port(url)),
        *("--endpoints", "endpoints.yml", "--credentials", "credentials.yml"),
    ]
    ready = _answers(f"{url}/webhooks/xiaoer/ready", settings)
    return ChildSpec(name, command, env, _log(settings, name), ready)


def _gateway(settings: Settings, private_port: int, name: str) -> ChildSpec:
    env = {
        **_environment(settings),
        "HOST": settings.host,
        "PORT": str(settings.port),
        "GATEWAY_PRIVATE_PORT": str(private_port),
        "REDIS_URL": settings.redis_url,
        "ASSISTANT_URL": settings.assistant_url,
        "ACTIONS_URL": settings.actions_url,
        "KNOWLEDGE_URL": settings.knowledge_url,
    }
    command = [sys.executable, "-m", "bot.server"]
    ready = _answers(f"http://{LOOPBACK}:{private_port}/readyz", settings)
    return ChildSpec(name, command, env, _log(settings, name), ready)


def _environment(settings: Settings) -> Dict[str, str]:
    return {**os.environ, "PYTHONPATH": str(ROOT), "DATA_DIR": str(settings.data_dir)}


def _log(settings: Settings, name: str) -> Path:
    return settings.data_dir / "log" / f"{name}.log"


def _port(url: str) -> str:
    return str(urlsplit(url).port)


def _answers(url: str, settings: Settings) -> Ready:
    headers = {"Authorization": f"Bearer {settings.service_token}"}

    async def ready() -> bool:
        try:
            # Plain HTTP: a client that verifies would load all certificates at each question.
            async with httpx.AsyncClient(trust_env=False, timeout=3.0, verify=False) as client:
                response = await client.get(url, headers=headers)
        except httpx.HTTPError:
            return False
        return response.status_code == httpx.codes.OK

    return ready
