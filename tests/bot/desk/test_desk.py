"""Conversations go to people and back; the shopper is told only what is true."""

import asyncio

import pytest
from sqlalchemy import insert

from bot.conversation import Owner
from bot.conversation.identity import Shopper
from bot.conversation.messages import AGENT, SHOPPER, SYSTEM
from bot.desk.desk import SECONDS_EACH, Desk
from bot.desk.tickets import TicketState
from bot.errors import Conflict, NotFound
from shop import ShopSettings, open_shop
from shop.sql import schema, tables
from shop.sql.engine import open_engine


@pytest.fixture
def owner_of(conversations):
    async def state(conversation_id="c_1"):
        found = await conversations.ownership.state(conversation_id)
        return found.owner, found.agent

    return state


@pytest.fixture
async def hub(conversations):
    await conversations.hub.start()
    yield conversations.hub
    await conversations.hub.stop()


async def test_opening_queues_the_conversation_and_says_so(desk, opened, owner_of, texts):
    ticket = await opened(language="zh-Hans")
    assert ticket.state is TicketState.QUEUED
    assert await owner_of() == (Owner.QUEUED, None)
    ((who, text),) = await texts("c_1")
    assert who == SYSTEM
    assert "1" in text and ticket.ticket in text


async def test_opening_twice_gives_one_ticket_and_says_it_once(desk, opened, texts):
    first = await opened()
    assert await opened(reason="other", summary="again") == first
    assert await desk.tickets.all_open() == [first]
    assert len(await texts("c_1")) == 1


async def test_opening_what_an_agent_has_already_changes_nothing(desk, opened, mei, owner_of):
    ticket = await opened()
    await desk.take(ticket.ticket, mei)
    again = await opened()
    assert (again.ticket, again.state) == (ticket.ticket, TicketState.ASSIGNED)
    assert await owner_of() == (Owner.HUMAN, "mei")


async def test_a_ticket_whose_opener_died_before_the_transfer_is_completed(
    desk, opened, conversations, owner_of, texts
):
    ticket = await opened()
    await conversations.ownership.transfer("c_1", Owner.BOT)
    assert await opened() == ticket
    assert await owner_of() == (Owner.QUEUED, None)
    assert len(await texts("c_1")) == 1


@pytest.mark.parametrize(
    ("given", "said_in", "expected"),
    [("en", None, "en"), (None, "en", "en"), ("zh-Hant", "en", "zh-Hant"), (None, None, "zh-Hans")],
)
async def test_a_ticket_is_in_the_language_given_or_spoken_last(
    opened, conversations, make_entry, given, said_in, expected
):
    if said_in:
        await conversations.transcript.say("c_1", make_entry("hi", language=said_in), once="1")
    assert (await opened(language=given)).language == expected


async def test_an_agent_gets_what_is_known(conversations, desk, opened, write):
    await write("m1", "杯子裂了，要退款", by=Shopper("c_1", customer_id="C1001"))
    ticket = await opened(facts={"topic": "returns", "order_number": "XE20260002"}, skill="zh")
    assert ticket.customer_id == "C1001"
    assert ticket.summary == "asked · returns · XE20260002 · “杯子裂了，要退款”"
    assert (await opened(conversation_id="c_2", summary="as told")).summary == "as told"


@pytest.fixture
def shop(tmp_path):
    """A real shop with a customer, and one whose level the shop does not know."""
    url = f"sqlite:///{tmp_path}/shop.db"
    engine = open_engine(url)
    schema.migrate(engine)
    lin = {"id": "C1001", "name": "林晓雯", "language": "zh-Hans", "level": "gold"}
    with engine.begin() as connection:
        connection.execute(insert(tables.customers).values(phone="13800001001", points=0, **lin))
        odd = {**lin, "id": "C1002", "level": "diamond-plus"}
        connection.execute(insert(tables.customers).values(phone="13800001002", points=0, **odd))
    engine.dispose()
    return open_shop(ShopSettings(database_url=url))


@pytest.mark.parametrize(
    ("customer_id", "name"), [("C1001", "林晓雯"), ("C9999", None), ("C1002", None)]
)
async def test_an_agent_gets_the_customers_name(
    tickets, conversations, shop, write, customer_id, name
):
    await write("m1", by=Shopper("c_1", customer_id=customer_id))
    ticket = await Desk(tickets, conversations, shop).open("c_1", reason="asked")
    assert (ticket.customer_id, ticket.customer_name) == (customer_id, name)


async def test_a_shop_that_is_down_does_not_stop_a_handoff(
    tickets, conversations, tmp_path, write, owner_of
):
    down = open_shop(ShopSettings(database_url=f"sqlite:///{tmp_path}/not/there.db"))
    await write("m1", by=Shopper("c_1", customer_id="C1001"))
    ticket = await Desk(tickets, conversations, down).open("c_1", reason="asked")
    assert (ticket.customer_id, ticket.customer_name) == ("C1001", None)
    assert await owner_of() == (Owner.QUEUED, None)


