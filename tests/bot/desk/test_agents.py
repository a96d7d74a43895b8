"""Agents' accounts: passwords that are not stored, sessions that end."""

import asyncio
import json
import threading

import pytest

from bot.desk import agents
from bot.desk.agents import Agent, AgentBook
from bot.storage import keys


@pytest.fixture
def book(redis, quick_hash):
    return AgentBook(redis)


def test_a_guess_costs_what_the_cited_source_asks():
    """OWASP's second choice: 16 MiB, five times over."""
    assert 128 * agents._SCRYPT["n"] * agents._SCRYPT["r"] >= 16 * 2**20
    assert agents._SCRYPT["p"] >= 5


async def everything(redis):
    """All that Redis holds, as one text."""
    held = [str(await redis.hgetall(keys.AGENTS))]
    for key in await redis.keys("*session*"):
        held += [key, await redis.get(key)]
    return "\n".join(held)


async def test_an_agent_signs_in_with_the_password_that_was_shown_once(book):
    password = await book.add("mei", ["returns", "zh"])
    token, agent = await book.sign_in("mei", password)
    assert agent == Agent("mei", ["returns", "zh"])
    assert await book.signed_in(token) == agent


@pytest.mark.parametrize(
    ("name", "change"),
    [
        ("mei", lambda password: password + "x"),
        ("mei", lambda password: password[:-1]),
        ("mei", lambda password: password.swapcase()),
        ("mei", lambda password: ""),
        ("MEI", lambda password: password),
        ("nobody", lambda password: password),
        ("nobody", lambda password: ""),
        ("", lambda password: ""),
    ],
)
async def test_a_wrong_name_or_password_is_refused(book, name, change):
    password = await book.add("mei", ["zh"])
    assert await book.sign_in(name, change(password)) is None


async def test_a_name_is_given_once(book):
    password = await book.add("mei", ["zh"])
    assert await book.add("mei", ["en"]) is None
    _, agent = await book.sign_in("mei", password)
    assert agent.skills == ["zh"]


async def test_neither_password_nor_token_is_stored(book, redis):
    password = await book.add("mei", ["zh"])
    token, _ = await book.sign_in("mei", password)
    held = await everything(redis)
    assert "mei" in held
    assert password not in held
    assert token not in held


async def test_every_account_has_its_own_password_salt_and_hash(book, redis):
    passwords = {await book.add(name, []) for name in ("mei", "jun")}
    accounts = [json.loads(stored) for stored in (await redis.hgetall(keys.AGENTS)).values()]
    assert len(passwords) == 2
    for part in ("salt", "hash"):
        assert len({account[part] for account in accounts}) == 2


async def test_signing_out_ends_one_session_and_no_other(book):
    password = await book.add("mei", ["zh"])
    here, _ = await book.sign_in("mei", password)
    there, _ = await book.sign_in("mei", password)
    await book.sign_out(here)
    assert await book.signed_in(here) is None
    assert (await book.signed_in(there)).name == "mei"


@pytest.mark.parametrize("token", ["", "x", "令牌"])
async def test_a_token_that_was_never_given_is_nobody(book, token):
    assert await book.signed_in(token) is None
    await book.sign_out(token)


async def test_an_agent_who_was_removed_is_not_signed_in_any_more(book, redis):
    token, _ = await book.sign_in("mei", await book.add("mei", ["zh"]))
    await redis.hdel(keys.AGENTS, "mei")
    assert await book.signed_in(token) is None


async def test_a_session_ends_after_a_working_day(book, redis):
    await book.sign_in("mei", await book.add("mei", ["zh"]))
    (session,) = await redis.keys("*session*")
    assert 0 < await redis.ttl(session) <= keys.AGENT_SESSION_SECONDS


async def test_whether_there_is_anybody_yet(book):
    assert await book.any() is False
    await book.add("mei", [])
    assert await book.any() is True


async def test_passwords_are_checked_one_at_a_time_and_nobody_waits_for_them(book, monkeypatch):
    at_once, most = [], []
    wait = threading.Event()

    def slow(password, salt):
        at_once.append(password)
        most.append(len(at_once))
        wait.wait(5)
        at_once.remove(password)
        return b""

    monkeypatch.setattr(agents, "_hash", slow)
    tries = [asyncio.create_task(book.sign_in(f"agent{n}", f"{n}")) for n in range(5)]
    while not at_once:
        await asyncio.sleep(0)
    assert await book.signed_in("somebody else's") is None
    wait.set()
    assert await asyncio.gather(*tries) == [None] * 5
    assert most == [1] * 5
