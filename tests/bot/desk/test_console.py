"""The console's API, as its page calls it."""

import asyncio
import json

import pytest

from bot.desk.agents import AgentBook
from bot.desk.console import COOKIE, live


@pytest.fixture
async def password(redis, quick_hash):
    return await AgentBook(redis).add("mei", ["zh", "returns"])


@pytest.fixture
async def signed_in(gateway, password):
    body = {"name": "mei", "password": password}
    response = await gateway.post("/v1/desk/session", json=body)
    assert response.status_code == 200
    return gateway


async def test_signing_in_and_out(gateway, password):
    body = {"name": "mei", "password": password}
    response = await gateway.post("/v1/desk/session", json=body)
    assert response.json() == {"agent": {"name": "mei", "skills": ["zh", "returns"]}}
    assert (await gateway.get("/v1/desk/session")).json() == response.json()

    cookie = dict(gateway.cookies)
    assert (await gateway.delete("/v1/desk/session")).status_code == 204
    # Also for somebody who kept the cookie.
    gateway.cookies.update(cookie)
    assert (await gateway.get("/v1/desk/session")).status_code == 401


async def test_no_script_and_no_other_site_gets_the_cookie(gateway, password):
    body = {"name": "mei", "password": password}
    cookie = (await gateway.post("/v1/desk/session", json=body)).headers["set-cookie"].lower()
    assert cookie.startswith(COOKIE)
    for part in ("httponly", "samesite=strict", "path=/v1/desk"):
        assert part in cookie


async def test_a_wrong_name_and_a_wrong_password_look_the_same(gateway, password):
    answers = []
    for name, given in (("mei", password + "x"), ("nobody", password)):
        body = {"name": name, "password": given}
        response = await gateway.post("/v1/desk/session", json=body)
        assert response.status_code == 401
        assert "set-cookie" not in response.headers
        answers.append(response.json())
    assert answers[0] == answers[1]


async def test_guessing_passwords_is_slow(gateway, password):
    body = {"name": "nobody", "password": "guess"}
    statuses = []
    while 429 not in statuses and len(statuses) < 20:
        response = await gateway.post("/v1/desk/session", json=body)
        statuses.append(response.status_code)
    assert statuses == [401] * 10 + [429]
    assert int(response.headers["Retry-After"]) > 0


CALLS = [
    ("GET", "session"),
    ("GET", "tickets"),
    ("GET", "tickets/T-1"),
    ("POST", "tickets/T-1/take"),
    ("POST", "tickets/T-1/messages"),
    ("POST", "tickets/T-1/typing"),
    ("POST", "tickets/T-1/return"),
    ("POST", "tickets/T-1/close"),
    ("GET", "events"),
    ("GET", "articles"),
    ("POST", "tickets/T-1/corrections"),
]


@pytest.mark.parametrize("cookies", [{}, {COOKIE: "forged"}])
async def test_who_is_not_signed_in_sees_and_does_nothing(gateway, cookies):
    gateway.cookies.update(cookies)
    for method, path in CALLS:
        bodies = {"messages": {"message_id": "a1"}, "corrections": {"reply_seq": 1}}
        last = path.rpartition("/")[2]
        body = {**bodies[last], "text": "hi"} if last in bodies else None
        asked = {"q": "hi"} if last == "articles" else None
        response = await gateway.request(method, f"/v1/desk/{path}", json=body, params=asked)
        assert response.status_code == 401, path
        assert response.json()["error"]["code"] == "not_signed_in", path


def test_the_table_above_names_all_calls(gateway):
    routes = {
        (method, route.path.replace("{ticket_id}", "T-1").replace("/v1/desk/", ""))
        for route in gateway._transport.app.routes
        if route.path.startswith("/v1/desk/")
        for method in route.methods
    }
    assert routes - set(CALLS) == {("POST", "session"), ("DELETE", "session")}


