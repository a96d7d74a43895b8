"""Everything said in a conversation, in order; pages read it, push doors get it by the outbox."""

import time
from typing import Any, List, Optional

from bot.conversation.lua import load
from bot.conversation.messages import Entry, Numbered
from bot.conversation.owner import Owner
from bot.storage import keys


class Transcript:
    """A Redis stream per conversation whose ids are the sequence numbers."""

    def __init__(self, redis: Any) -> None:
        self._redis = redis
        self._say = load(redis, "say")

    async def after(
        self, conversation_id: str, seq: int, *, until: Optional[int] = None, most: int = 500
    ) -> List[Numbered]:
        """Entries with a number above `seq`, oldest first, at most `most`."""
        rows = await self._redis.xrange(
            keys.transcript(conversation_id),
            min=f"{seq + 1}-0",
            max="+" if until is None else f"{until}-0",
            count=most,
        )
        return [_numbered(row) for row in rows]

    async def last(self, conversation_id: str, most: int) -> List[Numbered]:
        """The newest entries, oldest first."""
        rows = await self._redis.xrevrange(keys.transcript(conversation_id), count=most)
        return [_numbered(row) for row in reversed(rows)]

    async def entry(self, conversation_id: str, seq: int) -> Entry:
        """One entry.

        Raises:
            KeyError: there is no such entry.
        """
        found = await self.after(conversation_id, seq - 1, until=seq)
        if not found:
            raise KeyError(seq)
        return found[0].entry

    async def say(
        self,
        conversation_id: str,
        entry: Entry,
        *,
        once: str,
        owner: Optional[Owner] = None,
        agent: Optional[str] = None,
    ) -> int:
        """Let an agent or the system speak, once per `once`.

        Returns:
            The entry's number, or 0 when the conversation's owner or agent is another.
        """
        seq = await self._say(
            keys=[
                keys.conversation(conversation_id),
                keys.transcript(conversation_id),
                keys.once(conversation_id, once),
                keys.OUTBOX,
            ],
            args=[
                conversation_id,
                owner.value if owner else "",
                agent or "",
                entry.dumps(),
                keys.EVENTS,
                keys.CONVERSATION_SECONDS,
                keys.MESSAGE_SECONDS,
                int(time.time() * 1000),
            ],
        )
        return int(seq)


def _numbered(row: Any) -> Numbered:
    stream_id, fields = row
    return Numbered(int(stream_id.split("-")[0]), Entry.loads(fields["entry"]))
