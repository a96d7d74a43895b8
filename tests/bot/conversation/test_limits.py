"""A burst, then a refusal that says when to come back, then more."""

import asyncio

import pytest

from bot.conversation.limits import Limit, LocalLimit
from bot.errors import TooManyRequests
from bot.storage import keys


async def taken(limit, who, most=50):
    """How many are granted in a row."""
    for number in range(most):
        try:
            await limit.take(who)
        except TooManyRequests:
            return number
    return most


async def test_a_burst_is_granted_and_then_refused(redis):
    limit = Limit(redis, "message", burst=4, per_second=0.01)
    assert await taken(limit, "c_1") == 4
    with pytest.raises(TooManyRequests) as refused:
        await limit.take("c_1")
    assert (refused.value.code, refused.value.status) == ("too_many_requests", 429)


@pytest.mark.parametrize(
    ("per_second", "least", "most"), [(100.0, 1, 1), (1.0, 1, 1), (0.1, 9, 10), (0.01, 95, 100)]
)
async def test_a_refusal_says_in_whole_seconds_when_to_come_back(redis, per_second, least, most):
    limit = Limit(redis, "message", burst=1, per_second=per_second)
    refusals = []
    while not refusals:
        try:
            await limit.take("c_1")
        except TooManyRequests as refused:
            refusals.append(refused.retry_after)
    assert isinstance(refusals[0], int)
    assert least <= refusals[0] <= most


async def test_it_refills(redis, until):
    limit = Limit(redis, "message", burst=2, per_second=20)
    assert await taken(limit, "c_1") >= 2

    async def granted():
        return await taken(limit, "c_1", most=1)

    assert await until(granted, "the bucket to refill", seconds=2)


async def test_it_refills_at_its_rate_and_never_above_the_burst(redis):
    limit = Limit(redis, "message", burst=3, per_second=0.01)
    assert await taken(limit, "c_1") == 3
    key = keys.limit("message", "c_1")

    async def seconds_pass(seconds):
        await redis.hset(key, "at", float(await redis.hget(key, "at")) - seconds)

    await seconds_pass(150)
    assert await taken(limit, "c_1") == 1
    await seconds_pass(10_000)
    assert await taken(limit, "c_1") == 3


async def test_refused_attempts_do_not_make_the_wait_longer(redis):
    limit = Limit(redis, "message", burst=1, per_second=0.01)
    await limit.take("c_1")
    waits = []
    for _ in range(5):
        with pytest.raises(TooManyRequests) as refused:
            await limit.take("c_1")
        waits.append(refused.value.retry_after)
    assert waits == sorted(waits, reverse=True)


async def test_many_at_the_same_moment_get_no_more_than_the_burst(redis):
    limit = Limit(redis, "message", burst=5, per_second=0.01)
    results = await asyncio.gather(*(limit.take("c_1") for _ in range(30)), return_exceptions=True)
    assert results.count(None) == 5
    assert sum(isinstance(result, TooManyRequests) for result in results) == 25


async def test_one_shopper_does_not_use_up_anothers(redis):
    limit = Limit(redis, "message", burst=2, per_second=0.01)
    assert await taken(limit, "c_1") == 2
    assert await taken(limit, "c_2") == 2


async def test_kinds_of_limits_do_not_share_a_bucket(redis):
    assert await taken(Limit(redis, "message", burst=2, per_second=0.01), "same") == 2
    assert await taken(Limit(redis, "visitor", burst=2, per_second=0.01), "same") == 2


async def test_a_bucket_is_forgotten_when_it_would_be_full(redis):
    await Limit(redis, "message", burst=10, per_second=2).take("c_1")
    assert 0 < await redis.ttl(keys.limit("message", "c_1")) <= 6


def test_a_local_limit_counts_each_caller_for_themselves():
    moment = [100.0]
    limit = LocalLimit(burst=2, per_second=0.5, clock=lambda: moment[0])
    limit.take("192.0.2.1")
    limit.take("192.0.2.1")
    limit.take("192.0.2.2")
    with pytest.raises(TooManyRequests) as refused:
        limit.take("192.0.2.1")
    assert refused.value.retry_after == 2
    moment[0] += 2.0
    limit.take("192.0.2.1")


def test_a_local_limit_forgets_who_was_not_seen_for_longest(monkeypatch):
    monkeypatch.setattr("bot.conversation.limits._MOST_REMEMBERED", 2)
    limit = LocalLimit(burst=1, per_second=0.001)
    for who in ("a", "b", "c"):
        limit.take(who)
    assert list(limit._buckets) == ["b", "c"]
