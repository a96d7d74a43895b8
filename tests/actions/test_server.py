"""The action server over real HTTP on loopback: what it runs, and how it refuses."""

import json
import shutil
import threading
import time
import zlib
from collections import Counter
from contextlib import asynccontextmanager
from inspect import isabstract
from pathlib import Path
from typing import Any, AsyncIterator, Callable, Dict, Iterator, List

import httpx
import pytest
import uvicorn
from rasa_sdk import Action
from rasa_sdk.executor import ActionExecutor
from rasa_sdk.interfaces import ActionExecutionRejection
from rasa_sdk.utils import all_subclasses

from actions import services
from actions.server import ActionServer
from actions.services import Services
from actions.settings import ActionsSettings
from shop import ShopSettings

TOKEN = "a service token for tests"
# What must never come back in an error.
WORDS = "我住在人民路八号 my door code is 4711"


def refuse(dispatcher: Any, tracker: Any, domain: Any) -> None:
    raise ActionExecutionRejection("action_refusing", "not now")


def fail(dispatcher: Any, tracker: Any, domain: Any) -> None:
    raise ValueError(f"cannot read {tracker.latest_message['text']}")


def echo(dispatcher: Any, tracker: Any, domain: Any) -> List[Dict[str, Any]]:
    dispatcher.utter_message(response="utter_echo", title=tracker.latest_message["text"])
    return [{"event": "slot", "timestamp": None, "name": "note", "value": domain.get("version")}]


def executor() -> ActionExecutor:
    """All actions of the package, and three that only a test needs."""
    made = ActionExecutor()
    made.register_package("actions")
    for function in (refuse, fail, echo):
        made.register_function(f"action_{function.__name__}", function)
    return made


def call(action: str) -> Dict[str, Any]:
    """An action call as Rasa sends it."""
    trusted = {
        "identity": {"customer_id": "C1001", "visitor_id": None},
        "language": "zh-Hans",
        "message_id": "m-1",
        "conversation_id": "c-1",
        "text": WORDS,
    }
    latest = {"text": WORDS, "intent": {"name": "track_order"}, "entities": []}
    tracker = {
        "sender_id": "c-1.1",
        "slots": {"order_number": "XE20260001"},
        "latest_message": latest,
        "events": [
            {"event": "user", "timestamp": time.time(), "metadata": trusted, "parse_data": latest}
        ],
        "active_loop": {},
    }
    return {"next_action": action, "sender_id": "c-1.1", "tracker": tracker, "version": "3.6.21"}


class Running:
    """A server on a free port, and the file of its shop."""

    def __init__(self, seeded: Path, folder: Path, neighbour_url: str) -> None:
        self.database = folder / "shop.db"
        shutil.copyfile(seeded, self.database)
        self.opened: List[Services] = []
        self.ended: List[Services] = []
        self._settings = ActionsSettings(
            service_token=TOKEN, gateway_url=neighbour_url, knowledge_url=neighbour_url
        )
        app = ActionServer(executor(), self._services, service_token=TOKEN)
        config = uvicorn.Config(app, port=0, log_level="error", lifespan="on", ws="none")
        self.server = uvicorn.Server(config)
        self.thread = threading.Thread(target=self.server.run)

    @asynccontextmanager
    async def _services(self) -> AsyncIterator[Services]:
        shop = ShopSettings.construct(database_url=f"sqlite:///{self.database}")
        async with services.opened(self._settings, shop) as found:
            self.opened.append(found)
            yield found
        self.ended.append(found)

    @property
    def url(self) -> str:
        """Where it listens."""
        return "http://127.0.0.1:%d" % self.server.servers[0].sockets[0].getsockname()[1]

    def stop(self) -> None:
        """Ask it to end, and wait."""
        self.server.should_exit = True
        self.thread.join(10)


@pytest.fixture(scope="module")
def running(
    seeded_file: Path,
    tmp_path_factory: pytest.TempPathFactory,
    _neighbour: Any,
    wait_for: Callable[..., Any],
) -> Iterator[Running]:
    started = Running(seeded_file, tmp_path_factory.mktemp("server"), _neighbour.url)
    started.thread.start()
    wait_for(lambda: started.server.started, 20, "the server")
    yield started
    started.stop()


@pytest.fixture
def client(running: Running) -> Iterator[httpx.Client]:
    headers = {"Authorization": f"Bearer {TOKEN}"}
    # Another test may have installed its own meanwhile.
    services.install(running.opened[0])
    with httpx.Client(base_url=running.url, headers=headers) as opened:
        yield opened


def test_no_action_stands_in_for_another_of_its_name() -> None:
    executor()
    concrete = [each for each in all_subclasses(Action) if not isabstract(each)]
    ours = [each for each in concrete if each.__module__.startswith("actions.")]
    names = Counter(each().name() for each in ours)
    assert [name for name, times in names.items() if times > 1] == []


