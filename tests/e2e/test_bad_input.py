"""Bad input: each a clear 4xx in the one shape, and nothing lost."""

import asyncio
import contextlib
import time
import uuid
from typing import Any, Dict

import httpx
import jwt
import pytest

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(400)]


def claims(**changed: Any) -> Dict[str, Any]:
    """A customer token's claims, as they should be but for the changes."""
    now = int(time.time())
    return {"sub": "C1001", "aud": "assistant", "iat": now, "exp": now + 600, **changed}


def post(system: Any, token: str, **request: Any) -> httpx.Response:
    headers = {"Authorization": f"Bearer {token}"} if token else {}
    request.setdefault("json", {"message_id": uuid.uuid4().hex, "text": "你好"})
    return httpx.post(f"{system.url}/v1/messages", headers=headers, timeout=30, **request)


def assert_refused(response: httpx.Response, status: int, code: str) -> None:
    assert response.status_code == status, response.text
    error = response.json()["error"]
    assert set(error) == {"code", "message", "detail"}
    assert error["code"] == code
    assert "Traceback" not in response.text


def test_without_a_token(system: Any) -> None:
    assert_refused(post(system, ""), 401, "token_missing")


@pytest.mark.parametrize(
    ("changed", "code"),
    [
        ({"exp": int(time.time()) - 3600}, "token_expired"),
        ({"exp": int(time.time()) + 3 * 86_400}, "token_too_long"),
        ({"aud": "something-else"}, "token_invalid"),
        ({"sub": None}, "token_invalid"),
        ({"iss": "xiaoer"}, "token_invalid"),
    ],
)
def test_tokens_that_do_not_hold(system: Any, changed: Dict[str, Any], code: str) -> None:
    content = {k: v for k, v in claims(**changed).items() if v is not None}
    token = jwt.encode(content, system.secrets["shop_jwt_secret"], algorithm="HS256")
    assert_refused(post(system, token), 401, code)


@pytest.mark.parametrize("token", ["nonsense", "a.b.c", "ÄÖ".encode().decode("latin-1")])
def test_tokens_that_are_none(system: Any, token: str) -> None:
    headers = {"Authorization": f"Bearer {token}".encode()}
    response = httpx.post(
        f"{system.url}/v1/messages", json={"message_id": "1", "text": "x"}, headers=headers
    )
    assert_refused(response, 401, "token_invalid")


def test_a_forged_signature_and_no_signature(system: Any) -> None:
    forged = jwt.encode(claims(), "a-secret-that-the-shop-does-not-have", algorithm="HS256")
    unsigned = jwt.encode(claims(), None, algorithm="none")
    for token in (forged, unsigned):
        assert_refused(post(system, token), 401, "token_invalid")


def test_anothers_conversation(visitor: Any, customer: Any) -> None:
    visitor.say("你好")
    foreign = visitor.last["conversation_id"]
    shopper = customer("C1003")
    refused = shopper.post(text="hello", conversation_id=foreign)
    assert_refused(refused, 404, "conversation_not_found")
    for path in ("/v1/messages", "/v1/events"):
        refused = shopper.http.get(path, params={"conversation_id": foreign})
        assert_refused(refused, 404, "conversation_not_found")


def test_a_megabyte_of_text(visitor: Any) -> None:
    assert_refused(visitor.post(text="长" * 350_000), 413, "body_too_large")
    assert_refused(visitor.post(text="长" * 2_001), 422, "text_too_long")

    def endless() -> Any:
        for _ in range(64):
            yield b"x" * 16_384

    refused = visitor.http.post("/v1/messages", content=endless())
    assert_refused(refused, 413, "body_too_large")
    assert "不" in visitor.say("谢谢")


@pytest.mark.parametrize("text", ["nul\x00byte", "bell\x07", "escape\x1b[31m", "half \ud83d"])
def test_control_characters_and_half_characters(visitor: Any, text: str) -> None:
    import json

    content = json.dumps({"message_id": uuid.uuid4().hex, "text": text})
    refused = visitor.http.post(
        "/v1/messages", content=content, headers={"Content-Type": "application/json"}
    )
    assert_refused(refused, 422, "text_characters")


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"{",
        b"[]",
        b"null",
        b'{"message_id":1,"text":"x"}',
        b'{"text":"x"}',
        b"\xff\xfe",
        b'{"message_id":"a"}',
        b'{"message_id":"a","text":"x","payload":"y"}',
        b"[" * 5000,
    ],
)
def test_broken_json_and_wrong_types(visitor: Any, content: bytes) -> None:
    headers = {"Content-Type": "application/json"}
    refused = visitor.http.post("/v1/messages", content=content, headers=headers)
    assert refused.status_code == 400, refused.text
    assert set(refused.json()["error"]) == {"code", "message", "detail"}


@pytest.mark.parametrize(("text", "code"), [("", "text_empty"), ("  \n ", "text_empty")])
def test_empty_texts(visitor: Any, text: str, code: str) -> None:
    assert_refused(visitor.post(text=text), 422, code)


