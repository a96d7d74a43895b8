"""Promises that are not kept in time are told to the desk, once, and nobody is silenced for it."""

import asyncio
import sqlite3
from datetime import datetime, timedelta, timezone

import pytest
from sqlalchemy import insert

from bot.conversation import Owner
from bot.conversation.identity import Shopper
from bot.desk.desk import Desk
from bot.desk.promises import FACT, PromiseWatch
from bot.desk.tickets import TicketState, TicketStore
from bot.errors import Conflict
from bot.storage import keys
from shop import Promise, PromiseState, ShopSettings, ShopUnavailable, open_promises, open_shop
from shop.sql import schema, tables
from shop.sql.engine import open_engine

NOW = datetime(2026, 11, 20, 2, 0, tzinfo=timezone.utc)
REFUNDS = {"RF-PAID": "paid", "RF-LATE": "approved"}


class Clock:
    def __init__(self):
        self.moment = NOW

    def __call__(self):
        return self.moment


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def database(tmp_path):
    """A shop with one order and two refunds, one of them paid."""
    path = tmp_path / "shop.db"
    engine = open_engine(f"sqlite:///{path}")
    schema.migrate(engine)
    lin = {"id": "C1001", "name": "林晓雯", "language": "zh-Hans", "level": "gold"}
    order = {"number": "XE20260002", "customer_id": "C1001", "status": "refunding"}
    with engine.begin() as connection:
        connection.execute(insert(tables.customers).values(phone="13800001001", points=0, **lin))
        connection.execute(insert(tables.orders).values(placed_at=NOW, total_cents=1, **order))
        for number, state in REFUNDS.items():
            connection.execute(
                insert(tables.refunds).values(
                    number=number,
                    order_number="XE20260002",
                    amount_cents=1,
                    state=state,
                    opened_at=NOW,
                    due_on=NOW.date(),
                )
            )
    engine.dispose()
    return path


@pytest.fixture
def shop_settings(database):
    return ShopSettings(database_url=f"sqlite:///{database}")


@pytest.fixture
def shop(shop_settings):
    opened = open_shop(shop_settings)
    yield opened
    opened.close()


@pytest.fixture
def book(shop_settings):
    opened = open_promises(shop_settings)
    yield opened
    opened.dispose()


@pytest.fixture
def promised(book):
    """A promise that is due so many minutes from now."""

    def promise(reference="RF-LATE", *, minutes=-1, kind="refund", conversation_id="c_1"):
        made = Promise(
            id=f"m-1:{kind}:{reference}:{minutes}",
            kind=kind,
            reference=reference,
            order_number="XE20260002",
            actor="customer:C1001",
            conversation_id=conversation_id,
            made_at=NOW - timedelta(days=3),
            due_at=NOW + timedelta(minutes=minutes),
        )
        book.make(made)
        return made

    return promise


@pytest.fixture
def gateway_watch(book, shop, desk, redis, clock):
    """The watch of one gateway."""

    def watch(**other):
        parts = {"book": book, "shop": shop, "desk": desk, "redis": redis, **other}
        return PromiseWatch(seconds=0.01, now=clock, **parts)

    return watch


@pytest.fixture
def watch(gateway_watch):
    return gateway_watch()


@pytest.fixture
def state_of(database):
    """What the book says became of each promise."""

    def states():
        with sqlite3.connect(database) as connection:
            return [s for (s,) in connection.execute("SELECT state FROM promises ORDER BY due_at")]

    return states


async def test_a_broken_promise_is_shown_to_agents_and_the_assistant_goes_on(
    watch, promised, desk, conversations, texts, write, state_of
):
    await write("m1", "谢谢", by=Shopper("c_1", customer_id="C1001"))
    promise = promised()
    said = await texts("c_1")
    await watch.look()
    (ticket,) = await desk.tickets.all_open()
    assert (ticket.reason, ticket.priority, ticket.is_notice) == ("broken_promise", "high", True)
    assert ticket.customer_id == "C1001"
    assert ticket.facts == {
        FACT: [
            {
                "promise": "refund",
                "order_number": "XE20260002",
                "reference": "RF-LATE",
                "due_at": promise.due_at.isoformat(),
            }
        ]
    }
    assert (await conversations.ownership.state("c_1")).owner is Owner.BOT
    assert await texts("c_1") == said
    assert state_of() == ["broken"]


