"""A short run of `make chaos`: every part is killed while thirty shoppers write."""

import asyncio

import pytest

from bench.chaos import run
from bench.chaos.talk import QUICK
from bench.chaos.verdict import KINDS
from bench.progress import Progress

pytestmark = [pytest.mark.chaos, pytest.mark.timeout(400)]


def test_nothing_is_lost_doubled_or_turned_around_while_parts_are_killed() -> None:
    found = asyncio.run(run.against_ours(QUICK, seed=1, tell=Progress()))
    assert all(kills >= 1 for kills in found.report["kills"].values())
    assert found.report["not_settled"] == 0
    assert {kind: found.report[kind] for kind in KINDS} == dict.fromkeys(KINDS, 0), found.failures
