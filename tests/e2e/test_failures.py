"""Every part that dies has a named behaviour, and comes back by itself.

Each test waits until the system is whole again, so their order does not matter.
"""

import os
import signal
import threading
import uuid
from typing import Any

import httpx
import pytest

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(400)]


def child_pid(system: Any, name: str) -> int:
    """The process id of a part as it runs now; it changes with each restart."""
    return int(system.running["pids"][name])


@pytest.fixture
def kill(system: Any, wait_for: Any) -> Any:
    """Kill a part, and wait afterwards until the system is whole."""

    def kill_part(name: str) -> None:
        os.kill(child_pid(system, name), signal.SIGKILL)

    yield kill_part
    wait_for(system.ready, 120, "the system to be whole again")


def test_without_the_knowledge_base_the_shopper_hears_so_and_gets_a_way_on(
    visitor: Any, kill: Any
) -> None:
    kill("knowledge")
    assert "查不了" in visitor.say("运费怎么算")
    assert [b["title"] for b in visitor.last["replies"][0]["buttons"]] == ["转人工"]


def test_without_the_assistant_a_person_takes_over(visitor: Any, agent: Any, kill: Any) -> None:
    kill("assistant")
    said = visitor.say("where is my order")
    assert visitor.last["owner"] == "queued"
    assert "getting a person" in said
    ticket = agent.ticket_of(visitor.last["conversation_id"])
    assert ticket["reason"] == "assistant_down" and ticket["priority"] == "high"


def test_actions_that_are_back_within_a_turn_are_not_missed(visitor: Any, kill: Any) -> None:
    kill("actions")
    said = visitor.say("where is my order")
    # Back in time on a quiet machine; otherwise a person is asked.
    assert "Which order is it?" in said or "getting a person" in said


def test_without_the_actions_nobody_is_left_in_silence(
    system: Any, visitor: Any, wait_for: Any
) -> None:
    pid = child_pid(system, "actions")
    # It hangs: connections are taken and never answered.
    os.kill(pid, signal.SIGSTOP)
    try:
        said = visitor.say("where is my order")
    finally:
        os.kill(pid, signal.SIGCONT)
    assert "getting a person" in said
    assert visitor.last["owner"] == "queued"
    wait_for(system.ready, 60, "the actions to answer again")


def test_a_message_whose_gateway_dies_is_answered_once(
    system: Any, visitor: Any, kill: Any, wait_for: Any
) -> None:
    message_id = uuid.uuid4().hex

    def send() -> None:
        try:
            visitor.post(text="谢谢", message_id=message_id)
        except httpx.HTTPError:
            return

    sending = threading.Thread(target=send)
    sending.start()
    kill("gateway")
    sending.join(30)
    wait_for(system.ready, 60, "the gateway to be back")
    # As a real client would: the same message again, until it is answered.
    response = visitor.post(text="谢谢", message_id=message_id)
    assert response.status_code == 200, response.text
    said = visitor.history()
    assert [entry["from"] for entry in said] == ["shopper", "bot"]


def test_what_was_accepted_survives_a_killed_redis(
    system: Any, visitor: Any, kill: Any, wait_for: Any
) -> None:
    visitor.say("谢谢")
    before = visitor.history()
    kill("redis")

    def whole() -> bool:
        response = visitor.http.get("/v1/messages")
        # While it is away: a clear 503, never a stack trace.
        assert response.status_code in (200, 503), response.text
        if response.status_code == 503:
            assert response.json()["error"]["code"] == "storage_unavailable"
        return response.status_code == 200

    wait_for(whole, 30, "redis to be back")
    assert visitor.history() == before
    wait_for(system.ready, 60, "the system to be whole")
    assert "不客气" in visitor.say("谢谢")
