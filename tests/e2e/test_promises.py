"""A promise in the running system: the shopper hears of it unasked, the desk if it is broken."""

import sqlite3
import uuid
from datetime import datetime, timedelta, timezone
from typing import Any, Callable, Dict, Iterator, List, Optional

import pytest

_COLUMNS = "id, kind, reference, order_number, actor, conversation_id, made_at, due_at, state"


@pytest.fixture
def promise(system: Any) -> Iterator[Callable[..., str]]:
    """Write a promise into the shop's database behind everybody's back; forgotten at the end."""
    database, made = system.data_dir / "shop.db", []

    def write(shopper: Any, actor: str, *, due_in: float) -> str:
        now = datetime.now(timezone.utc).replace(tzinfo=None)
        made.append(f"CB{uuid.uuid4().hex}")
        conversation = shopper.last["conversation_id"]
        days = [str(now + timedelta(days=days)) for days in (-3, due_in)]
        row = (made[-1], "call_back", made[-1], "XE20260002", actor, conversation, *days, "open")
        with sqlite3.connect(database) as connection:
            connection.execute(f"INSERT INTO promises ({_COLUMNS}) VALUES (?,?,?,?,?,?,?,?,?)", row)
        return made[-1]

    yield write
    with sqlite3.connect(database) as connection:
        connection.executemany("DELETE FROM promises WHERE id = ?", [(one,) for one in made])


@pytest.fixture
def told(agent: Any) -> Callable[[str], Optional[Dict[str, Any]]]:
    """The open ticket on which the desk sees that a promise was broken."""

    def ticket(reference: str) -> Optional[Dict[str, Any]]:
        tickets: List[Dict[str, Any]] = agent.http.get("/v1/desk/tickets").json()["tickets"]
        broken = ((t, fact) for t in tickets for fact in t["facts"].get("broken_promises", []))
        return next((t for t, fact in broken if fact["reference"] == reference), None)

    return ticket


@pytest.mark.parametrize(("text", "expected"), [("你好", "给你打电话"), ("hello", "will call you")])
def test_who_comes_back_hears_what_was_promised(
    visitor: Any, promise: Any, text: str, expected: str
) -> None:
    assert expected not in visitor.say(text)
    promise(visitor, _actor(visitor), due_in=2)
    assert expected in visitor.say(text)
    # Once in a dialogue is enough.
    assert expected not in visitor.say(text)


def test_a_broken_promise_comes_to_the_desk_while_the_assistant_goes_on(
    visitor: Any, promise: Any, told: Any, agent: Any, wait_for: Any
) -> None:
    visitor.say("运费多少")
    reference = promise(visitor, _actor(visitor), due_in=-1)
    ticket = wait_for(lambda: told(reference), 20, "the desk to hear of the broken promise")
    assert (ticket["reason"], ticket["priority"]) == ("broken_promise", "high")
    assert ticket["is_notice"] and ticket["state"] == "queued"
    assert "运费" not in visitor.say("谢谢") and visitor.last["owner"] == "bot"
    assert agent.do(ticket["ticket"], "close").status_code == 200
    assert told(reference) is None
    assert visitor.say("再见") and visitor.last["owner"] == "bot"


def test_an_agent_takes_it_up_with_the_shopper(
    visitor: Any, promise: Any, told: Any, agent: Any, wait_for: Any
) -> None:
    visitor.say("hello")
    reference = promise(visitor, _actor(visitor), due_in=-1)
    ticket = wait_for(lambda: told(reference), 20, "the desk to hear of the broken promise")
    assert agent.do(ticket["ticket"], "take").status_code == 200
    words = {"message_id": uuid.uuid4().hex, "text": "Sorry that nobody called you."}
    assert agent.do(ticket["ticket"], "messages", **words).status_code == 201
    assert visitor.history()[-1]["text"] == words["text"]
    assert agent.do(ticket["ticket"], "close").status_code == 200


def _actor(visitor: Any) -> str:
    import jwt

    claims = jwt.decode(visitor.token, options={"verify_signature": False})
    return f"visitor:{claims['sub']}"
