"""Votes and ratings stay with the conversation they are about."""

from bot.storage import keys


async def test_what_was_given_comes_back_oldest_first(conversations):
    given = [
        {"reply_seq": 2, "vote": "down"},
        {"csat": 5, "comment": "很快，谢谢 👍"},
        {"csat": 1, "comment": "Nobody answered"},
    ]
    for one in given:
        await conversations.feedback.keep("c_1", one)
    assert await conversations.feedback.all("c_1") == given


async def test_conversations_do_not_share_feedback(conversations):
    await conversations.feedback.keep("c_1", {"csat": 3})
    assert await conversations.feedback.all("c_2") == []


async def test_feedback_lives_as_long_as_the_conversation(conversations, redis):
    await conversations.feedback.keep("c_1", {"csat": 3})
    assert 0 < await redis.ttl(keys.feedback("c_1")) <= keys.CONVERSATION_SECONDS


async def test_of_very_many_the_newest_are_kept(conversations):
    for number in range(keys.MOST_FEEDBACK + 3):
        await conversations.feedback.keep("c_1", {"reply_seq": number, "vote": "up"})
    kept = [given["reply_seq"] for given in await conversations.feedback.all("c_1")]
    assert kept == list(range(3, keys.MOST_FEEDBACK + 3))
