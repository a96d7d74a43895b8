"""The people at the desk during the faults: they take conversations, talk, give them back."""

import asyncio
import contextlib
import random
import time
import uuid
from dataclasses import dataclass, field
from typing import Dict, List, Optional

from bench.agent import Agent, DeskRefused

_LOOK_EVERY = 1.0
_THINKS = (0.5, 3.0)


@dataclass
class Handled:
    """What an agent did with a ticket. Unix seconds, None for what has not happened."""

    taken_at: Optional[float] = None
    returning_at: Optional[float] = None
    returned_at: Optional[float] = None
    said: List[str] = field(default_factory=list)


class DeskAtWork:
    """Looks for waiting tickets and serves a share of them, side by side."""

    def __init__(self, agent: Agent, *, share: float, dice: random.Random) -> None:
        self._agent = agent
        self._share = share
        self._dice = dice
        self._tasks: Dict[str, "asyncio.Task[None]"] = {}
        self.handled: Dict[str, Handled] = {}

    async def run(self) -> None:
        """Work until cancelled."""
        while True:
            for ticket in await self._agent.tickets():
                number = str(ticket["ticket"])
                if ticket["state"] == "queued" and number not in self.handled:
                    self.handled[number] = Handled()
                    if self._dice.random() < self._share:
                        self._tasks[number] = asyncio.create_task(self._serve(number))
            await asyncio.sleep(_LOOK_EVERY)

    async def finish(self) -> None:
        """Let the services that are under way end."""
        for task in self._tasks.values():
            with contextlib.suppress(DeskRefused):
                await task

    async def _serve(self, number: str) -> None:
        handled = self.handled[number]
        await self._think()
        await self._agent.do(number, "take")
        handled.taken_at = time.time()
        for _ in range(self._dice.randint(0, 2)):
            await self._think()
            text = f"我来处理 {uuid.uuid4().hex[:8]}"
            await self._agent.do(number, "messages", message_id=uuid.uuid4().hex, text=text)
            handled.said.append(text)
        await self._think()
        handled.returning_at = time.time()
        await self._give_back(number)
        handled.returned_at = time.time()

    async def _give_back(self, number: str) -> None:
        try:
            await self._agent.do(number, "return")
        except DeskRefused:
            # An attempt whose answer got lost has done it already.
            if (await self._agent.ticket(number))["state"] != "returned":
                raise

    async def _think(self) -> None:
        await asyncio.sleep(self._dice.uniform(*_THINKS))
