"""Words reach the shop's server over real HTTP: at least once, in order, whatever happens."""

import asyncio
import uuid

import pytest

from bot.channels.webhook import ReplyWebhook
from bot.conversation import Owner
from bot.conversation.messages import SYSTEM
from bot.conversation.outbox import LEASE_MS, Outbox
from bot.conversation.push import TryLater
from bot.conversation.relay import LEAST_TRIES, MOST_AGE_MS, Relay
from bot.storage import keys

SECRET = "whsec_" + "c2Vj" * 11


@pytest.fixture
def outbox(redis, clock):
    return Outbox(redis, clock=clock)


@pytest.fixture
def here(shopper):
    return shopper.conversation_id


@pytest.fixture
async def listening(conversations):
    """Conversations whose events are heard."""
    await conversations.hub.start()
    yield conversations
    await conversations.hub.stop()


@pytest.fixture
async def make_relay(listening, outbox, receiver):
    """Relays to the receiver; nothing in them is left to chance."""
    relays = []

    def make(door=None, **more):
        relay = Relay(
            door or ReplyWebhook(receiver.url, SECRET),
            outbox=outbox,
            transcript=listening.transcript,
            hub=listening.hub,
            chance=lambda: 1.0,
            **more,
        )
        relays.append(relay)
        return relay

    yield make
    await asyncio.gather(*(relay.stop() for relay in relays))


@pytest.fixture
def open_conversation(write, make_shopper):
    """A shopper writes through a door that is pushed to; returns the conversation's id."""

    async def begin():
        shopper = make_shopper()
        await write("m1", by=shopper, pushed=True)
        return shopper.conversation_id

    return begin


@pytest.fixture
async def written(write):
    await write("m1", pushed=True)


@pytest.fixture
def say(conversations, make_entry, here):
    async def speak(*texts, to=here):
        for text in texts:
            await conversations.transcript.say(to, make_entry(text, SYSTEM), once=uuid.uuid4().hex)

    return speak


@pytest.fixture
def try_once(until):
    """Let a relay try what is due, and wait until it has."""

    async def work(relay):
        await relay.sweep()
        await until(lambda: not relay._sending, "the relay")

    return work


@pytest.fixture
def rests(redis, clock, here):
    """For how long a conversation is not tried, in seconds."""

    async def seconds():
        return round((await redis.zscore(keys.outbox("web"), here) - clock()) / 1000)

    return seconds


async def die(relay):
    """What a killed process leaves behind: a request on its way, and a lease."""
    relay._loop.cancel()
    for task in list(relay._sending):
        task.cancel()
    await asyncio.wait([relay._loop, *relay._sending], timeout=5)


async def test_everything_said_to_the_shopper_arrives_in_order(
    written, write, conversations, make_relay, receiver, say, make_entry, until, here
):
    make_relay().start()
    await say("您好，請問需要什麼幫忙？")
    claim = await conversations.mailbox.claim(here)
    await write("m2", "我要退货", pushed=True)
    replies = [make_entry("Which order?"), make_entry("哪一单？")]
    await conversations.mailbox.complete(
        claim, owner_version=0, language="zh-Hans", replies=replies
    )
    await say("😀 done")

    expected = ["您好，請問需要什麼幫忙？", "Which order?", "哪一单？", "😀 done"]
    await until(lambda: receiver.texts() == expected, "all words")
    assert receiver.ids == [f"{here}-{seq}" for seq in (2, 4, 5, 6)]


async def test_a_word_is_pushed_as_soon_as_it_is_said(
    written, make_relay, receiver, say, until, monkeypatch
):
    monkeypatch.setattr("bot.conversation.relay._SWEEP_SECONDS", 3600)
    make_relay().start()
    for text in ("一", "二", "three"):
        await say(text)
        await until(lambda text=text: text in receiver.texts(), "the word", seconds=2)


async def test_what_was_said_while_no_relay_ran_is_delivered_by_the_next(
    written, make_relay, receiver, say, until
):
    await say("one", "two")
    make_relay().start()
    await until(lambda: receiver.texts() == ["one", "two"], "both")


