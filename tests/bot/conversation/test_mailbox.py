"""Accepted means stored, once, in order; one worker at a time."""

import asyncio

import pytest

from bot.conversation import Owner
from bot.conversation.identity import Shopper
from bot.conversation.mailbox import ALONE, FRAGMENT, WHOLE, Mailbox, Pace, digest
from bot.conversation.messages import SHOPPER
from bot.errors import Conflict, TooManyRequests, Unavailable
from bot.storage import keys
from bot.storage.connection import connect

PACE = Pace(most_waiting=5, burst=1000, per_second=1000.0, fragment_ms=200)


@pytest.fixture
def mailbox(conversations):
    return conversations.mailbox


async def finish(mailbox, claim, *replies, version=0, language="zh-Hans"):
    completed = await mailbox.complete(
        claim, owner_version=version, language=language, replies=list(replies)
    )
    return completed.outcome


async def test_a_message_is_stored_before_it_is_acknowledged(conversations, shopper, write):
    accepted = await write("m1", "我的包裹到哪了")

    assert (accepted.seq, accepted.done) == (1, None)
    (stored,) = await conversations.transcript.after(shopper.conversation_id, 0)
    assert (stored.seq, stored.entry.sender) == (1, SHOPPER)
    assert (stored.entry.text, stored.entry.message_id) == ("我的包裹到哪了", "m1")
    assert await conversations.mailbox.due() == [shopper.conversation_id]
    assert await conversations.mailbox.wake(timeout=1) == shopper.conversation_id


async def test_the_conversation_learns_whose_it_is(conversations, write):
    await write("m1", by=Shopper("c_x", customer_id="C1001"))
    state = await conversations.ownership.state("c_x")
    assert (state.customer_id, state.visitor_id, state.seq) == ("C1001", None, 1)


async def test_the_same_message_again_is_known_and_stored_once(mailbox, texts, shopper, write):
    first = await write("m1", "where is my parcel")
    again = await write("m1", "where is my parcel")

    assert again == first
    assert await texts(shopper.conversation_id) == [(SHOPPER, "where is my parcel")]
    await finish(mailbox, await mailbox.claim(shopper.conversation_id))
    assert await mailbox.claim(shopper.conversation_id) is None


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ({"text": "退货"}, {"text": "换货"}),
        ({"text": "yes"}, {"text": "yes", "payload": "b_1"}),
        ({"text": "Yes", "payload": "b_1"}, {"text": "Yes", "payload": "b_2"}),
    ],
)
async def test_the_same_message_id_for_another_body_is_a_conflict(
    texts, shopper, write, first, second
):
    await write("m1", **first)
    with pytest.raises(Conflict) as refused:
        await write("m1", **second)
    assert (refused.value.code, refused.value.status) == ("message_id_reused", 409)
    assert await texts(shopper.conversation_id) == [(SHOPPER, first["text"])]


async def test_message_ids_of_two_conversations_have_nothing_to_do_with_each_other(
    make_shopper, write
):
    one, other = make_shopper(), make_shopper()
    assert (await write("m1", "一", by=one)).seq == 1
    assert (await write("m1", "二", by=other)).seq == 1


async def test_a_finished_message_knows_the_number_of_its_last_reply(
    mailbox, shopper, write, make_entry
):
    await write("m1")
    claim = await mailbox.claim(shopper.conversation_id)
    await finish(mailbox, claim, make_entry("一"), make_entry("二"))

    assert (await write("m1")).done == 3
    found = await mailbox.find(shopper.conversation_id, "m1")
    assert (found.seq, found.done) == (1, 3)


async def test_a_message_that_never_came_is_not_found(mailbox):
    assert await mailbox.find("c_nobody", "m1") is None


async def test_a_full_inbox_refuses_and_stores_nothing(mailbox, texts, shopper, write):
    for number in range(5):
        await write(f"m{number}")
    with pytest.raises(Unavailable) as refused:
        await write("one too many")
    assert (refused.value.code, refused.value.status) == ("queue_full", 503)
    assert refused.value.retry_after > 0
    assert len(await texts(shopper.conversation_id)) == 5
    assert await mailbox.find(shopper.conversation_id, "one too many") is None


async def test_a_full_inbox_still_knows_what_it_has_and_takes_more_when_one_is_done(
    mailbox, shopper, write
):
    for number in range(5):
        await write(f"m{number}")
    assert (await write("m3")).seq == 4

    await finish(mailbox, await mailbox.claim(shopper.conversation_id))
    assert (await write("m5")).seq == 6


