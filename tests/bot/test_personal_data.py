"""Everything kept about a shopper is in the copy, and gone after the erasure; nobody else's is."""

import asyncio
import hashlib
import json
import sqlite3
import time
from datetime import datetime, timezone

import pytest

from bot.conversation.identity import Shopper
from bot.conversation.mailbox import ALONE, digest
from bot.conversation.messages import SHOPPER
from bot.desk.agents import Agent
from bot.desk.desk import Desk
from bot.desk.handoffs import Idempotency
from bot.desk.tickets import TicketStore
from bot.personal_data import PersonalData, is_empty
from bot.storage import keys, values
from knowledge_base.journal import AskedQuestion, Journal

MEI = Agent("mei", ["zh"])
# The second one's id begins with the first one's.
LIN = Shopper("c_1", customer_id="C1001")
EMMA = Shopper("c_10", visitor_id="v-10")


@pytest.fixture
def questions(tmp_path):
    return tmp_path / "questions.db"


@pytest.fixture
def personal_data(redis, questions):
    return PersonalData(redis, turn_timeout=8.0, questions=questions, settle_seconds=0.05)


@pytest.fixture
def desk(redis, conversations):
    return Desk(TicketStore(redis), conversations, None)


@pytest.fixture
def live(redis, conversations, desk, make_entry, questions):
    """A shopper's life with us: something in every place where something is kept."""

    async def write(shopper, message_id, text):
        entry = make_entry(text, SHOPPER, message_id=message_id)
        await conversations.mailbox.accept(
            shopper,
            message_id,
            entry,
            digest(text, None),
            door="web",
            pushed=False,
            kind=ALONE,
            lease=False,
        )

    async def through_everything(shopper, canary):
        conversation_id = shopper.conversation_id
        # A message id is the client's own: here it is the other one's conversation.
        await write(shopper, "c_1", f"退货 {canary}-asked")
        claim = await conversations.mailbox.claim(conversation_id)
        shown = {"title": f"{canary}-button", "payload": f"/x {canary}-payload"}
        buttons = await conversations.buttons.issue(conversation_id, [shown])
        reply = make_entry(f"{canary}-reply", message_id="c_1", buttons=buttons)
        await conversations.mailbox.complete(
            claim, owner_version=0, language="zh-Hans", replies=[reply]
        )
        await conversations.feedback.keep(conversation_id, {"csat": 1, "comment": f"{canary}-csat"})
        closed = await desk.open(conversation_id, reason="asked", summary=f"{canary}-first")
        await desk.take(closed.ticket, MEI)
        await desk.say(closed.ticket, MEI, f"{canary}-agent", "a1")
        await desk.close(closed.ticket, MEI)
        waiting = await desk.open(
            conversation_id, reason="asked", facts={"note": f"{canary}-facts"}
        )
        await Idempotency(redis).keep(conversation_id, f"{canary}-key", "body", waiting.ticket)
        await conversations.ownership.begin_dialogue(conversation_id)
        await write(shopper, "m2", f"{canary}-waits")
        await keep_elsewhere(conversation_id, canary)

    async def keep_elsewhere(conversation_id, canary):
        """What other processes keep, and earlier versions kept."""
        row = json.dumps({"events": [{"event": "user", "text": f"{canary}-event"}]})
        await redis.rpush(f"xiaoer:{{{conversation_id}}}:tracker:0", f"7|{row}")
        await redis.set(f"xiaoer:tracker:{conversation_id}.1", f'{{"events": ["{canary}-old"]}}')
        await redis.set(f"xiaoer:turn:{conversation_id}.1:m1", f"{canary}-turn")
        await redis.set(f"xiaoer:{{{conversation_id}}}:answer:m1", f"{canary}-answer")
        await redis.hset(f"xiaoer:{{{conversation_id}}}:dead", "3", f'{{"error": "{canary}-dead"}}')
        await redis.zadd(keys.DEAD_LETTERS, {f"{conversation_id}-3": 5, conversation_id: 6})
        await redis.zadd(keys.outbox("web"), {conversation_id: 7})
        journal = Journal(questions)
        asked = AskedQuestion(
            conversation_id,
            "c_1",
            datetime.now(timezone.utc),
            "zh",
            f"{canary}-question",
            "unanswered",
        )
        journal.correct(asked, text=f"{canary}-corrected")
        journal.close()

    return through_everything


