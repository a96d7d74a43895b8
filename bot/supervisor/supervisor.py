"""Starts everything in order, says where it is, keeps it running, and stops it all on Ctrl-C."""

import asyncio
import contextlib
import signal
import time
from typing import Dict, List, Optional
from urllib.parse import quote

from bot.desk.agents import AgentBook
from bot.settings import Settings
from bot.storage.connection import connect
from bot.supervisor import run_file
from bot.supervisor.child import Child
from bot.supervisor.ports import check_free, free_ports
from bot.supervisor.preparation import prepare
from bot.supervisor.services import LOOPBACK, specs

DEMO_AGENT = "mei"


async def run(settings: Settings) -> None:
    """Serve until Ctrl-C or SIGTERM.

    Raises:
        PortBusy, AlreadyRunning, PreparationFailed, ChildFailed: each with one clear sentence.
    """
    check_free(settings.host, settings.port)
    with run_file.only_one(settings.data_dir):
        serving = asyncio.create_task(_serve(settings))
        loop = asyncio.get_running_loop()
        for number in (signal.SIGINT, signal.SIGTERM):
            loop.add_signal_handler(number, serving.cancel)
        with contextlib.suppress(asyncio.CancelledError):
            await serving


async def _serve(settings: Settings) -> None:
    """Cancelling it, at any moment, stops what was started."""
    print("Xiaoer", flush=True)
    model = await prepare(settings)
    started = time.monotonic()
    settings, redis_port = addressed(settings)
    address = f"http://{LOOPBACK if settings.host == '0.0.0.0' else settings.host}:{settings.port}"
    children: Dict[str, Child] = {}

    def tell() -> None:
        content = {
            "address": address,
            "redis_url": settings.redis_url,
            "pids": {name: child.pid for name, child in children.items()},
        }
        run_file.write(settings.data_dir, content)

    for spec in specs(settings, model, redis_port):
        # Told anew at each restart: process ids change.
        children[spec.name] = Child(spec, on_start=tell)
    try:
        agent = await _start(children, settings)
        _greet(address, agent, time.monotonic() - started)
        await asyncio.Event().wait()
    finally:
        print("  stopping …", flush=True)
        for name in reversed(list(children)):
            await children[name].stop()


def addressed(settings: Settings) -> "tuple[Settings, int]":
    """Settings with the internal addresses, and the embedded Redis's port (0: a Redis is given)."""
    actions, knowledge, redis, *assistants = free_ports(3 + settings.assistants)
    update = {
        "assistant_url": ",".join(f"http://{LOOPBACK}:{port}" for port in assistants),
        "actions_url": f"http://{LOOPBACK}:{actions}",
        "knowledge_url": f"http://{LOOPBACK}:{knowledge}",
    }
    if settings.redis_url:
        return settings.copy(update=update), 0
    update["redis_url"] = f"redis://:{quote(settings.redis_password, safe='')}@{LOOPBACK}:{redis}/0"
    return settings.copy(update=update), redis


async def _start(children: Dict[str, Child], settings: Settings) -> Optional[str]:
    """Redis first, which all others need; then all side by side, which is twice as fast.

    Returns:
        The password of the demo's first agent, if one was made.
    """
    if "redis" in children:
        children["redis"].start()
        await _tell_ready([children["redis"]])
    password = await first_agent(settings)
    others = [child for name, child in children.items() if name != "redis"]
    for child in others:
        child.start()
    await _tell_ready(others)
    return password


async def _tell_ready(children: List[Child]) -> None:
    started = time.monotonic()

    async def wait(child: Child) -> None:
        await child.wait_ready()
        print(f"  {child.spec.name} ready after {time.monotonic() - started:.0f} s", flush=True)

    await asyncio.gather(*(wait(child) for child in children))


async def first_agent(settings: Settings) -> Optional[str]:
    """An account for trying the console, in the demo only; its password is shown once."""
    redis = connect(settings.redis_url)
    try:
        agents = AgentBook(redis)
        if not settings.is_demo or await agents.any():
            return None
        return await agents.add(DEMO_AGENT, ["zh", "en"])
    finally:
        await redis.close()


def _greet(address: str, password: Optional[str], seconds: float) -> None:
    print(f"\n  Ready in {seconds:.0f} s.\n")
    print(f"  Shop with chat   {address}/")
    print(f"  Agent console    {address}/desk/")
    if password:
        print(f"                   sign in as {DEMO_AGENT}, password {password} (shown only now)")
    else:
        print("                   another account: .venv/bin/python -m bot agent add NAME")
    print(f"  API docs         {address}/docs")
    print("\n  Ctrl-C stops everything.", flush=True)