@pytest.mark.parametrize("message_id", ["", "x" * 129, "with space", "中文", "line\nbreak"])
def test_message_ids_that_cannot_be_kept(visitor: Any, message_id: str) -> None:
    assert_refused(visitor.post(text="hi", message_id=message_id), 422, "message_id_invalid")


def test_one_message_id_for_two_messages(visitor: Any) -> None:
    assert visitor.post(text="你好", message_id="twice").status_code == 200
    assert_refused(visitor.post(text="再见", message_id="twice"), 409, "message_id_reused")


@pytest.mark.parametrize("payload", ["/restart", '/inform{"order_number": "XE20260001"}', "b_x"])
def test_a_button_that_was_never_shown(visitor: Any, payload: str) -> None:
    assert_refused(visitor.post(payload=payload), 422, "unknown_button")


def test_a_button_of_somebody_else(visitor: Any, customer: Any) -> None:
    shopper = customer("C1003")
    shopper.say("hello")
    stolen = shopper.last["replies"][0]["buttons"][0]["payload"]
    assert_refused(visitor.post(payload=stolen), 422, "unknown_button")


@pytest.mark.parametrize(
    "text",
    [
        "/restart",
        "／restart",
        " \u200b/restart",
        "/session_start",
        "//restart",
        "/ restart",
        '/inform{"order_number":"XE20260001"}',
        '／inform{"order_number":"XE20260001"}',
        "/human_agent",
        "/",
    ],
)
def test_commands_typed_as_text_are_just_text(customer: Any, text: str) -> None:
    shopper = customer("C1003")
    said = shopper.say(text)
    # Answered like any text, and nobody's order is told.
    assert said or shopper.last["owner"] == "queued"
    assert "on its way" not in said and "tracking number" not in said
    assert shopper.history()[-1]["from"] != "shopper" or shopper.last["owner"] != "bot"


def test_two_hundred_messages_in_a_second_lose_nothing_that_was_accepted(
    system: Any, visitor: Any, wait_for: Any
) -> None:
    async def send_all() -> "list[httpx.Response]":
        limits = httpx.Limits(max_connections=50)
        async with httpx.AsyncClient(base_url=system.url, timeout=60, limits=limits) as client:
            headers = {"Authorization": f"Bearer {visitor.token}"}
            return await asyncio.gather(
                *(
                    client.post(
                        "/v1/messages?wait=0",
                        json={"message_id": f"burst-{number}", "text": "谢谢"},
                        headers=headers,
                    )
                    for number in range(200)
                )
            )

    responses = asyncio.run(send_all())
    accepted = [r.json()["message_id"] for r in responses if r.status_code in (200, 202)]
    refused = [r for r in responses if r.status_code not in (200, 202)]
    assert accepted and refused
    for response in refused:
        assert response.status_code in (429, 503)
        assert int(response.headers["Retry-After"]) >= 1
        assert response.json()["error"]["code"] in ("too_many_requests", "queue_full")

    def all_answered() -> bool:
        said = visitor.history()
        return sum(1 for entry in said if entry["from"] == "bot") == len(accepted)

    wait_for(all_answered, 60, "every accepted message to be answered once")
    said = [entry for entry in visitor.history() if entry["from"] == "shopper"]
    assert sorted(entry["message_id"] for entry in said) == sorted(accepted)


def test_a_shopper_has_only_so_many_event_streams(visitor: Any, wait_for: Any) -> None:
    with contextlib.ExitStack() as open_ones:
        for _ in range(20):
            stream = open_ones.enter_context(visitor.http.stream("GET", "/v1/events"))
            assert stream.status_code == 200
        refused = visitor.http.get("/v1/events")
        assert_refused(refused, 429, "too_many_streams")
        assert int(refused.headers["Retry-After"]) >= 1

    def opens_again() -> bool:
        with visitor.http.stream("GET", "/v1/events") as stream:
            return bool(stream.status_code == 200)

    wait_for(opens_again, 10, "the closed streams to be forgotten")


def test_unknown_paths_and_methods_have_the_same_shape(system: Any) -> None:
    assert_refused(httpx.get(f"{system.url}/v1/nothing"), 404, "not_found")
    response = httpx.delete(f"{system.url}/v1/messages")
    assert response.status_code == 405 and "error" in response.json()


def test_unknown_fields_are_ignored(visitor: Any) -> None:
    assert visitor.post(text="谢谢", surprise={"a": 1}).status_code == 200


def test_feedback_is_kept_and_checked(visitor: Any) -> None:
    visitor.say("谢谢")
    seq = visitor.last["replies"][0]["seq"]
    good = [{"reply_seq": seq, "vote": "up"}, {"csat": 5, "comment": "很好"}]
    for body in good:
        assert visitor.http.post("/v1/feedback", json=body).status_code == 204
    bad = [{}, {"csat": 6}, {"reply_seq": seq}, {"reply_seq": seq, "vote": "sideways"}]
    for body in bad:
        assert_refused(visitor.http.post("/v1/feedback", json=body), 400, "malformed")
    foreign = visitor.http.post("/v1/feedback", json={"reply_seq": 9999, "vote": "up"})
    assert_refused(foreign, 404, "reply_not_found")