async def everything(redis):
    """Key -> value of all that Redis holds."""
    return {key: await values.read(redis, key) async for key in redis.scan_iter()}


async def test_after_the_erasure_nothing_is_left_and_others_have_everything(
    redis, live, personal_data
):
    await live(EMMA, "emma")
    before = await everything(redis)
    await live(LIN, "lin")
    assert "lin-" in json.dumps(await everything(redis))

    erased = await personal_data.erase(LIN.conversation_id)

    after = await everything(redis)
    assert "lin-" not in json.dumps(after) and "C1001" not in json.dumps(after)
    left = set(after) - set(before)
    assert left == {keys.conversation(LIN.conversation_id), keys.ERASURES}
    # The tickets of the day are counted together; the bucket of limits fills by itself.
    changed = {key for key in before if after.get(key) != before[key]}
    assert {key for key in changed if not key.startswith(keys.ticket_count(""))} == set()
    assert erased == {
        "answer": 1,
        "buttons": 1,
        "dead": 1,
        "feedback": 1,
        "handoff": 1,
        "inbox": 1,
        "message": 2,
        "once": 5,
        "outbox": 3,
        "pace": 1,
        "question": 1,
        "state": 1,
        "ticket": 2,
        "tracker": 2,
        "transcript": 8,
        "turn": 1,
    }


async def test_a_question_that_was_asked_is_in_no_file_after_the_erasure(
    live, personal_data, questions
):
    await live(EMMA, "emma")
    await live(LIN, "lin")
    await personal_data.erase(LIN.conversation_id)
    left = b"".join(path.read_bytes() for path in questions.parent.glob("questions.db*"))
    assert b"lin-" not in left and b"emma-question" in left


async def test_a_journal_that_cannot_be_written_is_no_silent_success(
    live, personal_data, questions
):
    await live(LIN, "lin")
    other = sqlite3.connect(questions)
    other.execute("BEGIN EXCLUSIVE")
    with pytest.raises(sqlite3.Error):
        await personal_data.erase(LIN.conversation_id)
    other.rollback()
    other.close()
    assert (await personal_data.erase(LIN.conversation_id))["question"] == 1


async def test_the_copy_holds_everything_that_would_be_erased(redis, live, personal_data):
    await live(EMMA, "emma")
    await live(LIN, "lin")
    copy = json.dumps(await personal_data.export(LIN.conversation_id), ensure_ascii=False)
    for what in (
        *("asked", "button", "payload", "reply", "csat", "first", "agent", "facts", "key", "waits"),
        *("event", "old", "turn", "answer", "dead", "question", "corrected"),
    ):
        assert f"lin-{what}" in copy, what
    assert "emma-" not in copy


async def test_the_copy_has_its_parts_in_readable_form(live, personal_data):
    await live(LIN, "lin")
    copy = await personal_data.export(LIN.conversation_id)
    assert copy["conversation_id"] == "c_1"
    assert copy["state"]["customer_id"] == "C1001"
    first = copy["transcript"][0]
    assert (first["seq"], first["from"], first["text"]) == (1, "shopper", "退货 lin-asked")
    assert copy["waiting"] == [f"{copy['transcript'][-1]['seq']}|alone|m2"]
    assert [ticket["state"] for ticket in copy["tickets"]] == ["closed", "queued"]
    assert copy["feedback"] == [{"csat": 1, "comment": "lin-csat"}]
    assert copy["dialogues"] == {
        "0": [{"events": [{"event": "user", "text": "lin-event"}]}],
        "1": {"events": ["lin-old"]},
    }
    assert copy["undelivered_since"] == 7
    assert copy["dead_letters"] == {"3": {"error": "lin-dead"}}
    assert set(copy["other"]["message"]) == {"c_1", "m2"}
    (asked,) = copy["questions"]
    assert (asked["text"], asked["outcome"]) == ("lin-question", "unanswered")
    assert not is_empty(copy)


