"""From the mailbox to whoever speaks, with a real assistant's HTTP between."""

import asyncio
import time
from dataclasses import replace

import pytest

from bot.conversation import Conversations, Owner, Pace
from bot.conversation.mailbox import FRAGMENT, WHOLE, Mailbox, digest
from bot.conversation.messages import BOT, SHOPPER
from bot.storage import keys
from bot.storage.connection import connect

PACE = Pace(most_waiting=5, burst=1000, per_second=1000.0, fragment_ms=200)


@pytest.fixture
def answered(conversations, until):
    """Wait until a message is done; returns the number of its last entry."""

    async def wait(shopper, message_id, seconds=10):
        async def done():
            found = await conversations.mailbox.find(shopper.conversation_id, message_id)
            return found and found.done

        return await until(done, f"{message_id} to be done", seconds)

    return wait


async def last_reply(conversations, shopper):
    (newest,) = await conversations.transcript.last(shopper.conversation_id, 1)
    return newest.entry


async def test_a_message_is_answered(make_worker, assistant, shopper, write, answered, texts):
    make_worker()
    await write("m1", "我的包裹到哪了")
    assert await answered(shopper, "m1") == 2
    assert await texts(shopper.conversation_id) == [
        (SHOPPER, "我的包裹到哪了"),
        (BOT, "re: 我的包裹到哪了"),
    ]


async def test_the_assistant_is_told_who_asks_what_in_which_language(
    make_worker, assistant, shopper, write, answered
):
    make_worker()
    await write("m1", "where is my parcel")
    await answered(shopper, "m1")
    assert assistant.turns == [
        {
            "conversation_id": shopper.conversation_id,
            "dialogue": 0,
            "message_id": "m1",
            "fence": 1,
            "text": "where is my parcel",
            "payload": None,
            "trusted": {
                "conversation_id": shopper.conversation_id,
                "message_id": "m1",
                "language": "en",
                "text": "where is my parcel",
                "identity": {"customer_id": None, "visitor_id": shopper.visitor_id, "origin": ""},
            },
        }
    ]


async def test_messages_are_answered_in_order_though_they_came_at_once(
    make_worker, assistant, shopper, write, answered, texts
):
    for number in range(5):
        await write(f"m{number}", f"第{number}句")
    make_worker()
    await answered(shopper, "m4")
    assert assistant.asked == [f"m{number}" for number in range(5)]
    said = await texts(shopper.conversation_id)
    assert said[5:] == [(BOT, f"re: 第{number}句") for number in range(5)]


async def test_messages_that_nobody_was_waked_for_are_found(
    make_worker, redis, shopper, write, answered
):
    await write("m1")
    await redis.delete(keys.WAKE)
    make_worker()
    assert await answered(shopper, "m1") == 2


@pytest.fixture
async def other_gateway(redis_url):
    """The same conversations over a connection of its own, like another process."""
    connection = connect(redis_url)
    yield Conversations.on(connection, PACE)
    await connection.close()


async def test_two_workers_on_one_redis_never_answer_twice(
    other_gateway, make_worker, assistant, make_shopper, write, answered, texts
):
    shoppers = [make_shopper() for _ in range(4)]
    make_worker()
    make_worker(on=other_gateway)
    for number in range(4):
        await asyncio.gather(*(write(f"m{number}", str(number), by=s) for s in shoppers))
    for shopper in shoppers:
        await answered(shopper, "m3")
        said = await texts(shopper.conversation_id)
        assert [text for who, text in said if who == BOT] == [f"re: {n}" for n in range(4)]
    assert len(assistant.turns) == 16


async def test_conversations_do_not_wait_for_each_other(
    make_worker, assistant, make_shopper, write, answered, until
):
    one, other = make_shopper(), make_shopper()
    make_worker()
    assistant.hold()
    await write("m1", by=one)
    await write("m2", by=other)
    await until(lambda: sorted(assistant.asked) == ["m1", "m2"], "both to be asked")
    assistant.release()
    await answered(one, "m1")
    await answered(other, "m2")


async def test_a_turn_longer_than_a_lease_keeps_it(
    make_worker, assistant, conversations, shopper, write, answered, texts, until, short_lease
):
    make_worker()
    make_worker()
    assistant.hold()
    await write("m1")
    await until(lambda: assistant.asked, "the assistant to be asked")
    begun = time.monotonic()

    async def long_enough():
        assert await conversations.mailbox.due() == []
        return time.monotonic() - begun > 1.2

    await until(long_enough, "two leases to pass")
    assistant.release()
    await answered(shopper, "m1")
    assert assistant.asked == ["m1"]
    assert len(await texts(shopper.conversation_id)) == 2


