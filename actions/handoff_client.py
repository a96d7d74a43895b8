"""Asks the service desk to take a conversation over (`POST /v1/handoffs`)."""

import json
from typing import Any, Dict

import aiohttp

from actions.errors import CALL_FAILED, HandoffUnavailable


class HandoffClient:
    """The gateway at an address, which hosts or reaches the desk."""

    def __init__(self, http: aiohttp.ClientSession, url: str) -> None:
        self._http = http
        self._url = f"{url.rstrip('/')}/v1/handoffs"

    async def request(
        self,
        *,
        conversation_id: str,
        reason: str,
        priority: str,
        facts: Dict[str, Any],
        language: str,
        idempotency_key: str,
    ) -> str:
        """Open a handoff, once per key; returns the handoff id. `priority` as the desk names them.

        Raises:
            HandoffUnavailable: the desk did not confirm it.
        """
        body = {
            "conversation_id": conversation_id,
            "reason": reason,
            "priority": priority,
            "facts": facts,
            "language": language,
        }
        headers = {"Idempotency-Key": idempotency_key}
        try:
            async with self._http.post(
                self._url, json=body, headers=headers, allow_redirects=False
            ) as response:
                response.raise_for_status()
                return str(json.loads(await response.read())["handoff_id"])
        except CALL_FAILED as error:
            raise HandoffUnavailable(str(error)) from error
