"""Understanding, measured on messages that the model has never seen."""

import asyncio
import json
import logging
import subprocess
import sys
from collections import defaultdict
from pathlib import Path
from typing import Any, Dict, List, NamedTuple

import pytest
from rasa.core.agent import Agent
from rasa.utils.log_utils import configure_structlog

from bot.assistant.channel import without_command
from bot.training import ROOT, model_path

pytestmark = pytest.mark.timeout(300)

HELD_OUT = Path(__file__).with_name("held_out.jsonl")
OUT_OF_SCOPE = "out_of_scope"
# Nothing is promised in answer to these, so they are as good as not being understood.
HARMLESS = {OUT_OF_SCOPE, "chitchat", "bot_challenge"}

# In percent, three points below what was measured when the rows were written.
FLOORS = {
    ("zh-Hans", "strict"): 87,
    ("zh-Hans", "lenient"): 88,
    ("zh-Hant", "strict"): 95,
    ("zh-Hant", "lenient"): 95,
    ("en", "strict"): 90,
    ("en", "lenient"): 90,
}


class Accuracy(NamedTuple):
    """Shares of messages understood, in percent."""

    rows: int
    strict: float
    lenient: float


def rows() -> List[Dict[str, Any]]:
    return [json.loads(line) for line in HELD_OUT.read_text(encoding="utf-8").splitlines()]


async def predicted(texts: List[str]) -> List[str]:
    """The intents, as the running assistant would decide."""
    # Otherwise it tells every step of every message.
    configure_structlog(logging.ERROR)
    agent = Agent.load(str(ROOT / model_path()))
    intents = []
    for text in texts:
        parsed = await agent.parse_message(without_command(text))
        intents.append(parsed["intent"]["name"])
    return [OUT_OF_SCOPE if intent == "nlu_fallback" else intent for intent in intents]


def is_right(intent: str, wanted: List[str]) -> bool:
    return intent in wanted or (OUT_OF_SCOPE in wanted and intent in HARMLESS)


@pytest.fixture(scope="module")
def measured() -> Dict[str, Accuracy]:
    """Accuracy by language."""
    if not (ROOT / model_path()).exists():
        subprocess.run([sys.executable, "-m", "bot", "train"], cwd=ROOT, check=True)
    listed = rows()
    intents = asyncio.run(predicted([row["text"] for row in listed]))
    verdicts = defaultdict(list)
    for row, intent in zip(listed, intents):
        strict = is_right(intent, [row["intent"]])
        lenient = is_right(intent, [row["intent"], *row["alt"]])
        verdicts[row["lang"]].append((strict, lenient))
    return {
        language: Accuracy(
            len(found),
            100 * sum(strict for strict, _ in found) / len(found),
            100 * sum(lenient for _, lenient in found) / len(found),
        )
        for language, found in verdicts.items()
    }


def test_the_rows_are_well_formed_and_balanced() -> None:
    listed = rows()
    assert len({row["id"] for row in listed}) == len(listed)
    assert {row["lang"] for row in listed} == {language for language, _ in FLOORS}
    assert all(row["text"].strip() and row["intent"] not in row["alt"] for row in listed)


def test_unseen_messages_are_understood(measured: Dict[str, Accuracy]) -> None:
    print("\nlanguage    rows   strict  lenient")
    for language, accuracy in sorted(measured.items()):
        print(
            f"{language:<9} {accuracy.rows:>6} {accuracy.strict:>7.1f}% {accuracy.lenient:>7.1f}%"
        )
    wrong = {
        f"{language} {kind}": getattr(measured[language], kind)
        for (language, kind), floor in FLOORS.items()
        if getattr(measured[language], kind) < floor
    }
    assert wrong == {}
