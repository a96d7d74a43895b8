"""Tickets: numbers that can be read out, a queue in order, one open for a conversation."""

import asyncio
from datetime import datetime, timezone

import pytest

from bot.desk.tickets import TicketState, changed, new_ticket, noted
from bot.storage import keys

MORNING = datetime(2026, 11, 20, 2, 0, tzinfo=timezone.utc).timestamp()
DAY = 86_400


@pytest.fixture
def make():
    def ticket(number="T-1", conversation_id="c_1", *, opened_at=MORNING, **more):
        content = {
            "reason": "asked",
            "skill": "",
            "priority": "normal",
            "summary": "想退货",
            "language": "zh-Hans",
            **more,
        }
        return new_ticket(number, conversation_id=conversation_id, opened_at=opened_at, **content)

    return ticket


async def test_numbers_are_the_day_and_a_count_from_one(tickets):
    numbers = [await tickets.number(MORNING) for _ in range(3)]
    assert numbers == ["T-261120-0001", "T-261120-0002", "T-261120-0003"]
    assert await tickets.number(MORNING + DAY) == "T-261121-0001"


async def test_a_ticket_comes_back_as_it_was_opened(tickets, make):
    ticket = make(customer_id="C1001", customer_name="林晓雯", facts={"order_number": "XE20260002"})
    assert await tickets.open(ticket) is None
    assert await tickets.get("T-1") == ticket
    assert await tickets.of_conversation("c_1") == ticket
    assert ticket.state is TicketState.QUEUED


async def test_what_does_not_exist_is_none(tickets, make):
    assert await tickets.get("T-0") is None
    assert await tickets.of_conversation("c_0") is None
    assert await tickets.position(make()) is None
    assert await tickets.all_open() == []


async def test_a_conversation_has_one_open_ticket(tickets, make):
    first, second = make("T-1"), make("T-2")
    await tickets.open(first)
    assert await tickets.open(second) == first
    assert await tickets.get("T-2") is None
    assert await tickets.all_open() == [first]


@pytest.mark.parametrize("end", [TicketState.RETURNED, TicketState.CLOSED])
async def test_an_ended_ticket_makes_room_for_the_next(tickets, make, end):
    first, second = make("T-1"), make("T-2")
    await tickets.open(first)
    await tickets.save(changed(first, end, assigned_to="mei"))
    assert await tickets.of_conversation("c_1") is None
    assert await tickets.all_open() == []
    assert (await tickets.get("T-1")).state is end

    assert await tickets.open(second) is None
    assert await tickets.of_conversation("c_1") == second


async def test_a_place_whose_opener_died_is_taken_over(tickets, redis, make):
    await redis.set(keys.open_ticket("c_1"), "T-0")
    ticket = make("T-1")
    assert await tickets.open(ticket) is None
    assert await tickets.of_conversation("c_1") == ticket


async def test_who_waits_longest_is_first_whatever_the_order_of_writing(tickets, make):
    late = make("T-2", "c_2", opened_at=MORNING + 60)
    early = make("T-1", "c_1", opened_at=MORNING)
    last = make("T-3", "c_3", opened_at=MORNING + 90)
    for ticket in (late, early, last):
        await tickets.open(ticket)
    assert [await tickets.position(ticket) for ticket in (early, late, last)] == [1, 2, 3]

    await tickets.save(changed(early, TicketState.ASSIGNED, assigned_to="mei"))
    assert [await tickets.position(ticket) for ticket in (early, late, last)] == [None, 1, 2]


async def test_higher_priorities_go_first_and_within_one_who_came_first(tickets, make):
    opened = ["normal", "urgent", "low", "high", "urgent", "normal", "high"]
    waiting = [
        make(f"T-{place}", f"c_{place}", opened_at=MORNING + 60 * place, priority=priority)
        for place, priority in enumerate(opened)
    ]
    for ticket in waiting:
        await tickets.open(ticket)
    listed = [ticket.ticket for ticket in await tickets.all_open()]
    assert listed == ["T-1", "T-4", "T-3", "T-6", "T-0", "T-5", "T-2"]
    assert await tickets.position(waiting[4]) == 2


@pytest.mark.parametrize(
    ("priority", "minutes", "first"),
    [
        ("urgent", 59, "later"),
        ("urgent", 61, "early"),
        ("high", 29, "later"),
        ("high", 31, "early"),
    ],
)
async def test_nobody_waits_without_end_behind_higher_priorities(
    tickets, make, priority, minutes, first
):
    await tickets.open(make("early", "c_1"))
    later = MORNING + 60 * minutes
    await tickets.open(make("later", "c_2", opened_at=later, priority=priority))
    assert [ticket.ticket for ticket in await tickets.all_open()][0] == first


