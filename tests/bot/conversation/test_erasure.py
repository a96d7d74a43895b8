"""A conversation is emptied while everything runs: nothing comes back, nothing accepted is lost."""

import asyncio
import time

import pytest

from bot.conversation import Owner
from bot.conversation.erasure import Erasure
from bot.conversation.messages import BOT, SHOPPER
from bot.errors import Unavailable
from bot.storage import keys


@pytest.fixture
def erasure(redis):
    return Erasure(redis, turn_timeout=8.0)


@pytest.fixture
def erase(erasure):
    async def close_and_sweep(conversation_id):
        async with erasure.closed(conversation_id):
            return await erasure.sweep(conversation_id)

    return close_and_sweep


@pytest.fixture
def answered(conversations, until):
    async def wait(shopper, message_id):
        async def done():
            found = await conversations.mailbox.find(shopper.conversation_id, message_id)
            return found and found.done

        return await until(done, f"{message_id} to be done")

    return wait


async def test_it_takes_all_and_says_how_much(
    conversations, redis, shopper, write, make_entry, erase
):
    mailbox, conversation_id = conversations.mailbox, shopper.conversation_id
    await write("m1", "where is my parcel")
    claim = await mailbox.claim(conversation_id)
    reply = make_entry("Which order?", message_id="m1")
    await mailbox.complete(claim, owner_version=0, language="en", replies=[reply])
    await write("m2", "快一点")
    erased = await erase(conversation_id)
    # Its bucket of messages may have filled up and gone by itself.
    erased.pop("pace", None)
    assert erased == {"state": 1, "transcript": 3, "message": 2, "inbox": 1}
    assert await redis.keys("*") == [keys.conversation(conversation_id)]
    assert await erase(conversation_id) == {}


async def test_the_turn_that_runs_ends_first_and_leaves_nothing(
    conversations, redis, erase, make_worker, assistant, shopper, write, until, texts
):
    button = {"title": "转人工", "payload": "/human_agent"}
    assistant.answers({"text": "好的", "buttons": [button]})
    assistant.hold()
    make_worker()
    await write("m1")
    await until(lambda: assistant.asked, "the turn to run")

    erasing = asyncio.create_task(erase(shopper.conversation_id))

    async def closed():
        return await redis.hget(keys.conversation(shopper.conversation_id), "erasing_until")

    await until(closed, "the conversation to be closed")
    assert len(await texts(shopper.conversation_id)) == 1 and not erasing.done()
    assistant.release()
    erased = await erasing
    assert erased["transcript"] == 2 and erased["buttons"] == 1
    assert await redis.keys("*") == [keys.conversation(shopper.conversation_id)]


async def test_what_is_written_meanwhile_is_refused_and_begins_a_fresh_conversation_afterwards(
    conversations, erasure, make_worker, assistant, shopper, write, answered, texts
):
    make_worker()
    await write("m1", "old")
    before = await answered(shopper, "m1")
    async with erasure.closed(shopper.conversation_id):
        with pytest.raises(Unavailable) as refused:
            await write("m2", "new")
        assert refused.value.retry_after
        await erasure.sweep(shopper.conversation_id)
        with pytest.raises(Unavailable):
            await write("m2", "new")
    await write("m2", "new")
    assert await answered(shopper, "m2") > before
    assert await texts(shopper.conversation_id) == [(SHOPPER, "new"), (BOT, "re: new")]
    # Another dialogue: nothing that the assistant still has in memory belongs to it.
    assert [turn["dialogue"] for turn in assistant.turns] == [0, 1]


async def test_what_waited_is_not_answered_any_more(
    conversations, redis, erase, make_worker, assistant, shopper, make_shopper, write, answered
):
    await write("m1")
    assert (await erase(shopper.conversation_id))["inbox"] == 1
    assert await conversations.mailbox.due() == []
    assert await redis.lrange(keys.WAKE, 0, -1) == []
    make_worker()
    other = make_shopper()
    await write("m2", by=other)
    await answered(other, "m2")
    assert assistant.asked == ["m2"]