async def test_a_relay_that_dies_between_sending_and_noting_it_is_followed_by_one_that_sends_again(
    written, make_relay, receiver, say, outbox, clock, try_once, until, here
):
    receiver.hold(here)
    first = make_relay()
    first.start()
    await say("一", "二")
    await until(lambda: receiver.texts() == ["一"], "the first word")
    await die(first)

    second = make_relay()
    await try_once(second)
    assert receiver.texts() == ["一"]  # the lease still stands

    receiver.release(here)
    clock.advance(LEASE_MS / 1000 + 1)
    await try_once(second)
    assert receiver.texts() == ["一", "一", "二"]
    assert receiver.ids == [f"{here}-2", f"{here}-2", f"{here}-3"]
    assert await outbox.counts("web") == (0, 0)


async def test_a_failed_try_is_repeated_after_longer_and_longer_pauses(
    written, make_relay, receiver, say, rests, clock, try_once
):
    receiver.always(503)
    await say("hello")
    relay = make_relay()
    pauses = []
    for _ in range(12):
        await try_once(relay)
        pauses.append(await rests())
        tried = len(receiver.requests)
        clock.advance(pauses[-1] - 0.5)
        await try_once(relay)
        assert len(receiver.requests) == tried
        clock.advance(1)

    assert pauses == [1, 2, 4, 8, 16, 32, 64, 128, 256, 300, 300, 300]
    assert len(set(receiver.ids)) == 1
    receiver.always(200)
    await try_once(relay)
    assert receiver.texts() == ["hello"] * 13
    await say("again")
    receiver.answers(503)
    await try_once(relay)
    assert await rests() == 1


@pytest.mark.parametrize(("chance", "least", "most"), [(0.0, 500, 501), (0.999, 998, 1000)])
def test_a_pause_is_left_to_chance_by_half(chance, least, most, conversations, outbox):
    relay = Relay(
        ReplyWebhook("http://127.0.0.1:9/", SECRET),
        outbox=outbox,
        transcript=conversations.transcript,
        hub=conversations.hub,
        chance=lambda: chance,
    )
    assert least <= relay._pause_ms(0, None) <= most


@pytest.mark.parametrize(
    ("asked", "pause"), [("120", 120), ("0", 1), ("999999999999", 3600), ("9" * 400, 3600)]
)
async def test_a_receiver_may_say_when_to_come_back(
    written, make_relay, receiver, say, rests, clock, try_once, asked, pause
):
    receiver.answers(429, retry_after=asked)
    await say("hello")
    relay = make_relay()
    await try_once(relay)
    assert await rests() == pause

    clock.advance(pause - 0.5)
    await try_once(relay)
    assert len(receiver.requests) == 1
    clock.advance(1)
    await try_once(relay)
    assert len(receiver.requests) == 2


async def test_later_words_wait_for_one_that_is_repeated(
    written, make_relay, receiver, say, clock, try_once
):
    receiver.answers(500)
    await say("一", "二")
    relay = make_relay()
    await try_once(relay)
    await say("三")
    await try_once(relay)
    assert receiver.texts() == ["一"]
    clock.advance(2)
    await try_once(relay)
    assert receiver.texts() == ["一", "一", "二", "三"]


async def test_a_refused_word_dies_alone_and_can_be_replayed(
    written, make_relay, receiver, say, outbox, try_once, here
):
    receiver.answers(200, 404, 200)
    await say("one", "two", "three")
    relay = make_relay()
    await try_once(relay)
    assert receiver.texts() == ["one", "two", "three"]
    (letter,) = await outbox.dead_letters(here)
    assert (letter.seq, letter.error, letter.tries) == (3, "http_404", 1)

    assert await outbox.replay(here) == 1
    await say("four")
    await try_once(relay)
    assert receiver.texts() == ["one", "two", "three", "two", "four"]
    assert receiver.ids[1] == receiver.ids[3] == f"{here}-3"
    assert await outbox.counts("web") == (0, 0)