@pytest.mark.parametrize("path", ["/webhook", "/health", "/actions", "/", "/x"])
@pytest.mark.parametrize(
    "headers",
    [{}, {"Authorization": "Bearer wrong"}, {"Authorization": TOKEN}, {"Authorization": "Bearer"}],
)
def test_nobody_gets_anything_without_the_token(
    running: Running, path: str, headers: Dict[str, str]
) -> None:
    for method in ("GET", "POST"):
        response = httpx.request(
            method, running.url + path, headers=headers, json=call("action_echo")
        )
        assert response.status_code == 401
        assert response.json()["error"]["code"] == "unauthorized"
        assert WORDS not in response.text


def test_it_says_that_it_would_run_an_action(client: httpx.Client) -> None:
    assert client.get("/health").json() == {"status": "ok"}


@pytest.mark.parametrize(("method", "path"), [("GET", "/webhook"), ("GET", "/x"), ("POST", "/")])
def test_there_is_nothing_else(client: httpx.Client, method: str, path: str) -> None:
    assert client.request(method, path).status_code == 404


def test_rasa_gets_what_the_action_said_and_set(client: httpx.Client) -> None:
    response = client.post("/webhook", json={**call("action_echo"), "domain": {"version": "3.1"}})
    assert response.status_code == 200
    assert response.headers["Content-Type"] == "application/json"
    assert response.json() == {
        "events": [{"event": "slot", "timestamp": None, "name": "note", "value": "3.1"}],
        "responses": [
            {
                "text": None,
                "buttons": [],
                "elements": [],
                "custom": {},
                "template": "utter_echo",
                "response": "utter_echo",
                "image": None,
                "attachment": None,
                "title": WORDS,
            }
        ],
    }


def test_an_action_of_ours_reaches_the_shop(client: httpx.Client) -> None:
    body = client.post("/webhook", json=call("action_tell_order_status")).json()
    said = body["responses"][0]
    assert said["response"].startswith("utter_orders_status_shipped")
    assert said["order_number"] == "XE20260001"


def test_a_compressed_call_is_the_same_call(client: httpx.Client) -> None:
    plain = client.post("/webhook", json=call("action_echo"))
    deflated = client.post(
        "/webhook",
        content=zlib.compress(json.dumps(call("action_echo")).encode()),
        headers={"Content-Encoding": "deflate"},
    )
    assert (deflated.status_code, deflated.json()) == (200, plain.json())


def test_a_rejection_is_told_as_rasa_knows_it(client: httpx.Client) -> None:
    response = client.post("/webhook", json=call("action_refuse"))
    assert response.status_code == 400
    assert response.json() == {"error": "not now", "action_name": "action_refusing"}


def test_an_unknown_action_is_named(client: httpx.Client) -> None:
    response = client.post("/webhook", json=call("action_unheard_of"))
    assert response.status_code == 404
    assert response.json() == {
        "error": "No registered action found for name 'action_unheard_of'.",
        "action_name": "action_unheard_of",
    }


def test_an_action_that_breaks_repeats_nothing_of_the_call(client: httpx.Client) -> None:
    response = client.post("/webhook", json=call("action_fail"))
    assert response.status_code == 500
    assert response.json() == {"error": "The action failed.", "action_name": "action_fail"}
    # And the next one is served.
    assert client.post("/webhook", json=call("action_echo")).status_code == 200


@pytest.mark.parametrize(
    ("body", "headers"),
    [
        (b"", {}),
        (b"not json", {}),
        (b"null", {}),
        (b"[1]", {}),
        (b"\xff\xfe", {}),
        (b"{}", {"Content-Encoding": "deflate"}),
    ],
)
def test_a_body_that_is_no_call_is_refused(
    client: httpx.Client, body: bytes, headers: Dict[str, str]
) -> None:
    response = client.post("/webhook", content=body, headers=headers)
    assert response.status_code == 400
    assert response.json() == {"error": "Invalid body request"}


def test_what_it_opened_is_closed_when_it_stops(
    seeded_file: Path, tmp_path: Path, neighbour: Any, wait_for: Callable[..., Any]
) -> None:
    brief = Running(seeded_file, tmp_path, neighbour.url)
    brief.thread.start()
    wait_for(lambda: brief.server.started, 20, "the server")
    headers = {"Authorization": f"Bearer {TOKEN}"}
    httpx.post(f"{brief.url}/webhook", json=call("action_tell_order_status"), headers=headers)
    assert len(list(tmp_path.glob("shop.db*"))) > 1
    brief.stop()
    assert brief.ended == brief.opened
    assert [path.name for path in tmp_path.glob("shop.db*")] == ["shop.db"]