async def test_waiting_tickets_are_listed_before_those_that_agents_have(tickets, make):
    taken, waits = make("T-1", "c_1"), make("T-2", "c_2", opened_at=MORNING + 60)
    await tickets.open(taken)
    await tickets.open(waits)
    await tickets.save(changed(taken, TicketState.ASSIGNED, assigned_to="mei"))
    assert [ticket.ticket for ticket in await tickets.all_open()] == ["T-2", "T-1"]


async def test_a_ticket_whose_time_is_over_is_not_listed(tickets, redis, make):
    await tickets.open(make())
    await redis.delete(keys.ticket("T-1"))
    assert await tickets.all_open() == []


async def test_a_conversation_knows_all_its_tickets_oldest_first(tickets, make):
    late = make("T-1", opened_at=MORNING + 60)
    early = make("T-2")
    await tickets.open(late)
    await tickets.save(changed(late, TicketState.CLOSED, assigned_to="mei"))
    await tickets.open(early)
    await tickets.open(make("T-3", "c_2"))
    numbers = [ticket.ticket for ticket in await tickets.all_of("c_1")]
    assert numbers == ["T-2", "T-1"]
    assert await tickets.all_of("c_3") == []


async def test_erased_tickets_are_nowhere_and_others_stay(tickets, redis, make):
    closed, taken, other = make("T-1"), make("T-2"), make("T-3", "c_2")
    await tickets.open(closed)
    await tickets.save(changed(closed, TicketState.CLOSED, assigned_to="mei"))
    await tickets.open(taken)
    await tickets.save(changed(taken, TicketState.ASSIGNED, assigned_to="mei"))
    await tickets.open(other)
    assert await tickets.erase("c_1") == ["T-1", "T-2"]
    assert await tickets.all_of("c_1") == []
    assert await tickets.all_open() == [other]
    left = {keys.ticket("T-3"), keys.open_ticket("c_2"), keys.tickets("c_2"), keys.QUEUE}
    assert set(await redis.keys("*")) == left
    assert await tickets.erase("c_1") == []


def test_a_ticket_shows_what_the_console_and_the_endpoint_promise(make):
    ticket = make(customer_id="C1001", customer_name="林晓雯", facts={"topic": "returns"})
    view = ticket.view(position=2, now=MORNING + 90.7)
    assert view == {
        "ticket": "T-1",
        "handoff_id": "T-1",
        "conversation_id": "c_1",
        "state": "queued",
        "reason": "asked",
        "skill": "",
        "priority": "normal",
        "summary": "想退货",
        "facts": {"topic": "returns"},
        "customer": {"id": "C1001", "name": "林晓雯"},
        "language": "zh-Hans",
        "opened_at": "2026-11-20T02:00:00+00:00",
        "assigned_to": None,
        "is_notice": False,
        "position": 2,
        "waiting_seconds": 90,
    }


def test_a_handoff_is_known_by_its_ticket(make):
    assert make("T-7").handoff_id == "T-7"


async def test_tickets_are_kept_as_long_as_conversations(tickets, redis, make):
    await tickets.open(make())
    for key in (keys.ticket("T-1"), keys.open_ticket("c_1"), keys.tickets("c_1")):
        assert 0 < await redis.ttl(key) <= keys.CONVERSATION_SECONDS
    await tickets.number(MORNING)
    assert 0 < await redis.ttl(keys.ticket_count("20261120")) <= keys.TICKET_COUNT_SECONDS


async def test_of_changes_at_the_same_time_none_is_lost(tickets, make):
    ticket = make()
    await tickets.save(ticket)
    taken = TicketState.ASSIGNED
    await asyncio.gather(
        tickets.change(ticket.ticket, lambda t: changed(t, taken, assigned_to="mei")),
        *(
            tickets.change(ticket.ticket, lambda t, n=n: noted(t, "broken_promises", {"n": n}))
            for n in range(5)
        ),
    )
    kept = await tickets.get(ticket.ticket)
    assert (kept.state, kept.assigned_to) == (taken, "mei")
    assert sorted(fact["n"] for fact in kept.facts["broken_promises"]) == [0, 1, 2, 3, 4]


async def test_what_is_not_there_cannot_be_changed(tickets):
    assert await tickets.change("T-9", lambda t: t) is None


def test_a_finished_ticket_takes_no_more_facts(make):
    finished = changed(make(), TicketState.CLOSED, assigned_to="mei")
    assert noted(finished, "broken_promises", {"n": 1}) == finished