@pytest.mark.parametrize(("reference", "told"), [("RF-PAID", 0), ("RF-LATE", 1), ("CALL-1", 1)])
async def test_the_shop_is_asked_what_became_of_it(
    watch, promised, desk, state_of, reference, told
):
    promised(reference)
    await watch.look()
    assert len(await desk.tickets.all_open()) == told
    assert state_of() == ["broken" if told else "kept"]


async def test_before_its_time_a_promise_is_left_alone(watch, promised, desk, clock, state_of):
    promised("RF-PAID", minutes=1)
    promised("RF-LATE", minutes=2)
    await watch.look()
    assert state_of() == ["open", "open"]
    clock.moment += timedelta(minutes=3)
    await watch.look()
    assert state_of() == ["kept", "broken"]
    assert len(await desk.tickets.all_open()) == 1


async def test_looking_again_tells_nothing_again(watch, promised, desk, mei):
    promised()
    await watch.look()
    (ticket,) = await desk.tickets.all_open()
    await watch.look()
    assert await desk.tickets.all_open() == [ticket]
    await desk.close(ticket.ticket, mei)
    await watch.look()
    assert await desk.tickets.all_open() == []


async def test_of_several_gateways_one_tells_the_desk(
    gateway_watch, promised, desk, shop_settings, conversations, redis, state_of
):
    for number in range(6):
        promised(f"CALL-{number}", minutes=-1 - number, conversation_id=f"c_{number % 2}")
    books = [open_promises(shop_settings) for _ in range(4)]
    watches = [
        gateway_watch(book=book, desk=Desk(TicketStore(redis), conversations, None))
        for book in books
    ]
    while "open" in state_of():
        await asyncio.gather(*(each.look() for each in watches))
    for book in books:
        book.dispose()
    tickets = await desk.tickets.all_open()
    told = [fact["reference"] for ticket in tickets for fact in ticket.facts[FACT]]
    assert sorted(told) == [f"CALL-{number}" for number in range(6)]
    assert len(tickets) == 2


async def test_a_gateway_that_died_before_writing_it_down_leaves_no_second_ticket(
    watch, promised, desk, mei, book, database, state_of
):
    promised()
    await watch.look()
    (ticket,) = await desk.tickets.all_open()
    await desk.close(ticket.ticket, mei)
    with sqlite3.connect(database) as connection:
        connection.execute("UPDATE promises SET state = 'open'")
    await watch.look()
    assert await desk.tickets.all_open() == []
    assert state_of() == ["broken"]


async def test_while_another_gateway_tells_it_this_one_waits(
    watch, promised, desk, redis, state_of
):
    promised()
    await redis.set(keys.telling("c_1"), "somebody")
    await watch.look()
    assert (await desk.tickets.all_open(), state_of()) == ([], ["open"])
    await redis.delete(keys.telling("c_1"))
    await watch.look()
    assert state_of() == ["broken"]
    assert await redis.get(keys.telling("c_1")) is None


@pytest.mark.parametrize("taken", [False, True])
async def test_who_waits_for_a_person_or_has_one_gets_it_onto_that_ticket(
    watch, promised, desk, opened, mei, conversations, taken
):
    ticket = await opened(facts={"topic": "returns"})
    if taken:
        await desk.take(ticket.ticket, mei)
    promised()
    await watch.look()
    (now,) = await desk.tickets.all_open()
    assert (now.ticket, now.reason, now.is_notice) == (ticket.ticket, "asked", False)
    assert now.state is (TicketState.ASSIGNED if taken else TicketState.QUEUED)
    assert now.facts["topic"] == "returns"
    assert [fact["reference"] for fact in now.facts[FACT]] == ["RF-LATE"]
    owner = (await conversations.ownership.state("c_1")).owner
    assert owner is (Owner.HUMAN if taken else Owner.QUEUED)


async def test_two_broken_promises_of_one_shopper_are_one_ticket(watch, promised, desk):
    promised("CALL-1", kind="call_back", minutes=-2)
    promised()
    await watch.look()
    (ticket,) = await desk.tickets.all_open()
    assert [fact["promise"] for fact in ticket.facts[FACT]] == ["call_back", "refund"]