async def test_one_full_inbox_does_not_stop_another_conversation(make_shopper, write):
    loud, quiet = make_shopper(), make_shopper()
    for number in range(5):
        await write(f"m{number}", by=loud)
    assert (await write("m1", by=quiet)).seq == 1


async def test_messages_are_claimed_in_the_order_in_which_they_came(mailbox, shopper, write):
    for number in range(3):
        await write(f"m{number}", str(number))

    order, outcomes = [], []
    while (claim := await mailbox.claim(shopper.conversation_id)) is not None:
        order.append((claim.seq, claim.message_id))
        outcomes.append(await finish(mailbox, claim))

    assert order == [(1, "m0"), (2, "m1"), (3, "m2")]
    assert outcomes == ["more", "more", "idle"]
    assert await mailbox.due() == []


async def test_a_message_id_may_hold_any_sign(mailbox, shopper, write):
    await write("a|b|3")
    claim = await mailbox.claim(shopper.conversation_id)
    assert (claim.seq, claim.message_id) == (1, "a|b|3")


async def test_two_workers_never_hold_one_conversation(mailbox, redis_url, shopper, write):
    second_connection = connect(redis_url)
    other = Mailbox(second_connection, PACE)
    await write("m0")
    await write("m1")

    claims = await asyncio.gather(
        *(box.claim(shopper.conversation_id) for box in (mailbox, other) * 10)
    )
    (held,) = [claim for claim in claims if claim]
    assert held.message_id == "m0"

    assert await finish(other, held) == "more"
    assert (await other.claim(shopper.conversation_id)).message_id == "m1"
    await second_connection.close()


async def test_order_is_kept_across_two_workers(conversations, redis_url, texts, shopper, write):
    second_connection = connect(redis_url)
    boxes = [conversations.mailbox, Mailbox(second_connection, PACE)]
    for number in range(4):
        await write(f"m{number}", str(number))

    order = []
    while len(order) < 4:
        for box in boxes:
            claim = await box.claim(shopper.conversation_id)
            if claim is not None:
                order.append(claim.message_id)
                await finish(box, claim)
    assert order == ["m0", "m1", "m2", "m3"]
    await second_connection.close()


async def test_a_lease_that_runs_out_goes_to_another_and_the_first_has_lost(
    mailbox, texts, shopper, write, make_entry, until, short_lease
):
    await write("m1")
    first = await mailbox.claim(shopper.conversation_id)
    assert await mailbox.claim(shopper.conversation_id) is None

    second = await until(lambda: mailbox.claim(shopper.conversation_id), "the lease to run out")
    assert (second.seq, second.message_id) == (first.seq, first.message_id)
    assert second.fence > first.fence

    assert await finish(mailbox, first, make_entry("first")) == "lost"
    assert await mailbox.renew(first) is False
    assert await finish(mailbox, second, make_entry("second")) == "idle"
    assert await finish(mailbox, first, make_entry("first")) == "lost"
    assert await texts(shopper.conversation_id) == [(SHOPPER, "你好"), ("bot", "second")]


async def test_a_lease_hides_the_conversation_from_those_who_look_for_work(
    mailbox, shopper, write, until, short_lease
):
    await write("m1")
    await mailbox.claim(shopper.conversation_id)
    assert await mailbox.due() == []
    assert await until(mailbox.due, "the lease to run out") == [shopper.conversation_id]


async def test_a_renewed_lease_lasts_longer(mailbox, redis, shopper, write):
    await write("m1")
    claim = await mailbox.claim(shopper.conversation_id)
    before = await redis.zscore(keys.READY, shopper.conversation_id)
    await redis.zincrby(keys.READY, -60_000, shopper.conversation_id)

    assert await mailbox.renew(claim) is True
    assert await redis.zscore(keys.READY, shopper.conversation_id) >= before
    assert await mailbox.claim(shopper.conversation_id) is None


async def test_renewing_a_finished_turn_gives_nobody_work(mailbox, redis, shopper, write):
    await write("m1")
    claim = await mailbox.claim(shopper.conversation_id)
    await finish(mailbox, claim)
    await mailbox.renew(claim)
    assert await redis.zscore(keys.READY, shopper.conversation_id) is None


