"""All shoppers of a run, writing while the parts are killed."""

import asyncio
import random
import time
from dataclasses import dataclass
from itertools import islice
from typing import Dict, Iterator, List

from bench.chaos.client import Client, Message
from bench.chaos.conversations import plan
from bench.chaos.faults import Faults
from bench.doors import Door
from bench.progress import Progress
from bench.shoppers import Shopper

Conversations = Dict[Shopper, List[Message]]
_TELL_EVERY = 10.0
# While faults are still to come, this share of the conversations is held again, by others.
_MORE = 5


@dataclass(frozen=True)
class Size:
    """How much happens: kills of each part within the time in which messages are sent."""

    conversations: int = 200
    seconds: float = 300.0
    rounds: int = 5
    give_up_seconds: float = 150.0

    @property
    def most_shoppers(self) -> int:
        """Enough for parts that take long to come back, and so to be killed again."""
        return 4 * self.conversations

    @property
    def window(self) -> "tuple[float, float]":
        """When parts are killed: not before some shoppers have been served in peace."""
        return 0.15 * self.seconds, 0.9 * self.seconds


QUICK = Size(conversations=25, seconds=25.0, rounds=1, give_up_seconds=60.0)


class Talk:
    """The conversations of a run; `began` is a Unix time in seconds."""

    def __init__(
        self, door: Door, shoppers: List[Shopper], size: Size, dice: random.Random, tell: Progress
    ) -> None:
        self.conversations: Conversations = {}
        self.began = time.time()
        self._door = door
        self._shoppers: Iterator[Shopper] = iter(shoppers)
        self._size = size
        self._dice = dice
        self._tell = tell

    @property
    def messages(self) -> List[Message]:
        """All messages of all conversations."""
        return [message for said in self.conversations.values() for message in said]

    async def run(self, faults: Faults) -> None:
        """Talk until every message is dealt with and every fault has happened."""
        self.began = time.time()
        killing = asyncio.create_task(faults.run())
        telling = asyncio.create_task(self._keep_telling())
        size = self._size
        try:
            await self._hold(size.conversations, size.seconds)
            while not killing.done():
                # A part that is slow to come back is killed late; somebody must be writing then.
                await self._hold(max(1, size.conversations // _MORE), size.seconds / _MORE)
            await killing
        finally:
            for task in (killing, telling):
                task.cancel()

    async def _hold(self, count: int, seconds: float) -> None:
        began = time.time()
        planned = plan(list(islice(self._shoppers, count)), seconds=seconds, dice=self._dice)
        self.conversations.update(planned)
        client = Client(
            self._door,
            began=began,
            give_up_seconds=self._size.give_up_seconds,
            dice=self._dice,
        )
        await asyncio.gather(*(client.converse(said) for said in planned.values()))

    async def _keep_telling(self) -> None:
        while True:
            await asyncio.sleep(_TELL_EVERY)
            messages = self.messages
            answered = sum(message.answered_at is not None for message in messages)
            sent = sum(message.sent_at > 0 for message in messages)
            self._tell(f"{sent} of {len(messages)} messages sent, {answered} answered")
