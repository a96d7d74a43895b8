"""The parts of the measurement in their order; how each is measured has its own module."""

import itertools
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Dict, Iterator, List

import aiohttp

from bench import machine
from bench.agent import Agent
from bench.doors import Door, GatewayDoor, RestDoor
from bench.installation import Installation
from bench.plain_rasa import history
from bench.plain_rasa.system import Surroundings, plain_rasa
from bench.progress import Progress
from bench.script import lines
from bench.shoppers import Shopper
from bench.speed import knowledge, report
from bench.speed.growth import CYCLE, ENDS, LENGTH, SESSIONS, Growth
from bench.speed.load import Load, crowd
from bench.speed.memory import CountingDoor, MemoryWatch
from bench.speed.turns import compare, without_return


@dataclass(frozen=True)
class Size:
    """How much is measured: numbers of conversations, unless the name says otherwise."""

    slices: int = 3
    warm_up: int = 16
    ours: int = 192
    plain: int = 48
    long_ours: int = 10
    long_plain: int = 3
    few_at_once: int = 8
    many_at_once: int = 400
    crowd_rounds: int = 2
    memory_turns: int = 20_000
    questions: int = 300


QUICK = Size(
    slices=1,
    warm_up=4,
    ours=16,
    plain=8,
    long_ours=1,
    long_plain=1,
    many_at_once=40,
    crowd_rounds=1,
    memory_turns=1_000,
    questions=20,
)


# While memory is watched: how many shoppers at once, and how often a crowd comes.
_USUAL_AT_ONCE = 16
_CROWD_EVERY = 4


class SpeedMeasurement:
    """One run; `figures` is the report as it grows."""

    def __init__(
        self, size: Size, target: Installation, http: aiohttp.ClientSession, tell: Progress
    ) -> None:
        self.size = size
        self.target = target
        self.http = http
        self.tell = tell
        self.door = CountingDoor(GatewayDoor(http, target.url, target.token, merge=False))
        self.memory = MemoryWatch(lambda: target.pids, lambda: self.door.turns)
        self.figures: Dict[str, Any] = {"machine": machine.describe()}
        self.ours, self.plain = Load(), Load()
        self._unused: Iterator[Shopper] = iter(target.shoppers)

    def take(self, count: int) -> List[Shopper]:
        """Shoppers who have said nothing yet."""
        return [next(self._unused) for _ in range(count)]

    async def beside_plain_rasa(self, model: Path) -> None:
        """What needs both systems: turns, and long conversations."""
        around = Surroundings(
            shop_database_url=self.target.shop_database_url,
            knowledge_url=self.target.knowledge_url,
            gateway_url=self.target.url,
            service_token=self.target.service_token,
        )
        async with plain_rasa(model, around) as other:
            self.tell("plain Rasa is ready")
            plain = RestDoor(self.http, other.urls)
            size = self.size
            self.ours, self.plain = await compare(
                (self.door, self.take(size.warm_up + size.ours)),
                (plain, self.take(size.warm_up + size.plain)),
                slices=size.slices,
                warm_up=size.warm_up,
                engine=self.target.engine(),
                tell=self.tell,
            )
            self.figures["turns"] = report.turns(self.ours, self.plain)
            await self._growth(plain, other.redis_url)

    async def _growth(self, plain_door: Door, plain_redis_url: str) -> None:
        agent = await Agent.sign_in(self.http, self.target, name="bench")

        async def begin_anew(shopper: Shopper) -> None:
            await agent.begin_anew(self.target.conversation_id(shopper))

        async def lengthen(shopper: Shopper) -> None:
            turns = LENGTH - CYCLE
            await history.lengthen(plain_redis_url, shopper, repeat=CYCLE, turns=turns)

        ours, sessions, plain = Growth(), Growth(), Growth()
        for number in range(self.size.long_ours):
            await ours.converse(self.door, self.take(1)[0])
            (shopper,) = self.take(1)
            await sessions.converse(self.door, shopper, stretches=SESSIONS, between=begin_anew)
            if number < self.size.long_plain:
                (shopper,) = self.take(1)
                await plain.converse(plain_door, shopper, stretches=ENDS, between=lengthen)
            self.tell(f"long conversations: {number + 1} of {self.size.long_ours}")
        self.figures["growth"] = {
            "ours": ours.summary(),
            "ours_fifth_session": sessions.summary(),
            "plain_rasa": plain.summary(),
        }

    async def in_a_crowd(self) -> None:
        """Eight shoppers at once, then four hundred, and again."""
        few, many = Load(), Load()
        sizes = (self.size.few_at_once, self.size.many_at_once)
        for _ in range(self.size.crowd_rounds):
            for at_once, total in zip(sizes, (few, many)):
                shoppers = self.take(max(at_once, self.size.many_at_once // 4))
                load = await crowd(self.door, shoppers, lines, at_once=at_once)
                load.failures += without_return(self.target.engine(), shoppers)
                total.add(load)
                self.tell(f"{at_once} shoppers at once: {load.per_second:.1f} turns a second")
        self.figures["crowd"] = report.crowd(few, many, sizes=sizes)

    async def over_time(self) -> None:
        """More turns, now that every load has been seen once, to tell the memory's drift."""
        errors = 0
        begun = self.door.turns
        for number in itertools.count(1):
            done = self.door.turns - begun
            if done >= self.size.memory_turns:
                break
            self.tell(f"memory: {done} of {self.size.memory_turns} turns")
            at_once = self.size.many_at_once if number % _CROWD_EVERY == 0 else _USUAL_AT_ONCE
            load = await crowd(self.door, self.take(max(100, at_once)), lines, at_once=at_once)
            errors += len(load.failures)
        await self.memory.stop()
        self.figures["memory"] = {
            "turns": self.door.turns - begun,
            "warm_up_turns": begun,
            "errors": errors,
            "processes": self.memory.drift(begun),
        }
        self.figures["rss_mb"] = {
            name: round(megabytes)
            for name, megabytes in self.memory.samples[-1].resident_mb.items()
        }

    async def of_the_knowledge_base(self) -> None:
        """Questions, one after another."""
        questions = knowledge.held_out_questions()[: self.size.questions]
        self.figures["knowledge"] = await knowledge.measure(self.target, questions)