async def test_a_word_is_given_up_when_it_is_a_day_old(
    written, make_relay, receiver, say, outbox, clock, try_once, here
):
    receiver.always(503)
    await say("hello")
    relay = make_relay()
    clock.advance(MOST_AGE_MS / 1000 - 3600)
    for _ in range(LEAST_TRIES + 2):
        await try_once(relay)
        clock.advance(301)
    assert await outbox.dead_letters(here) == []

    clock.advance(3600)
    await try_once(relay)
    (letter,) = await outbox.dead_letters(here)
    assert (letter.error, letter.tries) == ("http_503", LEAST_TRIES + 3)
    assert await outbox.counts("web") == (0, 1)


async def test_an_old_word_has_its_tries_all_the_same(
    written, make_relay, receiver, say, outbox, clock, try_once, here
):
    await say("one", "two")
    clock.advance(3 * MOST_AGE_MS / 1000)
    receiver.always(503)
    relay = make_relay()
    for _ in range(LEAST_TRIES):
        assert await outbox.dead_letters(here) == []
        await try_once(relay)
        clock.advance(301)
    assert [letter.seq for letter in await outbox.dead_letters(here)] == [2]
    # The word behind it was tried at once.
    assert receiver.texts() == ["one"] * LEAST_TRIES + ["two"]


async def test_a_receiver_that_is_down_has_everything_when_it_is_up_again(
    open_conversation, make_relay, receiver, say, outbox, clock, try_once
):
    await receiver.down()
    conversations = [await open_conversation() for _ in range(5)]
    for conversation_id in conversations:
        await say("一", "二", to=conversation_id)
    relay = make_relay()
    for _ in range(3):
        await try_once(relay)
        clock.advance(10)
    assert await outbox.counts("web") == (5, 0)

    await receiver.up()
    await try_once(relay)
    assert len(receiver.requests) == 10
    for conversation_id in conversations:
        assert receiver.texts(conversation_id) == ["一", "二"]


async def test_a_slow_conversation_holds_up_no_other(
    open_conversation, make_relay, receiver, say, until
):
    slow, quick = await open_conversation(), await open_conversation()
    receiver.hold(slow)
    make_relay().start()
    await say("slow", "behind it", to=slow)
    await until(lambda: receiver.texts(slow) == ["slow"], "the slow one")
    await say("one", "two", "three", to=quick)
    await until(lambda: receiver.texts(quick) == ["one", "two", "three"], "the quick ones")
    assert receiver.texts(slow) == ["slow"]

    receiver.release(slow)
    await until(lambda: receiver.texts(slow) == ["slow", "behind it"], "the rest")


async def test_a_door_whose_receiver_is_slow_holds_up_no_other_door(
    write, make_shopper, make_relay, receiver, say, until
):
    class AppDoor(ReplyWebhook):
        name = "app"

    at_web = [make_shopper() for _ in range(3)]
    for shopper in at_web:
        await write("m1", by=shopper, pushed=True)
        receiver.hold(shopper.conversation_id)
    at_app = make_shopper()
    await write("m1", by=at_app, door="app", pushed=True)
    make_relay(most_at_once=2).start()
    make_relay(AppDoor(receiver.url, SECRET), most_at_once=2).start()
    for shopper in at_web:
        await say("slow", to=shopper.conversation_id)
    await until(lambda: receiver.open == 2, "a full door")

    await say("quick", to=at_app.conversation_id)
    await until(lambda: "quick" in receiver.texts(), "the other door")
    for shopper in at_web:
        receiver.release(shopper.conversation_id)


async def test_no_more_are_sent_at_once_than_allowed(
    open_conversation, make_relay, receiver, say, until
):
    conversations = [await open_conversation() for _ in range(9)]
    for conversation_id in conversations:
        receiver.hold(conversation_id)
        await say("hello", to=conversation_id)
    make_relay(most_at_once=3).start()
    await until(lambda: receiver.open == 3, "a full door")
    for conversation_id in conversations:
        receiver.release(conversation_id)
    await until(lambda: len(receiver.requests) == 9, "all of them")
    assert receiver.most_open == 3
    assert sorted(receiver.ids) == sorted(f"{each}-2" for each in conversations)


