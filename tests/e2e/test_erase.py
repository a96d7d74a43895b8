"""What a customer said is in the copy, and nowhere after the erasure: not in Redis, in no file."""

import json
import os
import subprocess
import sys
import threading
import uuid
from pathlib import Path
from typing import Any, Dict, List

import httpx
import pytest
import redis as sync_redis

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(400)]

ROOT = Path(__file__).resolve().parents[2]
# Chat, not a customer's record: what the customer said, and what was said and noted about it.
SAID = ["kanarie-asked", "金丝雀问题", "kanarie-waits", "kanarie-giraffes"]
NOTED = ["kanarie-summary", "kanarie-fact", "kanarie-answer", "kanarie-comment", "kanarie-message"]
# A customer that no other test uses.
CUSTOMER = "C1004"


def bot(system: Any, *arguments: str) -> "subprocess.CompletedProcess[str]":
    """A command as an operator runs it beside the running system."""
    return subprocess.run(
        [sys.executable, "-m", "bot", *arguments],
        cwd=ROOT,
        env={**os.environ, "DATA_DIR": str(system.data_dir)},
        capture_output=True,
        text=True,
        encoding="utf-8",
        timeout=60,
    )


def in_redis(system: Any) -> str:
    """Every key of Redis with its whole value, and its log of slow commands."""
    client: Any = sync_redis.Redis.from_url(system.running["redis_url"], decode_responses=True)
    read = {
        "string": client.get,
        "hash": client.hgetall,
        "list": lambda key: client.lrange(key, 0, -1),
        "set": lambda key: sorted(client.smembers(key)),
        "zset": lambda key: client.zrange(key, 0, -1, withscores=True),
        "stream": client.xrange,
    }
    with client:
        # A key may run out in between.
        held = {key: read.get(client.type(key), len)(key) for key in client.scan_iter()}
        return json.dumps([held, client.slowlog_get()], ensure_ascii=False, default=str)


def in_files(system: Any, words: List[str]) -> List[str]:
    """Files of the installation that hold one of these words, the shop's database among them.

    Only the note of a return is chat that goes there, and stays with it; nothing is returned here.
    """
    found = []
    for path in sorted(Path(system.data_dir).rglob("*")):
        if path.is_file():
            content = path.read_bytes()
            found += [f"{path.name}: {word}" for word in words if word.encode() in content]
    return found


@pytest.fixture
def said(system: Any, customer: Any, agent: Any) -> Dict[str, Any]:
    """A customer's conversation with the canaries in every place where something may be told."""
    shopper = customer(CUSTOMER)
    shopper.say("你好")
    shopper.say(f"where is my order {SAID[0]}")
    shopper.say(f"how many {SAID[3]} fit into a violin sonata")
    shopper.say(f"{SAID[1]} 怎么退货")
    conversation_id = shopper.last["conversation_id"]
    shopper.post(text="谢谢", message_id="kanarie-message")
    handoff = {
        "conversation_id": conversation_id,
        "reason": "test",
        "summary": "kanarie-summary",
        "facts": {"note": "kanarie-fact"},
    }
    headers = {
        "Authorization": f"Bearer {system.secrets['service_token']}",
        "Idempotency-Key": uuid.uuid4().hex,
    }
    made = httpx.post(f"{system.url}/v1/handoffs", json=handoff, headers=headers)
    ticket = made.json()["ticket"]
    assert agent.do(ticket, "take").status_code == 200
    answer = {"message_id": uuid.uuid4().hex, "text": "kanarie-answer"}
    assert agent.do(ticket, "messages", **answer).status_code == 201
    shopper.say(SAID[2])
    rating = {"csat": 2, "comment": "kanarie-comment"}
    assert shopper.http.post("/v1/feedback", json=rating).status_code == 204
    return {"shopper": shopper, "conversation_id": conversation_id, "ticket": ticket}


