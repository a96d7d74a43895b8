"""What every door does: check, store, wait. The test answers as a worker would."""

import asyncio

import pytest

from bot.channels.base import MOST_MESSAGE_ID, Door, check_message_id, is_forbidden, owner_view
from bot.conversation import Owner, Pace, now
from bot.conversation.mailbox import Mailbox
from bot.conversation.messages import SHOPPER
from bot.errors import Conflict, TooManyRequests, Unavailable, Unprocessable
from bot.storage import keys


class Queue:
    """The part of a worker that a door uses; it begins nothing by itself."""

    def __init__(self, mailbox):
        self._mailbox = mailbox

    async def accept(self, *message, **how):
        return await self._mailbox.accept(*message, **how, lease=False)


@pytest.fixture
async def listening(conversations):
    """Conversations whose events are heard."""
    await conversations.hub.start()
    yield conversations
    await conversations.hub.stop()


@pytest.fixture
def send(listening, redis, shopper):
    """A message through the door."""
    pace = Pace(most_waiting=5, burst=20, per_second=0.001, fragment_ms=200)
    door = Door("web", listening, Queue(Mailbox(redis, pace)), most_text=2000, merges=True)

    async def receive(message_id, text=None, *, payload=None, wait=0.0):
        return await door.receive(
            shopper, message_id, text=text, payload=payload, now=now(), wait=wait, merge=False
        )

    return receive


@pytest.fixture
def answer(conversations, shopper, make_entry, until):
    """Answer the oldest waiting message."""

    async def work(*texts, language="zh-Hans"):
        claim = await until(
            lambda: conversations.mailbox.claim(shopper.conversation_id), "a message"
        )
        state = await conversations.ownership.state(shopper.conversation_id)
        replies = [make_entry(text, language=language) for text in texts]
        await conversations.mailbox.complete(
            claim, owner_version=state.owner_version, language=language, replies=replies
        )

    return work


async def test_a_message_waits_for_its_replies(send, answer, shopper):
    receipt, _ = await asyncio.gather(
        send("m1", "where is my parcel", wait=10), answer("Which order?", "I see.", language="en")
    )
    view = receipt.view(shopper.conversation_id)
    assert view["conversation_id"] == shopper.conversation_id
    assert (view["message_id"], view["seq"]) == ("m1", 1)
    assert [(reply["seq"], reply["text"]) for reply in view["replies"]] == [
        (2, "Which order?"),
        (3, "I see."),
    ]
    assert (view["owner"], view["language"]) == ("bot", "en")


@pytest.mark.parametrize("pushed", [True, False])
async def test_a_door_leaves_its_name_and_whether_it_is_pushed_to(
    listening, redis, shopper, pushed
):
    queue = Queue(listening.mailbox)
    door = Door("app", listening, queue, most_text=2000, merges=True, pushed=pushed)
    await door.receive(shopper, "m1", text="hi", payload=None, now=now(), wait=0)
    found = await redis.hmget(keys.conversation(shopper.conversation_id), "door", "delivered")
    assert found == ["app", "1" if pushed else None]


async def test_when_the_wait_runs_out_the_message_is_stored_all_the_same(send, texts, shopper):
    receipt = await send("m1", "在吗", wait=0.05)
    assert receipt.replies is None
    assert receipt.view(shopper.conversation_id)["replies"] == []
    assert await texts(shopper.conversation_id) == [(SHOPPER, "在吗")]


async def test_the_same_message_again_has_the_same_answer(send, answer, texts, shopper):
    await send("m1", "在吗")
    await answer("在的")
    first = await send("m1", "在吗")
    again = await send("m1", "在吗")
    assert first == again
    assert [reply.entry.text for reply in again.replies] == ["在的"]
    assert len(await texts(shopper.conversation_id)) == 2


async def test_a_message_with_no_reply_is_done_too(send, answer):
    receipt, _ = await asyncio.gather(send("m1", "在吗", wait=10), answer())
    assert receipt.replies == []


async def test_what_was_said_meanwhile_belongs_to_the_answer_but_not_ones_own_words(
    send, answer, conversations, shopper
):
    await send("m1", "一")
    await send("m2", "二")
    await conversations.announce(
        shopper.conversation_id, "utter_handoff_assistant_down", language="en", once="down:m1"
    )
    await answer()
    receipt = await send("m1", "一")
    assert [reply.entry.sender for reply in receipt.replies] == ["system"]


