"""Refuses bodies that are larger or slower than anybody would write, while they arrive."""

import hmac
import json
from typing import Dict

import anyio
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from bot.errors import GatewayError, TooLarge, TooSlow

# A phone on a bad line sends a message in less; who drips bytes holds a connection for nothing.
BODY_SECONDS = 20.0


class BodyLimit:
    """ASGI middleware: at most `most` bytes, or what `more` grants a path to our own services.

    `token` is what proves them: nobody else may fill the memory with bodies of the larger size.
    """

    def __init__(
        self,
        app: ASGIApp,
        *,
        most: int,
        more: Dict[str, int],
        token: str,
        seconds: float = BODY_SECONDS,
    ) -> None:
        self._app = app
        self._most = most
        self._more = more
        self._authorization = f"Bearer {token}".encode()
        self._seconds = seconds

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """See ASGI."""
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        headers = dict(scope["headers"])
        most = self._most_of(scope["path"], headers)
        length = headers.get(b"content-length", b"0")
        try:
            if length.isdigit() and int(length) > most:
                raise _too_large(most)
            body = await self._read(receive, most)
        except GatewayError as error:
            await _refuse(send, error)
            return
        await self._app(scope, _replay(body, receive), send)

    def _most_of(self, path: str, headers: Dict[bytes, bytes]) -> int:
        given = headers.get(b"authorization", b"")
        ours = path in self._more and hmac.compare_digest(given, self._authorization)
        return self._more[path] if ours else self._most

    async def _read(self, receive: Receive, most: int) -> bytes:
        """The whole body.

        Raises:
            TooLarge: it has more than `most` bytes.
            TooSlow: it did not arrive in time.
        """
        parts = []
        size = 0
        with anyio.move_on_after(self._seconds):
            while True:
                message = await receive()
                if message["type"] != "http.request":
                    return b""
                parts.append(message.get("body", b""))
                size += len(parts[-1])
                if size > most:
                    raise _too_large(most)
                if not message.get("more_body"):
                    return b"".join(parts)
        raise TooSlow("body_too_slow", "The body did not arrive in time.")


def _too_large(most: int) -> TooLarge:
    return TooLarge("body_too_large", f"A body may have {most} bytes here.", detail={"most": most})


def _replay(body: bytes, receive: Receive) -> Receive:
    pending = [{"type": "http.request", "body": body, "more_body": False}]

    async def replayed() -> Message:
        return pending.pop() if pending else await receive()

    return replayed


async def _refuse(send: Send, error: GatewayError) -> None:
    content = json.dumps(error.body()).encode()
    headers = [
        (b"content-type", b"application/json"),
        (b"content-length", str(len(content)).encode()),
        # The rest of the body is not read; the connection cannot be used again.
        (b"connection", b"close"),
    ]
    await send({"type": "http.response.start", "status": error.status, "headers": headers})
    await send({"type": "http.response.body", "body": content})
