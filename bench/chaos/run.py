"""A run from beginning to end: the same for our installation and for plain Rasa."""

import asyncio
import contextlib
import random
import secrets
import shutil
import tempfile
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Dict, List, Optional, Sequence

from bench.agent import Agent
from bench.chaos import evidence, report
from bench.chaos.desk import DeskAtWork
from bench.chaos.faults import OURS, PLAIN_RASA, Faults
from bench.chaos.talk import Size, Talk
from bench.chaos.verdict import Failure, Record, judge
from bench.doors import GatewayDoor, RestDoor, http_session
from bench.installation import UNLIMITED, installation
from bench.plain_rasa.system import Surroundings, plain_rasa
from bench.progress import Progress
from bench.shoppers import add_shoppers
from shop.seed import seed as seed_shop
from shop.sql.engine import open_engine

# Of the conversations that were handed over, this share is taken by an agent.
_SHARE_TAKEN = 0.7


@dataclass
class Outcome:
    """What came of a run."""

    report: Dict[str, Any]
    failures: List[Failure]
    talk: Talk
    faults: Faults


async def against_ours(
    size: Size, *, seed: int, tell: Progress, logs: Optional[Path] = None
) -> Outcome:
    """A run against our installation with two gateways and two assistants.

    When something failed, the processes' logs are kept in the folder `logs`.
    """
    dice = random.Random(seed)
    async with contextlib.AsyncExitStack() as stack:
        tell("starting the installation")
        target = await stack.enter_async_context(
            installation(GATEWAYS="2", ASSISTANTS="2", **UNLIMITED)
        )
        target.add_shoppers(size.most_shoppers)
        tell(f"it is ready after {target.ready_s:.0f} s")
        http = await stack.enter_async_context(http_session())
        door = GatewayDoor(http, target.url, target.token, merge=True)
        agent = await Agent.sign_in(http, target, name="bench")
        desk = DeskAtWork(agent, share=_SHARE_TAKEN, dice=dice)
        working = asyncio.create_task(desk.run())
        talk = Talk(door, target.shoppers, size, dice, tell)
        faults = Faults(lambda: target.pids, OURS, size.rounds, size.window, dice, tell)
        await talk.run(faults)
        working.cancel()
        await desk.finish()
        tell("everything was sent; comparing what both sides have")
        records, tickets = await evidence.of_ours(
            target, http, door, talk.conversations, desk.handled
        )
        found = _outcome(talk, faults, records, tickets)
        if found.failures and logs is not None:
            shutil.copytree(target.folder / "log", logs, dirs_exist_ok=True)
        return found


async def against_plain_rasa(size: Size, model: Path, *, seed: int, tell: Progress) -> Outcome:
    """The same run against two plain Rasa servers with Rasa's own stores and REST channel."""
    dice = random.Random(seed)
    async with contextlib.AsyncExitStack() as stack:
        folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="plain-shop-"))
        engine = open_engine(f"sqlite:///{folder}/shop.db")
        seed_shop(engine, today=date.today())
        shoppers = add_shoppers(engine, size.most_shoppers)
        around = Surroundings(str(engine.url), service_token=secrets.token_hex(16))
        target = await stack.enter_async_context(plain_rasa(model, around, servers=2))
        tell("plain Rasa is ready")
        http = await stack.enter_async_context(http_session())
        talk = Talk(RestDoor(http, target.urls), shoppers, size, dice, tell)
        faults = Faults(lambda: target.pids, PLAIN_RASA, size.rounds, size.window, dice, tell)
        await talk.run(faults)
        records = await evidence.of_plain_rasa(target.redis_url, engine, talk.conversations)
        return _outcome(talk, faults, records, [])


def _outcome(
    talk: Talk, faults: Faults, records: Sequence[Record], tickets: Sequence[Dict[str, Any]]
) -> Outcome:
    failures = [failure for record in records for failure in judge(record)]
    figures = report.figures(talk.messages, faults, failures, tickets)
    return Outcome(figures, failures, talk, faults)
