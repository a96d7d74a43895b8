"""The same conversations, client, verifier and kills against plain Rasa: there they fail.

A test of nothing lost proves something only when it sees what is lost elsewhere.
"""

import asyncio

import pytest

from bench.chaos import run
from bench.chaos.verdict import DOUBLE_EFFECTS, DUPLICATED, LOST, REORDERED
from bench.progress import Progress
from bot.training import ROOT, model_path

pytestmark = [pytest.mark.chaos, pytest.mark.timeout(400)]


def test_plain_rasa_loses_or_doubles_what_is_sent_while_its_parts_are_killed() -> None:
    found = asyncio.run(
        run.against_plain_rasa(run.QUICK, ROOT / model_path(), seed=1, tell=Progress())
    )
    assert all(kills >= 1 for kills in found.report["kills"].values())
    kinds = (LOST, DUPLICATED, REORDERED, DOUBLE_EFFECTS)
    assert sum(found.report[kind] for kind in kinds) > 0, found.report
