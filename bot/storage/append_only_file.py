"""Redis's append-only file: what was deleted stays in it until it is rewritten."""

import asyncio
from enum import Enum
from typing import Any, Dict

from redis.exceptions import ResponseError

_ASK_EVERY = 0.05


class Rewrite(str, Enum):
    """What became of the file."""

    DONE = "done"  # rewritten: it holds nothing but what Redis holds
    ABSENT = "absent"  # this Redis keeps no such file
    REFUSED = "refused"  # this Redis does not let us
    FAILED = "failed"  # it could not be written, or not in time; the old one is still there


async def rewrite(redis: Any, *, seconds: float = 600.0) -> Rewrite:
    """Let Redis write its append-only file anew, and wait until that is done."""
    try:
        return await asyncio.wait_for(_rewrite(redis), seconds)
    except asyncio.TimeoutError:
        return Rewrite.FAILED


async def _rewrite(redis: Any) -> Rewrite:
    try:
        # A rewrite that has begun already may still write what was deleted since.
        state = await _idle(redis)
        if not state.get("aof_enabled"):
            return Rewrite.ABSENT
        while not await _begun(redis):
            await _idle(redis)
        state = await _idle(redis)
    except ResponseError:
        return Rewrite.REFUSED
    return Rewrite.DONE if state.get("aof_last_bgrewrite_status") == "ok" else Rewrite.FAILED


async def _begun(redis: Any) -> bool:
    """Ask for a rewrite; False when Redis has begun one by itself in this very moment.

    Raises:
        ResponseError: the command is not there, or not for us.
    """
    try:
        await redis.bgrewriteaof()
    except ResponseError as error:
        if "already in progress" in str(error):
            return False
        raise
    return True


async def _idle(redis: Any) -> Dict[str, Any]:
    """Redis's own figures, once nothing is being rewritten."""
    while True:
        state: Dict[str, Any] = await redis.info("persistence")
        if not state.get("aof_rewrite_in_progress") and not state.get("aof_rewrite_scheduled"):
            return state
        await asyncio.sleep(_ASK_EVERY)