async def test_a_turn_that_was_lost_before_cannot_end_afterwards(
    conversations, redis, erase, shopper, write, make_entry, short_lease, texts
):
    await write("m1", "old")
    lost = await conversations.mailbox.claim(shopper.conversation_id)
    # Its worker is gone, so the lease runs out and is waited for.
    await erase(shopper.conversation_id)
    # The client repeats its message, which is a new one now.
    await write("m1", "old")
    assert await conversations.mailbox.claim(shopper.conversation_id)
    reply = make_entry("from what was erased", message_id="m1")
    completed = await conversations.mailbox.complete(
        lost, owner_version=0, language="en", replies=[reply]
    )
    assert completed.outcome == "lost" and not await conversations.mailbox.renew(lost)
    assert await texts(shopper.conversation_id) == [(SHOPPER, "old")]


async def test_an_agent_has_nothing_to_say_there_any_more(conversations, shopper, erase, write):
    conversation_id = shopper.conversation_id
    await write("m1")
    await conversations.ownership.transfer(conversation_id, Owner.QUEUED)
    await conversations.ownership.transfer(conversation_id, Owner.HUMAN, agent="mei")
    await erase(conversation_id)
    said = await conversations.speak_as_agent(
        conversation_id, "您好", agent="mei", language="zh-Hans", once="a1"
    )
    assert said == 0
    state = await conversations.ownership.state(conversation_id)
    assert (state.owner, state.agent, state.language) == (Owner.BOT, None, None)
    assert (state.customer_id, state.visitor_id) == (None, None)


async def test_pages_that_are_open_see_what_is_said_next(
    conversations, shopper, erase, make_entry, write
):
    for number in range(3):
        await write(f"m{number}")
    cursor = (await conversations.ownership.state(shopper.conversation_id)).seq
    await erase(shopper.conversation_id)
    accepted = await write("m9", "还在吗")
    assert accepted.seq > cursor
    (seen,) = await conversations.transcript.after(shopper.conversation_id, cursor)
    assert seen.entry.text == "还在吗"


async def test_what_is_left_is_numbers_for_a_day(redis, shopper, erase, write):
    await write("m1")
    await erase(shopper.conversation_id)
    key = keys.conversation(shopper.conversation_id)
    left = await redis.hgetall(key)
    assert left == {"seq": "1", "fence": "1", "owner_version": "1", "dialogue": "1"}
    assert 0 < await redis.ttl(key) <= keys.ERASED_SECONDS


async def test_an_erasing_process_that_dies_does_not_close_a_conversation_for_ever(
    conversations, redis, shopper, write
):
    await write("m1")
    key = keys.conversation(shopper.conversation_id)
    await redis.hset(key, "erasing_until", int(time.time() * 1000) - 1)
    await write("m2")
    assert await conversations.mailbox.claim(shopper.conversation_id)


async def test_a_conversation_that_is_being_erased_is_not_claimed(conversations, erasure, write):
    await write("m1")
    async with erasure.closed("c_1"):
        assert await conversations.mailbox.claim("c_1") is None
    assert await conversations.mailbox.claim("c_1")


async def test_a_lease_longer_than_any_turn_is_not_waited_for(
    redis, shopper, conversations, write, monkeypatch
):
    monkeypatch.setattr("bot.conversation.erasure._AFTER_ANSWER_SECONDS", 0.0)
    await write("m1")
    lasting = await conversations.mailbox.claim(shopper.conversation_id)
    erasure = Erasure(redis, turn_timeout=0.1)
    async with erasure.closed(shopper.conversation_id):
        assert await conversations.mailbox.renew(lasting)
        assert (await erasure.sweep(shopper.conversation_id))["inbox"] == 1
    assert not await conversations.mailbox.renew(lasting)


async def test_a_conversation_that_never_was_has_nothing(erase, redis):
    assert await erase("c_never") == {}
    assert 0 < await redis.ttl(keys.conversation("c_never")) <= keys.ERASED_SECONDS


@pytest.mark.parametrize("member", ["c_1", "c_1-7"])
@pytest.mark.parametrize("outbox", [keys.outbox("web"), keys.DEAD_LETTERS, keys.outbox("feishu")])
async def test_outboxes_forget_it_and_its_words_but_no_other(redis, erase, outbox, member):
    await redis.zadd(outbox, {member: 1, "c_10": 2, "c_10-7": 3, "c_2": 4})
    assert await erase("c_1") == {"outbox": 1}
    assert await redis.zrange(outbox, 0, -1) == ["c_10", "c_10-7", "c_2"]
