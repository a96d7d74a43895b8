"""What a step makes is there when it is whole, and not before."""

import asyncio
import os
import sys

import pytest

from bot.settings import load_settings
from bot.supervisor.preparation import PreparationFailed, Step, run_step, training_step
from bot.training import model_path


@pytest.fixture
def step(tmp_path):
    """A step whose command is a line of Python that writes to its unfinished file."""
    made = tmp_path / "unfinished"

    def of(line):
        command = [sys.executable, "-c", f"made = open({str(made)!r}, 'w'); {line}"]
        log = tmp_path / "log" / "step.log"
        return Step("a step", command, dict(os.environ), log, makes=made, place=tmp_path / "thing")

    return of


async def test_what_a_step_made_gets_its_name_at_the_end(step, tmp_path):
    await run_step(step("made.write('whole')"))
    assert (tmp_path / "thing").read_text() == "whole"
    assert not (tmp_path / "unfinished").exists()


async def test_a_failed_step_leaves_nothing_under_the_name(step, tmp_path):
    with pytest.raises(PreparationFailed, match="the reason"):
        await run_step(step("made.write('half'); made.flush(); raise SystemExit('the reason')"))
    assert not (tmp_path / "thing").exists()


async def test_a_step_that_is_broken_off_leaves_nothing_under_the_name(step, tmp_path, wait_for):
    slow = step("made.write('half'); made.flush(); import time; time.sleep(60)")
    running = asyncio.create_task(run_step(slow))
    while not (tmp_path / "unfinished").exists():
        await asyncio.sleep(0.02)
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running
    assert not (tmp_path / "thing").exists()


def test_training_makes_the_model_of_the_present_sources():
    training = training_step(load_settings())
    assert training.place == model_path() != training.makes
    assert training.makes.parent == training.place.parent
    assert training.makes.name[: -len(".tar.gz")] in training.command
