"""An error of Redis may be logged anywhere; it says what failed and nothing that people wrote."""

import traceback

import pytest
from redis.exceptions import ResponseError


@pytest.mark.parametrize("transaction", [True, False])
async def test_a_failed_command_of_a_pipeline_is_named_without_its_arguments(redis, transaction):
    async with redis.pipeline(transaction=transaction) as pipe:
        pipe.set("a", "我想退货")
        pipe.rpush("a", "我想退货")
        with pytest.raises(ResponseError) as failed:
            await pipe.execute()
    text = "".join(traceback.format_exception(failed.value))
    assert "WRONGTYPE" in str(failed.value) and "(command 2, RPUSH)" in str(failed.value)
    assert "我想退货" not in text


async def test_a_command_that_cannot_be_queued_is_named_without_its_arguments(redis):
    async with redis.pipeline() as pipe:
        pipe.execute_command("RPUSH", "我想退货")
        with pytest.raises(ResponseError) as failed:
            await pipe.execute()
    text = "".join(traceback.format_exception(failed.value))
    assert "RPUSH" in str(failed.value)
    assert "我想退货" not in text


async def test_a_pipeline_that_succeeds_answers_as_always(redis):
    async with redis.pipeline() as pipe:
        pipe.set("a", "1")
        pipe.get("a")
        assert await pipe.execute() == [True, "1"]
