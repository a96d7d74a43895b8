"""Every failure in the one shape; no stack trace and no input ever goes out."""

import logging

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse
from redis.exceptions import RedisError
from starlette.exceptions import HTTPException

from bot.errors import GatewayError, Malformed, NotFound, Unavailable, Unprocessable

logger = logging.getLogger(__name__)


def add_error_answers(app: FastAPI) -> None:
    """Give an app an answer to everything that can be raised in it."""

    def answer(error: GatewayError) -> JSONResponse:
        headers = {"Retry-After": str(error.retry_after)} if error.retry_after else None
        return JSONResponse(error.body(), error.status, headers=headers)

    @app.exception_handler(GatewayError)
    async def refused(_: Request, error: GatewayError) -> JSONResponse:
        return answer(error)

    @app.exception_handler(RequestValidationError)
    async def malformed(_: Request, error: RequestValidationError) -> JSONResponse:
        fields = [".".join(str(part) for part in e["loc"]) for e in error.errors()]
        return answer(
            Malformed(
                "malformed", "The request is not what this call takes.", detail={"at": fields}
            )
        )

    @app.exception_handler(HTTPException)
    async def http_error(_: Request, error: HTTPException) -> JSONResponse:
        if error.status_code == 404:
            return answer(NotFound("not_found", "There is nothing here."))
        if error.status_code == 400:
            return answer(
                Malformed("malformed", "The body cannot be read as JSON.", detail={"at": ["body"]})
            )
        refusal = Malformed("not_possible", "This call does not exist in this form.")
        return JSONResponse(refusal.body(), error.status_code, headers=error.headers)

    @app.exception_handler(UnicodeEncodeError)
    async def half_characters(_: Request, error: UnicodeEncodeError) -> JSONResponse:
        return answer(
            Unprocessable("text_characters", "The text has characters that cannot be read.")
        )

    @app.exception_handler(RedisError)
    async def storage_down(_: Request, error: RedisError) -> JSONResponse:
        logger.error("storage_unavailable error=%s", type(error).__name__)
        return answer(
            Unavailable(
                "storage_unavailable",
                "Messages cannot be stored right now. Please send it again.",
                retry_after=2,
            )
        )

    @app.exception_handler(Exception)
    async def unexpected(_: Request, error: Exception) -> JSONResponse:
        return answer(GatewayError("internal", "Something went wrong on our side."))
