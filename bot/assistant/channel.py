"""Rasa's end of the wire: the only channel, for the gateway alone. Loaded by `rasa run`.

Differs from Rasa's REST channel in what that loses: failures are answered as failures, a message
id acts once, the caller must know the secret, and a text is never read as a command.
"""

import hmac
import logging
from typing import Any, Awaitable, Callable, Dict, Optional, Text

from rasa.core.channels.channel import InputChannel, UserMessage
from rasa.core.tracker_store import FailSafeTrackerStore
from rasa.shared.exceptions import RasaException
from redis.exceptions import RedisError
from sanic import Blueprint, Sanic, response
from sanic.request import Request
from sanic.response import HTTPResponse

from bot.assistant import remote_action
from bot.assistant.processor import TurnProcessor
from bot.assistant.remote_action import ActionFailed
from bot.assistant.turn import ReplyCollector, Turn, TurnSuperseded
from bot.nlu import emotion
from bot.storage.tracker_store import WindowTrackerStore

logger = logging.getLogger(__name__)

# What the fallback classifier would say of a text without a single letter or digit.
_NOT_UNDERSTOOD = {"name": "nlu_fallback", "confidence": 1.0}


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
        processors: Dict[Text, TurnProcessor] = {}

        @blueprint.listener("before_server_start")
        async def close_the_door(app: Sanic, _: Any) -> None:
            # In front of Rasa's own paths as well, which would answer anybody.
            app.register_middleware(self._refuse_strangers, "request")

        @blueprint.listener("after_server_start")
        async def take_over(app: Sanic, _: Any) -> None:
            processors["turns"] = _turn_processor(app)

        @blueprint.listener("after_server_stop")
        async def close(app: Sanic, _: Any) -> None:
            await processors["turns"].close()

        @blueprint.get("/ready")
        async def ready(_: Request) -> HTTPResponse:
            return response.json({"status": "ready"})

        @blueprint.post("/turns")
        async def turns(request: Request) -> HTTPResponse:
            turn = _turn(request.json)
            try:
                answer = await processors["turns"].answer(turn)
            except TurnSuperseded as error:
                return _failure(409, "superseded", error)
            except ActionFailed as error:
                return _failure(503, "actions_unavailable", error)
            except RedisError as error:
                return _failure(503, "storage_unavailable", error)
            return response.raw(answer.encode(), content_type="application/json")

        return blueprint

    async def _refuse_strangers(self, request: Request) -> Optional[HTTPResponse]:
        given = request.headers.get("Authorization", "").encode()
        if hmac.compare_digest(given, self._expected):
            return None
        error = {"code": "unauthorized", "message": "The service token is missing.", "detail": {}}
        return response.json({"error": error}, status=401)


def _turn_processor(app: Sanic) -> TurnProcessor:
    """Rasa's loaded processor, taken over.

    Raises:
        RasaException: there is no model, or endpoints.yml names another tracker store, which would
            lose what was promised.
    """
    loaded = app.ctx.agent.processor
    if loaded is None:
        raise RasaException("there is no model to run")
    store = loaded.tracker_store
    if isinstance(store, FailSafeTrackerStore):
        # It would go on with an empty dialogue when Redis cannot be read.
        store = store._tracker_store
    if not isinstance(store, WindowTrackerStore):
        raise RasaException("endpoints.yml: tracker_store must be WindowTrackerStore")
    remote_action.install()
    return TurnProcessor(loaded, store)


def _failure(status: int, code: Text, error: Exception) -> HTTPResponse:
    logger.warning("turn_failed code=%s error=%s %s", code, type(error).__name__, error)
    body = {"error": {"code": code, "message": "The turn was not taken.", "detail": {}}}
    return response.json(body, status=status)


def _turn(body: Dict[Text, Any]) -> Turn:
    text = body["payload"] or without_command(body["text"])
    conversation_id, dialogue = str(body["conversation_id"]), int(body["dialogue"])
    message = UserMessage(
        text,
        ReplyCollector(),
        f"{conversation_id}.{dialogue}",
        input_channel=AssistantChannel.name(),
        message_id=body["message_id"],
        metadata=body["trusted"],
    )
    message.parse_data = wordless(text, body["trusted"]["language"])
    return Turn(conversation_id, dialogue, body["message_id"], body["fence"], message)


# Of what stands directly before a number.
_SIGNS = ("$", "＄", "¥", "￥", "€", "£", "￡", "+")


def without_command(text: Text) -> Text:
    """A text that Rasa cannot read as `/intent{...}`: without the slashes and blanks in front.

    Whatever is not a letter or digit goes, up to the first one: Rasa strips blanks itself, and
    marks without width would hide a slash. The sign of an amount or of a phone number stays.
    """
    for index, character in enumerate(text):
        if character.isalnum():
            is_signed = character.isdecimal() and text[:index].endswith(_SIGNS)
            return text[index - is_signed :]
    return text.replace("/", " ").strip() or "?"


def wordless(text: Text, language: Text) -> Optional[Dict[Text, Any]]:
    """What is understood of a text without a letter or digit; None for one that the model reads."""
    if any(character.isalnum() for character in text):
        return None
    entity = {"entity": "language", "value": language.split("-")[0], "extractor": "door"}
    return {
        "text": text,
        "intent": _NOT_UNDERSTOOD,
        "entities": [entity, *emotion.entities(text)],
        "intent_ranking": [_NOT_UNDERSTOOD],
    }
