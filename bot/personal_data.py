"""What is kept about a shopper: a copy of it, and its end.

`python -m bot export` and `python -m bot erase`; they work on Redis and on the knowledge base's
journal of questions, whether the rest runs or not. The shop's own records (orders, returns,
refunds) are not touched.
"""

import asyncio
import contextlib
import hashlib
import json
import re
import time
from collections import Counter, defaultdict
from dataclasses import asdict
from pathlib import Path
from typing import Any, DefaultDict, Dict, List

from bot.conversation.erasure import Erasure
from bot.conversation.events import EventHub
from bot.conversation.messages import now
from bot.desk.tickets import TicketStore
from bot.storage import keys, values
from knowledge_base.journal import AskedQuestion, Journal

# Requests that were under way when everything was deleted have written what they had to by then.
SETTLE_SECONDS = 1.0
# Somebody who keeps writing (feedback, say) is not what is being erased any more.
_MOST_SWEEPS = 10
# Rows of a dialogue carry their version in front.
_VERSION = re.compile(r"^\d+\|")


class PersonalData:
    """Everything that the gateway, the assistant and the knowledge base keep about one shopper.

    `questions` is the file of the knowledge base's journal, if there is one.
    """

    def __init__(
        self,
        redis: Any,
        *,
        turn_timeout: float,
        questions: Path,
        settle_seconds: float = SETTLE_SECONDS,
    ) -> None:
        self._redis = redis
        self._questions = questions
        self._erasure = Erasure(redis, turn_timeout=turn_timeout)
        self._tickets = TicketStore(redis)
        self._hub = EventHub(redis)
        self._settle_seconds = settle_seconds

    async def export(self, conversation_id: str) -> Dict[str, Any]:
        """All that is kept, as JSON would hold it; the same names are there for every shopper.

        `other` holds what has no name of its own here, by kind: nothing is left out.
        """
        found: DefaultDict[str, Dict[str, Any]] = defaultdict(dict)
        for key, kind, rest in await self._erasure.find(conversation_id):
            found[kind][rest] = await values.read(self._redis, key)
        tickets = await self._tickets.all_of(conversation_id)
        found.pop("tickets", None)
        dialogues = found.pop("tracker", {})
        state = _only(found, "state", {})
        return {
            "conversation_id": conversation_id,
            "exported_at": now(),
            "state": state,
            "transcript": [_entry(row) for row in _only(found, "transcript", [])],
            "waiting": _only(found, "inbox", []),
            "tickets": [asdict(ticket) for ticket in tickets],
            "feedback": _only(found, "feedback", []),
            "questions": [_question(asked) for asked in self._asked(conversation_id)],
            "dialogues": {number: _turns(kept) for number, kept in dialogues.items()},
            "undelivered_since": await self._redis.zscore(
                keys.outbox(state.get("door", "")), conversation_id
            ),
            "dead_letters": _only(found, "dead", []),
            "other": dict(found),
        }

    async def erase(self, conversation_id: str) -> Dict[str, int]:
        """Delete all that is kept; returns how much of each kind. Keeps a record that it was done.

        A message that is being answered is answered first; one that comes meanwhile is refused for
        a moment and begins a fresh conversation when it is sent again.

        Raises:
            sqlite3.Error: the journal of questions cannot be written.
        """
        erased: "Counter[str]" = Counter()
        async with self._erasure.closed(conversation_id):
            for _ in range(_MOST_SWEEPS):
                swept = await self._sweep(conversation_id)
                if not swept:
                    break
                erased.update(swept)
                await asyncio.sleep(self._settle_seconds)
        await self._record(conversation_id, erased)
        return dict(sorted(erased.items()))

    async def _sweep(self, conversation_id: str) -> "Counter[str]":
        tickets = await self._tickets.erase(conversation_id)
        swept = await self._erasure.sweep(conversation_id)
        for ticket in tickets:
            # Consoles that show it look again.
            await self._hub.publish(conversation_id, "ticket", ticket=ticket, state="erased")
        return swept + Counter(ticket=len(tickets), question=self._forget(conversation_id))

    def _asked(self, conversation_id: str) -> List[AskedQuestion]:
        if not self._questions.exists():
            return []
        with contextlib.closing(Journal(self._questions)) as journal:
            return journal.of_conversation(conversation_id)

    def _forget(self, conversation_id: str) -> int:
        if not self._questions.exists():
            return 0
        with contextlib.closing(Journal(self._questions)) as journal:
            return journal.erase(conversation_id)

    async def _record(self, conversation_id: str, erased: "Counter[str]") -> None:
        """The entry's id is the moment. Who has the shopper's id can find it, nobody else."""
        oldest = int((time.time() - keys.ERASURE_SECONDS) * 1000)
        await self._redis.xadd(
            keys.ERASURES,
            {
                "conversation": hashlib.sha256(conversation_id.encode()).hexdigest(),
                "erased": json.dumps(erased, sort_keys=True),
            },
            minid=oldest,
            approximate=False,
        )
        await self._redis.expire(keys.ERASURES, keys.ERASURE_SECONDS)


def is_empty(exported: Dict[str, Any]) -> bool:
    """Whether nothing was ever said, or nothing is left of it."""
    numbers_only = "owner" not in exported["state"]
    return numbers_only and not any(
        exported[name]
        for name in ("transcript", "tickets", "feedback", "questions", "dialogues", "other")
    )


def _only(found: DefaultDict[str, Dict[str, Any]], kind: str, missing: Any) -> Any:
    """The value of a kind of which a conversation has one."""
    return found.pop(kind, {}).get("", missing)


def _entry(row: Dict[str, Any]) -> Dict[str, Any]:
    return {"seq": int(row["id"].split("-")[0]), **row["entry"]}


def _question(asked: AskedQuestion) -> Dict[str, Any]:
    return {**asdict(asked), "asked_at": asked.asked_at.isoformat()}


def _turns(kept: Any) -> Any:
    """A dialogue's rows without their versions; of earlier versions, Rasa's whole tracker."""
    if not isinstance(kept, list):
        return kept
    rows: List[Any] = kept
    return [values.parsed(_VERSION.sub("", r)) if isinstance(r, str) else r for r in rows]