async def test_a_message_that_a_dead_worker_left_is_taken_up_by_another(
    make_worker, conversations, assistant, shopper, write, answered, short_lease
):
    await write("m1")
    assert await conversations.mailbox.claim(shopper.conversation_id)
    make_worker()
    assert await answered(shopper, "m1") == 2
    assert assistant.asked == ["m1"]


async def test_stopping_finishes_the_turn_under_way(
    make_worker, assistant, conversations, shopper, write, until, texts
):
    worker = make_worker()
    assistant.hold()
    await write("m1")
    await until(lambda: assistant.asked, "the assistant to be asked")
    stopping = asyncio.create_task(worker.stop())
    assert not (await asyncio.wait({stopping}, timeout=0.3))[0]
    assistant.release()
    await stopping
    assert await texts(shopper.conversation_id) == [(SHOPPER, "你好"), (BOT, "re: 你好")]


async def test_replies_begun_under_an_older_owner_are_dropped(
    make_worker, assistant, conversations, shopper, write, answered, until, texts
):
    make_worker()
    assistant.hold()
    await write("m1", "我要找人工")
    await until(lambda: assistant.asked, "the assistant to be asked")
    assert await conversations.ownership.transfer(shopper.conversation_id, Owner.QUEUED)
    assert await conversations.ownership.transfer(shopper.conversation_id, Owner.HUMAN, agent="mei")
    assistant.release()
    await answered(shopper, "m1")
    assert await texts(shopper.conversation_id) == [(SHOPPER, "我要找人工")]


async def test_replies_are_dropped_too_when_the_assistant_has_the_conversation_back(
    make_worker, assistant, conversations, shopper, write, answered, until, texts
):
    make_worker()
    assistant.hold()
    await write("m1", "转人工")
    await until(lambda: assistant.asked, "the assistant to be asked")
    await conversations.ownership.transfer(shopper.conversation_id, Owner.QUEUED)
    await conversations.ownership.transfer(shopper.conversation_id, Owner.BOT)
    assistant.release()
    await answered(shopper, "m1")
    assert await texts(shopper.conversation_id) == [(SHOPPER, "转人工")]


@pytest.mark.parametrize("path", [[Owner.QUEUED], [Owner.QUEUED, Owner.HUMAN]])
async def test_the_assistant_is_not_asked_while_people_have_the_conversation(
    make_worker, assistant, conversations, shopper, write, answered, texts, path
):
    for owner in path:
        await conversations.ownership.transfer(shopper.conversation_id, owner, agent="mei")
    make_worker()
    await write("m1", "在吗")
    await write("m2", "hello there")
    await answered(shopper, "m2")
    assert assistant.turns == []
    assert await texts(shopper.conversation_id) == [(SHOPPER, "在吗"), (SHOPPER, "hello there")]
    assert (await conversations.ownership.state(shopper.conversation_id)).owner is path[-1]


async def test_after_a_closed_service_the_assistant_answers_again(
    make_worker, assistant, conversations, shopper, write, answered, texts
):
    for owner in (Owner.QUEUED, Owner.HUMAN, Owner.CLOSED):
        await conversations.ownership.transfer(shopper.conversation_id, owner, agent="mei")
    make_worker()
    await write("m1", "还有个问题")
    await answered(shopper, "m1")
    assert (BOT, "re: 还有个问题") in await texts(shopper.conversation_id)
    state = await conversations.ownership.state(shopper.conversation_id)
    assert (state.owner, state.agent) == (Owner.BOT, None)
    assert assistant.turns[0]["dialogue"] == 1


async def test_a_takeover_begins_a_new_dialogue(
    make_worker, assistant, conversations, shopper, write, answered
):
    make_worker()
    await write("m1")
    await answered(shopper, "m1")
    for owner in (Owner.QUEUED, Owner.HUMAN, Owner.BOT):
        await conversations.ownership.transfer(shopper.conversation_id, owner, agent="mei")
    await write("m2")
    await answered(shopper, "m2")
    assert [turn["dialogue"] for turn in assistant.turns] == [0, 1]


