"""The action server: rasa_sdk's actions behind one HTTP call, closed to callers without the token.

Run with `python -m actions.server`, on loopback. rasa_sdk has a server of its own; answering as
that one does, this one takes half the time for it and never repeats a shopper's words in an error.
"""

import hmac
import json
import logging
import zlib
from typing import Any, AsyncContextManager, Callable, Dict, Mapping, Tuple

import uvicorn
from rasa_sdk import utils
from rasa_sdk.executor import ActionExecutor
from rasa_sdk.interfaces import ActionExecutionRejection, ActionNotFoundException
from starlette.types import Receive, Scope, Send

from actions import services
from actions.services import Services
from actions.settings import ActionsSettings
from shop import ShopSettings

logger = logging.getLogger(__name__)

Answer = Tuple[int, Any]

_STRANGER = {"code": "unauthorized", "message": "The service token is missing.", "detail": {}}
# Longer than any caller keeps a connection: who closes it must know that nothing is on its way.
_KEEP_ALIVE_SECONDS = 75


class ActionServer:
    """The ASGI application: `POST /webhook` runs an action, `GET /health` says that it would.

    `open_services` gives what the actions may call, for as long as the server runs.
    """

    def __init__(
        self,
        executor: ActionExecutor,
        open_services: Callable[[], AsyncContextManager[Services]],
        *,
        service_token: str,
    ) -> None:
        self._executor = executor
        self._open_services = open_services
        self._expected = f"Bearer {service_token}".encode()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """See ASGI."""
        if scope["type"] == "lifespan":
            await self._live(receive, send)
            return
        headers = dict(scope["headers"])
        if hmac.compare_digest(headers.get(b"authorization", b""), self._expected):
            status, body = await self._route(scope, headers, receive)
        else:
            status, body = 401, {"error": _STRANGER}
        await _respond(send, status, body)

    async def _live(self, receive: Receive, send: Send) -> None:
        await receive()
        async with self._open_services() as opened:
            services.install(opened)
            await send({"type": "lifespan.startup.complete"})
            await receive()
        await send({"type": "lifespan.shutdown.complete"})

    async def _route(
        self, scope: Scope, headers: Mapping[bytes, bytes], receive: Receive
    ) -> Answer:
        called = (scope["method"], scope["path"])
        if called == ("GET", "/health"):
            return 200, {"status": "ok"}
        if called != ("POST", "/webhook"):
            return 404, {"error": "Not found"}
        try:
            action_call = json.loads(_inflated(await _body(receive), headers))
        except (ValueError, zlib.error):
            action_call = None
        if not isinstance(action_call, dict):
            return 400, {"error": "Invalid body request"}
        return await self._run(action_call)

    async def _run(self, action_call: Dict[str, Any]) -> Answer:
        """What the action says; the statuses of its refusals are those that Rasa knows."""
        utils.check_version_compatibility(action_call.get("version"))
        try:
            return 200, await self._executor.run(action_call)  # type: ignore[arg-type]
        except ActionExecutionRejection as error:
            return 400, {"error": error.message, "action_name": error.action_name}
        except ActionNotFoundException as error:
            logger.error("action_not_found name=%s", error.action_name)
            return 404, {"error": error.message, "action_name": error.action_name}
        except Exception:  # noqa: BLE001
            # Whatever an action raises must reach Rasa as a failure, and nobody else.
            name = action_call.get("next_action")
            logger.exception("action_failed name=%s", name)
            return 500, {"error": "The action failed.", "action_name": name}


async def _body(receive: Receive) -> bytes:
    parts, more = [], True
    while more:
        message = await receive()
        parts.append(message.get("body", b""))
        more = message.get("more_body", False)
    return b"".join(parts)


def _inflated(body: bytes, headers: Mapping[bytes, bytes]) -> bytes:
    deflated = headers.get(b"content-encoding") == b"deflate"
    return zlib.decompress(body) if deflated else body


async def _respond(send: Send, status: int, body: Any) -> None:
    content = json.dumps(body).encode()
    length = str(len(content)).encode()
    headers = [(b"content-type", b"application/json"), (b"content-length", length)]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": content})


def create_app(settings: ActionsSettings, shop_settings: ShopSettings) -> ActionServer:
    """The server with all actions of this package, on the real shop, knowledge base and desk."""
    executor = ActionExecutor()
    executor.register_package("actions")
    return ActionServer(
        executor,
        lambda: services.opened(settings, shop_settings),
        service_token=settings.service_token,
    )


def main() -> None:
    """Serve until stopped."""
    settings = ActionsSettings()  # type: ignore[call-arg]
    uvicorn.run(
        create_app(settings, ShopSettings()),
        host=settings.actions_host,
        port=settings.actions_port,
        access_log=False,
        log_level="warning",
        lifespan="on",
        ws="none",
        proxy_headers=False,
        server_header=False,
        date_header=False,
        timeout_keep_alive=_KEEP_ALIVE_SECONDS,
    )


if __name__ == "__main__":
    main()
