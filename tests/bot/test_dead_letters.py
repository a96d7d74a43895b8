"""The operator's commands for replies that could not be delivered."""

import asyncio
import time

import pytest

from bot.__main__ import main
from bot.conversation.outbox import DeadLetter, Outbox
from bot.dead_letters import table


@pytest.fixture
def command(redis_url, tmp_path, monkeypatch, capsys):
    """`python -m bot dead-letters ...`; returns what it prints."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("REDIS_URL", redis_url)
    monkeypatch.setenv("DATA_DIR", str(tmp_path))

    async def run(*arguments):
        # A command has an event loop of its own.
        assert await asyncio.to_thread(main, ["dead-letters", *arguments]) == 0
        return capsys.readouterr().out

    return run


@pytest.fixture
def bury(redis, write, make_shopper, conversations, make_entry):
    """A reply that was given up; returns its conversation's id."""

    async def refused(error):
        shopper = make_shopper()
        here = shopper.conversation_id
        await write("m1", by=shopper, pushed=True)
        await conversations.transcript.say(here, make_entry("小秘密"), once="1")
        outbox = Outbox(redis)
        await outbox.settle(await outbox.lease("web", here), 2, error=error)
        return here

    return refused


async def test_they_are_listed_and_put_back(command, bury, redis):
    assert await command() == "There are no dead letters.\n"
    first, second = await bury("http_404"), await bury("http_410")
    heading, *lines = (await command()).splitlines()
    assert heading.split() == ["conversation", "seq", "given", "up", "tries", "error"]
    assert [(line.split()[0], line.split()[1], line.split()[-1]) for line in lines] == [
        (first, "2", "http_404"),
        (second, "2", "http_410"),
    ]

    assert (
        await command("replay", "--conversation", second)
        == "Put back to be delivered once more: 1.\n"
    )
    assert (await command()).count("http_") == 1
    assert await command("replay") == "Put back to be delivered once more: 1.\n"
    assert await command() == "There are no dead letters.\n"
    assert set(await Outbox(redis).due("web", 10)) == {first, second}


async def test_nothing_that_was_said_is_shown(command, bury):
    await bury("http_404")
    assert "小秘密" not in await command()


def test_columns_stand_under_their_heading():
    at = time.mktime((2026, 11, 3, 9, 5, 0, 0, 0, -1)) * 1000
    lines = table(
        [
            DeadLetter("c_1", 2, int(at), 1, "http_404"),
            DeadLetter("c_" + "f" * 32, 1234, int(at), 290, "timeout"),
        ]
    ).splitlines()
    assert lines[1].split() == ["c_1", "2", "2026-11-03", "09:05:00", "1", "http_404"]
    starts = {
        lines[0].index("error"),
        lines[1].index("http_404"),
        lines[2].index("timeout"),
    }
    assert len(starts) == 1