async def test_a_done_event_that_was_lost_is_found_in_the_mailbox(
    send, answer, listening, conversations
):
    await listening.hub.stop()
    receipt, _ = await asyncio.gather(send("m1", "在吗", wait=1), answer("在的"))
    assert [reply.entry.text for reply in receipt.replies] == ["在的"]


async def test_the_same_message_id_for_another_text_is_a_conflict(send):
    await send("m1", "退货")
    with pytest.raises(Conflict):
        await send("m1", "换货")


async def test_over_the_limit_nothing_is_stored(send, answer, texts, shopper):
    for number in range(20):
        await send(f"m{number}", "嗨")
        await answer()
    with pytest.raises(TooManyRequests):
        await send("m20", "嗨")
    assert len(await texts(shopper.conversation_id)) == 20


async def test_a_repetition_costs_nothing(send, answer):
    for number in range(20):
        await send(f"m{number}", "嗨")
        await answer("在")
    for _ in range(3):
        assert (await send("m19", "嗨")).replies


async def test_a_full_inbox_refuses(send):
    for number in range(5):
        await send(f"m{number}", "嗨")
    with pytest.raises(Unavailable):
        await send("m5", "嗨")


@pytest.mark.parametrize(
    ("text", "code"),
    [
        (None, "text_empty"),
        ("", "text_empty"),
        (" \n\t　", "text_empty"),
        ("长" * 2001, "text_too_long"),
        ("hi\x00", "text_characters"),
        ("\x1b[31mred", "text_characters"),
        ("\ud800", "text_characters"),
        ("a\x7f", "text_characters"),
    ],
)
async def test_a_text_that_cannot_be_one_is_refused(send, texts, shopper, text, code):
    with pytest.raises(Unprocessable) as refused:
        await send("m1", text)
    assert (refused.value.code, refused.value.status) == (code, 422)
    assert await texts(shopper.conversation_id) == []


@pytest.mark.parametrize(
    "text", ["x", "长" * 2000, "一\n二\t三\r\n", "👩‍👩‍👧‍👦", "𠮷野家", "\u202eabc", "' OR 1=1 --"]
)
async def test_every_text_that_somebody_may_write_is_taken_as_it_is(send, texts, shopper, text):
    await send("m1", text)
    assert await texts(shopper.conversation_id) == [(SHOPPER, text)]


@pytest.mark.parametrize("payload", ["/restart", "b_unknown", ""])
async def test_a_button_that_was_never_shown_is_refused(send, payload):
    with pytest.raises(Unprocessable) as refused:
        await send("m1", payload=payload)
    assert refused.value.code == "unknown_button"


async def test_a_pressed_button_is_written_as_its_title(send, conversations, texts, shopper):
    (button,) = await conversations.buttons.issue(
        shopper.conversation_id, [{"title": "查订单", "payload": "/track_order"}]
    )
    await send("m1", payload=button.payload)
    assert await texts(shopper.conversation_id) == [(SHOPPER, "查订单")]


@pytest.mark.parametrize("message_id", ["m", "a|b", "~" * MOST_MESSAGE_ID, '{"x":1}', "../..", "!"])
def test_a_message_id_may_be_any_printable_ascii(message_id):
    check_message_id(message_id)


@pytest.mark.parametrize(
    "message_id", ["", "a b", "x" * (MOST_MESSAGE_ID + 1), "编号", "a\n", "\x00", "\x7f", "é"]
)
def test_a_message_id_that_could_break_a_key_or_a_log_is_refused(message_id):
    with pytest.raises(Unprocessable) as refused:
        check_message_id(message_id)
    assert refused.value.code == "message_id_invalid"


@pytest.mark.parametrize(
    ("character", "forbidden"),
    [
        *[(character, False) for character in "a退訂👍é\n\r\t 　\u200d\u202e\ufeff"],
        *[(character, True) for character in "\x00\x07\x0b\x1b\x7f\x85\ud800\udfff"],
    ],
)
def test_control_characters_and_lone_surrogates_are_forbidden(character, forbidden):
    assert is_forbidden(character) is forbidden


@pytest.mark.parametrize(
    ("path", "shown"),
    [
        ([], "bot"),
        ([Owner.QUEUED], "queued"),
        ([Owner.QUEUED, Owner.HUMAN], "human"),
        ([Owner.QUEUED, Owner.CLOSED], "bot"),
    ],
)
async def test_shoppers_see_one_of_three_owners(conversations, path, shown):
    for owner in path:
        await conversations.ownership.transfer("c_1", owner)
    assert owner_view((await conversations.ownership.state("c_1")).owner) == shown
