"""What shoppers tell about themselves reaches no log, no output and no figure, whatever happens.

Invented data is sent in every way there is, also where it is refused or makes a part fail; then
everything that the running system wrote about itself is searched for it.
"""

import json
import os
import re
import signal
import uuid
from typing import Any, Callable, Dict, Iterator, List
from urllib.parse import quote

import httpx
import pytest
import redis as sync_redis

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(400)]

CANARIES = {
    "zh": {
        "phone": "13987654321",
        "landline": "0571-86421357",
        "id_card": "440308199901101512",
        "bank_card": "6222021234567894",
        "email": "canary.lin@example.com",
        "address": "浙江省杭州市西湖区文三路478号3栋2单元501室",
    },
    "en": {
        "phone": "+44 20 7946 0958",
        "mobile": "+1 (415) 555-0132",
        "id_card": "11010519491231002X",
        "bank_card": "4111 1111 1111 1111",
        "email": "emma.canary@example.co.uk",
        "address": "221B Baker Street, London NW1 6XE",
    },
}
SENTENCES = {
    "zh": "我的{what}是{canary}，请帮我改一下",
    "en": "please change my {what} to {canary} now",
}
ALL = [canary for canaries in CANARIES.values() for canary in canaries.values()]


def sentences(language: str) -> List[str]:
    """One sentence for each canary, and one with all of them."""
    canaries = CANARIES[language]
    each = [SENTENCES[language].format(what=w, canary=c) for w, c in canaries.items()]
    return [*each, SENTENCES[language].format(what="data", canary=" / ".join(canaries.values()))]


def forms(canary: str) -> Iterator[str]:
    """A canary as it stands, as its digits alone, and as Python, JSON and a URL write it."""
    yield canary
    yield json.dumps(canary)[1:-1]
    yield repr(canary.encode())[2:-1]
    yield quote(canary)
    yield quote(canary, safe="")
    digits = re.sub(r"[ ()+-]", "", canary)
    if re.fullmatch("[0-9]{8,}X?", digits):
        yield digits


def written(system: Any) -> Dict[str, str]:
    """Everything that the system wrote about itself, by where it stands."""
    logs = (system.data_dir / "log").iterdir()
    found = {log.name: log.read_text(encoding="utf-8", errors="replace") for log in logs}
    found["output"] = "".join(system.output)
    found["metrics"] = httpx.get(f"{system.url}/metrics").text
    return found


def assert_no_canary(system: Any) -> None:
    for name, content in written(system).items():
        for canary in ALL:
            for form in forms(canary):
                assert form not in content, f"{form} is in {name}"


@pytest.fixture
def store(system: Any) -> Iterator[Any]:
    """The system's own Redis."""
    client = sync_redis.Redis.from_url(system.running["redis_url"], decode_responses=True)
    yield client
    client.close()


@pytest.mark.parametrize("language", ["zh", "en"])
def test_what_is_answered(system: Any, visitor: Any, language: str) -> None:
    for sentence in sentences(language):
        assert visitor.post(text=sentence).status_code == 200
    # Kept where it belongs: in the conversation.
    said = " ".join(entry["text"] for entry in visitor.history())
    assert all(canary in said for canary in CANARIES[language].values())
    assert_no_canary(system)


@pytest.mark.parametrize("language", ["zh", "en"])
def test_what_is_refused(system: Any, visitor: Any, language: str) -> None:
    everything = sentences(language)[-1]
    content = json.dumps({"message_id": "1", "text": everything})
    posts: List[Dict[str, Any]] = [
        {"json": {"message_id": "1", "text": everything * 100}},
        {"json": {"message_id": "1", "text": f"{everything}\x07"}},
        {"json": {"message_id": everything, "text": "hi"}},
        {"json": {"message_id": "1", "payload": everything}},
        {"json": {"message_id": {"text": everything}, "text": [everything]}},
        {"json": {"message_id": "1", "text": "hi", "conversation_id": everything}},
        {"content": content[:-1].encode()},
        {"content": content.encode() + b"\xff"},
        {"data": {"text": everything}},
        {"json": {"text": everything}, "params": {"wait": everything}},
    ]
    for request in posts:
        response = visitor.http.post("/v1/messages", **request)
        assert 400 <= response.status_code < 500, response.text
    refused = [
        visitor.http.get("/v1/messages", params={"after": everything}),
        visitor.http.get(f"/v1/{quote(everything)}"),
        visitor.http.post("/v1/feedback", json={"reply_seq": 1, "vote": everything}),
        visitor.http.post("/v1/desk/session", json={"name": everything, "password": everything}),
        visitor.http.post("/v1/handoffs", json={"conversation_id": everything}),
        httpx.get(
            f"{system.url}/v1/messages",
            headers={"Authorization": b"Bearer " + everything.encode()},
        ),
    ]
    for response in refused:
        assert 400 <= response.status_code < 500, response.text
    assert_no_canary(system)


