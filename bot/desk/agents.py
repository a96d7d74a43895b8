"""Agents' accounts and sign-ins."""

import asyncio
import base64
import hashlib
import hmac
import json
import secrets
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import Any, Dict, List, Optional, Tuple

from bot.errors import Unauthorized
from bot.storage import keys

# The cookie that holds a session's token.
COOKIE = "xiaoer_desk"

# What a name that does not exist is checked against, so that it takes as long.
_NOBODY: Dict[str, Any] = {"salt": "", "hash": "", "skills": []}
# scrypt with 16 MiB per check: OWASP's password storage cheat sheet, second choice of parameters.
_SCRYPT = {"n": 2**14, "r": 8, "p": 5, "dklen": 32}


@dataclass(frozen=True)
class Agent:
    """Somebody who answers shoppers."""

    name: str
    skills: List[str]


class AgentBook:
    """Accounts in Redis; passwords only as salted scrypt hashes, sessions only as digests."""

    def __init__(self, redis: Any) -> None:
        self._redis = redis
        # A fifth of a second and 16 MiB each: no other request waits for it, and one is worked on
        # at a time, however many try to sign in.
        self._hashing = ThreadPoolExecutor(1, thread_name_prefix="passwords")

    async def add(self, name: str, skills: List[str]) -> Optional[str]:
        """Make an account; returns its password, which is never shown again, or None if taken."""
        password = secrets.token_urlsafe(12)
        salt = secrets.token_bytes(16)
        account = {
            "skills": skills,
            "salt": base64.b64encode(salt).decode(),
            "hash": base64.b64encode(_hash(password, salt)).decode(),
        }
        made = await self._redis.hsetnx(keys.AGENTS, name, json.dumps(account))
        return password if made else None

    async def any(self) -> bool:
        """Whether there is any account yet."""
        return bool(await self._redis.hlen(keys.AGENTS))

    async def sign_in(self, name: str, password: str) -> Optional[Tuple[str, Agent]]:
        """A session token for right name and password; None otherwise, in the same time."""
        stored = await self._redis.hget(keys.AGENTS, name)
        account: Dict[str, Any] = json.loads(stored) if stored else _NOBODY
        given = await asyncio.get_running_loop().run_in_executor(
            self._hashing, _hash, password, base64.b64decode(account["salt"])
        )
        if not hmac.compare_digest(given, base64.b64decode(account["hash"])) or not stored:
            return None
        token = secrets.token_urlsafe(32)
        await self._redis.set(
            keys.agent_session(_digest(token)), name, ex=keys.AGENT_SESSION_SECONDS
        )
        return token, Agent(name, account["skills"])

    async def signed_in(self, token: str) -> Optional[Agent]:
        """The agent behind a session token."""
        name = await self._redis.get(keys.agent_session(_digest(token)))
        stored = await self._redis.hget(keys.AGENTS, name) if name else None
        return Agent(name, json.loads(stored)["skills"]) if stored else None

    async def require(self, token: str) -> Agent:
        """The agent behind a session token, which whoever calls must have.

        Raises:
            Unauthorized: nobody is signed in with it.
        """
        agent = await self.signed_in(token) if token else None
        if agent is None:
            raise Unauthorized("not_signed_in", "Please sign in.")
        return agent

    async def sign_out(self, token: str) -> None:
        """End a session."""
        await self._redis.delete(keys.agent_session(_digest(token)))


def _hash(password: str, salt: bytes) -> bytes:
    return hashlib.scrypt(password.encode(), salt=salt, maxmem=64 * 2**20, **_SCRYPT)


def _digest(token: str) -> str:
    return hashlib.sha256(token.encode()).hexdigest()
