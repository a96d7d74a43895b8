"""The two doors at which the shoppers of a measurement write: our API, and Rasa's REST channel."""

import random
from dataclasses import dataclass
from typing import Callable, Dict, List, Optional, Protocol, Sequence

import aiohttp

from bench.shoppers import Shopper

# Beyond the time that the door was asked to wait: a client that hears nothing hangs up.
_PATIENCE = 5.0


@dataclass(frozen=True)
class Answer:
    """What a door gave back; `replies` is None when the message is stored and still waits.

    A message that was merged with a later one has no replies of its own but that one's.
    """

    replies: Optional[List[str]]
    merged_into: Optional[str] = None


class Refused(Exception):
    """The door did not take the message; `retry_after` is in seconds."""

    def __init__(self, status: int, retry_after: float = 0.0) -> None:
        super().__init__(f"status {status}")
        self.status = status
        self.retry_after = retry_after

    @property
    def is_temporary(self) -> bool:
        """Whether the same message may be taken later."""
        return self.status == 429 or self.status >= 500


class Door(Protocol):
    """Where a shopper's messages go."""

    async def send(self, shopper: Shopper, message_id: str, text: str, *, wait: float) -> Answer:
        """Send a message once and wait at most `wait` seconds for its replies.

        Raises:
            Refused: an answer that is none.
            aiohttp.ClientError, asyncio.TimeoutError: nobody knows what became of the message.
        """


class GatewayDoor:
    """`POST /v1/messages`; `token` gives a customer's signed token.

    Without `merge` the deliberate pause for what else a shopper may be typing is off.
    """

    def __init__(
        self,
        http: aiohttp.ClientSession,
        url: str,
        token: Callable[[str], str],
        *,
        merge: bool,
    ) -> None:
        self._http = http
        self._merge = "true" if merge else "false"
        self._url = f"{url}/v1/messages"
        self._token = token
        self._headers: Dict[str, Dict[str, str]] = {}

    def headers(self, shopper: Shopper) -> Dict[str, str]:
        """The shopper's proof of who they are."""
        known = self._headers.get(shopper.customer_id)
        if known is None:
            known = {"Authorization": f"Bearer {self._token(shopper.customer_id)}"}
            self._headers[shopper.customer_id] = known
        return known

    async def send(self, shopper: Shopper, message_id: str, text: str, *, wait: float) -> Answer:
        """See `Door`."""
        async with self._http.post(
            self._url,
            json={"message_id": message_id, "text": text},
            params={"wait": f"{wait:g}", "merge": self._merge},
            headers=self.headers(shopper),
            timeout=aiohttp.ClientTimeout(total=wait + _PATIENCE),
        ) as response:
            if response.status == 202:
                return Answer(None)
            if response.status != 200:
                raise Refused(response.status, _seconds(response.headers.get("Retry-After")))
            content = await response.json()
            return Answer(
                [reply["text"] for reply in content["replies"]], content.get("merged_into")
            )


class RestDoor:
    """Rasa's REST channel, at any of several servers; what our actions need is metadata.

    The channel has no other acknowledgement than its answer, which is also `200 []` when the turn
    failed.
    """

    def __init__(self, http: aiohttp.ClientSession, urls: Sequence[str]) -> None:
        self._http = http
        self._urls = [f"{url}/webhooks/rest/webhook" for url in urls]

    async def send(self, shopper: Shopper, message_id: str, text: str, *, wait: float) -> Answer:
        """See `Door`; the channel knows no waiting time, it answers when the turn is over."""
        body = {
            "sender": shopper.customer_id,
            "message": text,
            "metadata": {
                "conversation_id": shopper.customer_id,
                "message_id": message_id,
                "language": "en" if text.isascii() else "zh-Hans",
                "text": text,
                "identity": {"customer_id": shopper.customer_id, "visitor_id": None},
            },
        }
        async with self._http.post(
            random.choice(self._urls),
            json=body,
            timeout=aiohttp.ClientTimeout(total=max(wait, 15.0) + _PATIENCE),
        ) as response:
            if response.status != 200:
                raise Refused(response.status)
            return Answer([reply.get("text") or "" for reply in await response.json()])


def http_session() -> aiohttp.ClientSession:
    """A session for any number of shoppers at once."""
    return aiohttp.ClientSession(
        connector=aiohttp.TCPConnector(limit=0), cookie_jar=aiohttp.DummyCookieJar()
    )


def _seconds(value: Optional[str]) -> float:
    return float(value) if value and value.isdigit() else 0.0
