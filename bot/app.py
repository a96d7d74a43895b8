"""The gateway: doors, conversations, desk and pages in one FastAPI app, the only public process."""

import asyncio
import contextlib
from pathlib import Path
from typing import Any, AsyncIterator, Dict, List

import httpx
import swagger_ui_bundle
from fastapi import FastAPI, Header, Request, Response
from fastapi.openapi.docs import get_swagger_ui_html
from fastapi.responses import JSONResponse
from prometheus_client import CONTENT_TYPE_LATEST, generate_latest
from uvicorn.middleware.proxy_headers import ProxyHeadersMiddleware

from bot import help_pages, pages
from bot.address import is_local
from bot.body_limit import BodyLimit
from bot.channels import web
from bot.channels.base import Door
from bot.channels.webhook import ReplyWebhook
from bot.conversation import Conversations, Pace
from bot.conversation.assistant_client import AssistantClient
from bot.conversation.knowledge import KnowledgeClient
from bot.conversation.limits import Limit, LocalLimit
from bot.conversation.outbox import Outbox
from bot.conversation.push import PushDoor
from bot.conversation.relay import Relay
from bot.conversation.turn import Turns
from bot.conversation.worker import Worker
from bot.desk import console, corrections, handoffs
from bot.desk.agents import AgentBook
from bot.desk.desk import Desk
from bot.desk.promises import PromiseWatch
from bot.desk.tickets import TicketStore
from bot.error_answers import add_error_answers
from bot.errors import Forbidden, GatewayError
from bot.event_stream import OpenStreams
from bot.readiness import Readiness
from bot.settings import Settings
from bot.storage.connection import connect
from bot.tokens import tokens_of
from shop import ShopSettings, open_promises, open_shop

# A handoff may bring its transcript along; nothing else is larger than a message.
_MOST_HANDOFF = 1_048_576
_SWAGGER = Path(swagger_ui_bundle.__file__).parent / "vendor" / "swagger-ui-4.15.5"


def create_app(settings: Settings) -> FastAPI:
    """The gateway for these settings; connects when it is started."""
    redis: Any = connect(settings.redis_url)
    pace = Pace(
        most_waiting=settings.most_waiting,
        burst=settings.message_burst,
        per_second=settings.messages_per_second,
        fragment_ms=int(settings.burst_seconds * 1000),
    )
    conversations = Conversations.on(redis, pace)
    shop_settings = ShopSettings(database_url=settings.shop_database)
    shop = open_shop(shop_settings)
    desk = Desk(TicketStore(redis), conversations, shop)
    tokens = tokens_of(settings)
    http = _internal_client(settings)
    knowledge = KnowledgeClient(http["knowledge"])
    assistant = AssistantClient(
        settings.assistant_url.split(","), service_token=settings.service_token
    )
    worker = _worker(settings, conversations, assistant, desk)
    relays = [
        Relay(
            door, outbox=Outbox(redis), transcript=conversations.transcript, hub=conversations.hub
        )
        for door in _push_doors(settings)
    ]
    book = open_promises(shop_settings)
    promises = PromiseWatch(book, shop, desk, redis, seconds=settings.promise_seconds)
    readiness = Readiness(redis, assistant, http["actions"], http["knowledge"])

    @contextlib.asynccontextmanager
    async def lifespan(_: FastAPI) -> AsyncIterator[None]:
        await conversations.hub.start()
        worker.start()
        for relay in relays:
            relay.start()
        promises.start()
        yield
        await promises.stop()
        await worker.stop()
        await asyncio.gather(*(relay.stop() for relay in relays))
        await conversations.hub.stop()
        await assistant.close()
        await knowledge.stop()
        for client in http.values():
            await client.aclose()
        shop.close()
        await redis.close()

    app = FastAPI(title="Xiaoer", version="0.1.0", docs_url=None, redoc_url=None, lifespan=lifespan)
    app.add_middleware(
        BodyLimit,
        most=settings.most_body,
        more={"/v1/handoffs": _MOST_HANDOFF},
        token=settings.service_token,
    )
    if settings.trusted_proxies:
        app.add_middleware(ProxyHeadersMiddleware, trusted_hosts=settings.trusted_proxies)
    app.include_router(
        web.router(
            Door(
                "web",
                conversations,
                worker,
                most_text=settings.most_text,
                merges=settings.burst_seconds > 0,
                pushed=bool(settings.reply_webhook_url),
            ),
            tokens,
            knowledge,
            feedback=Limit(redis, "feedback", burst=40, per_second=10.0),
            visitors=Limit(
                redis,
                "visitor",
                burst=settings.visitor_burst,
                per_second=settings.visitors_per_second,
            ),
            addresses=LocalLimit(
                burst=settings.address_burst,
                per_second=settings.address_messages_per_second,
            ),
            streams=OpenStreams(
                per_shopper=settings.most_streams, per_address=settings.most_streams_per_address
            ),
        )
    )
    app.include_router(handoffs.router(desk, redis, service_token=settings.service_token))
    agents = AgentBook(redis)
    app.include_router(
        console.router(
            desk,
            agents,
            conversations,
            sign_ins=Limit(redis, "sign_in", burst=10, per_second=0.2),
        )
    )
    app.include_router(corrections.router(agents, desk.tickets, conversations, knowledge))
    app.include_router(pages.router())
    if settings.is_demo:
        app.include_router(pages.demo_router(tokens, shop))
    pages.mount_assets(app)
    app.mount("/help", help_pages.HelpPages(settings.data_dir / "knowledge"), name="help")
    _add_operations(app, readiness, settings)
    add_error_answers(app)
    return app