async def test_a_long_silence_begins_a_new_dialogue_and_a_short_one_does_not(
    make_worker, assistant, redis, shopper, write, answered
):
    make_worker(idle_minutes=30)
    for number, minutes_ago in enumerate([0, 1, 29, 31, 0]):
        if number:
            moment = int((time.time() - minutes_ago * 60) * 1000)
            await redis.hset(keys.conversation(shopper.conversation_id), "last_at", moment)
        await write(f"m{number}")
        await answered(shopper, f"m{number}")
    assert [turn["dialogue"] for turn in assistant.turns] == [0, 0, 0, 1, 1]


@pytest.mark.parametrize(
    ("break_it", "text", "language"),
    [
        (lambda assistant: assistant.fails(500), "我要退货", "zh-Hans"),
        (lambda assistant: assistant.fails(401), "I want to return this", "en"),
        (lambda assistant: assistant.talks_nonsense("<html>oops</html>"), "我要退貨", "zh-Hant"),
        (lambda assistant: assistant.talks_nonsense("{}", "application/json"), "hi you", "en"),
        (lambda assistant: assistant.hold(), "在吗", "zh-Hans"),
    ],
    ids=["failing", "refusing", "garbage", "empty", "slow"],
)
async def test_an_assistant_that_cannot_answer_is_escalated_once(
    make_worker, assistant, escalated, shopper, write, answered, texts, break_it, text, language
):
    make_worker(turn_timeout=0.5)
    make_worker(turn_timeout=0.5)
    break_it(assistant)
    await write("m1", text)
    await answered(shopper, "m1")
    assert escalated == [(shopper.conversation_id, "m1", language)]
    assert await texts(shopper.conversation_id) == [(SHOPPER, text)]


async def test_an_assistant_that_is_back_in_time_answers_and_nobody_is_called(
    make_worker, assistant, escalated, shopper, write, answered, texts, until
):
    make_worker()
    assistant.fails(503)
    await write("m1")
    await until(lambda: len(assistant.turns) >= 2, "a second attempt")
    assistant.recovers()
    await answered(shopper, "m1")
    assert await texts(shopper.conversation_id) == [(SHOPPER, "你好"), (BOT, "re: 你好")]
    assert escalated == []
    assert len({(turn["dialogue"], turn["message_id"]) for turn in assistant.turns}) == 1


async def test_after_an_escalation_the_next_messages_wait_for_a_person(
    make_worker, assistant, conversations, shopper, write, answered, texts
):
    async def escalate(conversation_id, message_id, language):
        await conversations.ownership.transfer(conversation_id, Owner.QUEUED)

    make_worker(turn_timeout=0.3, escalate=escalate)
    assistant.fails()
    await write("m1", "一")
    await write("m2", "二")
    await answered(shopper, "m2")
    assert set(assistant.asked) == {"m1"}
    assert await texts(shopper.conversation_id) == [(SHOPPER, "一"), (SHOPPER, "二")]


async def test_an_answer_after_the_time_was_up_is_not_said(
    make_worker, assistant, escalated, shopper, write, answered, texts
):
    make_worker(turn_timeout=0.3)
    assistant.hold()
    await write("m1", "一")
    await answered(shopper, "m1")
    assistant.release()
    await write("m2", "二")
    await answered(shopper, "m2")
    said = await texts(shopper.conversation_id)
    assert [text for who, text in said if who == BOT] == ["re: 二"]
    assert [message_id for _, message_id, _ in escalated] == ["m1"]


async def test_buttons_go_out_with_ids_and_come_back_as_the_assistants_payload(
    make_worker, assistant, conversations, shopper, write, answered
):
    make_worker()
    command = '/track_order{"order_number": "XE20260001"}'
    assistant.answers(
        {"text": "要查哪一单？", "buttons": [{"title": "这一单", "payload": command}]}
    )
    await write("m1", "查订单")
    await answered(shopper, "m1")
    (button,) = (await last_reply(conversations, shopper)).buttons
    assert button.title == "这一单"
    assert "track_order" not in button.payload

    assistant.recovers()
    await write("m2", "这一单", payload=button.payload)
    await answered(shopper, "m2")
    pressed = assistant.turns[-1]
    assert (pressed["payload"], pressed["text"]) == (command, None)
    assert pressed["trusted"]["text"] == "这一单"