async def test_many_relays_send_each_word_once_and_in_order(
    open_conversation, make_relay, receiver, say, outbox, until
):
    relays = [make_relay(most_at_once=4) for _ in range(3)]
    conversations = [await open_conversation() for _ in range(8)]
    for relay in relays:
        relay.start()
    words = [str(number) for number in range(10)]
    await asyncio.gather(*(say(*words, to=each) for each in conversations))
    await until(lambda: len(receiver.requests) >= 80, "all words", seconds=30)

    for conversation_id in conversations:
        assert receiver.texts(conversation_id) == words
    await until(lambda: _empty(outbox), "an empty outbox")
    assert len(receiver.requests) == 80


async def test_many_relays_keep_the_order_while_some_die_and_the_receiver_fails(
    open_conversation, make_relay, receiver, say, outbox, clock, try_once
):
    conversations = [await open_conversation() for _ in range(4)]
    words = [str(number) for number in range(6)]
    for conversation_id in conversations:
        await say(*words, to=conversation_id)
    receiver.answers(*[500, 200, 200, 429, 200, 503] * 4)
    for _ in range(100):
        relays = [make_relay() for _ in range(2)]
        await asyncio.gather(*(relay.sweep() for relay in relays))
        for relay in relays:
            for task in list(relay._sending)[::2]:
                task.cancel()
        await asyncio.gather(*(try_once(relay) for relay in relays))
        clock.advance(LEASE_MS / 1000 + 1)
        if await _empty(outbox):
            break

    for conversation_id in conversations:
        received = receiver.texts(conversation_id)
        assert received == sorted(received)
        assert sorted(set(received)) == words


async def _empty(outbox):
    return await outbox.counts("web") == (0, 0)


async def test_only_the_new_owner_is_heard_when_the_owner_changed_meanwhile(
    written, conversations, make_relay, receiver, say, make_entry, until, here
):
    make_relay().start()
    claim = await conversations.mailbox.claim(here)
    await conversations.ownership.transfer(here, Owner.QUEUED)
    await say("正在为您转接")
    await conversations.ownership.transfer(here, Owner.HUMAN, agent="mei")
    late = [make_entry("the assistant, too late")]
    await conversations.mailbox.complete(claim, owner_version=0, language="zh-Hans", replies=late)
    await conversations.speak_as_agent(here, "我是小梅", agent="mei", language="zh-Hans", once="1")

    await until(lambda: len(receiver.requests) == 2, "both")
    assert receiver.texts() == ["正在为您转接", "我是小梅"]
    assert [body["reply"]["from"] for body in receiver.bodies] == ["system", "agent"]


async def test_an_erasure_while_a_word_is_on_its_way_breaks_nothing(
    written, open_conversation, make_relay, receiver, say, redis, until, here
):
    relay = make_relay()
    relay.start()
    receiver.hold(here)
    await say("one", "two")
    await until(lambda: receiver.texts() == ["one"], "the first word")
    await redis.delete(*await redis.keys(f"{keys.PREFIX}:{{{here}}}:*"))
    receiver.release(here)

    other = await open_conversation()
    await say("hello", to=other)
    await until(lambda: receiver.texts() == ["one", "hello"], "another conversation's word")
    await until(lambda: not relay._sending, "the relay")
    assert [key for key in await redis.keys(f"*{{{here}}}*") if key.endswith("state")] == []


async def test_a_transcript_that_is_gone_ends_the_matter(
    written, make_relay, receiver, say, redis, outbox, try_once, here
):
    await say("one")
    await redis.delete(keys.transcript(here))
    await try_once(make_relay())
    assert receiver.requests == []
    assert await outbox.counts("web") == (0, 0)


