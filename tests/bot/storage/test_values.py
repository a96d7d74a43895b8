"""Any key is read as JSON would hold it, and counted by what it holds."""

import json

import pytest

from bot.storage import values


async def plant(redis):
    await redis.set("text", "您好 [x]")
    await redis.set("json", json.dumps({"name": "林晓雯"}))
    await redis.rpush("list", '{"vote": "up"}', "1|m1", "[unfinished")
    await redis.sadd("set", "T-2", "T-1")
    await redis.zadd("zset", {"a": 1.5})
    await redis.hset("hash", mapping={"seq": "7", "card": '{"type": "order"}'})
    await redis.xadd("stream", {"entry": '{"text": "hi"}'}, id="1-0")
    await redis.xadd("stream", {"entry": '{"text": "yes"}'}, id="2-0")


@pytest.mark.parametrize(
    ("key", "value", "size"),
    [
        ("text", "您好 [x]", 1),
        ("json", {"name": "林晓雯"}, 1),
        ("list", [{"vote": "up"}, "1|m1", "[unfinished"], 3),
        ("set", ["T-1", "T-2"], 2),
        ("zset", [["a", 1.5]], 1),
        ("hash", {"seq": "7", "card": {"type": "order"}}, 1),
        (
            "stream",
            [{"id": "1-0", "entry": {"text": "hi"}}, {"id": "2-0", "entry": {"text": "yes"}}],
            2,
        ),
        ("gone", None, 1),
    ],
)
async def test_a_key_of_any_type_is_read_and_counted(redis, key, value, size):
    await plant(redis)
    assert await values.read(redis, key) == value
    assert await values.size(redis, key) == size
