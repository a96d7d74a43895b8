"""The pages that people look at: the demo shop with the chat, and the agents' console."""

import os
from pathlib import Path
from typing import Any, Dict, List, Optional, Tuple

from fastapi import APIRouter, Response
from fastapi.responses import FileResponse
from pydantic import StrictStr
from starlette.applications import Starlette
from starlette.staticfiles import StaticFiles
from starlette.types import Receive, Scope, Send

from bot.conversation import Tokens
from bot.errors import NotFound
from bot.request_body import RequestBody
from shop import ShopBackend

WEB = Path(__file__).with_name("web")
# Pages load nothing from anywhere else; styles of the chat live in its shadow root.
POLICY = (
    "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; "
    "frame-ancestors 'none'; base-uri 'none'; form-action 'self'"
)
# The demo shop's fixed customers, whom anybody may play.
DEMO_CUSTOMERS = ("C1001", "C1002", "C1003", "C1004")
_DEMO_SECONDS = 12 * 3600


class DemoLogin(RequestBody):
    """The demo customer to play."""

    customer: StrictStr


class WholeFile(FileResponse):
    """A file of a page, always whole: ours are small, and odd ranges would get odd answers."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """See ASGI."""
        await super().__call__(without_range(scope), receive, send)


class Assets(StaticFiles):
    """A folder of files, each whole."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """See ASGI."""
        await super().__call__(without_range(scope), receive, send)

    def lookup_path(self, path: str) -> Tuple[str, Optional[os.stat_result]]:
        """See StaticFiles; a name that no file can have is not there, and no failure."""
        return ("", None) if "\0" in path else super().lookup_path(path)


def without_range(scope: Scope) -> Scope:
    """A request without the wish for a part of a file."""
    return {**scope, "headers": [pair for pair in scope["headers"] if pair[0] != b"range"]}


def mount_assets(app: Starlette) -> None:
    """Serve the pages' files."""
    for name in ("shop", "widget", "console"):
        app.mount(f"/assets/{name}", Assets(directory=WEB / name), name=name)


def router() -> APIRouter:
    """`/` and `/desk/`."""
    pages = APIRouter(include_in_schema=False)

    @pages.get("/")
    async def shop_page() -> Response:
        return _page("shop")

    @pages.get("/desk/")
    async def console_page() -> Response:
        return _page("console")

    return pages


def demo_router(tokens: Tokens, shop: ShopBackend) -> APIRouter:
    """Log-ins of the demo shop's page; never mounted for a real shop."""
    demo = APIRouter(prefix="/demo", include_in_schema=False)

    @demo.get("/customers")
    def customers() -> Dict[str, List[Dict[str, Any]]]:
        found = [shop.customer(customer_id) for customer_id in DEMO_CUSTOMERS]
        return {
            "customers": [
                {"id": c.id, "name": c.name, "language": c.language.value} for c in found if c
            ]
        }

    @demo.post("/token")
    def token(body: DemoLogin) -> Dict[str, str]:
        if body.customer not in DEMO_CUSTOMERS:
            raise NotFound("customer_not_found", "The demo shop has no such customer to play.")
        signed = tokens.customer(body.customer, seconds=_DEMO_SECONDS)
        return {"token": signed, "conversation_id": tokens.verify(signed).conversation_id}

    return demo


def _page(name: str) -> Response:
    return WholeFile(
        WEB / name / "index.html",
        media_type="text/html; charset=utf-8",
        headers={"Content-Security-Policy": POLICY, "Cache-Control": "no-cache"},
    )
