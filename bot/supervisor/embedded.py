"""Redis for a single command: the given one, the running one, or ours for a moment."""

import contextlib
from typing import AsyncIterator

from bot.settings import Settings
from bot.supervisor import run_file
from bot.supervisor.child import Child
from bot.supervisor.services import redis_spec
from bot.supervisor.supervisor import addressed


@contextlib.asynccontextmanager
async def reachable_redis(settings: Settings) -> AsyncIterator[str]:
    """The URL of a Redis with this installation's data, for as long as the block lasts."""
    running = run_file.running(settings.data_dir)
    if settings.redis_url or running:
        yield settings.redis_url or str((running or {})["redis_url"])
        return
    with run_file.only_one(settings.data_dir):
        settings, port = addressed(settings)
        child = Child(redis_spec(settings, port))
        child.start()
        try:
            await child.wait_ready()
            yield settings.redis_url
        finally:
            await child.stop()