async def test_positions_are_announced_in_the_order_of_opening(opened, conversations):
    for number in (1, 2, 3):
        ticket = await opened(f"c_{number}", language="en")
        (said,) = await conversations.transcript.last(f"c_{number}", 9)
        assert f"number {number} " in said.entry.text
        assert ticket.ticket in said.entry.text


async def test_those_who_wait_hear_where_they_stand_when_one_is_taken(desk, opened, hub, mei):
    first = await opened("c_1")
    await opened("c_2")
    await opened("c_3")
    async with hub.subscribe("c_2") as second, hub.subscribe("c_3") as third:
        await desk.take(first.ticket, mei)
        for queue, before, after in ((second, 2, 1), (third, 3, 2)):
            heard = [await asyncio.wait_for(queue.get(), 5)]
            while heard[-1].get("position") != after:
                # What was told at the openings may still be on its way.
                assert heard[-1]["kind"] == "ticket" or heard[-1]["position"] == before
                heard.append(await asyncio.wait_for(queue.get(), 5))
            assert heard[-1]["eta_seconds"] == after * SECONDS_EACH


async def test_consoles_hear_of_every_change(desk, opened, hub, mei):
    async with hub.subscribe(None) as queue:
        ticket = await opened()
        await desk.take(ticket.ticket, mei)
        await desk.close(ticket.ticket, mei)
        states = []
        while len(states) < 3:
            event = await asyncio.wait_for(queue.get(), 5)
            if event["kind"] == "ticket":
                assert event["ticket"] == ticket.ticket
                states.append(event["state"])
    assert states == ["queued", "assigned", "closed"]


async def test_taking_gives_the_conversation_to_the_agent_and_names_them(
    desk, opened, mei, owner_of, texts
):
    ticket = await desk.take((await opened(language="en")).ticket, mei)
    assert (ticket.state, ticket.assigned_to) == (TicketState.ASSIGNED, "mei")
    assert await desk.tickets.get(ticket.ticket) == ticket
    assert await owner_of() == (Owner.HUMAN, "mei")
    assert "mei" in (await texts("c_1"))[-1][1]


async def test_of_two_who_take_it_one_wins(desk, opened, mei, jun, owner_of, texts):
    ticket = await opened()
    results = await asyncio.gather(
        desk.take(ticket.ticket, mei), desk.take(ticket.ticket, jun), return_exceptions=True
    )
    (lost,) = [result for result in results if isinstance(result, Exception)]
    (won,) = [result for result in results if not isinstance(result, Exception)]
    assert isinstance(lost, Conflict) and lost.code == "ticket_taken"
    assert await owner_of() == (Owner.HUMAN, won.assigned_to)
    assert (await desk.tickets.get(ticket.ticket)).assigned_to == won.assigned_to
    assert len(await texts("c_1")) == 2


async def test_what_somebody_has_cannot_be_taken(desk, opened, mei, jun):
    ticket = await opened()
    await desk.take(ticket.ticket, mei)
    with pytest.raises(Conflict) as refused:
        await desk.take(ticket.ticket, jun)
    assert refused.value.code == "ticket_taken"


async def test_taking_twice_is_taking_once(desk, opened, mei, texts):
    ticket = await opened()
    assert await desk.take(ticket.ticket, mei) == await desk.take(ticket.ticket, mei)
    assert len(await texts("c_1")) == 2


async def test_taking_what_a_first_attempt_left_half_done_completes_it(
    desk, opened, mei, jun, conversations
):
    ticket = await opened()
    await conversations.ownership.transfer("c_1", Owner.HUMAN, agent="mei")
    with pytest.raises(Conflict):
        await desk.take(ticket.ticket, jun)
    assert (await desk.take(ticket.ticket, mei)).state is TicketState.ASSIGNED


async def test_the_agent_speaks_once_for_each_message(desk, opened, mei, conversations):
    ticket = await opened(language="en")
    await desk.take(ticket.ticket, mei)
    first = await desk.say(ticket.ticket, mei, "Hello, let me look.", "a1")
    assert await desk.say(ticket.ticket, mei, "Hello, let me look.", "a1") == first
    assert await desk.say(ticket.ticket, mei, "Found it.", "a2") == first + 1
    said = await conversations.transcript.after("c_1", first - 1)
    assert [(n.entry.sender, n.entry.agent, n.entry.text) for n in said] == [
        (AGENT, "mei", "Hello, let me look."),
        (AGENT, "mei", "Found it."),
    ]


