"""Live events, between two gateways on one Redis."""

import asyncio

import pytest

from bot.conversation import Owner
from bot.conversation.events import EventHub
from bot.storage.connection import connect


@pytest.fixture
async def hub(conversations):
    await conversations.hub.start()
    yield conversations.hub
    await conversations.hub.stop()


@pytest.fixture
async def other_hub(redis_url):
    """Another gateway's: a connection of its own."""
    connection = connect(redis_url)
    hub = EventHub(connection)
    await hub.start()
    yield hub
    await hub.stop()
    await connection.close()


async def next_event(queue):
    return await asyncio.wait_for(queue.get(), 5)


async def test_what_one_gateway_publishes_both_hear(hub, other_hub):
    async with hub.subscribe("c_1") as here, other_hub.subscribe("c_1") as there:
        await hub.publish("c_1", "typing", **{"from": "agent"})
        await other_hub.publish("c_1", "queue", position=2, eta_seconds=240)
        for queue in (here, there):
            assert await next_event(queue) == {
                "conversation_id": "c_1",
                "kind": "typing",
                "from": "agent",
            }
            assert (await next_event(queue))["position"] == 2


async def test_several_readers_of_one_gateway_all_hear(hub):
    async with hub.subscribe("c_1") as one, hub.subscribe("c_1") as other:
        await hub.publish("c_1", "typing")
        assert await next_event(one) == await next_event(other)


async def test_a_conversation_hears_only_its_own_and_the_desk_hears_all(hub):
    async with hub.subscribe("c_1") as one, hub.subscribe(None) as desk:
        await hub.publish("c_2", "typing")
        await hub.publish("c_1", "typing")
        assert (await next_event(one))["conversation_id"] == "c_1"
        heard = [(await next_event(desk))["conversation_id"] for _ in range(2)]
        assert heard == ["c_2", "c_1"]
        assert one.empty()


async def test_whoever_left_hears_nothing_more(hub):
    async with hub.subscribe("c_1") as left:
        pass
    async with hub.subscribe("c_1") as stayed:
        await hub.publish("c_1", "typing")
        await next_event(stayed)
    assert left.empty()


async def test_a_reader_who_fell_behind_does_not_stop_the_others(hub):
    async with hub.subscribe("c_1") as behind, hub.subscribe("c_1") as reads:
        for number in range(1005):
            await hub.publish("c_1", "typing", number=number)
            assert (await next_event(reads))["number"] == number
        assert behind.qsize() == 1000


async def test_everything_that_happens_is_heard(hub, conversations, write, make_entry, shopper):
    mailbox = conversations.mailbox
    async with hub.subscribe(shopper.conversation_id) as queue:
        await write("m1", "在吗？")
        claim = await mailbox.claim(shopper.conversation_id)
        await mailbox.complete(
            claim, owner_version=0, language="zh-Hans", replies=[make_entry("在的")]
        )
        await conversations.ownership.transfer(shopper.conversation_id, Owner.QUEUED)
        await conversations.transcript.say(
            shopper.conversation_id, make_entry("排队中", "system"), once="q"
        )
        events = [await next_event(queue) for _ in range(4)]

    assert [event["kind"] for event in events] == ["entry", "done", "owner", "entry"]
    # Only numbers travel; the words stay in the transcript.
    assert [events[place]["seq"] for place in (0, 1, 3)] == [1, 2, 3]
    assert events[1]["message_ids"] == ["m1"]
    assert (events[2]["owner"], events[2]["agent"]) == ("queued", "")


async def test_a_refused_change_of_owner_is_not_heard(hub, conversations):
    async with hub.subscribe("c_1") as queue:
        assert not await conversations.ownership.transfer("c_1", Owner.HUMAN, agent="mei")
        await hub.publish("c_1", "typing")
        assert (await next_event(queue))["kind"] == "typing"


async def test_a_lost_connection_is_made_again(hub, redis, until):
    async with hub.subscribe("c_1") as queue:
        await redis.execute_command("CLIENT", "KILL", "TYPE", "pubsub")

        async def heard():
            await hub.publish("c_1", "typing")
            return not queue.empty()

        assert await until(heard, "the hub to listen again")


async def test_a_hub_that_never_began_can_be_stopped(redis):
    await EventHub(redis).stop()