async def test_renewing_a_finished_turn_does_not_hold_up_the_next(mailbox, shopper, write):
    await write("m1")
    await write("m2")
    claim = await mailbox.claim(shopper.conversation_id)
    await finish(mailbox, claim)
    # It was on its way when the turn ended.
    assert await mailbox.renew(claim) is False
    following = await mailbox.claim(shopper.conversation_id)
    assert following.message_id == "m2"


async def test_a_new_message_during_a_turn_does_not_break_the_lease(mailbox, shopper, write):
    await write("m1")
    claim = await mailbox.claim(shopper.conversation_id)
    await write("m2")
    assert await mailbox.due() == []
    assert await mailbox.claim(shopper.conversation_id) is None
    assert await finish(mailbox, claim) == "more"
    assert await mailbox.due() == [shopper.conversation_id]


async def test_replies_begun_under_an_older_owner_are_dropped_but_the_message_is_done(
    conversations, texts, shopper, write, make_entry
):
    mailbox = conversations.mailbox
    await write("m1", "转人工")
    claim = await mailbox.claim(shopper.conversation_id)
    await conversations.ownership.transfer(shopper.conversation_id, Owner.QUEUED)

    assert await finish(mailbox, claim, make_entry("太晚了"), version=0) == "idle"
    assert await texts(shopper.conversation_id) == [(SHOPPER, "转人工")]
    assert (await mailbox.find(shopper.conversation_id, "m1")).done == 1


@pytest.mark.parametrize("another_waits", [False, True])
async def test_a_turn_that_is_ended_twice_is_answered_once(
    mailbox, texts, shopper, write, make_entry, another_waits
):
    """A command whose answer was lost with its connection is sent again."""
    await write("a|1", "一")
    if another_waits:
        await write("a", "二")
    claim = await mailbox.claim(shopper.conversation_id)
    assert await finish(mailbox, claim, make_entry("答")) in ("more", "idle")
    before = await texts(shopper.conversation_id)
    assert await finish(mailbox, claim, make_entry("答")) == "lost"
    assert await texts(shopper.conversation_id) == before
    left = await mailbox.claim(shopper.conversation_id)
    assert (left.message_id if left else None) == ("a" if another_waits else None)


async def test_a_turn_leaves_its_language_and_its_moment(conversations, shopper, write):
    await write("m1", "hello")
    claim = await conversations.mailbox.claim(shopper.conversation_id)
    await finish(conversations.mailbox, claim, language="en")
    state = await conversations.ownership.state(shopper.conversation_id)
    assert state.language == "en"
    assert state.last_at > 0


async def test_work_left_without_a_message_is_forgotten(mailbox, redis):
    await redis.zadd(keys.READY, {"c_empty": 1})
    assert await mailbox.claim("c_empty") is None
    assert await mailbox.due() == []


async def test_who_waits_longest_comes_first(mailbox, redis):
    await redis.zadd(keys.READY, {"c_late": 3, "c_early": 1, "c_mid": 2})
    assert await mailbox.due() == ["c_early", "c_mid", "c_late"]
    assert await mailbox.due(most=2) == ["c_early", "c_mid"]


async def test_nothing_wakes_a_worker_without_a_message(mailbox):
    assert await mailbox.wake(timeout=0.1) is None


async def test_everything_kept_has_an_end(redis, shopper, write):
    await write("m1")
    for key in (
        keys.conversation(shopper.conversation_id),
        keys.transcript(shopper.conversation_id),
        keys.inbox(shopper.conversation_id),
    ):
        assert 0 < await redis.ttl(key) <= keys.CONVERSATION_SECONDS
    ttl = await redis.ttl(keys.message(shopper.conversation_id, "m1"))
    assert 0 < ttl <= keys.MESSAGE_SECONDS


async def test_redis_that_forgot_its_scripts_is_given_them_again(redis, texts, shopper, write):
    await write("m1", "一")
    await redis.script_flush()
    await write("m2", "二")
    assert await texts(shopper.conversation_id) == [(SHOPPER, "一"), (SHOPPER, "二")]


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (("退货", None), ("退貨", None)),
        (("yes", None), (None, "yes")),
        (("a", "b"), ("ab", None)),
        (("", None), (None, None)),
    ],
)
def test_digests_tell_bodies_apart(one, other):
    assert digest(*one) != digest(*other)
    assert digest(*one) == digest(*one)


