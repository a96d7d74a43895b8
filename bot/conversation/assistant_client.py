"""Our end of the wire to Rasa; the other end is bot/assistant/channel.py.

Any number of assistant processes: a conversation goes to the same one as long as that answers,
which has its dialogue in memory then, and to another one when it does not.
"""

import asyncio
import json
import time
import zlib
from dataclasses import dataclass
from typing import Any, Dict, List, Optional, Sequence

import aiohttp

# One attempt: longer than an action may take (3 s) and shorter than a turn (8 s), so that a process
# that hangs leaves time to ask another one.
_ATTEMPT_SECONDS = 5.0
# Shorter than the five after which the other end closes an idle connection: a call into one that is
# just being closed would be lost.
_IDLE_SECONDS = 4.0
# A process that failed is left alone for this long; the next failure doubles it.
_REST_SECONDS = 0.5
_MOST_REST_SECONDS = 8.0


class AssistantUnavailable(Exception):
    """Rasa is down, slow, or failed at this turn."""


class TurnSuperseded(Exception):
    """Another worker has the message now."""


@dataclass(frozen=True)
class AssistantReply:
    """One reply as the assistant gave it; buttons still carry its own payloads."""

    text: str
    buttons: List[Dict[str, str]]
    card: Optional[Dict[str, Any]]
    sources: List[Dict[str, Any]]
    unanswered: bool = False


class CircuitBreaker:
    """Remembers that a process does not answer, so that nobody waits for it in vain."""

    def __init__(self) -> None:
        self._failures = 0
        self._rests_until = 0.0

    def is_open(self) -> bool:
        """Whether the process is being left alone."""
        return time.monotonic() < self._rests_until

    def failed(self) -> None:
        """Leave it alone, longer each time."""
        rest = min(_MOST_REST_SECONDS, _REST_SECONDS * 2**self._failures)
        self._failures = min(self._failures + 1, 10)
        self._rests_until = time.monotonic() + rest

    def answered(self) -> None:
        """It is well."""
        self._failures, self._rests_until = 0, 0.0


class AssistantClient:
    """Connections to all assistant processes."""

    def __init__(self, urls: Sequence[str], *, service_token: str) -> None:
        self._urls = list(urls)
        self._headers = {
            "Authorization": f"Bearer {service_token}",
            "Content-Type": "application/json",
        }
        self._breakers = {url: CircuitBreaker() for url in self._urls}
        self._session: Optional[aiohttp.ClientSession] = None

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
            conversation_id: the gateway's conversation.
            dialogue: number of the dialogue within the conversation; Rasa's own conversation.
            message_id: the shopper's message.
            fence: the worker's lease; a turn of an older one is not stored.
            text: what was written; never read as a command.
            payload: the command of a button that was really shown, instead of a text.
            trusted: identity, language and ids, for the actions.

        Raises:
            AssistantUnavailable: no answer; the turn may or may not have happened.
            TurnSuperseded: the lease is another worker's now.
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
        url = self._process_for(conversation_id)
        breaker = self._breakers[url]
        try:
            status, content = await self._post(url, json.dumps(body, ensure_ascii=False))
        except (aiohttp.ClientError, asyncio.TimeoutError, OSError) as error:
            breaker.failed()
            raise AssistantUnavailable(type(error).__name__) from error
        if status == 409:
            raise TurnSuperseded(message_id)
        if status >= 500 and status != 503:
            breaker.failed()
        if status != 200:
            raise AssistantUnavailable(f"status {status}")
        breaker.answered()
        try:
            replies = [_reply(reply) for reply in json.loads(content)["replies"]]
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise AssistantUnavailable(type(error).__name__) from error
        return [reply for reply in replies if reply.text or reply.card]

    async def is_ready(self) -> bool:
        """Whether any process would answer."""
        return any(await asyncio.gather(*(self._is_ready(url) for url in self._urls)))

    async def close(self) -> None:
        """Close the connections."""
        if self._session is not None:
            await self._session.close()

    async def _is_ready(self, url: str) -> bool:
        try:
            async with self._open().get(
                f"{url}/webhooks/xiaoer/ready", timeout=aiohttp.ClientTimeout(total=2.0)
            ) as response:
                return response.status == 200
        except (aiohttp.ClientError, asyncio.TimeoutError, OSError):
            return False

    async def _post(self, url: str, body: str) -> "tuple[int, bytes]":
        async with self._open().post(
            f"{url}/webhooks/xiaoer/turns", data=body.encode()
        ) as response:
            return response.status, await response.read()

    def _process_for(self, conversation_id: str) -> str:
        """Rendezvous hashing: a process that comes or goes moves only its own conversations.

        Raises:
            AssistantUnavailable: every process is being left alone.
        """
        ranked = sorted(self._urls, key=lambda url: zlib.crc32(f"{conversation_id}{url}".encode()))
        for url in ranked:
            if not self._breakers[url].is_open():
                return url
        raise AssistantUnavailable("no process answers")

    def _open(self) -> aiohttp.ClientSession:
        if self._session is None:
            self._session = aiohttp.ClientSession(
                headers=self._headers,
                timeout=aiohttp.ClientTimeout(total=_ATTEMPT_SECONDS, connect=2.0),
                connector=aiohttp.TCPConnector(limit=0, keepalive_timeout=_IDLE_SECONDS),
            )
        return self._session


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
        unanswered=bool(custom.get("unanswered")),
    )
