"""Pushes what is said to the web door's shoppers to a server of the shop as well.

For an app's push notifications, or a chat that the shop draws itself. The receiver gets each reply
at least once and in the order of its conversation; `webhook-id` tells a repeated one.
"""

import json
import time
from datetime import timezone
from email.utils import parsedate_to_datetime
from typing import Callable, Optional

import httpx

from bot.conversation.push import Delivery, TryLater, Undeliverable
from bot.signature import sign, signing_key

_TIMEOUT_SECONDS = 10.0
# Refusals that pass: too slow, still busy with the same delivery, too early, too many.
_PASSING = (408, 409, 425, 429)


class ReplyWebhook:
    """The shop's server at `url`; see `PushDoor`."""

    name = "web"

    def __init__(self, url: str, secret: str, *, clock: Callable[[], float] = time.time) -> None:
        self._url = url
        self._key = signing_key(secret)
        self._clock = clock
        # A client that verifies loads all certificates, which plain HTTP has no use for.
        self._http = httpx.AsyncClient(
            timeout=_TIMEOUT_SECONDS, trust_env=False, verify=url.startswith("https:")
        )

    async def deliver(self, delivery: Delivery) -> None:
        """POST a reply; any 2xx means that the server has it."""
        body = json.dumps(
            {
                "delivery_id": delivery.delivery_id,
                "conversation_id": delivery.conversation_id,
                "customer_id": delivery.customer_id,
                "reply": delivery.word.view(),
            },
            ensure_ascii=False,
        ).encode()
        timestamp = int(self._clock())
        headers = {
            "content-type": "application/json",
            "webhook-id": delivery.delivery_id,
            "webhook-timestamp": str(timestamp),
            "webhook-signature": sign(self._key, delivery.delivery_id, timestamp, body),
        }
        try:
            response = await self._http.post(self._url, content=body, headers=headers)
        except httpx.TimeoutException as error:
            raise TryLater("timeout") from error
        except httpx.HTTPError as error:
            raise TryLater("unreachable") from error
        self._judge(response)

    async def close(self) -> None:
        """Let go of connections."""
        await self._http.aclose()

    def _judge(self, response: httpx.Response) -> None:
        if response.is_success:
            return
        error = f"http_{response.status_code}"
        if response.is_client_error and response.status_code not in _PASSING:
            raise Undeliverable(error)
        asked = response.headers.get("retry-after", "")
        raise TryLater(error, retry_after=_seconds(asked, self._clock()))


def _seconds(retry_after: str, now: float) -> Optional[float]:
    """A `Retry-After` header, which is seconds or a date; None when it is neither."""
    if retry_after.isascii() and retry_after.isdigit():
        return float(retry_after)
    try:
        moment = parsedate_to_datetime(retry_after)
    except (TypeError, ValueError, OverflowError):
        return None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=timezone.utc)
    return max(0.0, moment.timestamp() - now)
