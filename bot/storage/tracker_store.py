"""Rasa's dialogues in Redis: appended turn by turn, read back as a window of the latest turns.

Rasa's own Redis store reads, merges and writes a conversation's whole history at every turn. Here a
dialogue is a list with one row a turn; a row carries the slots and the form as they were before it,
so that older rows may go without their events being missed. Whole conversations stay readable in
the transcript. The answer to a message is stored in the same step as its events: a message that is
sent again is answered from there, and acts once.
"""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Iterable, List, Optional, Text, Tuple

from rasa.core.brokers.broker import EventBroker
from rasa.core.tracker_store import TrackerStore
from rasa.shared.core.domain import Domain

from bot.assistant.dialogue import WINDOW_TURNS, DialogueWindow
from bot.storage import keys, script
from bot.storage.connection import connect

_LUA = Path(__file__).with_name("lua")

COMMITTED, SUPERSEDED, STALE = "committed", "superseded", "stale"


@dataclass(frozen=True)
class OpenedTurn:
    """What a turn begins with; `rows` is empty when the caller's version is the stored one."""

    answer: Optional[Text]
    version: int
    rows: List[Text]


class WindowTrackerStore(TrackerStore):
    """A tracker store whose cost does not depend on how long a conversation is.

    The assistant's channel uses `open` and `commit`; `retrieve`, `save` and `keys` serve Rasa's own
    commands. Errors of Redis are raised, never turned into an empty dialogue.
    """

    def __init__(
        self,
        domain: Optional[Domain],
        host: Optional[Text] = None,
        event_broker: Optional[EventBroker] = None,
        **kwargs: Any,
    ) -> None:
        """See parent class; `host` (the `url` in endpoints.yml) is the Redis URL."""
        super().__init__(domain, event_broker)
        self._redis: Any = connect(str(host))
        self._open = script.load(self._redis, _LUA / "open_turn.lua")
        self._commit = script.load(self._redis, _LUA / "commit_turn.lua")

    async def open(
        self, conversation_id: Text, dialogue: int, message_id: Text, *, known: int
    ) -> OpenedTurn:
        """The answer if this message has one, else the dialogue's state.

        `known` is the version that the caller holds in memory, -1 for none.
        """
        answer, version, *rows = await self._open(
            keys=[
                keys.tracker(conversation_id, dialogue),
                keys.answer(conversation_id, message_id),
            ],
            args=[known],
        )
        return OpenedTurn(answer or None, int(version), [row.split("|", 1)[1] for row in rows])

    async def commit(
        self,
        conversation_id: Text,
        dialogue: int,
        message_id: Text,
        *,
        fence: Optional[int],
        version: int,
        row: Text,
        answer: Text,
    ) -> Text:
        """Store a turn. Returns `committed`, `superseded` or `stale`; only the first wrote."""
        return str(
            await self._commit(
                keys=[
                    keys.conversation(conversation_id),
                    keys.tracker(conversation_id, dialogue),
                    keys.answer(conversation_id, message_id),
                ],
                args=[
                    "" if fence is None else fence,
                    version,
                    row,
                    WINDOW_TURNS,
                    keys.TRACKER_SECONDS,
                    answer,
                    keys.TURN_SECONDS,
                ],
            )
        )

    async def retrieve(self, sender_id: Text) -> Optional[DialogueWindow]:
        """See parent class for the full docstring."""
        opened = await self.open(*_dialogue(sender_id), "", known=-1)
        if not opened.rows:
            return None
        return DialogueWindow.restore(
            sender_id, self.domain, version=opened.version, rows=opened.rows
        )

    async def save(self, tracker: Any) -> None:
        """See parent class; replaces the dialogue by this tracker, as a single row.

        An empty tracker, which Rasa makes of a dialogue that it was only asked about, is nothing.
        """
        await self.stream_events(tracker)
        if not tracker.events:
            return
        events = [event.as_dict() for event in tracker.events]
        row = json.dumps({"slots": {}, "seen": [], "events": events}, ensure_ascii=False)
        key = keys.tracker(*_dialogue(tracker.sender_id))
        last = await self._redis.lindex(key, -1)
        # Counted on: whoever holds the dialogue in memory sees that it has become another.
        version = int(last.split("|", 1)[0]) + 1 if last else 1
        async with self._redis.pipeline(transaction=True) as pipe:
            pipe.delete(key)
            pipe.rpush(key, f"{version}|{row}")
            pipe.expire(key, keys.TRACKER_SECONDS)
            await pipe.execute()

    async def keys(self) -> Iterable[Text]:
        """See parent class; found by a cursor, which holds nobody up."""
        pattern = keys.tracker("*", "*")
        return [_sender_id(key) async for key in self._redis.scan_iter(match=pattern, count=500)]

    async def close(self) -> None:
        """Close the connections."""
        await self._redis.close()


def _dialogue(sender_id: Text) -> Tuple[Text, int]:
    """`<conversation>.<dialogue>` as the gateway names them; anything else has one dialogue."""
    conversation_id, _, dialogue = sender_id.rpartition(".")
    if conversation_id and dialogue.isdigit():
        return conversation_id, int(dialogue)
    return sender_id, 0


def _sender_id(key: Text) -> Text:
    conversation_id = key[key.index("{") + 1 : key.index("}")]
    return f"{conversation_id}.{key.rsplit(':', 1)[1]}"
