"""The calls that are about the journal: votes, corrections, and articles to choose one from."""

from __future__ import annotations

import asyncio
import functools
import hashlib
import sqlite3
from datetime import datetime, timezone
from typing import Literal, Optional

from pydantic import StrictStr, constr
from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from knowledge_base.answerer import Answer, Answered, Unsure
from knowledge_base.calls import Body, RequestRefused, body_of
from knowledge_base.journal import ANSWERED, OFFERED, UNANSWERED, AskedQuestion
from knowledge_base.journal_writer import JournalWriter
from knowledge_base.language import LANGUAGES, detect_language
from knowledge_base.live import Live

# As many as are looked through at a glance.
MOST_FOUND = 8
_WRITTEN_SECONDS = 5.0


class Vote(Body):
    """Body of ``POST /v1/votes``."""

    conversation_id: StrictStr
    article: StrictStr
    vote: Literal["up", "down"]


class Correction(Body):
    """Body of ``POST /v1/corrections``: the right article, or words for one.

    The question is known by its message, by the article that it was answered from, or by its words.
    """

    conversation_id: StrictStr
    language: Literal["zh", "en"]
    message_id: StrictStr = ""
    answered_from: Optional[StrictStr] = None
    question: StrictStr = ""
    article: Optional[StrictStr] = None
    text: Optional[constr(strict=True, strip_whitespace=True, max_length=4000)] = None  # type: ignore[valid-type]


def asked_question(
    answer: Answer, text: str, language: str, *, conversation: str, message: str, digest: str
) -> AskedQuestion:
    """A question and its answer as the journal keeps them."""
    outcome = UNANSWERED
    if isinstance(answer, Answered):
        outcome = ANSWERED
    elif isinstance(answer, Unsure):
        outcome = OFFERED
    return AskedQuestion(
        conversation=conversation,
        message=message,
        asked_at=datetime.now(timezone.utc),
        language=language,
        text=text,
        outcome=outcome,
        article=answer.article_id if isinstance(answer, Answered) else None,
        score=answer.score,
        index_digest=digest,
    )


def routes(live: Live, writer: JournalWriter) -> list[Route]:
    """The journal's calls."""

    async def votes(request: Request) -> Response:
        """Keep what a shopper thought of an answer; nobody waits until it is written."""
        vote = await body_of(request, Vote, '{"conversation_id": "...", "article": "...", ...}')
        writer.note(lambda journal: journal.vote(vote.conversation_id, vote.article, vote.vote))
        return Response(status_code=204)

    async def corrections(request: Request) -> Response:
        """Keep what an agent says is right; answered when it is written."""
        correction = await body_of(request, Correction, '{"conversation_id": "...", ...}')
        _check(correction, live)
        question = _corrected(correction, live.current.manifest.digest)
        written = writer.note(
            lambda journal: journal.correct(
                question, article=correction.article, text=correction.text
            )
        )
        try:
            await asyncio.wait_for(asyncio.wrap_future(written), _WRITTEN_SECONDS)
        except (sqlite3.Error, OSError, ValueError, asyncio.TimeoutError) as error:
            raise RequestRefused("journal_unavailable", "It cannot be kept right now.") from error
        return Response(status_code=204)

    async def search(request: Request) -> JSONResponse:
        """Articles for some words, the likeliest first."""
        words = request.query_params.get("q", "").strip()
        language = request.query_params.get("language") or detect_language(words)
        if language not in LANGUAGES:
            raise RequestRefused("malformed", "language is zh or en.")
        answerer = live.current.answerer
        look = functools.partial(answerer.answer, words, language, candidates=MOST_FOUND)
        found = look() if answerer.is_quick else await run_in_threadpool(look)
        named = [{"id": near.id, "title": near.title} for near in found.candidates]
        exact = answerer.article(words, language)
        if exact is not None:
            same = {"id": exact.article_id, "title": exact.title}
            named = [same, *(each for each in named if each != same)]
        return JSONResponse({"articles": named})

    return [
        Route("/v1/votes", votes, methods=["POST"]),
        Route("/v1/corrections", corrections, methods=["POST"]),
        Route("/v1/search", search),
    ]


def _check(correction: Correction, live: Live) -> None:
    if not correction.article and not correction.text:
        raise RequestRefused("empty_text", "Name the right article or write the right answer.")
    known = live.current.answerer.article
    right = correction.article
    # Of the other language too: a question is answered from there when there is nothing here.
    if right and not any(known(right, language) for language in LANGUAGES):
        raise RequestRefused("unknown_article", "There is no such article.")


def _corrected(correction: Correction, digest: str) -> AskedQuestion:
    """What is known of the question; without a message of its own, its words stand for one."""
    words = hashlib.sha256(correction.question.encode("utf-8")).hexdigest()[:16]
    return AskedQuestion(
        conversation=correction.conversation_id,
        message=correction.message_id or f"correction-{words}",
        asked_at=datetime.now(timezone.utc),
        language=correction.language,
        text=correction.question,
        outcome=ANSWERED if correction.answered_from else UNANSWERED,
        article=correction.answered_from,
        index_digest=digest,
    )