def _internal_client(settings: Settings) -> Dict[str, httpx.AsyncClient]:
    headers = {"Authorization": f"Bearer {settings.service_token}"}
    urls = {"actions": settings.actions_url, "knowledge": settings.knowledge_url}
    return {
        name: httpx.AsyncClient(
            base_url=url, headers=headers, timeout=settings.turn_timeout, trust_env=False
        )
        for name, url in urls.items()
    }


def _push_doors(settings: Settings) -> List[PushDoor]:
    if not settings.reply_webhook_url:
        return []
    return [ReplyWebhook(settings.reply_webhook_url, settings.reply_webhook_secret)]


def _worker(
    settings: Settings, conversations: Conversations, assistant: AssistantClient, desk: Desk
) -> Worker:
    async def escalate(conversation_id: str, message_id: str, language: str) -> None:
        await conversations.announce(
            conversation_id,
            "utter_handoff_assistant_down",
            language=language,
            once=f"down:{message_id}",
        )
        await desk.open(
            conversation_id, reason="assistant_down", priority="high", language=language
        )

    turns = Turns(
        mailbox=conversations.mailbox,
        ownership=conversations.ownership,
        buttons=conversations.buttons,
        hub=conversations.hub,
        assistant=assistant,
        escalate=escalate,
        turn_timeout=settings.turn_timeout,
        dialogue_idle_minutes=settings.dialogue_idle_minutes,
    )
    return Worker(
        mailbox=conversations.mailbox,
        turns=turns,
        most_at_once=settings.workers,
        stop_seconds=settings.turn_timeout,
    )


def _add_operations(app: FastAPI, readiness: Readiness, settings: Settings) -> None:
    app.mount("/assets/docs", pages.Assets(directory=_SWAGGER), name="docs")

    @app.get("/healthz", tags=["operations"])
    async def healthz() -> Dict[str, str]:
        """Alive."""
        return {"status": "alive"}

    @app.get("/readyz", tags=["operations"])
    async def readyz() -> JSONResponse:
        """Whether a message would be answered, and which part would not."""
        parts = await readiness.parts()
        ready = all(parts.values())
        status = "ready" if ready else "not_ready"
        return JSONResponse({"status": status, "parts": parts}, 200 if ready else 503)

    @app.get("/metrics", tags=["operations"])
    async def metrics(request: Request, authorization: str = Header("")) -> Response:
        """Prometheus figures; from this machine, or with the service token."""
        if not is_local(request):
            try:
                handoffs.check_service_token(authorization, settings.service_token)
            except GatewayError as error:
                raise Forbidden("metrics_private", "Metrics need the service token.") from error
        return Response(generate_latest(), media_type=CONTENT_TYPE_LATEST)

    @app.get("/docs", include_in_schema=False)
    async def docs() -> Response:
        return get_swagger_ui_html(
            openapi_url="/openapi.json",
            title="Xiaoer API",
            swagger_js_url="/assets/docs/swagger-ui-bundle.js",
            swagger_css_url="/assets/docs/swagger-ui.css",
            swagger_favicon_url="/assets/docs/favicon-32x32.png",
        )
