"""Which words are still to be delivered: a cursor, leases, dead letters. No door is needed here."""

import pytest

from bot.conversation import Owner
from bot.conversation.messages import AGENT, SYSTEM
from bot.conversation.outbox import LEASE_MS, Outbox, delivery_id
from bot.storage import keys

DOOR = "web"


@pytest.fixture
def outbox(redis, clock):
    return Outbox(redis, clock=clock)


@pytest.fixture
def here(shopper):
    return shopper.conversation_id


@pytest.fixture
def say(conversations, make_entry, here):
    async def speak(text):
        return await conversations.transcript.say(here, make_entry(text, SYSTEM), once=text)

    return speak


@pytest.fixture
def answer(conversations, make_entry, here):
    """End the turn of the oldest waiting message."""

    async def work(*texts, version=0):
        claim = await conversations.mailbox.claim(here)
        await conversations.mailbox.complete(
            claim,
            owner_version=version,
            language="zh-Hans",
            replies=[make_entry(text) for text in texts],
        )

    return work


@pytest.fixture
async def written(write, redis, here):
    """The shopper wrote through a door that is pushed to."""
    await write("m1", pushed=True)


async def lease(outbox, here):
    return await outbox.lease(DOOR, here)


async def test_an_answer_puts_its_conversation_into_the_outbox(written, answer, outbox, here):
    assert await outbox.due(DOOR, 10) == []
    await answer("在的", "您说")

    assert await outbox.due(DOOR, 10) == [here]
    leased = await lease(outbox, here)
    assert (leased.delivered, leased.last, leased.again, leased.tries) == (1, 3, None, 0)


async def test_so_do_the_words_of_the_system_and_of_an_agent(
    written, conversations, outbox, say, here
):
    await say("排队中，您前面还有 2 位")
    leased = await lease(outbox, here)
    assert await outbox.settle(leased, 2) is None
    assert await outbox.due(DOOR, 10) == []

    await conversations.ownership.transfer(here, Owner.QUEUED)
    await conversations.ownership.transfer(here, Owner.HUMAN, agent="mei")
    await conversations.speak_as_agent(here, "我是小梅", agent="mei", language="zh-Hans", once="a1")
    assert await outbox.due(DOOR, 10) == [here]
    (word,) = await conversations.transcript.after(here, 2)
    assert word.entry.sender == AGENT


async def test_an_answer_without_words_owes_nothing(written, answer, outbox):
    await answer()
    assert await outbox.due(DOOR, 10) == []


async def test_what_was_begun_under_an_older_owner_is_not_delivered_either(
    written, conversations, answer, outbox, here
):
    await conversations.ownership.transfer(here, Owner.QUEUED)
    await answer("too late", version=0)
    assert await outbox.due(DOOR, 10) == []


async def test_a_door_that_is_not_pushed_to_owes_nothing(redis, write, answer, say, outbox, here):
    await write("m1")
    await answer("在的")
    await say("公告")
    assert await outbox.due(DOOR, 10) == []
    assert await redis.hget(keys.conversation(here), "door") == "web"


async def test_pushing_begins_with_the_first_message_through_a_pushed_door(
    write, answer, outbox, here
):
    await write("m1")
    await answer("read on the page")
    await write("m2", pushed=True)
    await answer("pushed")

    leased = await lease(outbox, here)
    assert (leased.delivered, leased.last) == (3, 4)


async def test_the_cursor_stays_when_further_messages_come(write, answer, outbox, here):
    await write("m1", pushed=True)
    await answer("one")
    await write("m2", pushed=True)
    assert (await lease(outbox, here)).delivered == 1


async def test_pushing_ends_with_the_first_message_through_another_door(
    written, write, answer, outbox, here
):
    await answer("one")
    leased = await lease(outbox, here)
    await write("m2", door="page", pushed=False)

    assert await outbox.settle(leased, 2) is None
    await answer("two")
    assert await lease(outbox, here) is None


async def test_words_follow_the_shopper_to_another_pushed_door(
    written, write, answer, outbox, here
):
    await answer("一")
    await write("m2", door="app", pushed=True)
    await answer("二")

    assert await outbox.lease("web", here) is None
    assert await outbox.due("web", 10) == []
    leased = await outbox.lease("app", here)
    assert (leased.delivered, leased.last) == (1, 4)