async def test_many_messages_of_the_shoppers_own_are_passed_over(
    written, conversations, make_relay, receiver, say, make_entry, outbox, redis, try_once, here
):
    own = make_entry("我", "shopper")
    for number in range(120):
        await conversations.transcript.say(here, own, once=str(number))
    await say("在的")
    await try_once(make_relay())
    assert receiver.texts() == ["在的"]
    assert await redis.hget(keys.conversation(here), "delivered") == "122"
    assert await outbox.counts("web") == (0, 0)


async def test_a_try_is_cut_off_before_its_lease_ends(
    written, make_relay, receiver, say, rests, until, monkeypatch, here
):
    monkeypatch.setattr("bot.conversation.outbox.LEASE_MS", 3_200)
    receiver.hold(here)
    await say("hello")
    relay = make_relay()
    await relay.sweep()
    await until(lambda: not relay._sending, "the end of the try", seconds=3)
    assert len(receiver.requests) == 1
    assert await rests() == 1


async def test_a_door_with_a_fault_of_its_own_loses_nothing(
    written, make_relay, receiver, say, outbox, clock, try_once, caplog, here
):
    class Faulty(ReplyWebhook):
        broken = True

        async def deliver(self, delivery):
            if self.broken:
                raise KeyError(delivery.word.entry.sender)
            await super().deliver(delivery)

    door = Faulty(receiver.url, SECRET)
    relay = make_relay(door)
    await say("我的电话 13800001001")
    await try_once(relay)
    assert receiver.requests == []
    assert "delivery_broke" in caplog.text
    assert "13800001001" not in caplog.text

    door.broken = False
    clock.advance(2)
    await try_once(relay)
    assert receiver.texts() == ["我的电话 13800001001"]


async def test_a_door_learns_whom_a_word_is_for(
    write, make_shopper, make_relay, say, try_once, outbox
):
    met = []

    class Door:
        name = "app"

        async def deliver(self, delivery):
            met.append(delivery)
            raise TryLater("busy")

        async def close(self):
            met.append("closed")

    visitor = make_shopper()
    await write("m1", by=visitor, door="app", pushed=True)
    await say("hello", to=visitor.conversation_id)
    relay = make_relay(Door())
    await try_once(relay)
    (delivery,) = met
    assert delivery.delivery_id == f"{visitor.conversation_id}-2"
    assert delivery.conversation_id == visitor.conversation_id
    assert (delivery.customer_id, delivery.visitor_id) == (None, visitor.visitor_id)
    assert (delivery.word.seq, delivery.word.entry.text) == (2, "hello")
    await relay.stop()
    assert met[1:] == ["closed"]


async def test_what_becomes_of_words_is_counted(
    written, make_relay, receiver, say, clock, try_once
):
    from prometheus_client import REGISTRY

    def counted(outcome):
        labels = {"door": "web", "outcome": outcome}
        return REGISTRY.get_sample_value("xiaoer_deliveries_total", labels) or 0

    before = {outcome: counted(outcome) for outcome in ("delivered", "postponed", "dead")}
    receiver.answers(200, 503, 404)
    await say("one", "two")
    relay = make_relay()
    await try_once(relay)
    await relay.sweep()
    assert REGISTRY.get_sample_value("xiaoer_outbox_waiting", {"door": "web"}) == 1
    assert REGISTRY.get_sample_value("xiaoer_outbox_dead") == 0
    clock.advance(2)
    await try_once(relay)
    await relay.sweep()
    assert {outcome: counted(outcome) - before[outcome] for outcome in before} == {
        "delivered": 1,
        "postponed": 1,
        "dead": 1,
    }
    assert REGISTRY.get_sample_value("xiaoer_outbox_waiting", {"door": "web"}) == 0
    assert REGISTRY.get_sample_value("xiaoer_outbox_dead") == 1


async def test_stopping_lets_a_word_on_its_way_arrive(
    written, make_relay, receiver, say, outbox, until, here
):
    receiver.hold(here)
    relay = make_relay()
    relay.start()
    await say("hello")
    await until(lambda: receiver.requests, "the word")
    stopping = asyncio.create_task(relay.stop())
    await until(relay._loop.done, "the end of the loop")
    receiver.release(here)
    await stopping
    assert await outbox.counts("web") == (0, 0)
