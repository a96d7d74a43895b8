"""A run from beginning to end: the same for our installation and for plain Rasa."""

import asyncio
import contextlib
import random
import secrets
import shutil
import tempfile
import time
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any, Dict, List, Optional, Sequence

from bench.agent import Agent
from bench.chaos import evidence, report
from bench.chaos.client import Client, Message
from bench.chaos.conversations import plan
from bench.chaos.desk import DeskAtWork
from bench.chaos.faults import OURS, PLAIN_RASA, Faults, Parts
from bench.chaos.verdict import Failure, Record, judge
from bench.doors import Door, GatewayDoor, RestDoor, http_session
from bench.installation import installation
from bench.plain_rasa.system import Surroundings, plain_rasa
from bench.progress import Progress
from bench.shoppers import Shopper, add_shoppers
from shop.database import open_engine
from shop.seed import seed as seed_shop

Conversations = Dict[Shopper, List[Message]]
_TELL_EVERY = 10.0


@dataclass(frozen=True)
class Size:
    """How much happens: kills of each part within the time in which messages are sent."""

    conversations: int = 200
    seconds: float = 300.0
    rounds: int = 6
    give_up_seconds: float = 150.0


QUICK = Size(conversations=25, seconds=25.0, rounds=1, give_up_seconds=60.0)


@dataclass
class Outcome:
    """What came of a run."""

    report: Dict[str, Any]
    failures: List[Failure]
    messages: List[Message]
    faults: Faults
    began: float


async def talk(
    door: Door,
    conversations: Conversations,
    faults: Faults,
    *,
    size: Size,
    dice: random.Random,
    tell: Progress,
) -> float:
    """Hold all conversations while the parts are killed; returns when it began (Unix time)."""
    began = time.time()
    client = Client(door, began=began, give_up_seconds=size.give_up_seconds, dice=dice)
    killing = asyncio.create_task(faults.run())
    telling = asyncio.create_task(_tell(conversations, tell))
    try:
        await asyncio.gather(*(client.converse(said) for said in conversations.values()))
        await killing
    finally:
        for task in (killing, telling):
            task.cancel()
    return began


async def against_ours(
    size: Size, *, seed: int, tell: Progress, logs: Optional[Path] = None
) -> Outcome:
    """A run against our installation with two gateways and two assistants.

    When something failed, the processes' logs are kept in the folder `logs`.
    """
    dice = random.Random(seed)
    async with contextlib.AsyncExitStack() as stack:
        tell("starting the installation")
        target = await stack.enter_async_context(installation(GATEWAYS="2", ASSISTANTS="2"))
        target.add_shoppers(size.conversations)
        tell(f"it is ready after {target.ready_s:.0f} s")
        http = await stack.enter_async_context(http_session())
        door = GatewayDoor(http, target.url, target.token, merge=True)
        conversations = plan(target.shoppers, seconds=size.seconds, dice=dice)
        faults = _faults(lambda: target.pids, OURS, size, dice, tell)
        desk = DeskAtWork(await Agent.sign_in(http, target, name="bench"), share=0.7, dice=dice)
        working = asyncio.create_task(desk.run())
        began = await talk(door, conversations, faults, size=size, dice=dice, tell=tell)
        working.cancel()
        await desk.finish()
        tell("everything was sent; comparing what both sides have")
        records, tickets = await evidence.of_ours(target, http, door, conversations, desk.handled)
        found = outcome(conversations, records, faults, tickets, began)
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
        shoppers = add_shoppers(engine, size.conversations)
        around = Surroundings(str(engine.url), service_token=secrets.token_hex(16))
        target = await stack.enter_async_context(plain_rasa(model, around, servers=2))
        tell("plain Rasa is ready")
        http = await stack.enter_async_context(http_session())
        conversations = plan(shoppers, seconds=size.seconds, dice=dice)
        faults = _faults(lambda: target.pids, PLAIN_RASA, size, dice, tell)
        door = RestDoor(http, target.urls)
        began = await talk(door, conversations, faults, size=size, dice=dice, tell=tell)
        records = await evidence.of_plain_rasa(target.redis_url, engine, conversations)
        return outcome(conversations, records, faults, [], began)


def outcome(
    conversations: Conversations,
    records: Sequence[Record],
    faults: Faults,
    tickets: Sequence[Dict[str, Any]],
    began: float,
) -> Outcome:
    """Judge what was found."""
    failures = [failure for record in records for failure in judge(record)]
    messages = [message for said in conversations.values() for message in said]
    figures = report.figures(messages, faults, failures, tickets)
    return Outcome(figures, failures, messages, faults, began)


def _faults(pids: Any, parts: Parts, size: Size, dice: random.Random, tell: Progress) -> Faults:
    # Not before some have been served in peace, and not after the last.
    window = (0.15 * size.seconds, 0.9 * size.seconds)
    return Faults(pids, parts, size.rounds, window, dice, tell)


async def _tell(conversations: Conversations, tell: Progress) -> None:
    messages = [message for said in conversations.values() for message in said]
    while True:
        await asyncio.sleep(_TELL_EVERY)
        answered = sum(message.answered_at is not None for message in messages)
        sent = sum(message.sent_at > 0 for message in messages)
        tell(f"{sent} of {len(messages)} messages sent, {answered} answered")
