"""Bodies are read strictly where a type is stated, and not at all where nothing is."""

import json
import uuid
from typing import Any, Callable, Dict, Iterator, Tuple

import httpx
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(400)]

ANOTHER_TYPE: Dict[str, Tuple[Any, ...]] = {
    "string": (1, 1.5, True, [], ["x"], {}, {"text": "x"}),
    "integer": ("1", 1.5, 1.0, True, [], {}),
    "object": ("x", 1, True, [], [["pairs", 1]], [{}]),
    "array": ("x", 1, True, {}, [1], ["x"], [[["pairs", 1]]]),
}


def test_a_field_of_another_type_is_named_and_refused(system: Any, calls: Any) -> None:
    with httpx.Client(base_url=system.url) as http:
        for call, name, value in wrong_fields(calls):
            answer = http.request(call.method, call.path, json={name: value})
            told = f"{call.name} {name}={value!r}: {answer.text}"
            assert answer.status_code == 400, told
            error = answer.json()["error"]
            assert error["code"] == "malformed", told
            assert any(at.startswith(f"body.{name}") for at in error["detail"]["at"]), told


def wrong_fields(calls: Any) -> Iterator[Tuple[Any, str, Any]]:
    """Each field of each call with values that it may not have."""
    for call in calls:
        schema = call.body or {}
        for name, field in schema.get("properties", {}).items():
            for value in ANOTHER_TYPE[field["type"]]:
                yield call, name, value
            if name in schema.get("required", ()):
                yield call, name, None


# The fields of all calls as a list of pairs, of which a dictionary could be made.
PAIRS = (
    b'[["message_id","m"],["text","x"],["conversation_id","c"],["reason","x"],["csat",5],'
    b'["name","x"],["password","x"],["customer","C1001"]]'
)


@pytest.mark.parametrize("content", [b"[]", b"null", b"1", b'"x"', b"[[]]", PAIRS])
def test_a_body_that_is_no_object_is_refused(system: Any, calls: Any, content: bytes) -> None:
    headers = {"Content-Type": "application/json"}
    for call in calls:
        if call.body:
            answer = httpx.request(
                call.method, system.url + call.path, content=content, headers=headers
            )
            assert answer.status_code == 400, f"{call.name}: {answer.text}"
            assert answer.json()["error"]["code"] == "malformed"


@pytest.mark.parametrize("size", [1_000, 100_000])
def test_a_file_is_no_message(visitor: Any, size: int) -> None:
    files = {"file": ("photo.png", b"\x89PNG" + b"x" * size, "image/png")}
    answer = visitor.http.post("/v1/messages", files=files, data={"message_id": "m", "text": "x"})
    error = answer.json()["error"]
    assert (answer.status_code, error["code"]) in [(400, "malformed"), (413, "body_too_large")]
    assert visitor.history() == []


@pytest.fixture
def ask(
    system: Any, visitor: Any, customer: Any, agent: Any
) -> Iterator[Dict[str, Callable[..., Any]]]:
    """Each call with a body: sends one that always has the same answer, with more in it."""
    service = {"Authorization": f"Bearer {system.secrets['service_token']}"}
    handoff = {"conversation_id": f"c_{uuid.uuid4().hex}", "reason": "test"}
    once = {"Idempotency-Key": uuid.uuid4().hex, **service}
    visitor.say("谢谢")
    vote = {"reply_seq": visitor.last["replies"][0]["seq"], "vote": "up"}
    ticket = httpx.post(f"{system.url}/v1/handoffs", json=handoff, headers=once).json()["ticket"]
    assert agent.do(ticket, "take").status_code == 200
    said = {"message_id": uuid.uuid4().hex, "text": "您好"}
    asker = customer("C1004")
    asker.say("运费怎么算")
    answered = next(reply for reply in asker.last["replies"] if reply["sources"])
    corrected = {"reply_seq": answered["seq"], "text": "按地区算。"}
    asker.say("转人工")
    about = next(
        each["ticket"]
        for each in agent.http.get("/v1/desk/tickets").json()["tickets"]
        if each["conversation_id"] == asker.last["conversation_id"]
    )

    def post(path: str, body: Dict[str, Any], told: str, http: Any = visitor.http, **more: str):
        def send(unknown: Dict[str, Any]) -> Tuple[int, Any]:
            headers = {"Content-Type": "application/json", **more}
            answer = http.post(path, content=json.dumps({**unknown, **body}), headers=headers)
            return answer.status_code, answer.json()[told] if told else answer.content

        return send

    yield {
        "POST /v1/messages": post(
            "/v1/messages?wait=20", {"message_id": "m", "text": "退货"}, "replies"
        ),
        "POST /v1/feedback": post("/v1/feedback", vote, ""),
        "POST /v1/handoffs": post("/v1/handoffs", handoff, "ticket", **once),
        "POST /v1/desk/session": post(
            "/v1/desk/session", {"name": "nobody", "password": "x"}, "error"
        ),
        "POST /v1/desk/tickets/{ticket_id}/messages": post(
            f"/v1/desk/tickets/{ticket}/messages", said, "seq", agent.http
        ),
        "POST /v1/desk/tickets/{ticket_id}/corrections": post(
            f"/v1/desk/tickets/{about}/corrections", corrected, "", agent.http
        ),
        "POST /demo/token": post("/demo/token", {"customer": "C1001"}, "conversation_id"),
    }
    assert agent.do(ticket, "close").status_code == 200
    for step in ("take", "close"):
        assert agent.do(about, step).status_code == 200


def test_unknown_fields_change_nothing(
    ask: Dict[str, Callable[..., Any]], calls: Any, json_values: Any
) -> None:
    bodies = [call for call in calls if call.body]
    assert set(ask) == {call.name for call in bodies}
    fields = {field for call in bodies for field in call.body["properties"]}
    for name, send in ask.items():
        # Signing in is limited, as it should be.
        examples = 2 if name == "POST /v1/desk/session" else 20
        unknown = st.text(max_size=9).filter(lambda field: field not in fields)
        assert_the_same_with(st.dictionaries(unknown, json_values, max_size=3), send, examples)


def assert_the_same_with(more: Any, send: Callable[..., Any], examples: int) -> None:
    without = send({})
    assert without[0] in (200, 201, 204, 401), without

    @settings(
        max_examples=examples,
        derandomize=True,
        deadline=None,
        database=None,
        suppress_health_check=list(HealthCheck),
    )
    @given(more)
    def the_same(unknown: Dict[str, Any]) -> None:
        assert send(unknown) == without

    the_same()
