"""A run from beginning to end: the same for our installation and for plain Rasa."""

import asyncio
import contextlib
import json
import random
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Dict, List, Sequence, Tuple

from bench import plots
from bench.agent import Agent
from bench.chaos import evidence, report
from bench.chaos.client import Client, Message
from bench.chaos.conversations import plan
from bench.chaos.desk import DeskAtWork
from bench.chaos.faults import OURS, Faults, Parts
from bench.chaos.verdict import Failure, Record, judge
from bench.doors import Door, GatewayDoor, http_session
from bench.installation import installation
from bench.progress import Progress
from bench.shoppers import Shopper

Conversations = Dict[Shopper, List[Message]]
_TELL_EVERY = 10.0


@dataclass(frozen=True)
class Size:
    """How much happens: kills of each part within the time in which messages are sent."""

    conversations: int = 200
    seconds: float = 300.0
    rounds: int = 6
    give_up_seconds: float = 150.0


QUICK = Size(conversations=30, seconds=30.0, rounds=1, give_up_seconds=60.0)


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


async def against_ours(size: Size, *, seed: int, tell: Progress) -> Outcome:
    """A run against our installation with two gateways and two assistants."""
    dice = random.Random(seed)
    async with contextlib.AsyncExitStack() as stack:
        tell("starting the installation")
        target = await stack.enter_async_context(installation(GATEWAYS="2", ASSISTANTS="2"))
        target.add_shoppers(size.conversations)
        tell(f"it is ready after {target.ready_s:.0f} s")
        http = await stack.enter_async_context(http_session())
        door = GatewayDoor(http, target.url, target.token)
        conversations = plan(target.shoppers, seconds=size.seconds, dice=dice)
        faults = _faults(lambda: target.pids, OURS, size, dice, tell)
        desk = DeskAtWork(await Agent.sign_in(http, target, name="bench"), share=0.7, dice=dice)
        working = asyncio.create_task(desk.run())
        began = await talk(door, conversations, faults, size=size, dice=dice, tell=tell)
        working.cancel()
        await desk.finish()
        tell("everything was sent; comparing what both sides have")
        records, tickets = await evidence.of_ours(target, http, door, conversations, desk.handled)
        return outcome(conversations, records, faults, tickets, began)


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
    # While messages are still under way: the last stretch is for the last of them.
    return Faults(pids, parts, size.rounds, 0.9 * size.seconds, dice, tell)


async def _tell(conversations: Conversations, tell: Progress) -> None:
    messages = [message for said in conversations.values() for message in said]
    while True:
        await asyncio.sleep(_TELL_EVERY)
        answered = sum(message.answered_at is not None for message in messages)
        sent = sum(message.sent_at > 0 for message in messages)
        tell(f"{sent} of {len(messages)} messages sent, {answered} answered")


def main(size: Size, folder: Path, *, seed: int) -> int:
    """Run it, write the figures and the plot, print the table; 1 if anything failed."""
    tell = Progress()
    found = asyncio.run(against_ours(size, seed=seed, tell=tell))
    figures = {**found.report, "seed": seed, "seconds": round(tell.seconds)}
    folder.mkdir(parents=True, exist_ok=True)
    text = json.dumps(figures, ensure_ascii=False, indent=2)
    (folder / "chaos.json").write_text(text + "\n", encoding="utf-8")
    plots.timeline(*_timeline(found), folder / "chaos.png")
    print(f"\n{report.printed(figures)}\n")
    return 1 if found.failures else 0


def _timeline(found: Outcome) -> Tuple[List[Tuple[float, float]], List[Tuple[float, str]]]:
    answers = [
        (message.answered_at - found.began, message.answered_at - message.sent_at)
        for message in found.messages
        if message.answered_at is not None
    ]
    return answers, [(kill.at - found.began, kill.part) for kill in found.faults.kills]
