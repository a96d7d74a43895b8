"""The connection to Redis."""

from redis.asyncio import Redis
from redis.asyncio.retry import Retry
from redis.backoff import ExponentialBackoff
from redis.exceptions import ConnectionError as RedisConnectionError


def connect(url: str) -> "Redis[str]":
    """A client with its own pool; strings in and out.

    Commands wait at most five seconds: a silent Redis must become an error, not a hanging request.
    Connections that a restarted Redis left behind are replaced and the command is sent again, which
    is why every script that changes something is harmless the second time.
    """
    client: "Redis[str]" = Redis.from_url(
        url,
        decode_responses=True,
        socket_timeout=5.0,
        socket_connect_timeout=2.0,
        retry=Retry(ExponentialBackoff(cap=0.2, base=0.02), 2),
        retry_on_error=[RedisConnectionError],
    )
    return client
