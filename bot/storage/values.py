"""Any key's value and size, whatever its type."""

import json
from typing import Any, Dict

_SIZES = {"list": "llen", "set": "scard", "zset": "zcard", "stream": "xlen"}


async def read(redis: Any, key: str) -> Any:
    """The value as JSON would hold it; JSON inside strings is read, None when there is no value.

    A stream is a list of its fields with their `id`, a sorted set a list of pairs.
    """
    kind = await redis.type(key)
    if kind == "string":
        return parsed(await redis.get(key))
    if kind == "list":
        return [parsed(row) for row in await redis.lrange(key, 0, -1)]
    if kind == "set":
        return sorted(await redis.smembers(key))
    if kind == "zset":
        return [list(row) for row in await redis.zrange(key, 0, -1, withscores=True)]
    if kind == "hash":
        return _fields(await redis.hgetall(key))
    if kind == "stream":
        return [{"id": row_id, **_fields(row)} for row_id, row in await redis.xrange(key)]
    return None


async def size(redis: Any, key: str) -> int:
    """How many things a key holds; a hash or a string is one."""
    count = _SIZES.get(await redis.type(key))
    return int(await getattr(redis, count)(key)) if count else 1


def parsed(value: Any) -> Any:
    """A stored string, read if it is a JSON object or list."""
    if not isinstance(value, str) or value[:1] not in ("{", "["):
        return value
    try:
        return json.loads(value)
    except ValueError:
        return value


def _fields(stored: Dict[str, str]) -> Dict[str, Any]:
    return {name: parsed(value) for name, value in stored.items()}
