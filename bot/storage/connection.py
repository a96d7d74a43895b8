"""The connection to Redis."""

from redis.asyncio import Redis


def connect(url: str) -> "Redis[str]":
    """A client with its own pool; strings in and out.

    Commands wait at most five seconds: a silent Redis must become an error, not a hanging request.
    Blocking reads pass their own, longer limit.
    """
    client: "Redis[str]" = Redis.from_url(
        url, decode_responses=True, socket_timeout=5.0, socket_connect_timeout=2.0
    )
    return client