def test_ids_of_the_shoppers_own_choice(system: Any, visitor: Any) -> None:
    for canary in ("13987654321", "canary.lin@example.com", "4111-1111-1111-1111"):
        assert visitor.post(text="谢谢", message_id=canary).status_code == 200
        assert visitor.post(text="你好", message_id=canary).status_code == 409
    assert_no_canary(system)


def test_what_people_at_the_desk_see_and_say(system: Any, visitor: Any, agent: Any) -> None:
    everything = sentences("zh")[-1]
    visitor.say("你好")
    conversation = visitor.last["conversation_id"]
    body = {
        "conversation_id": conversation,
        "reason": "test",
        "summary": everything,
        "facts": {"note": everything},
    }
    headers = {
        "Authorization": f"Bearer {system.secrets['service_token']}",
        "Idempotency-Key": uuid.uuid4().hex,
    }
    opened = visitor.http.post("/v1/handoffs", json=body, headers=headers)
    assert opened.status_code == 201, opened.text
    ticket = opened.json()["ticket"]
    agent.do(ticket, "take")
    answered = agent.do(ticket, "messages", message_id=uuid.uuid4().hex, text=everything)
    assert answered.status_code == 201, answered.text
    agent.do(ticket, "close")
    rated = visitor.http.post("/v1/feedback", json={"csat": 1, "comment": everything})
    assert rated.status_code == 204
    assert_no_canary(system)


@pytest.mark.parametrize("broken", ["buttons", "tracker"])
def test_a_turn_that_fails(
    system: Any, visitor: Any, store: Any, wait_for: Callable[..., Any], broken: str
) -> None:
    """Redis refuses what belongs to this conversation, in the gateway or in the assistant."""
    visitor.say("你好")
    conversation = visitor.last["conversation_id"]
    kept = [key for key in store.scan_iter(f"*{conversation}*") if f":{broken}" in key]
    assert kept
    for key in kept:
        store.delete(key)
        store.set(key, "not what it should be")
    before = written(system)
    everything = sentences("zh")[-1]
    # An answer to an angry shopper has buttons.
    visitor.post(text=f"{everything}，你们太差劲了，投诉", wait=0)

    def has_failed() -> bool:
        return any(
            text[len(before[name]) :].count("failed") for name, text in written(system).items()
        )

    wait_for(has_failed, 30, "the failure to be told in a log")
    for key in kept:
        store.delete(key)
    wait_for(lambda: visitor.history()[-1]["from"] != "shopper", 60, "the message's answer")
    assert_no_canary(system)


@pytest.mark.parametrize("part", ["assistant", "actions", "gateway"])
def test_a_part_that_dies_in_between(
    system: Any, visitor: Any, wait_for: Callable[..., Any], part: str
) -> None:
    message = {"text": sentences("en")[-1], "message_id": uuid.uuid4().hex}
    visitor.post(wait=0, **message)
    os.kill(int(system.running["pids"][part]), signal.SIGKILL)
    wait_for(system.ready, 180, "the system to be whole again")
    assert visitor.post(wait=30, **message).status_code == 200
    assert_no_canary(system)


def test_the_parts_write_into_their_logs_through_the_mask(system: Any) -> None:
    for name, pid in system.running["pids"].items():
        if os.path.exists(f"/proc/{pid}/fd/1"):
            assert os.readlink(f"/proc/{pid}/fd/1").startswith("pipe:"), name
            assert os.readlink(f"/proc/{pid}/fd/2").startswith("pipe:"), name
