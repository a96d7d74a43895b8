"""Refuses bodies that are larger than anybody would write, before they are read into memory."""

import json
from typing import Any, Dict

from starlette.types import ASGIApp, Message, Receive, Scope, Send

from bot.errors import TooLarge


class BodyLimit:
    """ASGI middleware: at most `most` bytes, or what `more` grants a path."""

    def __init__(self, app: ASGIApp, *, most: int, more: Dict[str, int]) -> None:
        self._app = app
        self._most = most
        self._more = more

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """See ASGI."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        most = self._more.get(scope["path"], self._most)
        length = dict(scope["headers"]).get(b"content-length", b"0")
        if length.isdigit() and int(length) > most:
            await _refuse(send, most)
            return
        body = await _read(receive, most)
        if body is None:
            await _refuse(send, most)
            return
        await self._app(scope, _replay(body, receive), send)


async def _read(receive: Receive, most: int) -> Any:
    """The whole body, or None when it is too large."""
    parts = []
    size = 0
    while True:
        message = await receive()
        if message["type"] != "http.request":
            return b""
        parts.append(message.get("body", b""))
        size += len(parts[-1])
        if size > most:
            return None
        if not message.get("more_body"):
            return b"".join(parts)


def _replay(body: bytes, receive: Receive) -> Receive:
    pending = [{"type": "http.request", "body": body, "more_body": False}]

    async def replayed() -> Message:
        return pending.pop() if pending else await receive()

    return replayed


async def _refuse(send: Send, most: int) -> None:
    error = TooLarge("body_too_large", f"A body may have {most} bytes here.", detail={"most": most})
    content = json.dumps(error.body()).encode()
    headers = [
        (b"content-type", b"application/json"),
        (b"content-length", str(len(content)).encode()),
        # The rest of the body is not read; the connection cannot be used again.
        (b"connection", b"close"),
    ]
    await send({"type": "http.response.start", "status": error.status, "headers": headers})
    await send({"type": "http.response.body", "body": content})
