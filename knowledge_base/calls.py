"""What the service's calls share: bodies, refusals, and the one shape of an error."""

from __future__ import annotations

import json
from typing import Type, TypeVar

from pydantic import BaseModel, Extra, ValidationError
from starlette.requests import Request
from starlette.responses import JSONResponse

MOST_BYTES = 16 * 1024

# From what went wrong to the HTTP status; the message is the exception's own.
STATUSES = {
    "malformed": 400,
    "unauthorized": 401,
    "not_found": 404,
    "too_large": 413,
    "empty_text": 422,
    "unknown_article": 422,
    "journal_unavailable": 503,
}


class RequestRefused(Exception):
    """A request that is not served; ``code`` is a key of :data:`STATUSES`."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code = code


class Body(BaseModel):
    """A request's body."""

    class Config:
        """A later caller may say more than this version reads."""

        extra = Extra.ignore


Read = TypeVar("Read", bound=Body)


async def body_of(request: Request, kind: Type[Read], example: str) -> Read:
    """A request's body, as ``kind`` describes it; raises RequestRefused."""
    try:
        return kind.parse_obj(json.loads((await _bytes(request)).decode("utf-8")))
    except (ValidationError, ValueError, RecursionError) as error:
        raise RequestRefused("malformed", f"Expected JSON like {example}.") from error


def error(code: str, message: str, *, status: int = 0) -> JSONResponse:
    """An error as every call answers it."""
    body = {"error": {"code": code, "message": message, "detail": {}}}
    return JSONResponse(body, status_code=status or STATUSES[code])


async def _bytes(request: Request) -> bytes:
    """The request's body; stops reading at the limit, whatever length was announced."""
    body = b""
    async for part in request.stream():
        body += part
        if len(body) > MOST_BYTES:
            raise RequestRefused("too_large", f"A question has at most {MOST_BYTES} bytes.")
    return body
