"""Somebody who answers at the desk, over the console's API."""

import asyncio
import uuid
from typing import Any, Dict, List, Optional

import aiohttp

from bench.installation import Installation
from bot.desk.agents import AgentBook
from bot.desk.console import COOKIE
from bot.storage.connection import connect

_PAUSE = 0.3
_MOST_PAUSE = 3.0


class DeskRefused(Exception):
    """The desk said no, and would say so again."""

    def __init__(self, status: int) -> None:
        super().__init__(f"status {status}")
        self.status = status


class Agent:
    """A signed-in agent who tries again whatever fails for a reason that passes."""

    def __init__(self, http: aiohttp.ClientSession, target: Installation, session: str) -> None:
        self._http = http
        self._target = target
        self._cookies = {"Cookie": f"{COOKIE}={session}"}

    @classmethod
    async def sign_in(
        cls, http: aiohttp.ClientSession, target: Installation, *, name: str
    ) -> "Agent":
        """Make an account at the installation and sign in with it."""
        redis = connect(target.redis_url)
        password = await AgentBook(redis).add(name, [])
        await redis.close()
        account = {"name": name, "password": password}
        async with http.post(f"{target.url}/v1/desk/session", json=account) as response:
            response.raise_for_status()
            return cls(http, target, response.cookies[COOKIE].value)

    async def tickets(self) -> List[Dict[str, Any]]:
        """All open tickets."""
        return list((await self._call("GET", "/v1/desk/tickets"))["tickets"])

    async def ticket(self, ticket_id: str) -> Dict[str, Any]:
        """One ticket, open or not."""
        return await self._call("GET", f"/v1/desk/tickets/{ticket_id}")

    async def do(self, ticket_id: str, what: str, **body: Any) -> Dict[str, Any]:
        """`take`, `messages` or `return` a ticket.

        Raises:
            DeskRefused: it is not possible; a first attempt may have succeeded unheard.
        """
        return await self._call("POST", f"/v1/desk/tickets/{ticket_id}/{what}", body or None)

    async def begin_anew(self, conversation_id: str) -> None:
        """Take a conversation over and give it back: the assistant begins a new dialogue."""
        headers = {
            "Authorization": f"Bearer {self._target.service_token}",
            "Idempotency-Key": uuid.uuid4().hex,
        }
        body = {"conversation_id": conversation_id, "reason": "measurement"}
        made = await self._call("POST", "/v1/handoffs", body, headers)
        await self.do(made["ticket"], "take")
        await self.do(made["ticket"], "return")

    async def _call(
        self,
        method: str,
        path: str,
        body: Optional[Dict[str, Any]] = None,
        headers: Optional[Dict[str, str]] = None,
    ) -> Dict[str, Any]:
        pause = _PAUSE
        while True:
            try:
                async with self._http.request(
                    method,
                    f"{self._target.url}{path}",
                    json=body,
                    headers=headers or self._cookies,
                    timeout=aiohttp.ClientTimeout(total=15),
                ) as response:
                    if response.status < 300:
                        return dict(await response.json())
                    if response.status != 429 and response.status < 500:
                        raise DeskRefused(response.status)
            except (aiohttp.ClientError, asyncio.TimeoutError):
                pass
            await asyncio.sleep(pause)
            pause = min(2 * pause, _MOST_PAUSE)
