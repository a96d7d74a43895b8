"""`POST /v1/handoffs`: how the assistant, or another bot, hands a conversation to people."""

import hashlib
import hmac
import json
import time
from typing import Any, Dict, List, Literal, Optional

from fastapi import APIRouter, Header
from pydantic import constr

from bot.desk.desk import SECONDS_EACH, Desk
from bot.desk.tickets import Ticket
from bot.errors import Conflict, Malformed, NotFound, Unauthorized
from bot.request_body import JsonObject, RequestBody
from bot.storage import keys


class HandoffIn(RequestBody):
    """What the desk should know. The built-in desk has the transcript itself."""

    conversation_id: constr(strict=True, min_length=1, max_length=128)  # type: ignore[valid-type]
    reason: constr(strict=True, min_length=1, max_length=64)  # type: ignore[valid-type]
    skill: constr(strict=True, max_length=64) = ""  # type: ignore[valid-type]
    priority: Literal["low", "normal", "high", "urgent"] = "normal"
    summary: constr(strict=True, max_length=2000) = ""  # type: ignore[valid-type]
    facts: JsonObject = JsonObject()
    transcript: List[JsonObject] = []
    language: Optional[Literal["zh-Hans", "zh-Hant", "en"]]


def check_service_token(authorization: str, service_token: str) -> None:
    """Only our own services may call.

    Raises:
        Unauthorized: the token is missing or wrong.
    """
    if not hmac.compare_digest(authorization.encode(), f"Bearer {service_token}".encode()):
        raise Unauthorized("service_token_invalid", "This call needs the service token.")


class Idempotency:
    """Remembers answers by key, so that a repeated request has no second effect.

    A key counts within its conversation: the assistant's keys are the shoppers' message ids, which
    two shoppers' clients may choose alike.
    """

    def __init__(self, redis: Any) -> None:
        self._redis = redis

    async def claim(self, conversation_id: str, key: str, body: str) -> Optional[str]:
        """The id of what this key made before; None when it is new.

        Raises:
            Conflict: the key was used with another body.
        """
        body_digest = hashlib.sha256(body.encode()).hexdigest()
        stored = await self._redis.hgetall(keys.handoff(conversation_id, key))
        if not stored:
            return None
        if stored["digest"] != body_digest:
            raise Conflict("idempotency_key_reused", "This key was used with another body.")
        return str(stored["made"])

    async def keep(self, conversation_id: str, key: str, body: str, made: str) -> None:
        """Remember what a key made."""
        stored = keys.handoff(conversation_id, key)
        body_digest = hashlib.sha256(body.encode()).hexdigest()
        async with self._redis.pipeline() as pipe:
            pipe.hset(stored, mapping={"digest": body_digest, "made": made})
            pipe.expire(stored, keys.IDEMPOTENCY_SECONDS)
            await pipe.execute()


def router(desk: Desk, redis: Any, *, service_token: str) -> APIRouter:
    """The handoff endpoint's routes."""
    api = APIRouter(prefix="/v1/handoffs", tags=["handoff"])
    idempotency = Idempotency(redis)

    async def view(ticket: Ticket) -> Dict[str, Any]:
        position = await desk.tickets.position(ticket)
        shown = ticket.view(position=position, now=time.time())
        return {**shown, "eta_seconds": (position or 0) * SECONDS_EACH}

    @api.post("", status_code=201)
    async def post_handoff(
        body: HandoffIn,
        authorization: str = Header(""),
        idempotency_key: str = Header("", max_length=200),
    ) -> Dict[str, Any]:
        """Queue a conversation for people; the same key and body give the same ticket."""
        check_service_token(authorization, service_token)
        if not idempotency_key:
            raise Malformed("idempotency_key_missing", "Send an Idempotency-Key header.")
        canonical = json.dumps(body.dict(), sort_keys=True, ensure_ascii=False)
        made = await idempotency.claim(body.conversation_id, idempotency_key, canonical)
        ticket = await desk.tickets.get(made) if made else None
        if ticket is None:
            ticket = await desk.open(
                body.conversation_id,
                reason=body.reason,
                skill=body.skill,
                priority=body.priority,
                summary=body.summary,
                facts=body.facts,
                language=body.language,
            )
            await idempotency.keep(body.conversation_id, idempotency_key, canonical, ticket.ticket)
        return await view(ticket)

    @api.get("/{handoff_id}")
    async def get_handoff(handoff_id: str, authorization: str = Header("")) -> Dict[str, Any]:
        """How a handoff stands."""
        check_service_token(authorization, service_token)
        ticket = await desk.tickets.get(handoff_id)
        if ticket is None:
            raise NotFound("handoff_not_found", "There is no such handoff.")
        return await view(ticket)

    return api
