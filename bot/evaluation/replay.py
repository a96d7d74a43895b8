"""`replay`: whole dialogues against a running system, and whether they went as they should."""

import json
import re
from pathlib import Path
from typing import Any, Dict, List, Optional, Sequence, Set, Union

import httpx
from pydantic import Extra, StrictStr, conlist

from bot.evaluation.end_state import EndState, found, is_as_wanted
from bot.evaluation.installation import Installation, Shopper
from bot.evaluation.rows import Given, Row, read_rows
from bot.evaluation.scores import HARMLESS, OUT_OF_SCOPE
from bot.settings import Settings
from bot.table import table

_ORDER = re.compile(r"XE\d{8}", re.ASCII)


class _Strict(Given):
    class Config:
        """A word that is not known is a mistake."""

        extra = Extra.forbid


class Press(_Strict):
    """Instead of words: a button of the latest replies, by (a part of) its title."""

    press: StrictStr


class Expectation(_Strict):
    """`intents` are understood in this order; others may come between them."""

    intents: List[StrictStr] = []
    end_state: EndState = EndState()


class DialogueRow(Row):
    """A dialogue of a customer, or of a visitor if there is none."""

    customer: Optional[StrictStr]
    turns: conlist(Union[StrictStr, Press], min_items=1)  # type: ignore[valid-type]
    expect: Expectation = Expectation()

    @property
    def orders(self) -> Set[str]:
        """The orders that are named in what is said or wanted."""
        wanted = self.expect.end_state
        told = json.dumps([self.dict()["turns"], wanted.dict()], default=str)
        return set(_ORDER.findall(told))


class Dialogue:
    """One dialogue while it goes on; `transcript` is what was said so far."""

    def __init__(self, installation: Installation, shopper: Shopper) -> None:
        self.transcript: List[Dict[str, Any]] = []
        self.errors: List[str] = []
        self.unanswered = 0
        self.intents: List[str] = []
        self._installation = installation
        self._shopper = shopper
        self._buttons: Dict[str, str] = {}

    async def take(self, turn: Union[str, Press]) -> None:
        """Say or press something, and note the answer."""
        said = {"from": "shopper", "text": turn if isinstance(turn, str) else turn.press}
        self.transcript.append(said)
        if isinstance(turn, str):
            message = {"text": turn}
        else:
            shown = (title for title in self._buttons if turn.press in title)
            title = next(shown, None)
            if title is None:
                self.errors.append(f"no button was shown for {turn.press!r}")
                return
            message = {"payload": self._buttons[title]}
        message_id, answer = await self._installation.say(self._shopper, **message)
        await self._note(message_id, answer, said)

    async def _note(self, message_id: str, answer: httpx.Response, said: Dict[str, Any]) -> None:
        if answer.status_code not in (200, 202):
            self.errors.append(f"status {answer.status_code}: {answer.text[:200]}")
            return
        content = answer.json()
        replies = content["replies"]
        # Once people have the conversation, nobody has to answer at once.
        if not replies and content["owner"] == "bot":
            self.unanswered += 1
        self._buttons = {b["title"]: b["payload"] for reply in replies for b in reply["buttons"]}
        self.transcript += [
            {"from": r["from"], "text": r["text"], "buttons": [b["title"] for b in r["buttons"]]}
            for r in replies
        ]
        said["intent"] = await self._installation.intent(self._shopper, message_id)
        if said["intent"] is not None:
            self.intents.append(said["intent"])


def read(path: Path) -> List[DialogueRow]:
    """The dialogues of a file; what is wrong with one is known before anything is said.

    Raises:
        EvaluationError: a row that cannot be used, or expects what there is no word for.
    """
    return read_rows(path, DialogueRow)


async def measure(settings: Settings, rows: Sequence[DialogueRow], url: str) -> Dict[str, Any]:
    """Play the dialogues one after the other, on one shop, and give a verdict on each.

    Raises:
        Refused: nothing runs, or it does not let us in.
    """
    async with Installation.reached(settings, url) as installation:
        played = [await play(installation, row) for row in rows]
    return {"n": len(played), "passed": sum(row["passed"] for row in played), "rows": played}


async def play(installation: Installation, row: DialogueRow) -> Dict[str, Any]:
    """One dialogue: transcript, what was found in the end, and the verdict."""
    shopper = await installation.shopper(row.customer)
    dialogue = Dialogue(installation, shopper)
    for turn in row.turns:
        await dialogue.take(turn)
    there = await found(row.expect.end_state, installation, shopper, row.orders)
    verdict = {
        "no_error": not dialogue.errors,
        "answered": not dialogue.unanswered,
        "intents": understood(row.expect.intents, dialogue.intents),
        "end_state": is_as_wanted(row.expect.end_state, there),
    }
    return {
        "id": row.id,
        "passed": all(part is not False for part in verdict.values()),
        "verdict": verdict,
        "errors": dialogue.errors,
        "found": {"intents": dialogue.intents, "end_state": there},
        "transcript": dialogue.transcript,
    }


def understood(wanted: Sequence[str], intents: Sequence[str]) -> Optional[bool]:
    """Whether the wanted intents are among these, in their order; None when there is no telling."""
    if not wanted or not intents:
        return None
    rest = iter(intents)
    return all(any(_is(one, intent) for intent in rest) for one in wanted)


def _is(wanted: str, intent: str) -> bool:
    return intent == wanted or (wanted == OUT_OF_SCOPE and intent in HARMLESS)


def printed(figures: Dict[str, Any]) -> str:
    """A line a dialogue that did not go as it should."""
    failed = [
        [row["id"], ", ".join(name for name, part in row["verdict"].items() if part is False)]
        for row in figures["rows"]
        if not row["passed"]
    ]
    summary = f"  {figures['passed']} of {figures['n']} dialogues went as they should"
    return f"{table(['dialogue', 'not as wanted'], failed)}\n\n{summary}" if failed else summary
