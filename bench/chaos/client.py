"""A real client: it sends a message again, under the same id, until it knows what became of it."""

import asyncio
import random
import time
from dataclasses import dataclass
from typing import List, Optional

import aiohttp

from bench.chaos.verdict import Sent
from bench.doors import Door, Refused
from bench.shoppers import Shopper

_FIRST_PAUSE = 0.2
_MOST_PAUSE = 3.0
_WAIT = 10.0


@dataclass
class Message:
    """A message on its way. Unix seconds, None for what has not happened.

    `plan` is when it is to be sent, in seconds from the beginning; a `hasty` one is followed by
    the next as soon as it is accepted.
    """

    shopper: Shopper
    message_id: str
    text: str
    plan: float
    hasty: bool = False
    asks_for_person: bool = False
    sent_at: float = 0.0
    answered_at: Optional[float] = None
    attempts: int = 0
    merged_into: Optional[str] = None

    def sent(self) -> Sent:
        """As the verifier wants it."""
        return Sent(
            self.message_id,
            self.sent_at,
            self.answered_at,
            self.asks_for_person,
            self.merged_into,
        )


class Client:
    """All shoppers of a run, each with their conversation."""

    def __init__(
        self, door: Door, *, began: float, give_up_seconds: float, dice: random.Random
    ) -> None:
        self._door = door
        self._began = began
        self._give_up_seconds = give_up_seconds
        self._dice = dice

    async def converse(self, messages: List[Message]) -> None:
        """Send a conversation's messages in order, each at its time or when it can be.

        A shopper who had to give a message up leaves: the rest of theirs is never sent.
        """
        deliveries: List["asyncio.Task[None]"] = []
        for message in messages:
            await asyncio.sleep(max(0.0, self._began + message.plan - time.time()))
            accepted = asyncio.Event()
            delivery = asyncio.create_task(self._deliver(message, accepted))
            deliveries.append(delivery)
            if message.hasty:
                await accepted.wait()
            else:
                # The answers to hasty ones before it come first.
                await asyncio.gather(*deliveries)
                if message.answered_at is None:
                    return
        await asyncio.gather(*deliveries)

    async def _deliver(self, message: Message, accepted: asyncio.Event) -> None:
        message.sent_at = time.time()
        wait = 0.0 if message.hasty else _WAIT
        pause = _FIRST_PAUSE
        while time.time() < message.sent_at + self._give_up_seconds:
            message.attempts += 1
            retry_after = 0.0
            try:
                answer = await self._door.send(
                    message.shopper, message.message_id, message.text, wait=wait
                )
            except Refused as refused:
                if not refused.is_temporary:
                    break
                retry_after = refused.retry_after
            except (aiohttp.ClientError, asyncio.TimeoutError, OSError):
                pass
            else:
                accepted.set()
                if answer.replies is not None:
                    message.merged_into = answer.merged_into
                    message.answered_at = time.time()
                    return
                wait, pause = _WAIT, _FIRST_PAUSE
                continue
            await asyncio.sleep(max(retry_after, pause * self._dice.uniform(0.5, 1.0)))
            pause = min(2 * pause, _MOST_PAUSE)
        accepted.set()
