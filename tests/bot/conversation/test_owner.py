"""Who speaks: every change of owner, and that each makes a new version."""

import asyncio
import itertools

import pytest

from bot.conversation.owner import Owner
from bot.storage import keys

HERE = "c_1"
ALLOWED = {
    (Owner.BOT, Owner.QUEUED),
    (Owner.CLOSED, Owner.QUEUED),
    (Owner.QUEUED, Owner.HUMAN),
    (Owner.QUEUED, Owner.BOT),
    (Owner.HUMAN, Owner.BOT),
    (Owner.CLOSED, Owner.BOT),
    (Owner.QUEUED, Owner.CLOSED),
    (Owner.HUMAN, Owner.CLOSED),
}
# How a conversation comes to each owner.
WAY_TO = {
    Owner.BOT: [],
    Owner.QUEUED: [Owner.QUEUED],
    Owner.HUMAN: [Owner.QUEUED, Owner.HUMAN],
    Owner.CLOSED: [Owner.QUEUED, Owner.CLOSED],
}


@pytest.fixture
def ownership(conversations):
    return conversations.ownership


@pytest.fixture
def bring_to(ownership):
    async def bring(owner, agent=None):
        for step in WAY_TO[owner]:
            assert await ownership.transfer(HERE, step, agent=agent)
        return await ownership.state(HERE)

    return bring


@pytest.mark.parametrize(("before", "after"), list(itertools.product(Owner, Owner)))
async def test_every_change_of_owner_is_allowed_or_refused(ownership, bring_to, before, after):
    was = await bring_to(before)
    assert was.owner is before
    done = await ownership.transfer(HERE, after, agent="mei" if after is Owner.HUMAN else None)
    now = await ownership.state(HERE)

    if (before, after) in ALLOWED:
        assert done is True
        assert now.owner is after
        assert now.owner_version == was.owner_version + 1
        assert now.dialogue == was.dialogue + (after is Owner.BOT)
        assert now.agent == ("mei" if after is Owner.HUMAN else None)
    else:
        assert done is False
        assert now == was


async def test_a_conversation_that_never_was_is_at_its_beginning(ownership):
    state = await ownership.state("c_nobody")
    assert (state.owner, state.owner_version, state.dialogue, state.seq) == (Owner.BOT, 0, 0, 0)
    assert (state.agent, state.language, state.last_at) == (None, None, 0)
    assert (state.customer_id, state.visitor_id) == (None, None)


async def test_asking_for_a_state_makes_nothing(ownership, redis):
    await ownership.state("c_nobody")
    assert await redis.keys("*") == []


async def test_of_many_who_take_it_one_gets_it(ownership, bring_to):
    await bring_to(Owner.QUEUED)
    names = [f"agent{number}" for number in range(10)]
    got = await asyncio.gather(
        *(ownership.transfer(HERE, Owner.HUMAN, agent=name) for name in names)
    )
    assert got.count(True) == 1
    assert (await ownership.state(HERE)).agent == names[got.index(True)]


async def test_nobody_is_its_agent_once_it_is_given_back(ownership, bring_to):
    await bring_to(Owner.HUMAN, agent="mei")
    await ownership.transfer(HERE, Owner.BOT)
    assert (await ownership.state(HERE)).agent is None


async def test_a_new_dialogue_is_begun_without_a_change_of_owner(ownership):
    assert [await ownership.begin_dialogue(HERE) for _ in range(2)] == [1, 2]
    state = await ownership.state(HERE)
    assert (state.dialogue, state.owner, state.owner_version) == (2, Owner.BOT, 0)


async def test_conversations_do_not_share_an_owner(ownership, bring_to):
    await bring_to(Owner.QUEUED)
    assert (await ownership.state("c_2")).owner is Owner.BOT


async def test_a_change_of_owner_keeps_the_state_for_its_time(ownership, redis):
    await ownership.transfer(HERE, Owner.QUEUED)
    assert 0 < await redis.ttl(keys.conversation(HERE)) <= keys.CONVERSATION_SECONDS
