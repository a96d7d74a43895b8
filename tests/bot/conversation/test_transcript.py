"""Everything said, numbered from 1, and who may say it."""

import asyncio

import pytest

from bot.conversation import Owner
from bot.conversation.messages import AGENT, SYSTEM, Button
from bot.storage import keys

HERE = "c_1"


@pytest.fixture
def transcript(conversations):
    return conversations.transcript


@pytest.fixture
def say(transcript, make_entry):
    async def speak(text, once=None, **who):
        return await transcript.say(HERE, make_entry(text, SYSTEM), once=once or text, **who)

    return speak


@pytest.fixture
async def five(say):
    return [await say(str(number)) for number in range(1, 6)]


def numbers(said):
    return [numbered.seq for numbered in said]


async def test_entries_are_numbered_from_one(five):
    assert five == [1, 2, 3, 4, 5]


@pytest.mark.parametrize(
    ("after", "until", "most", "expected"),
    [
        (0, None, 500, [1, 2, 3, 4, 5]),
        (2, None, 500, [3, 4, 5]),
        (5, None, 500, []),
        (99, None, 500, []),
        (0, 3, 500, [1, 2, 3]),
        (2, 2, 500, []),
        (2, 3, 500, [3]),
        (0, None, 2, [1, 2]),
        (3, 99, 500, [4, 5]),
    ],
)
async def test_after_gives_what_was_missed_oldest_first(
    transcript, five, after, until, most, expected
):
    said = await transcript.after(HERE, after, until=until, most=most)
    assert numbers(said) == expected
    assert [numbered.entry.text for numbered in said] == [str(number) for number in expected]


@pytest.mark.parametrize(("most", "expected"), [(1, [5]), (3, [3, 4, 5]), (9, [1, 2, 3, 4, 5])])
async def test_last_gives_the_newest_oldest_first(transcript, five, most, expected):
    assert numbers(await transcript.last(HERE, most)) == expected


async def test_a_conversation_that_never_was_has_said_nothing(transcript):
    assert await transcript.after("c_nobody", 0) == []
    assert await transcript.last("c_nobody", 10) == []


async def test_one_entry_by_its_number(transcript, five):
    assert (await transcript.entry(HERE, 4)).text == "4"


@pytest.mark.parametrize("seq", [0, 6])
async def test_an_entry_that_is_not_there_is_an_error(transcript, five, seq):
    with pytest.raises(KeyError):
        await transcript.entry(HERE, seq)


async def test_an_entry_comes_back_whole(transcript, make_entry):
    entry = make_entry(
        "您的訂單已寄出 🎉\n“明天”到",
        language="zh-Hant",
        agent="mei",
        card={"type": "order", "number": "XE20260001"},
        buttons=[Button("退貨", "b_1")],
        sources=[{"id": "returns", "title": "退貨說明", "updated": "2026-01-01"}],
    )
    await transcript.say(HERE, entry, once="1")
    assert await transcript.entry(HERE, 1) == entry


async def test_said_once_only(transcript, say):
    assert await say("工单 1", once="queued:1") == 1
    assert await say("工单 1", once="queued:1") == 1
    assert await say("工单 2", once="queued:2") == 2
    assert [n.entry.text for n in await transcript.last(HERE, 9)] == ["工单 1", "工单 2"]


async def test_said_once_only_when_two_say_it_at_the_same_moment(transcript, say):
    assert set(await asyncio.gather(*(say("工单 1", once="q") for _ in range(10)))) == {1}
    assert len(await transcript.last(HERE, 99)) == 1


async def test_said_once_only_within_its_own_conversation(transcript, make_entry):
    for conversation_id in ("c_1", "c_2"):
        assert await transcript.say(conversation_id, make_entry("hi"), once="x") == 1


@pytest.mark.parametrize(
    ("path", "who", "expected"),
    [
        ([], {}, 1),
        ([], {"owner": Owner.HUMAN, "agent": "mei"}, 0),
        ([Owner.QUEUED], {"owner": Owner.HUMAN, "agent": "mei"}, 0),
        ([Owner.QUEUED, Owner.HUMAN], {"owner": Owner.HUMAN, "agent": "mei"}, 1),
        ([Owner.QUEUED, Owner.HUMAN], {"owner": Owner.HUMAN, "agent": "jun"}, 0),
        ([Owner.QUEUED, Owner.HUMAN], {"owner": Owner.QUEUED}, 0),
        ([Owner.QUEUED, Owner.HUMAN], {}, 1),
        ([Owner.QUEUED, Owner.HUMAN, Owner.CLOSED], {"owner": Owner.HUMAN, "agent": "mei"}, 0),
        ([Owner.QUEUED, Owner.HUMAN, Owner.BOT], {"owner": Owner.HUMAN, "agent": "mei"}, 0),
    ],
)
async def test_only_the_owner_and_its_agent_may_say_it(
    conversations, transcript, say, path, who, expected
):
    for owner in path:
        agent = "mei" if owner is Owner.HUMAN else None
        await conversations.ownership.transfer(HERE, owner, agent=agent)
    assert await say("在的", **who) == expected
    assert len(await transcript.last(HERE, 9)) == expected


async def test_what_was_refused_may_be_said_later(conversations, say):
    mei = {"owner": Owner.HUMAN, "agent": "mei"}
    assert await say("在的", once="1", **mei) == 0
    await conversations.ownership.transfer(HERE, Owner.QUEUED)
    await conversations.ownership.transfer(HERE, Owner.HUMAN, agent="mei")
    assert await say("在的", once="1", **mei) == 1


async def test_what_was_said_is_known_though_the_agent_has_gone(conversations, transcript, say):
    mei = {"owner": Owner.HUMAN, "agent": "mei"}
    await conversations.ownership.transfer(HERE, Owner.QUEUED)
    await conversations.ownership.transfer(HERE, Owner.HUMAN, agent="mei")
    await say("再见", once="1", **mei)
    await conversations.ownership.transfer(HERE, Owner.CLOSED)
    assert await say("再见", once="1", **mei) == 1
    assert len(await transcript.last(HERE, 9)) == 1


async def test_what_is_said_is_kept_as_long_as_the_conversation(redis, say):
    await say("hi")
    for key in (keys.conversation(HERE), keys.transcript(HERE)):
        assert 0 < await redis.ttl(key) <= keys.CONVERSATION_SECONDS


async def test_the_system_announces_once_in_the_readers_words(conversations):
    for _ in range(2):
        seq = await conversations.announce(
            HERE, "utter_handoff_queued", language="en", once="q", position=3, ticket="T-1"
        )
        assert seq == 1
    (said,) = await conversations.transcript.last(HERE, 9)
    assert (said.entry.sender, said.entry.language) == (SYSTEM, "en")
    assert "3" in said.entry.text and "T-1" in said.entry.text


async def test_an_agent_speaks_in_their_own_conversation_alone(conversations):
    async def speak(agent, once):
        return await conversations.speak_as_agent(
            HERE, "我来看看", agent=agent, language="zh-Hans", once=once
        )

    assert await speak("mei", "1") == 0
    await conversations.ownership.transfer(HERE, Owner.QUEUED)
    await conversations.ownership.transfer(HERE, Owner.HUMAN, agent="mei")
    assert await speak("jun", "1") == 0
    assert [await speak("mei", "1"), await speak("mei", "1"), await speak("mei", "2")] == [1, 1, 2]
    said = await conversations.transcript.last(HERE, 9)
    assert {(n.entry.sender, n.entry.agent) for n in said} == {(AGENT, "mei")}