async def test_an_agent_who_takes_it_speaks_to_the_shopper(
    watch, promised, desk, mei, jun, conversations, texts
):
    promised()
    await watch.look()
    (ticket,) = await desk.tickets.all_open()
    taken = await desk.take(ticket.ticket, mei)
    assert (taken.state, taken.is_notice) == (TicketState.ASSIGNED, False)
    state = await conversations.ownership.state("c_1")
    assert (state.owner, state.agent) == (Owner.HUMAN, "mei")
    await desk.say(ticket.ticket, mei, "林女士您好", "a1")
    assert ("agent", "林女士您好") in await texts("c_1")
    with pytest.raises(Conflict):
        await desk.take(ticket.ticket, jun)
    assert (await desk.close(ticket.ticket, mei)).state is TicketState.CLOSED


async def test_an_agent_may_close_it_without_a_word_to_the_shopper(
    watch, promised, desk, mei, conversations, texts
):
    promised()
    await watch.look()
    (ticket,) = await desk.tickets.all_open()
    closed = await desk.close(ticket.ticket, mei)
    assert (closed.state, closed.assigned_to) == (TicketState.CLOSED, "mei")
    assert (await conversations.ownership.state("c_1")).owner is Owner.BOT
    assert await texts("c_1") == []
    assert await desk.tickets.all_open() == []
    assert await desk.tickets.of_conversation("c_1") is None


async def test_a_shopper_who_asks_for_a_person_meanwhile_waits_with_both_matters(
    watch, promised, desk, opened, mei, jun, conversations
):
    promised()
    await watch.look()
    (notice,) = await desk.tickets.all_open()
    ticket = await opened(facts={"topic": "complaint"}, language="en")
    assert (ticket.ticket, ticket.reason, ticket.is_notice) == (notice.ticket, "asked", False)
    assert (ticket.priority, ticket.language) == ("high", "en")
    assert ticket.facts == {"topic": "complaint", **notice.facts}
    assert await desk.tickets.get(ticket.ticket) == ticket
    assert (await conversations.ownership.state("c_1")).owner is Owner.QUEUED
    # Nobody may make the shopper wait in vain by closing what was a notice a moment ago.
    with pytest.raises(Conflict):
        await desk.close(ticket.ticket, mei)
    await desk.take(ticket.ticket, jun)


async def test_who_talks_to_the_assistant_is_not_told_of_a_place_in_the_queue(
    watch, promised, opened, conversations, redis
):
    promised(conversation_id="c_9")
    await conversations.hub.start()
    try:
        async with conversations.hub.subscribe("c_9") as heard:
            await watch.look()
            await opened("c_2")
            # Everything that was published before this has arrived with it.
            await conversations.hub.publish("c_9", "end")
            kinds = []
            while "end" not in kinds:
                kinds.append((await asyncio.wait_for(heard.get(), 5))["kind"])
    finally:
        await conversations.hub.stop()
    assert "queue" not in kinds and "ticket" in kinds


async def test_a_shop_that_is_down_costs_a_delay_and_no_promise(
    gateway_watch, promised, desk, tmp_path, state_of
):
    promised()
    down = open_shop(ShopSettings(database_url=f"sqlite:///{tmp_path}/not/there.db"))
    await gateway_watch(shop=down).look()
    assert (await desk.tickets.all_open(), state_of()) == ([], ["open"])
    await gateway_watch().look()
    assert (len(await desk.tickets.all_open()), state_of()) == (1, ["broken"])


async def test_a_book_that_is_down_does_not_end_the_watch(
    gateway_watch, promised, tmp_path, state_of, until
):
    folder = tmp_path / "later"
    absent = open_promises(ShopSettings(database_url=f"sqlite:///{folder}/shop.db"))
    folder.rmdir()
    watch = gateway_watch(book=absent)
    with pytest.raises(ShopUnavailable):
        await watch.look()
    watch.start()
    try:
        folder.mkdir()
        promise = promised()
        await asyncio.to_thread(absent.make, promise)
        since = NOW - timedelta(days=1)

        def is_broken():
            states = [p.state for p in absent.open_for(promise.actor, broken_since=since)]
            return states == [PromiseState.BROKEN]

        await until(is_broken, "the promise to be told")
    finally:
        await watch.stop()
        absent.dispose()


async def test_a_started_watch_looks_until_it_is_stopped(watch, promised, desk, until):
    watch.start()
    try:
        promised()
        await until(desk.tickets.all_open, "the desk to hear of it")
    finally:
        await watch.stop()
    promised(minutes=-2)
    assert len((await desk.tickets.all_open())[0].facts[FACT]) == 1
