"""Rasa's end of the wire: the only channel, for the gateway alone. Loaded by `rasa run`.

Differs from Rasa's REST channel in what that loses: failures are answered as failures, a message
id acts once, the caller must know the secret, and a text is never read as a command.
"""

import hmac
import json
import logging
import os
from typing import Any, Awaitable, Callable, Dict, List, Optional, Text

from rasa.core.channels.channel import InputChannel, OutputChannel, UserMessage
from rasa.shared.exceptions import RasaException
from sanic import Blueprint, Sanic, response
from sanic.request import Request
from sanic.response import HTTPResponse

from bot.storage import keys
from bot.storage.connection import connect

logger = logging.getLogger(__name__)

# What the fallback classifier would say of a text without a single letter or digit.
_NOT_UNDERSTOOD = {"name": "nlu_fallback", "confidence": 1.0}


class ReplyCollector(OutputChannel):
    """Collects a turn's replies, each with its text, buttons and custom part together."""

    def __init__(self) -> None:
        self.replies: List[Dict[Text, Any]] = []

    @classmethod
    def name(cls) -> Text:
        """See parent class for the full docstring."""
        return "xiaoer"

    async def send_response(self, recipient_id: Text, message: Dict[Text, Any]) -> None:
        """Keeps a reply."""
        self.replies.append({part: message.get(part) for part in ("text", "buttons", "custom")})


class AssistantChannel(InputChannel):
    """`POST /webhooks/xiaoer/turns` and `GET /webhooks/xiaoer/ready`."""

    def __init__(self, secret: Text) -> None:
        self._expected = f"Bearer {secret}".encode()

    @classmethod
    def name(cls) -> Text:
        """See parent class for the full docstring."""
        return "xiaoer"

    @classmethod
    def from_credentials(cls, credentials: Optional[Dict[Text, Any]]) -> "AssistantChannel":
        """See parent class; the secret is required.

        Raises:
            RasaException: no secret.
        """
        if not (credentials or {}).get("secret"):
            raise RasaException("credentials.yml: the channel needs a secret (SERVICE_TOKEN)")
        return cls(str((credentials or {})["secret"]))

    def blueprint(self, on_new_message: Callable[[UserMessage], Awaitable[Any]]) -> Blueprint:
        """See parent class for the full docstring."""
        blueprint = Blueprint("xiaoer")
        # Rasa makes the channel; its environment is the only way in for the Redis address.
        redis: Any = connect(os.environ["REDIS_URL"])

        @blueprint.listener("before_server_start")
        async def close_the_door(app: Sanic, _: Any) -> None:
            # In front of Rasa's own paths as well, which would answer anybody.
            app.register_middleware(self._refuse_strangers, "request")

        @blueprint.get("/ready")
        async def ready(_: Request) -> HTTPResponse:
            return response.json({"status": "ready"})

        @blueprint.post("/turns")
        async def turns(request: Request) -> HTTPResponse:
            turn = request.json
            key = keys.turn(turn["dialogue_id"], turn["message_id"])
            answered = await redis.get(key)
            if answered is None:
                collector = ReplyCollector()
                await on_new_message(_user_message(turn, collector))
                answered = json.dumps({"replies": collector.replies}, ensure_ascii=False)
                await redis.set(key, answered, ex=keys.TURN_SECONDS)
            return response.raw(answered.encode(), content_type="application/json")

        return blueprint

    async def _refuse_strangers(self, request: Request) -> Optional[HTTPResponse]:
        given = request.headers.get("Authorization", "").encode()
        if hmac.compare_digest(given, self._expected):
            return None
        error = {"code": "unauthorized", "message": "The service token is missing.", "detail": {}}
        return response.json({"error": error}, status=401)


def _user_message(turn: Dict[Text, Any], collector: ReplyCollector) -> UserMessage:
    text = turn["payload"] or without_command(turn["text"])
    message = UserMessage(
        text,
        collector,
        turn["dialogue_id"],
        input_channel=AssistantChannel.name(),
        message_id=turn["message_id"],
        metadata=turn["trusted"],
    )
    if not any(character.isalnum() for character in text):
        message.parse_data = _wordless(text, turn["trusted"]["language"])
    return message


def without_command(text: Text) -> Text:
    """A text that Rasa cannot read as `/intent{...}`: without the slashes and blanks in front.

    Whatever is not a letter or digit goes, up to the first one: Rasa strips blanks itself, and
    marks without width would hide a slash.
    """
    for index, character in enumerate(text):
        if character.isalnum():
            return text[index:]
    return text.replace("/", " ").strip() or "?"


def _wordless(text: Text, language: Text) -> Dict[Text, Any]:
    entity = {"entity": "language", "value": language.split("-")[0], "extractor": "door"}
    return {
        "text": text,
        "intent": _NOT_UNDERSTOOD,
        "entities": [entity],
        "intent_ranking": [_NOT_UNDERSTOOD],
    }