async def test_pressing_a_button_does_not_change_the_language(
    make_worker, assistant, conversations, shopper, write, answered
):
    make_worker()
    assistant.answers({"text": "Which one?", "buttons": [{"title": "订单", "payload": "/affirm"}]})
    await write("m1", "where is my parcel")
    await answered(shopper, "m1")
    (button,) = (await last_reply(conversations, shopper)).buttons
    await write("m2", "订单", payload=button.payload)
    await answered(shopper, "m2")
    assert assistant.turns[-1]["trusted"]["language"] == "en"


async def test_a_written_command_stays_a_text(make_worker, assistant, shopper, write, answered):
    make_worker()
    await write("m1", "/restart")
    await answered(shopper, "m1")
    assert (assistant.turns[0]["text"], assistant.turns[0]["payload"]) == ("/restart", None)


async def test_traditional_readers_get_text_buttons_cards_and_sources_in_their_script(
    make_worker, assistant, conversations, shopper, write, answered
):
    make_worker()
    assistant.answers(
        {
            "text": "您的订单已发货",
            "buttons": [{"title": "查看订单", "payload": "/track_order"}],
            "custom": {
                "card": {"type": "order", "lines": [{"title": "保温杯", "quantity": 2}]},
                "sources": [{"id": "returns", "title": "退货说明", "updated": "2026-01-01"}],
            },
        }
    )
    await write("m1", "我的訂單到哪裡了")
    await answered(shopper, "m1")
    reply = await last_reply(conversations, shopper)
    assert reply.language == "zh-Hant"
    assert reply.text == "您的訂單已發貨"
    assert reply.buttons[0].title == "檢視訂單"
    assert reply.card == {"type": "order", "lines": [{"title": "保溫杯", "quantity": 2}]}
    assert reply.sources == [{"id": "returns", "title": "退貨說明", "updated": "2026-01-01"}]


@pytest.mark.parametrize(
    ("texts_written", "languages"),
    [
        (["你好", "XE20260001", "ok"], ["zh-Hans", "zh-Hans", "zh-Hans"]),
        (["where is my order", "XE20260001", "👍"], ["en", "en", "en"]),
        (["請問有貨嗎", "好", "thanks a lot"], ["zh-Hant", "zh-Hant", "en"]),
    ],
)
async def test_the_language_is_sticky(
    make_worker, assistant, shopper, write, answered, texts_written, languages
):
    make_worker()
    for number, text in enumerate(texts_written):
        await write(f"m{number}", text)
        await answered(shopper, f"m{number}")
    assert [turn["trusted"]["language"] for turn in assistant.turns] == languages


async def test_several_replies_are_said_in_their_order(
    make_worker, assistant, shopper, write, answered, texts
):
    make_worker()
    assistant.answers({"text": "一"}, {"text": "二"})
    await write("m1")
    assert await answered(shopper, "m1") == 3
    assert await texts(shopper.conversation_id) == [(SHOPPER, "你好"), (BOT, "一"), (BOT, "二")]


async def test_a_silent_assistant_is_escalated(
    make_worker, assistant, escalated, shopper, write, answered
):
    make_worker()
    assistant.answers()
    await write("m1")
    await answered(shopper, "m1")
    assert escalated == [(shopper.conversation_id, "m1", "zh-Hans")]


async def test_an_assistant_that_is_silent_because_it_handed_over_is_not(
    make_worker, assistant, conversations, escalated, shopper, write, answered, until
):
    make_worker()
    assistant.answers()
    assistant.hold()
    await write("m1", "转人工")
    await until(lambda: assistant.asked, "the assistant to be asked")
    await conversations.ownership.transfer(shopper.conversation_id, Owner.QUEUED)
    assistant.release()
    await answered(shopper, "m1")
    assert escalated == []


async def test_stopping_returns_under_traffic(make_worker, redis):
    for number in range(20):
        worker = make_worker()

        async def noise():
            for _ in range(20):
                await redis.lpush(keys.WAKE, "c_none")

        noisy = asyncio.create_task(noise())
        await asyncio.sleep(number / 2000)
        await asyncio.wait_for(worker.stop(), 6)
        await noisy


@pytest.fixture
def through(conversations, shopper, make_entry):
    """A message that comes to a worker through a door."""

    async def send(worker, message_id, text, kind=WHOLE, by=shopper):
        entry = make_entry(text, SHOPPER, message_id=message_id)
        return await worker.accept(
            by, message_id, entry, digest(text, None), door="web", pushed=False, kind=kind
        )

    return send