def test_everything_is_in_the_copy_and_nothing_is_left_after_the_erasure(
    system: Any, visitor: Any, agent: Any, said: Any
) -> None:
    words = [*SAID, *NOTED, said["conversation_id"]]
    visitor.say("somebody else's 乌鸦")
    before = in_redis(system)
    assert [word for word in words if word not in before] == []

    copied = bot(system, "export", "--customer", CUSTOMER)
    assert copied.returncode == 0, copied.stderr
    copy = json.loads(copied.stdout)
    text = json.dumps(copy, ensure_ascii=False)
    assert [word for word in words if word not in text] == []
    assert copy["dialogues"] and copy["tickets"] and "乌鸦" not in text
    # Redis's append-only file; so the search of the files can find something.
    assert in_files(system, [SAID[0]]) != []
    # What the knowledge base was asked lies in a file of its own.
    asked = [question["text"] for question in copy["questions"]]
    assert any(SAID[3] in text for text in asked)
    assert any(found.startswith("questions.db") for found in in_files(system, [SAID[3]]))

    erased = bot(system, "erase", "--customer", CUSTOMER)
    assert erased.returncode == 0, erased.stderr
    assert "was rewritten" in erased.stdout and "three years" in erased.stdout

    after = in_redis(system)
    assert [word for word in words[:-1] if word in after] == []
    assert in_files(system, words[:-1]) == []
    assert said["shopper"].history() == []
    assert agent.ticket_of(said["conversation_id"]) is None
    assert agent.http.get(f"/v1/desk/tickets/{said['ticket']}").status_code == 404
    assert [entry["text"] for entry in visitor.history()][0] == "somebody else's 乌鸦"

    again = bot(system, "export", "--customer", CUSTOMER)
    assert again.returncode == 0 and "Nothing is kept" in again.stderr
    assert json.loads(again.stdout)["transcript"] == []


def test_the_customer_is_answered_afterwards_in_a_fresh_conversation(
    system: Any, said: Any
) -> None:
    assert bot(system, "erase", "--customer", CUSTOMER).returncode == 0
    shopper = said["shopper"]
    assert shopper.say("谢谢") != ""
    assert shopper.last["owner"] == "bot"
    assert [entry["from"] for entry in shopper.history()] == ["shopper", "bot"]


def test_a_shopper_who_goes_on_writing_meanwhile_loses_nothing_that_was_said_afterwards(
    system: Any, visitor: Any, wait_for: Any
) -> None:
    words: List[str] = []
    outcomes: List[int] = []
    begun, over = threading.Event(), threading.Event()

    def send(word: str) -> None:
        """As a real client: the same message again until it is taken."""

        def taken() -> bool:
            response = visitor.post(text=f"thanks {word}", message_id=word, wait=10)
            outcomes.append(response.status_code)
            return response.status_code in (200, 202)

        wait_for(taken, 30, f"{word} to be taken")

    def write() -> None:
        while not over.is_set():
            words.append(f"rabe-{len(words):04}")
            send(words[-1])
            begun.set()

    visitor.say("谢谢 rabe-before")
    conversation_id = visitor.last["conversation_id"]
    writing = threading.Thread(target=write)
    writing.start()
    assert begun.wait(30)
    erased = bot(system, "erase", "--conversation", conversation_id)
    over.set()
    writing.join(60)
    assert erased.returncode == 0, erased.stderr
    assert not writing.is_alive() and {200, 503} <= set(outcomes) <= {200, 202, 429, 503}

    # Whoever wrote so much is asked to wait a moment, and the client does.
    send("rabe-last")
    said = visitor.history()
    kept = [e["text"].split()[-1] for e in said if e["from"] == "shopper"][:-1]
    # Everything from some message on, in order, each answered; of those before it, nothing.
    assert 0 < len(kept) < len(words) and kept == words[len(words) - len(kept) :]
    assert [e["from"] for e in said] == ["shopper", "bot"] * (len(kept) + 1)
    held = in_redis(system)
    assert [word for word in words if word in held] == kept and "rabe-before" not in held
