"""Calls to an aggregator's HTTP API: one answer, or one error with a reason for the log."""

import json
import time
from typing import Any, Type, TypeVar

import httpx
from pydantic import BaseModel, ValidationError, root_validator

from shop.tracking.errors import TrackingDown, TrackingUnavailable

# Longer than a shopper waits: an answer that was paid for is kept for the next question.
_PATIENCE_SECONDS = 5.0
_MOST_BYTES = 2_000_000


class AnswerPart(BaseModel):
    """An object of an answer; ``null`` is the same as nothing, and further fields do not matter."""

    @root_validator(pre=True)
    def _without_nulls(cls, values: dict[str, Any]) -> dict[str, Any]:
        return {name: value for name, value in values.items() if value is not None}


Answer = TypeVar("Answer", bound=AnswerPart)


class AggregatorClient:
    """Posts to the paths below ``url``; ``headers`` go with every call."""

    def __init__(self, url: str, headers: dict[str, str] | None = None) -> None:
        self._http = httpx.Client(
            base_url=url, headers=headers, timeout=_PATIENCE_SECONDS, follow_redirects=False
        )

    def post(self, path: str, answer: Type[Answer], **content: Any) -> Answer:
        """Post ``data`` (a form) or ``json`` and read the answer into its model.

        Tried again once when the connection broke, as an idle one does that the other side closed.

        Raises:
            TrackingDown: not reachable, too slow, or broken (5xx, 429).
            TrackingUnavailable: another status than 200, or an answer of another shape.
        """
        try:
            try:
                body = self._send(path, content)
            except (httpx.NetworkError, httpx.RemoteProtocolError):
                body = self._send(path, content)
        except httpx.TimeoutException:
            raise TrackingDown("timeout") from None
        except httpx.HTTPError:
            raise TrackingDown("connection") from None
        try:
            return answer.parse_obj(json.loads(body))
        except ValidationError:
            raise TrackingUnavailable("malformed") from None
        except (ValueError, RecursionError):
            raise TrackingUnavailable("not_json") from None

    def close(self) -> None:
        """Close the connections."""
        self._http.close()

    def _send(self, path: str, content: dict[str, Any]) -> bytes:
        ends = time.monotonic() + _PATIENCE_SECONDS
        received = b""
        with self._http.stream("POST", path, **content) as response:
            _check_status(response.status_code)
            for part in response.iter_bytes():
                received += part
                if len(received) > _MOST_BYTES:
                    raise TrackingUnavailable("too_large")
                if time.monotonic() > ends:
                    raise TrackingDown("timeout")
        return received


def _check_status(status: int) -> None:
    if status >= 500 or status == httpx.codes.TOO_MANY_REQUESTS:
        raise TrackingDown(f"http_{status}")
    if status != httpx.codes.OK:
        raise TrackingUnavailable(f"http_{status}")
