"""A reference of what a shop's own system offers to the assistant, over any ``ShopBackend``.

The other end of ``shop.http.backend``: ``python -m shop serve`` puts the embedded shop behind it.
Its description is the contract (docs/shop_api.yml).
"""

import hmac
import logging
from collections.abc import Callable
from functools import wraps
from typing import Annotated, Any

import uvicorn
from fastapi import Depends, FastAPI, HTTPException, Request
from fastapi.exceptions import RequestValidationError
from fastapi.openapi.utils import get_openapi
from fastapi.responses import JSONResponse
from fastapi.security import HTTPAuthorizationCredentials, HTTPBearer
from starlette.exceptions import HTTPException as StarletteHTTPException

from shop.backend import ShopBackend
from shop.errors import ShopError, ShopUnavailable, TooManyAttempts
from shop.http.codec import encode
from shop.http.description import Description
from shop.http.errors import WRONG_CALLS, body, written
from shop.http.operations import OPERATIONS
from shop.http.scalars import MalformedValue

logger = logging.getLogger(__name__)

_ABOUT = (
    "What a shop's own system offers so that the assistant can look orders up and settle what is "
    "to be done about them. Read shop_api.md first. Written from the reference server, "
    "`python -m shop serve`."
)
_BEARER = HTTPBearer(auto_error=False, description="The secret that both ends know.")


def create_app(shop: ShopBackend | None, token: str) -> FastAPI:
    """Put a shop behind HTTP, for whoever has the token; without one it can only be described.

    Raises:
        ValueError: the token is empty, so that anybody would be let in.
    """
    if not token:
        raise ValueError("a token is needed")
    app = FastAPI(
        title="Shop API of Xiaoer",
        version="1",
        description=_ABOUT,
        openapi_url=None,
        dependencies=[Depends(_authorise)],
    )
    app.state.shop, app.state.token = shop, token
    description = Description()
    for operation in OPERATIONS:
        app.add_api_route(
            operation.path,
            _answering(operation.run),
            methods=[operation.method],
            response_model=None,
            operation_id=operation.run.__name__,
            responses=description.answers(operation.gives, operation.all_errors),
            openapi_extra=description.body(operation.takes) if operation.takes else None,
        )
    _answer_errors(app)
    app.state.description = description
    return app


def describe() -> dict[str, Any]:
    """Describe what is offered, as OpenAPI."""
    app = create_app(None, "nobody is asked")
    described = get_openapi(
        title=app.title, version=app.version, description=app.description, routes=app.routes
    )
    description: Description = app.state.description
    return description.complete(described)


def serve(shop: ShopBackend, token: str, *, host: str, port: int) -> None:
    """Serve until stopped.

    Raises:
        ValueError: the token is empty.
    """
    app = create_app(shop, token)
    # Nothing here speaks WebSocket.
    uvicorn.run(app, host=host, port=port, ws="none", access_log=False, server_header=False)


def _authorise(
    request: Request,
    credentials: Annotated[HTTPAuthorizationCredentials | None, Depends(_BEARER)],
) -> None:
    given = credentials.credentials if credentials else ""
    if not hmac.compare_digest(given.encode(), request.app.state.token.encode()):
        raise HTTPException(401, "the bearer token is missing or wrong")


def _answering(run: Callable[..., Any]) -> Callable[..., JSONResponse]:
    """Make the answer of an operation JSON."""

    @wraps(run)
    def answer(**given: Any) -> JSONResponse:
        return JSONResponse(encode(run(**given)))

    return answer


def _answer_errors(app: FastAPI) -> None:
    """Answer every error in the one shape that the wire has for errors."""

    @app.exception_handler(ShopError)
    def shop_error(_: Request, error: ShopError) -> JSONResponse:
        status, content = written(error)
        headers = {}
        if isinstance(error, TooManyAttempts):
            headers["Retry-After"] = str(error.retry_after_seconds)
        if isinstance(error, ShopUnavailable):
            headers["Retry-After"] = "1"
        return JSONResponse(content, status, headers)

    @app.exception_handler(MalformedValue)
    def malformed(_: Request, error: MalformedValue) -> JSONResponse:
        return _wrong_call(400, str(error))

    @app.exception_handler(RequestValidationError)
    def invalid(_: Request, error: RequestValidationError) -> JSONResponse:
        # Where it is wrong, never what was sent.
        places = (".".join(str(part) for part in each["loc"]) for each in error.errors())
        return _wrong_call(400, f"wrong or missing: {', '.join(places)}")

    @app.exception_handler(StarletteHTTPException)
    def wrong_call(_: Request, error: StarletteHTTPException) -> JSONResponse:
        return _wrong_call(error.status_code, str(error.detail))

    @app.exception_handler(Exception)
    def broken(_: Request, error: Exception) -> JSONResponse:
        logger.error("shop_operation_failed error=%s", type(error).__name__)
        return _wrong_call(500, "something went wrong")


def _wrong_call(status: int, message: str) -> JSONResponse:
    return JSONResponse(body(WRONG_CALLS.get(status, WRONG_CALLS[400]), message), status)
