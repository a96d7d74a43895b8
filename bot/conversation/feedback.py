"""Votes on replies and ratings of the service, kept with the conversation they are about."""

import json
from typing import Any, Dict, List

from bot.storage import keys


class Feedback:
    """What shoppers thought of the service."""

    def __init__(self, redis: Any) -> None:
        self._redis = redis

    async def keep(self, conversation_id: str, given: Dict[str, Any]) -> None:
        """Append one vote or rating; of very many, the newest are kept."""
        key = keys.feedback(conversation_id)
        async with self._redis.pipeline() as pipe:
            pipe.rpush(key, json.dumps(given, ensure_ascii=False))
            pipe.ltrim(key, -keys.MOST_FEEDBACK, -1)
            pipe.expire(key, keys.CONVERSATION_SECONDS)
            await pipe.execute()

    async def all(self, conversation_id: str) -> List[Dict[str, Any]]:
        """What was given so far, oldest first."""
        return [
            json.loads(row)
            for row in await self._redis.lrange(keys.feedback(conversation_id), 0, -1)
        ]