async def test_a_message_may_be_leased_as_it_comes(conversations, redis, shopper, write):
    accepted = await write("m1", "我要退货", kind=WHOLE, lease=True)
    claim = accepted.claim
    assert (claim.fence, claim.message_id, claim.seq) == (1, "m1", 1)
    assert claim.state.visitor_id == shopper.visitor_id
    assert await redis.llen(keys.WAKE) == 0
    assert await conversations.mailbox.claim(shopper.conversation_id) is None
    assert await finish(conversations.mailbox, claim) == "idle"


async def test_what_comes_while_another_message_waits_is_not_leased(write):
    await write("m1")
    assert (await write("m2", lease=True)).claim is None


async def test_what_comes_during_a_turn_is_not_leased(mailbox, shopper, write):
    claim = (await write("m1", lease=True)).claim
    assert (await write("m2", lease=True)).claim is None
    assert await finish(mailbox, claim) == "more"
    assert (await mailbox.claim(shopper.conversation_id)).message_id == "m2"


@pytest.mark.parametrize(
    ("kinds", "turns"),
    [
        ([FRAGMENT, FRAGMENT, WHOLE], [["m0", "m1", "m2"]]),
        ([WHOLE, WHOLE], [["m0"], ["m1"]]),
        ([WHOLE, FRAGMENT, WHOLE], [["m0"], ["m1", "m2"]]),
        ([FRAGMENT, ALONE, FRAGMENT], [["m0"], ["m1"], ["m2"]]),
        ([ALONE, FRAGMENT, FRAGMENT], [["m0"], ["m1", "m2"]]),
    ],
)
async def test_fragments_go_with_what_follows(mailbox, redis, shopper, write, kinds, turns):
    for number, kind in enumerate(kinds):
        await write(f"m{number}", str(number), kind=kind)
    seen = []
    # As if their wait were over.
    await redis.zadd(keys.READY, {shopper.conversation_id: 1})
    while (claim := await mailbox.claim(shopper.conversation_id)) is not None:
        seen.append([message_id for message_id, _ in claim.messages])
        await finish(mailbox, claim)
    assert seen == turns


async def test_a_fragment_waits_and_what_completes_it_ends_the_wait(mailbox, redis, shopper, write):
    accepted = await write("m1", "在吗", kind=FRAGMENT, lease=True)
    assert (accepted.claim, accepted.due_ms) == (None, PACE.fragment_ms)
    assert await mailbox.due() == []
    await write("m2", "运费多少？", kind=WHOLE, lease=True)
    assert await mailbox.due() == [shopper.conversation_id]
    assert len((await mailbox.claim(shopper.conversation_id)).messages) == 2


async def test_fragments_cannot_prolong_the_wait_without_end(mailbox, redis, shopper, write):
    await write("m0", kind=FRAGMENT)
    until = int(await redis.hget(keys.conversation(shopper.conversation_id), "burst_until"))
    for number in range(1, 5):
        await write(f"m{number}", kind=FRAGMENT)
    assert await redis.zscore(keys.READY, shopper.conversation_id) <= until


async def test_a_turn_taken_up_again_has_the_same_messages(
    mailbox, redis, shopper, write, until, short_lease
):
    await write("m1", "你好", kind=FRAGMENT)
    await write("m2", "我要退货", kind=WHOLE)
    first = await mailbox.claim(shopper.conversation_id)
    await write("m3", "快点", kind=WHOLE)
    again = await until(lambda: mailbox.claim(shopper.conversation_id), "the lease to run out")
    assert [m for m, _ in again.messages] == [m for m, _ in first.messages] == ["m1", "m2"]
    assert await finish(mailbox, first) == "lost"
    assert await finish(mailbox, again) == "more"


async def test_who_writes_faster_than_allowed_is_told_when_to_come_back(redis, shopper, make_entry):
    mailbox = Mailbox(redis, Pace(most_waiting=50, burst=3, per_second=0.5, fragment_ms=0))

    async def send(message_id):
        entry = make_entry("嗨", SHOPPER, message_id=message_id)
        return await mailbox.accept(
            shopper, message_id, entry, "d", door="web", pushed=False, kind=ALONE, lease=False
        )

    for number in range(3):
        await send(f"m{number}")
    with pytest.raises(TooManyRequests) as refused:
        await send("m3")
    assert (refused.value.status, refused.value.retry_after) == (429, 2)
    assert await mailbox.find(shopper.conversation_id, "m3") is None
    assert (await send("m2")).seq == 3
