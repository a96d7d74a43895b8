"""The connection to Redis."""

from typing import Any, Iterable

from redis.asyncio import BlockingConnectionPool, Redis
from redis.asyncio.client import Pipeline
from redis.asyncio.retry import Retry
from redis.backoff import ExponentialBackoff
from redis.exceptions import ConnectionError as RedisConnectionError

MOST_CONNECTIONS = 32
# Longer than a crowd waits for its turn, shorter than anybody waits for an answer.
_WAIT_SECONDS = 10.0


class _DiscreetPipeline(Pipeline):  # type: ignore[type-arg]
    def annotate_exception(
        self, exception: Exception, number: int, command: Iterable[object]
    ) -> None:
        """Names the command that failed, without its arguments: they are what people wrote."""
        name = next(iter(command), "")
        exception.args = (f"{exception} (command {number}, {name})", *exception.args[1:])


class _DiscreetRedis(Redis):  # type: ignore[type-arg]
    def pipeline(self, transaction: bool = True, shard_hint: Any = None) -> _DiscreetPipeline:
        """See parent class for the full docstring."""
        return _DiscreetPipeline(
            self.connection_pool, self.response_callbacks, transaction, shard_hint
        )


def connect(url: str) -> "Redis[str]":
    """A client with its own bounded pool; strings in and out.

    A crowd waits its turn for a connection: hundreds opened at once would keep each other waiting
    until they time out.

    Commands wait at most five seconds: a silent Redis must become an error, not a hanging request.
    Connections that a restarted Redis left behind are replaced and the command is sent again, which
    is why every script that changes something is harmless the second time.
    """
    pool: Any = BlockingConnectionPool.from_url(
        url,
        max_connections=MOST_CONNECTIONS,
        timeout=_WAIT_SECONDS,
        decode_responses=True,
        socket_timeout=5.0,
        socket_connect_timeout=5.0,
        retry=Retry(ExponentialBackoff(cap=0.2, base=0.02), 2),
        retry_on_error=[RedisConnectionError],
    )
    client: "Redis[str]" = _DiscreetRedis(connection_pool=pool)
    # The pool is this client's alone and closes with it.
    client.auto_close_connection_pool = True
    return client
