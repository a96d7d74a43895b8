"""`python -m bot export | erase` as an operator runs them."""

import asyncio
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from bot.conversation.identity import Tokens
from bot.conversation.mailbox import ALONE, digest
from bot.conversation.messages import SHOPPER
from bot.storage import keys

ROOT = Path(__file__).resolve().parents[2]
SECRET = "v" * 40
CUSTOMER = Tokens(shop_secret="s" * 40, shop_public_key="", visitor_secret=SECRET).shopper(
    customer_id="C1001"
)


@pytest.fixture
def bot(tmp_path):
    """Run a command on an installation of its own."""

    async def run(*arguments, **settings):
        environment = {
            **{name: value for name, value in os.environ.items() if name != "REDIS_URL"},
            "DATA_DIR": str(tmp_path / "data"),
            "VISITOR_SECRET": SECRET,
            "PYTHONIOENCODING": "ascii",
            **settings,
        }
        return await asyncio.to_thread(
            subprocess.run,
            [sys.executable, "-m", "bot", *arguments],
            cwd=ROOT,
            env=environment,
            capture_output=True,
            timeout=60,
        )

    return run


@pytest.fixture
def said(conversations, make_entry):
    async def say(text):
        entry = make_entry(text, SHOPPER, message_id="m1")
        how = {"door": "web", "pushed": False, "kind": ALONE, "lease": False}
        await conversations.mailbox.accept(CUSTOMER, "m1", entry, digest(text, None), **how)

    return say


async def test_the_copy_is_json_alone_on_stdout(bot, said, redis_url):
    await said("我的包裹呢 🙂")
    done = await bot("export", "--customer", "C1001", REDIS_URL=redis_url)
    assert (done.returncode, done.stderr) == (0, b"")
    copy = json.loads(done.stdout.decode())
    assert copy["conversation_id"] == CUSTOMER.conversation_id
    assert [entry["text"] for entry in copy["transcript"]] == ["我的包裹呢 🙂"]


@pytest.mark.parametrize(
    "who", [("--customer", "C1001"), ("--conversation", CUSTOMER.conversation_id)]
)
async def test_what_was_erased_is_counted_and_what_stays_is_said(bot, said, redis, redis_url, who):
    await said("我的包裹呢")
    done = await bot("erase", *who, REDIS_URL=redis_url)
    assert done.returncode == 0, done.stderr
    told = done.stdout.decode()
    assert "transcript   1\n" in told and "message      1\n" in told
    assert "append-only file was rewritten" in told
    assert "orders" in told and "three years" in told and "art. 31" in told
    assert set(await redis.keys("*")) == {
        keys.conversation(CUSTOMER.conversation_id),
        keys.ERASURES,
    }


async def test_where_the_file_may_not_be_rewritten_it_is_said(bot, said, redis, redis_url):
    await said("我的包裹呢")
    rules = ("on", ">secret", "~*", "&*", "+@all", "-bgrewriteaof")
    await redis.execute_command("ACL", "SETUSER", "tenant", *rules)
    as_tenant = f"redis://tenant:secret@{redis_url.rpartition('@')[2]}"
    try:
        done = await bot("erase", "--customer", "C1001", REDIS_URL=as_tenant)
    finally:
        await redis.execute_command("ACL", "DELUSER", "tenant")
    assert done.returncode == 0, done.stderr
    assert b"does not let us rewrite" in done.stdout
    assert await redis.keys("*message*") == []


async def test_without_a_running_system_its_own_redis_is_started_for_it(bot, tmp_path):
    for command, outcome in (("export", '"transcript": []'), ("erase", "Nothing was kept")):
        done = await bot(command, "--visitor", "nobody")
        assert done.returncode == 0, done.stderr
        assert outcome in done.stdout.decode()
    assert not (tmp_path / "data" / "run.json").exists()


async def test_an_unknown_customer_is_noted_beside_the_copy(bot, redis, redis_url):
    done = await bot("export", "--customer", "C9999", REDIS_URL=redis_url)
    assert done.returncode == 0
    assert done.stderr == b"Nothing is kept about them.\n"
    assert json.loads(done.stdout)["transcript"] == []


@pytest.mark.parametrize("command", ["export", "erase"])
@pytest.mark.parametrize("who", [(), ("--customer", "C1001", "--visitor", "v")])
async def test_who_is_meant_must_be_said_once(bot, command, who):
    done = await bot(command, *who)
    assert (done.returncode, done.stdout) == (2, b"")
    assert b"usage: python -m bot" in done.stderr


async def test_a_redis_that_is_not_there_is_said_in_one_line(bot):
    done = await bot("erase", "--customer", "C1001", REDIS_URL="redis://127.0.0.1:1/0")
    assert (done.returncode, done.stdout) == (1, b"")
    assert done.stderr.decode().splitlines()[-1].startswith("Redis does not answer")
    assert b"Traceback" not in done.stderr