async def test_a_lease_is_one_relays_alone_until_it_ends(written, say, outbox, clock, here):
    await say("hello")
    first = await lease(outbox, here)
    assert await lease(outbox, here) is None
    assert await outbox.due(DOOR, 10) == []

    clock.advance(LEASE_MS / 1000 + 1)
    second = await lease(outbox, here)
    assert (second.delivered, second.last) == (1, 2)
    assert await outbox.settle(first, 2) is None
    await outbox.postpone(first, 0)
    assert (await outbox.lease(DOOR, here)) is None
    clock.advance(LEASE_MS / 1000 + 1)
    assert (await lease(outbox, here)).delivered == 1


async def test_settling_prolongs_the_lease_and_shows_what_is_next(
    written, say, outbox, clock, here
):
    for text in ("一", "二", "三"):
        await say(text)
    leased = await lease(outbox, here)
    clock.advance(10)
    further = await outbox.settle(leased, 2)

    assert (further.delivered, further.last) == (2, 4)
    assert further.until >= leased.until + 10_000
    clock.advance(10)
    assert await lease(outbox, here) is None
    assert await outbox.settle(await outbox.settle(further, 3), 4) is None
    assert await outbox.counts(DOOR) == (0, 0)


async def test_a_word_said_while_the_last_one_is_sent_is_not_overlooked(written, say, outbox, here):
    await say("one")
    leased = await lease(outbox, here)
    await say("two")
    further = await outbox.settle(leased, 2)
    assert (further.delivered, further.last) == (2, 3)


async def test_a_postponed_conversation_rests_whatever_is_said_meanwhile(
    written, say, outbox, clock, here
):
    await say("one")
    await outbox.postpone(await lease(outbox, here), clock() + 5000)
    await say("two")
    assert await lease(outbox, here) is None

    clock.advance(6)
    leased = await lease(outbox, here)
    assert (leased.delivered, leased.tries) == (1, 1)
    assert (await outbox.settle(leased, 2)).tries == 0


async def test_the_longest_waiting_come_first(outbox, make_shopper, write, conversations, clock):
    from bot.conversation.messages import Entry, now

    shoppers = [make_shopper() for _ in range(3)]
    for shopper in shoppers:
        await write("m1", by=shopper, pushed=True)
    for seconds, shopper in zip((30, 10, 20), shoppers):
        entry = Entry(SYSTEM, "hello", now(), "en")
        await conversations.transcript.say(shopper.conversation_id, entry, once="hello")
        leased = await outbox.lease(DOOR, shopper.conversation_id)
        await outbox.postpone(leased, clock() + seconds * 1000)
    clock.advance(60)
    first, second, third = (shopper.conversation_id for shopper in shoppers)
    assert await outbox.due(DOOR, 10) == [second, third, first]
    assert await outbox.due(DOOR, 2) == [second, third]


async def test_a_dead_word_lets_the_others_go_on(written, say, outbox, clock, here):
    await say("one")
    await say("two")
    further = await outbox.settle(await lease(outbox, here), 2, error="http_404")

    assert (further.delivered, further.last) == (2, 3)
    (letter,) = await outbox.dead_letters(here)
    assert (letter.conversation_id, letter.seq) == (here, 2)
    assert (letter.error, letter.tries) == ("http_404", 1)
    assert abs(letter.at - clock()) < 5000
    assert await outbox.with_dead_letters() == [here]
    assert await outbox.counts(DOOR) == (1, 1)


async def test_a_dead_letter_counts_all_its_tries(written, say, outbox, clock, here):
    await say("one")
    await outbox.postpone(await lease(outbox, here), clock())
    await outbox.postpone(await lease(outbox, here), clock())
    await outbox.settle(await lease(outbox, here), 2, error="http_503")
    (letter,) = await outbox.dead_letters(here)
    assert letter.tries == 3


async def test_dead_letters_come_back_in_order_before_what_is_new(written, say, outbox, here):
    for text in ("一", "二", "三"):
        await say(text)
    further = await outbox.settle(await lease(outbox, here), 2, error="http_404")
    further = await outbox.settle(further, 3, error="http_404")
    assert await outbox.settle(further, 4) is None

    assert await outbox.replay(here) == 2
    await say("四")
    first = await lease(outbox, here)
    second = await outbox.settle(first, 2)
    third = await outbox.settle(second, 3)
    assert (first.again, second.again, third.again) == (2, 3, None)
    assert (third.delivered, third.last) == (4, 5)
    assert await outbox.settle(third, 5) is None
    assert await outbox.dead_letters(here) == []
    assert await outbox.with_dead_letters() == []
    assert await outbox.replay(here) == 0


