"""What was deleted is in no file any more, or it is said that it is."""

import asyncio
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from bot.storage.append_only_file import Rewrite, rewrite
from bot.storage.connection import connect

CANARY = "kanarienvogel-4711"


@pytest.fixture
async def folder(redis):
    """Where Redis keeps its files."""
    return Path((await redis.config_get("dir"))["dir"])


@pytest.fixture
async def restricted(redis, redis_url):
    """A user of the same Redis who may not rewrite, as at many providers."""
    rules = ("on", ">secret", "~*", "&*", "+@all", "-bgrewriteaof")
    await redis.execute_command("ACL", "SETUSER", "tenant", *rules)
    client = connect(f"redis://tenant:secret@127.0.0.1:{urlsplit(redis_url).port}/0")
    yield client
    await client.close()
    await redis.execute_command("ACL", "DELUSER", "tenant")


def holds(folder, text):
    return any(text.encode() in f.read_bytes() for f in folder.rglob("*") if f.is_file())


async def test_what_was_deleted_is_in_the_file_until_it_is_rewritten(redis, folder):
    await redis.set("said", CANARY)
    await redis.delete("said")
    assert holds(folder, CANARY)
    assert await rewrite(redis) is Rewrite.DONE
    assert not holds(folder, CANARY)


async def test_a_rewrite_that_runs_already_does_not_count(redis, folder):
    await redis.bgrewriteaof()
    # Will stand in what the running one writes, together with its deletion.
    await redis.set("said", CANARY)
    await redis.delete("said")
    assert (await redis.info("persistence"))["aof_rewrite_in_progress"]
    assert await rewrite(redis) is Rewrite.DONE
    assert not holds(folder, CANARY)


async def test_two_who_ask_at_once_both_get_it(redis):
    assert await asyncio.gather(rewrite(redis), rewrite(redis)) == [Rewrite.DONE] * 2


async def test_where_it_is_not_permitted_it_is_said(restricted):
    await restricted.set("said", "x")
    assert await rewrite(restricted) is Rewrite.REFUSED


async def test_a_redis_without_such_a_file_has_nothing_to_rewrite(redis):
    await redis.config_set("appendonly", "no")
    try:
        assert await rewrite(redis) is Rewrite.ABSENT
    finally:
        await redis.config_set("appendonly", "yes")
        assert await rewrite(redis) is Rewrite.DONE


async def test_a_file_that_cannot_be_written_is_a_failure(redis, folder, tmp_path):
    gone = tmp_path / "gone"
    gone.mkdir()
    await redis.config_set("dir", str(gone))
    gone.rmdir()
    try:
        assert await rewrite(redis) is Rewrite.FAILED
    finally:
        await redis.config_set("dir", str(folder))
        assert await rewrite(redis) is Rewrite.DONE


async def test_it_does_not_wait_for_ever(redis):
    assert await rewrite(redis, seconds=0.0) is Rewrite.FAILED
