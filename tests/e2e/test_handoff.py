"""A person takes over, answers, and gives back; the assistant is silent meanwhile."""

import json
import threading
from typing import Any, Dict, List

import httpx
import pytest

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(400)]


def listen(shopper: Any, until: str) -> "tuple[threading.Thread, List[Dict[str, Any]]]":
    """Collect the shopper's server-sent events until one's data contains a text."""
    events: List[Dict[str, Any]] = []

    def read() -> None:
        with shopper.http.stream("GET", "/v1/events", timeout=30) as stream:
            kind = ""
            for line in stream.iter_lines():
                if line.startswith("event:"):
                    kind = line.partition(":")[2].strip()
                elif line.startswith("data:"):
                    data = json.loads(line.partition(":")[2])
                    events.append({"kind": kind, "data": data})
                    if until in str(data.get("text")):
                        return

    thread = threading.Thread(target=read, daemon=True)
    thread.start()
    return thread, events


@pytest.mark.parametrize(
    ("ask", "question", "answer"),
    [("转人工", "我的快递到哪了", "订单号"), ("I want a human", "where is my order", "order")],
)
def test_a_person_takes_over_and_gives_back(
    visitor: Any, agent: Any, wait_for: Any, ask: str, question: str, answer: str
) -> None:
    visitor.say(ask)
    assert visitor.last["owner"] == "queued"
    assert visitor.last["replies"][0]["from"] == "system"
    conversation_id = visitor.last["conversation_id"]
    ticket = agent.ticket_of(conversation_id)
    assert ticket["state"] == "queued" and ask in ticket["summary"]

    assert agent.do(ticket["ticket"], "take").status_code == 200
    thread, events = listen(visitor, until="agent's words")
    wait_for(lambda: events, 10, "the stream to open")
    sent = {"message_id": "a-1", "text": "These are the agent's words, 你好"}
    assert agent.do(ticket["ticket"], "messages", **sent).status_code == 201
    assert agent.do(ticket["ticket"], "messages", **sent).status_code == 201
    thread.join(10)
    said = [e["data"] for e in events if e["kind"] == "reply" and e["data"]["from"] == "agent"]
    assert [words["text"] for words in said] == [sent["text"]]

    assert visitor.say(question) == ""
    assert visitor.last["owner"] == "human"
    transcript = agent.http.get(f"/v1/desk/tickets/{ticket['ticket']}").json()["transcript"]
    assert transcript[-1]["text"] == question

    assert agent.do(ticket["ticket"], "return").json()["state"] == "returned"
    assert answer in visitor.say(question)
    assert visitor.last["owner"] == "bot"


def test_the_handoff_endpoint_needs_its_token_and_acts_once(system: Any, visitor: Any) -> None:
    visitor.say("你好")
    body = {"conversation_id": visitor.last["conversation_id"], "reason": "test", "skill": "zh"}
    url = f"{system.url}/v1/handoffs"
    assert httpx.post(url, json=body).status_code == 401
    headers = {"Authorization": f"Bearer {system.secrets['service_token']}"}
    assert httpx.post(url, json=body, headers=headers).status_code == 400
    headers["Idempotency-Key"] = "e2e-once"
    first = httpx.post(url, json=body, headers=headers)
    again = httpx.post(url, json=body, headers=headers)
    assert first.status_code == 201
    assert {"handoff_id", "state", "position", "eta_seconds", "ticket"} <= set(first.json())
    assert again.json()["ticket"] == first.json()["ticket"]
    other = httpx.post(url, json={**body, "reason": "other"}, headers=headers)
    assert other.status_code == 409


def test_only_the_agent_who_has_the_conversation_may_answer(visitor: Any, agent: Any) -> None:
    visitor.say("转人工")
    ticket = agent.ticket_of(visitor.last["conversation_id"])["ticket"]
    refused = agent.do(ticket, "messages", message_id="early", text="too early")
    assert refused.status_code == 409
    assert refused.json()["error"]["code"] == "not_your_conversation"
    agent.do(ticket, "take")
    assert agent.do(ticket, "close").json()["state"] == "closed"
    assert "你好" in visitor.say("你好")


def test_a_typed_yes_after_an_honest_do_not_know_gets_a_person(visitor: Any) -> None:
    visitor.say("how many giraffes fit into a violin sonata")
    visitor.say("yes please")
    assert visitor.last["owner"] == "queued"


def test_the_desk_is_closed_to_strangers(system: Any) -> None:
    for path in ("tickets", "session", "events"):
        assert httpx.get(f"{system.url}/v1/desk/{path}").status_code == 401
    wrong = {"name": system.agent["name"], "password": "wrong"}
    assert httpx.post(f"{system.url}/v1/desk/session", json=wrong).status_code == 401