async def test_a_message_is_begun_where_it_came_in(
    make_worker, assistant, redis, shopper, through, answered
):
    worker = make_worker()
    accepted = await through(worker, "m1", "我要退货")
    assert accepted.claim is not None
    assert await answered(shopper, "m1") == 2
    assert await redis.llen(keys.WAKE) == 0


async def test_the_fragments_of_a_burst_become_one_turn(
    make_worker, assistant, conversations, shopper, through, answered, texts
):
    worker = make_worker()
    await through(worker, "m1", "你好", FRAGMENT)
    await through(worker, "m2", "在吗", FRAGMENT)
    await through(worker, "m3", "我那个单到哪了")
    await answered(shopper, "m3")
    assert [(turn["message_id"], turn["text"]) for turn in assistant.turns] == [
        ("m3", "你好 在吗 我那个单到哪了")
    ]
    said = await texts(shopper.conversation_id)
    assert [text for who, text in said if who == BOT] == ["re: 你好 在吗 我那个单到哪了"]
    for message_id in ("m1", "m2"):
        found = await conversations.mailbox.find(shopper.conversation_id, message_id)
        assert (found.done, found.merged_into) == (4, "m3")


async def test_a_fragment_alone_is_answered_when_its_wait_is_over(
    make_worker, assistant, shopper, through, answered
):
    worker = make_worker()
    accepted = await through(worker, "m1", "在吗", FRAGMENT)
    assert (accepted.claim, accepted.due_ms) == (None, PACE.fragment_ms)
    assert assistant.turns == []
    await answered(shopper, "m1")
    assert assistant.asked == ["m1"]


async def test_who_was_asked_something_is_not_kept_waiting_for_more(
    make_worker, assistant, shopper, through, answered
):
    worker = make_worker()
    assistant.answers({"text": "退货原因是什么？"})
    await through(worker, "m1", "我要退货")
    await answered(shopper, "m1")
    accepted = await through(worker, "m2", "太大", FRAGMENT)
    assert accepted.claim is not None


async def test_a_full_worker_leaves_messages_in_the_queue_for_whoever_is_free(
    make_worker, assistant, make_shopper, through, answered, until
):
    worker = make_worker()
    assistant.hold()
    shoppers = [make_shopper() for _ in range(7)]
    claims = [(await through(worker, "m1", "我要退货", by=shopper)).claim for shopper in shoppers]
    assert [claim is not None for claim in claims] == [True] * 4 + [False] * 3
    await until(lambda: len(assistant.turns) == 4, "four turns under way")
    assistant.release()
    for shopper in shoppers:
        await answered(shopper, "m1")


class SwallowingMailbox(Mailbox):
    """Renews as the Redis client does when a cancelling comes in its one unlucky moment."""

    def __init__(self, redis):
        super().__init__(redis, PACE)
        self.renewals = 0

    async def renew(self, claim):
        self.renewals += 1
        if self.renewals == 1:
            try:
                await asyncio.Event().wait()
            except asyncio.CancelledError:
                return True
        return await super().renew(claim)


async def test_a_lease_is_not_renewed_after_its_turn_though_the_cancelling_is_swallowed(
    make_worker, assistant, conversations, shopper, write, answered, until, short_lease, redis
):
    mailbox = SwallowingMailbox(redis)
    make_worker(on=replace(conversations, mailbox=mailbox))
    assistant.hold()
    await write("m1")
    await until(lambda: mailbox.renewals, "the lease to be renewed")
    assistant.release()
    await answered(shopper, "m1")

    def still_renewing():
        return [task for task in asyncio.all_tasks() if "_keep" in repr(task)]

    await until(lambda: not still_renewing(), "the renewal to end", 2)


async def test_a_turn_that_another_worker_has_now_is_dropped(
    make_worker, assistant, conversations, shopper, write, answered, escalated
):
    make_worker()
    assistant.fails(409)
    await write("m1")
    assert await answered_never(conversations, shopper, assistant)
    assert escalated == []


async def answered_never(conversations, shopper, assistant):
    while not assistant.turns:
        await asyncio.sleep(0.01)
    found = await conversations.mailbox.find(shopper.conversation_id, "m1")
    return found.done is None
