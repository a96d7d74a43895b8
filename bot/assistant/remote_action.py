"""Calls to the action server: over connections that stay open, within three seconds.

Rasa's own call opens a connection each time, waits up to five minutes, checks the answer against a
JSON schema that it checks anew as well (half of a turn's time), and goes on without a word when it
fails. Here a failure fails the turn: nothing of it is stored, and the gateway sends it again.
"""

import asyncio
import json
from typing import Any, Dict, List, Optional, Text

import aiohttp
import rasa.core.actions.action
import rasa.core.actions.forms
from rasa.core.actions.action import ActionExecutionRejection, RemoteAction
from rasa.shared.core.events import Event
from rasa.utils.endpoints import EndpointConfig

from bot.assistant.turn_start import load_event

ACTION_SECONDS = 3.0


class ActionFailed(Exception):
    """The action server is down or slow, or answered what is not an answer."""


class ActionServer(EndpointConfig):
    """The endpoint of endpoints.yml with one connection pool."""

    def __init__(self, endpoint: EndpointConfig) -> None:
        super().__init__()
        self.__dict__.update(endpoint.__dict__)
        self._session: Optional[aiohttp.ClientSession] = None

    async def call(self, body: Dict[Text, Any]) -> Dict[Text, Any]:
        """One action's answer.

        Raises:
            ActionExecutionRejection: the action refused to run.
            ActionFailed: no proper answer in time.
        """
        if self._session is None:
            self._session = aiohttp.ClientSession(
                headers={**self.headers, "Content-Type": "application/json"},
                timeout=aiohttp.ClientTimeout(total=ACTION_SECONDS),
                # Bounded by the turns that the gateways have under way at once.
                connector=aiohttp.TCPConnector(limit=0, keepalive_timeout=30),
            )
        try:
            async with self._session.post(str(self.url), data=json.dumps(body)) as response:
                answer = await response.json(content_type=None)
                status = response.status
        except (aiohttp.ClientError, asyncio.TimeoutError, ValueError) as error:
            raise ActionFailed(type(error).__name__) from error
        if status == 400 and isinstance(answer, dict) and "action_name" in answer:
            raise ActionExecutionRejection(answer["action_name"], answer.get("error"))
        if status != 200 or not isinstance(answer, dict):
            raise ActionFailed(f"status {status}")
        return answer

    async def close(self) -> None:
        """Close the connections."""
        if self._session is not None:
            await self._session.close()


class ActionCall(RemoteAction):
    """An action of the action server."""

    async def run(self, output_channel: Any, nlg: Any, tracker: Any, domain: Any) -> List[Event]:
        """See parent class for the full docstring."""
        if not isinstance(self.action_endpoint, ActionServer):
            return await super().run(output_channel, nlg, tracker, domain)
        answer = await self.action_endpoint.call(self._action_call_format(tracker, domain))
        try:
            events = [load_event(event) for event in answer.get("events") or []]
            responses = list(answer.get("responses") or [])
            uttered = await self._utter_responses(responses, output_channel, nlg, tracker)
        except (TypeError, AttributeError, KeyError, ValueError) as error:
            raise ActionFailed(f"no proper answer: {type(error).__name__}") from error
        return [*uttered, *events]


def install() -> None:
    """Let Rasa make `ActionCall`s: forms and slots make their own, and take no other."""
    rasa.core.actions.action.RemoteAction = ActionCall  # type: ignore[misc]
    rasa.core.actions.forms.RemoteAction = ActionCall  # type: ignore[attr-defined]
