"""Bodies that are too large are refused before they are in memory."""

import asyncio
import json

import pytest

from bot.body_limit import BodyLimit


class App:
    """Reads the whole body, as FastAPI does, and keeps it."""

    def __init__(self):
        self.bodies = []
        self.scopes = []

    async def __call__(self, scope, receive, send):
        self.scopes.append(scope["type"])
        if scope["type"] != "http":
            return
        body = b""
        while True:
            message = await receive()
            body += message.get("body", b"")
            if not message.get("more_body"):
                break
        self.bodies.append(body)
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b"ok"})


class Client:
    """A connection that sends chunks and counts how many were read."""

    def __init__(self, chunks, *, path="/v1/messages", length=None, token="secret"):
        self.chunks = list(chunks)
        headers = [] if length is None else [(b"content-length", str(length).encode())]
        headers.append((b"authorization", f"Bearer {token}".encode()))
        self.scope = {"type": "http", "path": path, "headers": headers}
        self.read = 0
        self.sent = []

    async def receive(self):
        if self.read == len(self.chunks):
            return {"type": "http.disconnect"}
        self.read += 1
        more = self.read < len(self.chunks)
        return {"type": "http.request", "body": self.chunks[self.read - 1], "more_body": more}

    async def send(self, message):
        self.sent.append(message)

    @property
    def status(self):
        return self.sent[0]["status"]


@pytest.fixture
def app():
    return App()


@pytest.fixture
def limited(app):
    return BodyLimit(app, most=10, more={"/v1/handoffs": 100}, token="secret")


async def call(limited, chunks, **more):
    client = Client(chunks, **more)
    await limited(client.scope, client.receive, client.send)
    return client


@pytest.mark.parametrize(
    ("chunks", "path", "status"),
    [
        ([b""], "/v1/messages", 200),
        ([b"x" * 10], "/v1/messages", 200),
        ([b"x" * 11], "/v1/messages", 413),
        ([b"x" * 5, b"x" * 5], "/v1/messages", 200),
        ([b"x" * 5, b"x" * 6], "/v1/messages", 413),
        ([b"x"] * 10 + [b""], "/v1/messages", 200),
        ([b"x"] * 11, "/v1/messages", 413),
        ([b"x" * 100], "/v1/handoffs", 200),
        ([b"x" * 101], "/v1/handoffs", 413),
        ([b"x" * 11], "/v1/handoffs/T-1", 413),
        (["退货".encode() * 2], "/v1/messages", 413),
    ],
)
@pytest.mark.parametrize("says_its_length", [True, False])
async def test_a_body_has_at_most_so_many_bytes(
    limited, app, chunks, path, status, says_its_length
):
    length = sum(map(len, chunks)) if says_its_length else None
    client = await call(limited, chunks, path=path, length=length)
    assert client.status == status
    assert app.bodies == ([b"".join(chunks)] if status == 200 else [])


async def test_a_body_that_admits_its_size_is_not_read_at_all(limited):
    client = await call(limited, [b"x" * 50], length=50)
    assert (client.status, client.read) == (413, 0)


async def test_a_body_that_hides_its_size_is_read_no_further_than_the_limit(limited):
    client = await call(limited, [b"x" * 6] * 1000)
    assert (client.status, client.read) == (413, 2)


async def test_a_body_that_lies_about_its_size_is_found_out(limited, app):
    client = await call(limited, [b"x" * 6] * 3, length=3)
    assert client.status == 413
    assert app.bodies == []


async def test_a_refusal_has_the_shape_of_every_error(limited):
    start, body = (await call(limited, [b"x" * 11])).sent
    headers = dict(start["headers"])
    assert headers[b"content-type"] == b"application/json"
    assert headers[b"connection"] == b"close"
    assert int(headers[b"content-length"]) == len(body["body"])
    error = json.loads(body["body"])["error"]
    assert (error["code"], error["detail"]) == ("body_too_large", {"most": 10})


async def test_after_the_body_the_app_hears_of_the_end_of_the_connection(app):
    heard = []

    async def patient(scope, receive, send):
        heard.extend([(await receive())["type"], (await receive())["type"]])

    await call(BodyLimit(patient, most=10, more={}, token=""), [b"x"])
    assert heard == ["http.request", "http.disconnect"]


@pytest.mark.parametrize("token", ["", "secre", "secret2", "another"])
async def test_only_our_own_services_may_send_more(limited, app, token):
    for length in (11, None):
        client = await call(limited, [b"x" * 11], path="/v1/handoffs", length=length, token=token)
        assert client.status == 413
    assert app.bodies == []


async def test_a_body_that_does_not_arrive_is_not_waited_for(app):
    limited = BodyLimit(app, most=10, more={}, token="secret", seconds=0.05)

    class Dripping(Client):
        async def receive(self):
            if self.read == len(self.chunks) - 1:
                await asyncio.Event().wait()
            return await super().receive()

    client = Dripping([b"x", b"x", b"x"])
    await limited(client.scope, client.receive, client.send)
    assert client.status == 408
    assert json.loads(client.sent[1]["body"])["error"]["code"] == "body_too_slow"
    assert app.bodies == []


async def test_what_is_no_request_passes(limited, app):
    await limited({"type": "lifespan"}, None, None)
    assert app.scopes == ["lifespan"]