async def test_a_conversation_from_taking_to_closing(signed_in, opened, texts):
    ticket = await opened(language="zh-Hans")
    (listed,) = (await signed_in.get("/v1/desk/tickets")).json()["tickets"]
    assert (listed["ticket"], listed["state"], listed["position"]) == (ticket.ticket, "queued", 1)

    path = f"/v1/desk/tickets/{ticket.ticket}"
    taken = (await signed_in.post(f"{path}/take")).json()
    assert (taken["state"], taken["assigned_to"], taken["position"]) == ("assigned", "mei", None)

    said = await signed_in.post(f"{path}/messages", json={"message_id": "a1", "text": "在的"})
    assert said.status_code == 201
    whole = (await signed_in.get(path)).json()
    assert whole["transcript"][-1]["text"] == "在的"
    assert whole["transcript"][-1]["seq"] == said.json()["seq"]

    assert (await signed_in.post(f"{path}/close")).json()["state"] == "closed"
    assert (await signed_in.get("/v1/desk/tickets")).json() == {"tickets": []}
    assert ("agent", "在的") in await texts("c_1")


async def test_giving_back(signed_in, opened):
    path = f"/v1/desk/tickets/{(await opened()).ticket}"
    await signed_in.post(f"{path}/take")
    assert (await signed_in.post(f"{path}/return")).json()["state"] == "returned"
    assert (await signed_in.post(f"{path}/return")).status_code == 409


async def test_what_another_agent_has_is_refused(signed_in, desk, opened, jun):
    ticket = await opened()
    await desk.take(ticket.ticket, jun)
    path = f"/v1/desk/tickets/{ticket.ticket}"
    body = {"message_id": "a1", "text": "hi"}
    for response in (
        await signed_in.post(f"{path}/take"),
        await signed_in.post(f"{path}/messages", json=body),
        await signed_in.post(f"{path}/return"),
        await signed_in.post(f"{path}/close"),
    ):
        assert response.status_code == 409


async def test_a_ticket_that_does_not_exist_is_not_found(signed_in):
    response = await signed_in.get("/v1/desk/tickets/T-0")
    assert response.status_code == 404
    assert response.json()["error"]["code"] == "ticket_not_found"


async def test_a_message_of_another_shape_is_refused(signed_in, opened):
    path = f"/v1/desk/tickets/{(await opened()).ticket}/messages"
    for body in (
        {},
        {"message_id": "", "text": "hi"},
        {"message_id": "a1", "text": ""},
        {"message_id": "a1", "text": "长" * 4001},
        {"message_id": 7, "text": "hi"},
        {"message_id": "a1", "text": None},
    ):
        assert (await signed_in.post(path, json=body)).status_code == 400, body


async def test_only_the_agent_who_has_it_is_shown_typing(
    signed_in, opened, desk, mei, conversations
):
    await conversations.hub.start()
    ticket = await opened()
    path = f"/v1/desk/tickets/{ticket.ticket}/typing"
    async with conversations.hub.subscribe("c_1") as queue:
        assert (await signed_in.post(path)).status_code == 204
        await desk.take(ticket.ticket, mei)
        assert (await signed_in.post(path)).status_code == 204
        kinds = []
        while "typing" not in kinds:
            kinds.append((await asyncio.wait_for(queue.get(), 5))["kind"])
    # Before taking it, typing was shown to nobody: it comes after the change of owner.
    assert "owner" in kinds
    await conversations.hub.stop()


async def test_consoles_hear_of_tickets_and_of_messages_in_them_alone(
    desk, conversations, opened, mei, make_shopper, write
):
    await conversations.hub.start()
    stranger, waiting = make_shopper(), make_shopper()
    stream = live(desk, conversations)
    assert (await stream.__anext__())["event"] == "ready"
    await write("m0", "没有工单", by=stranger)
    ticket = await opened(waiting.conversation_id, language="zh-Hans")
    await write("m1", "还在吗", by=waiting)

    heard = []
    while not any(data.get("message", {}).get("text") == "还在吗" for _, data in heard):
        event = await asyncio.wait_for(stream.__anext__(), 5)
        heard.append((event["event"], json.loads(event["data"])))
    assert ("tickets", {"ticket": ticket.ticket, "state": "queued"}) in heard
    conversation_ids = {d["conversation_id"] for kind, d in heard if kind == "message"}
    assert conversation_ids == {waiting.conversation_id}
    await stream.aclose()
    await conversations.hub.stop()


async def test_the_console_hears_that_it_may_have_missed_something(desk, conversations, redis):
    await conversations.hub.start()
    events = live(desk, conversations)
    assert (await events.__anext__())["event"] == "ready"
    await redis.execute_command("CLIENT", "KILL", "TYPE", "pubsub")
    event = await asyncio.wait_for(events.__anext__(), timeout=10)
    assert event["event"] == "resync"
    await events.aclose()
    await conversations.hub.stop()