async def test_a_replayed_word_may_die_again(written, say, outbox, here):
    await say("one")
    await outbox.settle(await lease(outbox, here), 2, error="http_404")
    await outbox.replay(here)
    assert await outbox.settle(await lease(outbox, here), 2, error="http_410") is None
    assert [letter.error for letter in await outbox.dead_letters(here)] == ["http_410"]


async def test_a_replay_does_not_wait_for_the_pause_of_another_word(
    written, say, outbox, clock, here
):
    await say("one")
    await say("two")
    further = await outbox.settle(await lease(outbox, here), 2, error="http_404")
    await outbox.postpone(further, clock() + 300_000)
    await outbox.replay(here)
    leased = await lease(outbox, here)
    assert (leased.again, leased.tries) == (2, 0)


async def test_a_replay_waits_for_the_relay_that_is_sending(written, say, outbox, here):
    await say("one")
    await say("two")
    further = await outbox.settle(await lease(outbox, here), 2, error="http_404")
    await outbox.replay(here)
    assert await lease(outbox, here) is None
    assert (await outbox.settle(further, 3)).again == 2


async def test_nothing_is_replayed_at_a_door_that_is_read(written, say, outbox, write, here):
    await say("one")
    await outbox.settle(await lease(outbox, here), 2, error="http_404")
    await write("m2", pushed=False)
    assert await outbox.replay(here) == 0
    assert len(await outbox.dead_letters(here)) == 1


async def test_an_erased_conversation_is_never_written_to_again(written, say, outbox, redis, here):
    await say("one")
    leased = await lease(outbox, here)
    await outbox.forget(here)
    await redis.delete(*await redis.keys(f"{keys.PREFIX}:{{{here}}}:*"))

    assert await outbox.settle(leased, 2, error="http_404") is None
    await outbox.postpone(leased, 0)
    assert await outbox.replay(here) == 0
    assert await redis.keys(f"*{here}*") == []
    assert await outbox.counts(DOOR) == (0, 0)


async def test_an_erased_conversation_leaves_the_outbox_by_itself(
    written, say, outbox, redis, here
):
    await say("one")
    await redis.delete(*await redis.keys(f"{keys.PREFIX}:{{{here}}}:*"))
    assert await outbox.due(DOOR, 10) == [here]
    assert await lease(outbox, here) is None
    assert await outbox.due(DOOR, 10) == []
    assert await redis.keys(f"*{here}*") == []


async def test_a_lease_from_before_an_erasure_is_worth_nothing(
    written, say, write, outbox, redis, clock, here
):
    await say("before")
    before = await lease(outbox, here)
    await redis.delete(*await redis.keys(f"{keys.PREFIX}:{{{here}}}:*"))
    await outbox.forget(here)
    await write("m1", pushed=True)
    await say("after")
    await lease(outbox, here)

    assert await outbox.settle(before, 2) is None
    assert await redis.hget(keys.conversation(here), "delivered") == "1"


async def test_dead_letters_end_with_their_conversation(written, say, outbox, redis, clock, here):
    await say("one")
    await outbox.settle(await lease(outbox, here), 2, error="http_404")
    assert await redis.ttl(keys.dead(here)) == keys.CONVERSATION_SECONDS
    await outbox.replay(here)
    assert await redis.ttl(keys.replay(here)) == keys.CONVERSATION_SECONDS


async def test_those_that_are_gone_are_not_counted_for_ever(
    write, make_shopper, outbox, redis, clock, conversations, make_entry
):
    old, new = make_shopper(), make_shopper()
    for shopper in (old, new):
        await write("m1", by=shopper, pushed=True)
        await conversations.transcript.say(shopper.conversation_id, make_entry("一"), once="1")
        leased = await outbox.lease(DOOR, shopper.conversation_id)
        await outbox.settle(leased, 2, error="http_404")
        clock.advance(keys.CONVERSATION_SECONDS + 60)
    assert await outbox.with_dead_letters() == [new.conversation_id]


def test_a_delivery_has_an_id_without_a_full_stop():
    assert delivery_id("c_1f", 7) == "c_1f-7"
