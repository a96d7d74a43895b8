"""The operator's view of replies that no push door could deliver: list them, put them back."""

import contextlib
from datetime import datetime
from typing import AsyncIterator, List, Optional

from bot.conversation.outbox import DeadLetter, Outbox
from bot.settings import Settings
from bot.storage.connection import connect
from bot.supervisor.embedded import reachable_redis


async def listed(settings: Settings) -> List[DeadLetter]:
    """All dead letters, by conversation."""
    async with _outbox(settings) as outbox:
        return [
            letter
            for conversation_id in await outbox.with_dead_letters()
            for letter in await outbox.dead_letters(conversation_id)
        ]


async def replayed(settings: Settings, conversation_id: Optional[str]) -> int:
    """Put back those of one conversation, or all; returns how many."""
    async with _outbox(settings) as outbox:
        chosen = [conversation_id] if conversation_id else await outbox.with_dead_letters()
        return sum([await outbox.replay(each) for each in chosen])


def table(letters: List[DeadLetter]) -> str:
    """Letters for a terminal, a line each under a heading; times are local."""
    rows = [("conversation", "seq", "given up", "tries", "error")]
    for letter in letters:
        when = datetime.fromtimestamp(letter.at / 1000).strftime("%Y-%m-%d %H:%M:%S")
        rows.append(
            (letter.conversation_id, str(letter.seq), when, str(letter.tries), letter.error)
        )
    widths = [max(len(row[column]) for row in rows) for column in range(4)]
    return "\n".join(
        "  ".join([*(cell.ljust(width) for cell, width in zip(row, widths)), row[4]])
        for row in rows
    )


@contextlib.asynccontextmanager
async def _outbox(settings: Settings) -> AsyncIterator[Outbox]:
    async with reachable_redis(settings) as url:
        redis = connect(url)
        try:
            yield Outbox(redis)
        finally:
            await redis.close()