async def test_a_shopper_who_never_wrote_has_an_empty_copy_of_the_same_shape(live, personal_data):
    await live(LIN, "lin")
    copy = await personal_data.export("c_never")
    assert set(copy) == set(await personal_data.export("c_1"))
    assert is_empty(copy)
    assert await personal_data.erase("c_never") == {}


async def test_after_the_erasure_the_copy_is_empty(live, personal_data):
    await live(LIN, "lin")
    await personal_data.erase(LIN.conversation_id)
    copy = await personal_data.export(LIN.conversation_id)
    assert is_empty(copy)
    assert await personal_data.erase(LIN.conversation_id) == {}


async def test_the_desk_forgets_and_its_queue_moves_up(live, personal_data, desk):
    await live(LIN, "lin")
    await live(EMMA, "emma")
    await personal_data.erase(LIN.conversation_id)
    (ticket,) = await desk.tickets.all_open()
    assert ticket.conversation_id == EMMA.conversation_id
    assert await desk.tickets.position(ticket) == 1
    assert await desk.tickets.of_conversation(LIN.conversation_id) is None


async def test_what_a_late_request_brings_back_is_erased_too(
    redis, live, personal_data, desk, until
):
    await live(LIN, "lin")
    (ticket, *_) = await desk.tickets.all_open()
    erasing = asyncio.create_task(personal_data.erase(LIN.conversation_id))

    async def deleted():
        return await desk.tickets.get(ticket.ticket) is None

    await until(deleted, "the tickets to be deleted")
    # An agent's request that had read the ticket before.
    await desk.tickets.save(ticket)
    await desk.tickets.open(ticket)
    assert (await erasing)["ticket"] == 3
    assert "lin-" not in json.dumps(await everything(redis))


async def test_somebody_who_keeps_writing_does_not_keep_it_from_ending(
    conversations, live, personal_data
):
    await live(LIN, "lin")
    erasing = asyncio.create_task(personal_data.erase(LIN.conversation_id))
    while not erasing.done():
        await conversations.feedback.keep(LIN.conversation_id, {"csat": 5})
    assert (await erasing)["feedback"] > 1


async def test_consoles_that_show_its_tickets_look_again(conversations, live, personal_data):
    await live(LIN, "lin")
    await conversations.hub.start()
    try:
        async with conversations.hub.subscribe(None) as events:
            await personal_data.erase(LIN.conversation_id)
            told = [await asyncio.wait_for(events.get(), 5) for _ in range(2)]
    finally:
        await conversations.hub.stop()
    assert {event["kind"] for event in told} == {"ticket"}


async def test_that_it_was_done_is_recorded_without_a_word_about_whom(redis, live, personal_data):
    started = int(time.time() * 1000)
    await live(LIN, "lin")
    erased = await personal_data.erase(LIN.conversation_id)
    ((at, record),) = await redis.xrange(keys.ERASURES)
    assert started <= int(at.split("-")[0]) <= time.time() * 1000
    assert record == {
        "conversation": hashlib.sha256(b"c_1").hexdigest(),
        "erased": json.dumps(erased, sort_keys=True),
    }
    assert 0 < await redis.ttl(keys.ERASURES) <= keys.ERASURE_SECONDS


async def test_records_are_kept_for_three_years(redis, personal_data):
    now = int(time.time() * 1000)
    old, kept = now - keys.ERASURE_SECONDS * 1000 - 1000, now - keys.ERASURE_SECONDS * 1000 + 60_000
    for moment in (old, kept):
        await redis.xadd(keys.ERASURES, {"conversation": "x", "erased": "{}"}, id=f"{moment}-0")
    await personal_data.erase("c_never")
    ids = [int(row_id.split("-")[0]) for row_id, _ in await redis.xrange(keys.ERASURES)]
    assert ids[0] == kept and len(ids) == 2
