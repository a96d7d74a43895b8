"""Calls to an action server on loopback that answers as it should, or not at all."""

import asyncio
import json

import pytest
import rasa.core.actions.forms
from aiohttp import web
from rasa.core.actions.action import ActionExecutionRejection, RemoteAction, action_for_name_or_text
from rasa.core.channels.channel import CollectingOutputChannel
from rasa.core.nlg import TemplatedNaturalLanguageGenerator
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActionExecuted, BotUttered, SlotSet, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker
from rasa.utils.endpoints import EndpointConfig

from bot.assistant import remote_action
from bot.assistant.remote_action import ActionCall, ActionFailed, ActionServer
from bot.supervisor.ports import free_ports

DOMAIN = Domain.from_yaml(
    """
version: "3.1"
intents: [track_order]
slots:
  language: {type: text, influence_conversation: false, mappings: [{type: custom}]}
  order_number: {type: text, influence_conversation: false, mappings: [{type: custom}]}
responses:
  utter_status:
    - condition: [{type: slot, name: language, value: en}]
      text: "{order_number} is on its way."
    - text: "{order_number} 在路上了。"
actions: [action_tell_status]
"""
)


class Server:
    """An action server that answers what it is told, and remembers what it was asked."""

    def __init__(self):
        (self.port,) = free_ports(1)
        self.url = f"http://127.0.0.1:{self.port}/webhook"
        self.answer = (200, json.dumps({"events": [], "responses": []}))
        self.asked = []
        self.connections = set()
        self.hang = False
        self._over = asyncio.Event()

    async def open(self):
        app = web.Application()
        app.router.add_post("/webhook", self._webhook)
        self._runner = web.AppRunner(app, shutdown_timeout=0.1)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", self.port).start()

    async def close(self):
        self._over.set()
        await self._runner.cleanup()

    async def _webhook(self, request):
        self.asked.append((await request.json(), request.headers.get("Authorization")))
        self.connections.add(request.transport)
        if self.hang:
            await self._over.wait()
        status, text = self.answer
        return web.Response(status=status, text=text)

    def says(self, **content):
        self.answer = (200, json.dumps(content))


@pytest.fixture
async def server():
    running = Server()
    await running.open()
    yield running
    await running.close()


@pytest.fixture
async def action_server(server):
    """Our end."""
    headers = {"Authorization": "Bearer a-service-token"}
    ours = ActionServer(EndpointConfig(server.url, headers=headers, enable_selective_domain=True))
    yield ours
    await ours.close()


@pytest.fixture
def run(action_server):
    """Run an action as Rasa would, in a dialogue of a language."""

    async def run_action(language="zh"):
        tracker = DialogueStateTracker("c_1.1", DOMAIN.slots)
        heard = UserUttered("我的快递到哪了", {"name": "track_order", "confidence": 0.9})
        for event in [ActionExecuted("action_listen"), heard, SlotSet("language", language)]:
            tracker.update(event)
        action = ActionCall("action_tell_status", action_server)
        nlg = TemplatedNaturalLanguageGenerator(DOMAIN.responses)
        return await action.run(CollectingOutputChannel(), nlg, tracker, DOMAIN)

    return run_action


@pytest.mark.parametrize(
    ("language", "text"), [("zh", "XE20260001 在路上了。"), ("en", "XE20260001 is on its way.")]
)
async def test_an_action_answers_with_wording_and_events(run, server, language, text):
    server.says(
        events=[{"event": "slot", "name": "order_number", "value": None, "timestamp": None}],
        responses=[{"response": "utter_status", "order_number": "XE20260001", "buttons": []}],
    )
    said, event = await run(language)
    assert isinstance(said, BotUttered)
    assert said.text == text
    assert said.metadata["utter_action"] == "utter_status"
    assert event == SlotSet("order_number", None)


async def test_the_call_says_who_asks_and_what_the_dialogue_knows(run, server):
    await run("en")
    ((body, authorization),) = server.asked
    assert authorization == "Bearer a-service-token"
    assert body["next_action"] == "action_tell_status"
    assert body["tracker"]["slots"]["language"] == "en"
    assert body["tracker"]["latest_message"]["text"] == "我的快递到哪了"
    assert [event["event"] for event in body["tracker"]["events"]] == ["action", "user", "slot"]
    # The action server knows its responses.
    assert "domain" not in body


async def test_calls_share_a_connection(run, server):
    for _ in range(5):
        await run()
    assert len(server.asked) == 5
    assert len(server.connections) == 1


async def test_calls_at_once_do_not_wait_for_each_other(run, server):
    await asyncio.gather(*(run() for _ in range(20)))
    assert len(server.asked) == 20


@pytest.mark.parametrize(
    "content",
    [{}, {"events": None, "responses": None}, {"events": []}, {"responses": []}],
    ids=json.dumps,
)
async def test_an_action_may_have_nothing_to_say(run, server, content):
    server.says(**content)
    assert await run() == []


async def test_an_action_may_refuse(run, server):
    server.answer = (400, json.dumps({"error": "not now", "action_name": "action_tell_status"}))
    with pytest.raises(ActionExecutionRejection, match="not now") as refused:
        await run()
    assert refused.value.action_name == "action_tell_status"


@pytest.mark.parametrize(
    ("status", "text"),
    [
        (500, '{"error": "a defect"}'),
        (500, "<html>"),
        (404, '{"error": "no such action", "action_name": "action_tell_status"}'),
        (401, '{"error": {"code": "unauthorized"}}'),
        (449, '{"error": "domain missing"}'),
        (400, '{"error": "what?"}'),
        (400, '["action_name"]'),
        (200, ""),
        (200, "null"),
        (200, "[]"),
        (200, "<html>it works!</html>"),
        (200, '{"events": [], "resp'),
        (200, '{"events": "slot", "responses": []}'),
        (200, '{"events": [1], "responses": []}'),
        (200, '{"events": 1, "responses": []}'),
        (200, '{"events": [{"name": "language"}], "responses": []}'),
        (200, '{"events": [{"event": "no such event"}], "responses": []}'),
        (200, '{"events": [{"event": "topic"}], "responses": []}'),
        (200, '{"events": [], "responses": "你好"}'),
        (200, '{"events": [], "responses": ["你好"]}'),
        (200, '{"events": [], "responses": 1}'),
        (200, '{"events": [], "responses": [{"buttons": 1}]}'),
    ],
)
async def test_what_is_no_proper_answer_fails_the_action(run, server, status, text):
    server.answer = (status, text)
    with pytest.raises(ActionFailed):
        await run()
    server.says(events=[], responses=[])
    assert await run() == []


async def test_an_action_that_takes_too_long_fails(run, server, monkeypatch):
    monkeypatch.setattr(remote_action, "ACTION_SECONDS", 0.2)
    server.hang = True
    with pytest.raises(ActionFailed, match="Timeout"):
        await run()
    server.hang = False
    assert await run() == []


async def test_an_action_server_that_is_away_fails_the_action_and_is_found_again(run, server):
    await run()
    await server.close()
    for _ in range(2):
        with pytest.raises(ActionFailed):
            await run()
    await server.open()
    assert await run() == []


def test_rasa_makes_our_calls_once_they_are_installed(action_server):
    remote_action.install()
    action = action_for_name_or_text("action_tell_status", DOMAIN, action_server)
    assert type(action) is ActionCall
    assert rasa.core.actions.forms.RemoteAction is ActionCall
    assert issubclass(ActionCall, RemoteAction)
