"""The same conversations, client, verifier and kills against plain Rasa: there they fail.

A test of nothing lost proves something only when it sees what is lost elsewhere.
"""

import asyncio

import pytest

from bench.chaos import run
from bench.chaos.talk import Size
from bench.chaos.verdict import DOUBLE_EFFECTS, DUPLICATED, LOST, REORDERED
from bench.progress import Progress
from bot.training import ROOT, model_path

# Whom Rasa leaves waiting for a lock gives up soon.
SIZE = Size(conversations=20, seconds=15.0, rounds=1, give_up_seconds=20.0)
pytestmark = [pytest.mark.chaos, pytest.mark.timeout(400)]


def test_plain_rasa_loses_or_doubles_what_is_sent_while_its_parts_are_killed() -> None:
    found = asyncio.run(run.against_plain_rasa(SIZE, ROOT / model_path(), seed=1, tell=Progress()))
    assert all(kills >= 1 for kills in found.report["kills"].values())
    kinds = (LOST, DUPLICATED, REORDERED, DOUBLE_EFFECTS)
    assert sum(found.report[kind] for kind in kinds) > 0, found.report
    # It is the faults: whoever was answered before the first one has nothing to complain of.
    first = min(kill.at for kill in found.faults.kills)
    for message in found.talk.messages:
        if message.answered_at is not None and message.answered_at < first:
            assert not [f for f in found.failures if message.message_id in f.what]