async def test_nobody_else_speaks(desk, opened, mei, jun, texts):
    ticket = await opened()
    with pytest.raises(Conflict) as too_early:
        await desk.say(ticket.ticket, mei, "在的", "a1")
    await desk.take(ticket.ticket, mei)
    with pytest.raises(Conflict) as not_theirs:
        await desk.say(ticket.ticket, jun, "在的", "a1")
    await desk.close(ticket.ticket, mei)
    with pytest.raises(Conflict) as too_late:
        await desk.say(ticket.ticket, mei, "在的", "a1")
    codes = {refused.value.code for refused in (too_early, not_theirs, too_late)}
    assert codes == {"not_your_conversation"}
    assert AGENT not in {who for who, _ in await texts("c_1")}


async def test_two_agents_may_use_the_same_message_id(desk, opened, mei, jun):
    ticket = await opened()
    await desk.take(ticket.ticket, mei)
    first = await desk.say(ticket.ticket, mei, "一", "a1")
    await desk.give_back(ticket.ticket, mei)
    again = await opened()
    await desk.take(again.ticket, jun)
    assert await desk.say(again.ticket, jun, "二", "a1") > first


@pytest.mark.parametrize(
    ("end", "owner", "state"),
    [
        ("give_back", Owner.BOT, TicketState.RETURNED),
        ("close", Owner.CLOSED, TicketState.CLOSED),
    ],
)
async def test_a_service_ends(desk, opened, mei, owner_of, texts, end, owner, state):
    ticket = await opened()
    await desk.take(ticket.ticket, mei)
    ended = await getattr(desk, end)(ticket.ticket, mei)
    assert (ended.state, ended.assigned_to) == (state, "mei")
    assert await owner_of() == (owner, None)
    assert await desk.tickets.all_open() == []
    said = await texts("c_1")
    assert [who for who, _ in said] == [SYSTEM] * 3
    assert len({text for _, text in said}) == 3

    with pytest.raises(Conflict):
        await getattr(desk, end)(ticket.ticket, mei)
    assert len(await texts("c_1")) == 3


@pytest.mark.parametrize("end", ["give_back", "close"])
async def test_only_its_agent_ends_a_service(desk, opened, mei, jun, owner_of, end):
    ticket = await opened()
    with pytest.raises(Conflict):
        await getattr(desk, end)(ticket.ticket, mei)
    await desk.take(ticket.ticket, mei)
    with pytest.raises(Conflict) as refused:
        await getattr(desk, end)(ticket.ticket, jun)
    assert refused.value.code == "not_your_conversation"
    assert await owner_of() == (Owner.HUMAN, "mei")


@pytest.mark.parametrize("end", ["give_back", "close"])
async def test_after_its_end_a_conversation_can_come_again_with_a_new_ticket(
    desk, opened, mei, jun, owner_of, end
):
    first = await opened()
    await desk.take(first.ticket, mei)
    await getattr(desk, end)(first.ticket, mei)
    second = await opened()
    assert second.ticket != first.ticket
    assert await owner_of() == (Owner.QUEUED, None)
    await desk.take(second.ticket, jun)
    assert await owner_of() == (Owner.HUMAN, "jun")


@pytest.mark.parametrize("what", ["take", "give_back", "close"])
async def test_a_ticket_that_does_not_exist_is_not_found(desk, mei, what):
    with pytest.raises(NotFound):
        await getattr(desk, what)("T-000000-0000", mei)
    with pytest.raises(NotFound):
        await desk.say("T-000000-0000", mei, "hi", "a1")


async def test_what_shoppers_write_meanwhile_is_kept(desk, opened, mei, write, texts):
    await opened()
    await write("m1", "还在吗", by=Shopper("c_1", visitor_id="v-1"))
    assert (SHOPPER, "还在吗") in await texts("c_1")


async def test_a_finished_ticket_cannot_be_taken(desk, opened, mei, jun):
    first = await opened("c_1")
    await desk.take(first.ticket, mei)
    await desk.give_back(first.ticket, mei)
    await opened("c_1")
    with pytest.raises(Conflict):
        await desk.take(first.ticket, jun)
    assert (await desk.tickets.get(first.ticket)).state is TicketState.RETURNED


@pytest.mark.parametrize(("end", "owner"), [("give_back", Owner.BOT), ("close", Owner.CLOSED)])
async def test_an_end_that_died_after_the_transfer_is_completed(
    desk, opened, mei, conversations, end, owner
):
    ticket = await opened("c_1")
    await desk.take(ticket.ticket, mei)
    await conversations.ownership.transfer("c_1", owner)
    await getattr(desk, end)(ticket.ticket, mei)
    assert await desk.tickets.all_open() == []


async def test_an_agent_can_take_again_what_a_half_done_return_left(
    desk, opened, mei, conversations
):
    ticket = await opened("c_1")
    await desk.take(ticket.ticket, mei)
    await conversations.ownership.transfer("c_1", Owner.BOT)
    again = await opened("c_1")
    await desk.take(again.ticket, mei)
    assert (await conversations.ownership.state("c_1")).owner is Owner.HUMAN
