"""Asks the service desk to take a conversation over (`POST /v1/handoffs`)."""

from typing import Any, Dict

import httpx

from actions.errors import HandoffUnavailable


class HandoffClient:
    """One connection pool to the gateway, which hosts or reaches the desk."""

    def __init__(self, http: httpx.AsyncClient) -> None:
        self._http = http

    async def request(
        self,
        *,
        conversation_id: str,
        reason: str,
        facts: Dict[str, Any],
        language: str,
        idempotency_key: str,
    ) -> str:
        """Open a handoff, once per key; returns the handoff id.

        Raises:
            HandoffUnavailable: the desk did not confirm it.
        """
        body = {
            "conversation_id": conversation_id,
            "reason": reason,
            "facts": facts,
            "language": language,
        }
        try:
            response = await self._http.post(
                "/v1/handoffs", json=body, headers={"Idempotency-Key": idempotency_key}
            )
            response.raise_for_status()
            return str(response.json()["handoff_id"])
        except (httpx.HTTPError, ValueError, KeyError, TypeError) as error:
            raise HandoffUnavailable(str(error)) from error
