"""Whether the next message would be answered, part by part."""

import asyncio
from typing import Any, Dict, Optional

import httpx
from redis.exceptions import RedisError

from bot.conversation.assistant_client import AssistantClient


class Readiness:
    """Asks every part; none may keep the answer waiting for more than two seconds."""

    def __init__(
        self,
        redis: Any,
        assistant: AssistantClient,
        actions: httpx.AsyncClient,
        knowledge: httpx.AsyncClient,
    ) -> None:
        self._redis = redis
        self._assistant = assistant
        self._actions = actions
        self._knowledge = knowledge
        self._asking: Optional["asyncio.Task[Dict[str, bool]]"] = None

    async def parts(self) -> Dict[str, bool]:
        """Each part and whether it would do its work.

        Anybody may ask; all who ask at the same time get the same answer, so that the parts are
        never asked more than once at a time.
        """
        if self._asking is None or self._asking.done():
            self._asking = asyncio.create_task(self._ask())
        return await asyncio.shield(self._asking)

    async def _ask(self) -> Dict[str, bool]:
        redis, assistant, actions, knowledge = await asyncio.gather(
            self._ping(),
            self._assistant.is_ready(),
            _answers(self._actions, "/health"),
            _answers(self._knowledge, "/readyz"),
        )
        return {"redis": redis, "assistant": assistant, "actions": actions, "knowledge": knowledge}

    async def _ping(self) -> bool:
        try:
            return bool(await asyncio.wait_for(self._redis.ping(), 2.0))
        except (RedisError, OSError, asyncio.TimeoutError):
            return False


async def _answers(client: httpx.AsyncClient, path: str) -> bool:
    try:
        response = await client.get(path, timeout=2.0)
    except httpx.HTTPError:
        return False
    return response.status_code == httpx.codes.OK
