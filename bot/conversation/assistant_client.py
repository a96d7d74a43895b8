"""Our end of the wire to Rasa; the other end is bot/assistant/channel.py."""

from dataclasses import dataclass
from typing import Any, Dict, List, Optional

import httpx


class AssistantUnavailable(Exception):
    """Rasa is down, slow, or failed at this turn."""


@dataclass(frozen=True)
class AssistantReply:
    """One reply as the assistant gave it; buttons still carry its own payloads."""

    text: str
    buttons: List[Dict[str, str]]
    card: Optional[Dict[str, Any]]
    sources: List[Dict[str, Any]]


class AssistantClient:
    """One connection pool to the assistant."""

    def __init__(self, http: httpx.AsyncClient) -> None:
        self._http = http

    async def turn(
        self,
        conversation_id: str,
        dialogue: int,
        message_id: str,
        *,
        fence: int,
        text: Optional[str],
        payload: Optional[str],
        trusted: Dict[str, Any],
    ) -> List[AssistantReply]:
        """Let the assistant answer one message; the same message id acts only once.

        Args:
            dialogue: number of the dialogue within the conversation; Rasa's own conversation.
            fence: the worker's lease; a turn of an older one is not stored.
            message_id: the shopper's message.
            text: what was written; never read as a command.
            payload: the command of a button that was really shown, instead of a text.
            trusted: identity, language and ids, for the actions.

        Raises:
            AssistantUnavailable: no answer; the turn may or may not have happened.
        """
        body = {
            "conversation_id": conversation_id,
            "dialogue": dialogue,
            "message_id": message_id,
            "fence": fence,
            "text": text,
            "payload": payload,
            "trusted": trusted,
        }
        try:
            response = await self._http.post("/webhooks/xiaoer/turns", json=body)
            response.raise_for_status()
            replies = [_reply(reply) for reply in response.json()["replies"]]
        except (httpx.HTTPError, ValueError, KeyError, TypeError, AttributeError) as error:
            raise AssistantUnavailable(type(error).__name__) from error
        return [reply for reply in replies if reply.text or reply.card]

    async def is_ready(self) -> bool:
        """Whether the assistant would answer."""
        try:
            response = await self._http.get("/webhooks/xiaoer/ready", timeout=2.0)
        except httpx.HTTPError:
            return False
        return response.status_code == httpx.codes.OK


def _reply(reply: Dict[str, Any]) -> AssistantReply:
    custom = reply.get("custom") or {}
    return AssistantReply(
        text=str(reply.get("text") or ""),
        buttons=[
            {"title": str(button["title"]), "payload": str(button["payload"])}
            for button in reply.get("buttons") or []
        ],
        card=custom.get("card"),
        sources=custom.get("sources") or [],
    )
