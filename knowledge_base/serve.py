"""The knowledge process: a few HTTP calls for the shop's own processes, nothing for shoppers.

Listens on loopback or a private network and answers nobody without the service token.
"""

from __future__ import annotations

import asyncio
import functools
import hmac
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Any, AsyncIterator, List, Literal

from pydantic import StrictStr
from starlette.applications import Starlette
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import Headers
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse
from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send

from knowledge_base.answerer import Answer, Answered, Unsure
from knowledge_base.build import ensure_built
from knowledge_base.calls import Body, RequestRefused, body_of
from knowledge_base.calls import error as error_response
from knowledge_base.errors import KnowledgeError
from knowledge_base.gate import Say
from knowledge_base.journal_calls import asked_question
from knowledge_base.journal_calls import routes as journal_routes
from knowledge_base.journal_writer import JournalWriter
from knowledge_base.live import Live
from knowledge_base.settings import Settings

if TYPE_CHECKING:
    import uvicorn

# Longer than any caller keeps a connection: who closes it must know that nothing is on its way.
_KEEP_ALIVE_SECONDS = 75


class Question(Body):
    """Body of ``POST /v1/answers``."""

    text: StrictStr
    language: Literal["zh", "en"]
    # What the dialogue says it is about; articles of these topics are preferred.
    topics: List[StrictStr] = []
    # Whose question it is, and under which message; without both it is not kept in the journal.
    conversation_id: StrictStr = ""
    message_id: StrictStr = ""


def create_app(live: Live, *, service_token: str, writer: JournalWriter | None = None) -> Starlette:
    """The ASGI application over the index in use; it follows the pointer while it runs.

    What is asked is noted by ``writer``, which the application starts and stops; without one,
    nothing is.

    Raises KnowledgeError without a service token: an empty one would let everybody in.
    """
    _require(service_token)

    @asynccontextmanager
    async def following(_: Starlette) -> AsyncIterator[None]:
        watch = asyncio.create_task(live.follow())
        if writer is None:
            yield
        else:
            writer.start()
            yield
            await run_in_threadpool(writer.stop)
        watch.cancel()

    async def answers(request: Request) -> JSONResponse:
        question = await _question(request)
        now = live.current
        answer = functools.partial(
            now.answerer.answer, question.text, question.language, topics=question.topics
        )
        found = answer() if now.answerer.is_quick else await run_in_threadpool(answer)
        if writer is not None and question.conversation_id and question.message_id:
            asked = asked_question(
                found,
                question.text,
                question.language,
                conversation=question.conversation_id,
                message=question.message_id,
                digest=now.manifest.digest,
            )
            writer.note(lambda journal: journal.record(asked))
        return JSONResponse(answer_body(found, now.manifest.digest))

    async def one_article(request: Request) -> JSONResponse:
        article_id, language = request.path_params["article_id"], request.path_params["language"]
        now = live.current
        chosen = now.answerer.article(article_id, language)
        if chosen is None:
            raise RequestRefused("not_found", "There is no such article.")
        conversation = request.query_params.get("conversation_id")
        if writer is not None and conversation:
            writer.note(lambda journal: journal.choose(conversation, article_id))
        return JSONResponse(answer_body(chosen, now.manifest.digest))

    async def readyz(_: Request) -> JSONResponse:
        manifest = live.current.manifest
        body = {"ready": True, "index": manifest.digest, "articles": manifest.articles}
        return JSONResponse(body)

    return Starlette(
        routes=[
            Route("/v1/answers", answers, methods=["POST"]),
            Route("/v1/articles/{language}/{article_id}", one_article),
            Route("/readyz", readyz),
            *(journal_routes(live, writer) if writer else ()),
        ],
        middleware=[Middleware(ServiceTokenGate, token=service_token)],
        exception_handlers={
            RequestRefused: _refused,
            HTTPException: _no_such_call,
            Exception: _failed,
        },
        lifespan=following,
    )


def serve(settings: Settings, *, say: Say) -> None:
    """Build if needed, load, and listen until told to stop.

    Raises KnowledgeError when there is no service token or the index cannot be built.
    """
    _require(settings.service_token)
    ensure_built(settings, say=say)
    live = Live.open(settings.index_root, say=say)
    writer = JournalWriter(settings.journal_path, keep_days=settings.questions_days, say=say)
    app = create_app(live, service_token=settings.service_token, writer=writer)
    say(f"knowledge base {live.current.manifest.digest} on http://{settings.host}:{settings.port}")
    server_of(app, host=settings.host, port=settings.port).run()


def server_of(app: ASGIApp, *, host: str, port: int) -> uvicorn.Server:
    """The server for an app, not yet running; port 0 takes a free one."""
    import uvicorn

    config = uvicorn.Config(
        app,
        host=host,
        port=port,
        log_level="warning",
        access_log=False,
        # Nothing here speaks WebSocket, and uvicorn would load a library for it that is older
        # than it likes.
        ws="none",
        proxy_headers=False,
        server_header=False,
        date_header=False,
        timeout_keep_alive=_KEEP_ALIVE_SECONDS,
    )
    return uvicorn.Server(config)


def _require(service_token: str) -> None:
    if not service_token:
        raise KnowledgeError("SERVICE_TOKEN is not set: the knowledge base would be open to all")


def answer_body(answer: Answer, digest: str) -> dict[str, Any]:
    """An answer as the contract writes it in JSON."""
    found = None
    if isinstance(answer, Answered):
        found = {
            "id": answer.article_id,
            "title": answer.title,
            "text": answer.text,
            "updated": answer.updated.isoformat(),
            "language": answer.language,
        }
    return {
        "answered": found is not None,
        "score": round(answer.score, 4),
        "answer": found,
        "candidates": [
            {
                "id": near.id,
                "title": near.title,
                "score": near.score,
                "language": near.language,
            }
            for near in answer.candidates
        ],
        "unsure": isinstance(answer, Unsure),
        "index": digest,
    }


class ServiceTokenGate:
    """Lets through only requests with the service token, whatever path they name."""

    def __init__(self, app: ASGIApp, *, token: str) -> None:
        self._app = app
        self._expected = f"Bearer {token}".encode()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, or answer 401."""
        if scope["type"] == "http":
            given = Headers(scope=scope).get("authorization", "").encode()
            if not hmac.compare_digest(given, self._expected):
                refused = error_response("unauthorized", "The service token is missing or wrong.")
                await refused(scope, receive, send)
                return
        await self._app(scope, receive, send)


async def _question(request: Request) -> Question:
    question = await body_of(request, Question, '{"text": "...", "language": "zh"}')
    if not question.text.strip():
        raise RequestRefused("empty_text", "The question is empty.")
    return question


async def _refused(_: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, RequestRefused)
    return error_response(error.code, str(error))


async def _no_such_call(_: Request, error: Exception) -> JSONResponse:
    assert isinstance(error, HTTPException)
    code = {404: "not_found", 405: "method_not_allowed"}.get(error.status_code, "malformed")
    return error_response(code, str(error.detail), status=error.status_code)


async def _failed(_: Request, error: Exception) -> JSONResponse:
    return error_response("internal", "The knowledge base failed to answer.", status=500)
