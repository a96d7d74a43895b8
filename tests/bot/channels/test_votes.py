"""A vote on an answer is kept at once; the knowledge service hears of it when it can."""

import time

import pytest

from bot.conversation.identity import Tokens

SOURCE = {"id": "engraving", "title": "刻字", "updated": "2026-11-01"}


@pytest.fixture
async def gateway(connect, knowledge):
    async with connect(knowledge_url=knowledge.url) as http:
        yield http


@pytest.fixture
def answered(conversations, write, make_entry):
    """A visitor who asked and was answered; their headers, and their conversation."""

    async def answer(**reply):
        tokens = Tokens(shop_secret="", shop_public_key="", visitor_secret="v" * 40)
        token, shopper = tokens.visitor()
        await write("m1", "能刻字吗", by=shopper)
        claim = await conversations.mailbox.claim(shopper.conversation_id)
        said = make_entry("可以刻字。", message_id="m1", **reply)
        await conversations.mailbox.complete(
            claim, owner_version=0, language="zh-Hans", replies=[said]
        )
        return {"Authorization": f"Bearer {token}"}, shopper.conversation_id

    return answer


VOTE = {"reply_seq": 2, "vote": "down"}


async def test_the_knowledge_service_hears_of_a_vote_on_its_answer(
    gateway, answered, knowledge, until
):
    headers, conversation_id = await answered(sources=[SOURCE])
    assert (await gateway.post("/v1/feedback", json=VOTE, headers=headers)).status_code == 204
    await until(lambda: knowledge.calls, "the vote to be told")
    assert knowledge.bodies == [
        {"conversation_id": conversation_id, "article": "engraving", "vote": "down"}
    ]


async def test_other_votes_and_ratings_are_none_of_its_business(
    gateway, answered, knowledge, until
):
    headers, _ = await answered()
    for given in (VOTE, {"csat": 1}):
        assert (await gateway.post("/v1/feedback", json=given, headers=headers)).status_code == 204
    headers, _ = await answered(sources=[SOURCE])
    assert (await gateway.post("/v1/feedback", json=VOTE, headers=headers)).status_code == 204
    await until(lambda: knowledge.calls, "the last vote to be told")
    assert len(knowledge.calls) == 1


@pytest.mark.parametrize("trouble", ["down", "hangs", "fails"])
async def test_a_vote_is_kept_at_once_whatever_becomes_of_the_knowledge_service(
    gateway, answered, knowledge, conversations, trouble
):
    if trouble == "down":
        await knowledge.down()
    if trouble == "hangs":
        knowledge.hang()
    knowledge.answer(500)
    headers, conversation_id = await answered(sources=[SOURCE])
    started = time.monotonic()
    assert (await gateway.post("/v1/feedback", json=VOTE, headers=headers)).status_code == 204
    assert time.monotonic() - started < 1.0
    (kept,) = await conversations.feedback.all(conversation_id)
    assert (kept["reply_seq"], kept["vote"]) == (2, "down")
