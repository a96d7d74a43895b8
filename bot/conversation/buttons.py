"""Buttons: a shopper may press only what was really shown to them.

The assistant's payloads (`/intent{...}`) never leave the gateway. Each button gets an id that
cannot be guessed and is looked up again when it is pressed.
"""

import json
import secrets
from typing import Any, Dict, List, Optional

from bot.conversation.messages import Button
from bot.storage import keys


class Buttons:
    """The buttons issued in each conversation, kept as long as it."""

    def __init__(self, redis: Any) -> None:
        self._redis = redis

    async def issue(self, conversation_id: str, buttons: List[Dict[str, str]]) -> List[Button]:
        """Give ids to the assistant's buttons (`title` and `payload` each)."""
        if not buttons:
            return []
        issued = [Button(b["title"], f"b_{secrets.token_urlsafe(12)}") for b in buttons]
        key = keys.buttons(conversation_id)
        stored = {
            button.payload: json.dumps({"payload": b["payload"], "title": b["title"]})
            for button, b in zip(issued, buttons)
        }
        async with self._redis.pipeline() as pipe:
            pipe.hset(key, mapping=stored)
            pipe.expire(key, keys.CONVERSATION_SECONDS)
            await pipe.execute()
        return issued

    async def pressed(self, conversation_id: str, button_id: str) -> Optional[Dict[str, str]]:
        """`payload` and `title` of an issued button, None for anything else."""
        stored = await self._redis.hget(keys.buttons(conversation_id), button_id)
        return json.loads(stored) if stored else None
