"""The knowledge process over real HTTP on loopback."""

import subprocess
import sys
import threading
from pathlib import Path
from typing import Any, Callable, Dict, Iterator, List, Tuple

import httpx
import pytest
from sentence_transformers import SentenceTransformer

from knowledge_base.answerer import Answerer
from knowledge_base.calls import MOST_BYTES
from knowledge_base.encoder.loading import PretrainedEncoder
from knowledge_base.live import Live, Loaded
from knowledge_base.serve import create_app, server_of
from knowledge_base.settings import Settings
from knowledge_base.store import StoredIndex

TOKEN = "a service token for tests"
ROOT = Path(__file__).resolve().parents[2]


def by_sentence_transformers(stored: StoredIndex) -> Answerer:
    """An answerer whose encoder is treated like one that somebody else made."""
    encoder = PretrainedEncoder(SentenceTransformer(stored.encoder_name, device="cpu"))
    return Answerer(encoder, stored.indexes, stored.manifest.thresholds)


@pytest.fixture(scope="module", params=[True, False], ids=["our encoder", "any encoder"])
def url(
    opened: Tuple[StoredIndex, Answerer],
    wait_for: Callable[..., Any],
    request: pytest.FixtureRequest,
) -> Iterator[str]:
    """A running server on a free port of loopback."""
    stored, answerer = opened
    if not request.param:
        answerer = by_sentence_transformers(stored)
    assert answerer.is_quick is request.param
    live = Live(stored.folder.parent, Loaded(stored, answerer), say=lambda _: None)
    app = create_app(live, service_token=TOKEN)
    server = server_of(app, host="127.0.0.1", port=0)
    thread = threading.Thread(target=server.run)
    thread.start()
    wait_for(lambda: server.started, 20, "the server")
    host, port = server.servers[0].sockets[0].getsockname()[:2]
    yield f"http://{host}:{port}"
    server.should_exit = True
    thread.join(10)


@pytest.fixture(scope="module")
def client(url: str) -> Iterator[httpx.Client]:
    with httpx.Client(base_url=url, headers={"Authorization": f"Bearer {TOKEN}"}) as opened_client:
        yield opened_client


@pytest.mark.parametrize(
    ("text", "language", "article_id"),
    [("礼盒要另外收钱吗", "zh", "gift-wrap"), ("is gift wrap free", "en", "gift-wrap")],
)
def test_a_question_is_answered_as_the_contract_says(
    client: httpx.Client,
    opened: Tuple[StoredIndex, Answerer],
    text: str,
    language: str,
    article_id: str,
) -> None:
    response = client.post("/v1/answers", json={"text": text, "language": language})
    body = response.json()
    assert response.status_code == 200
    assert set(body) == {"answered", "score", "answer", "candidates", "unsure", "index"}
    assert body["answered"] is True
    assert set(body["answer"]) == {"id", "title", "text", "updated", "language"}
    assert body["answer"]["id"] == article_id
    assert body["answer"]["updated"] == "2026-11-01"
    assert set(body["candidates"][0]) == {"id", "title", "score", "language"}
    assert body["index"] == opened[0].manifest.digest


def test_no_answer_is_an_answer_too(client: httpx.Client) -> None:
    response = client.post(
        "/v1/answers", json={"text": "who won the match", "language": "en", "topics": ["gifts"]}
    )
    assert response.status_code == 200
    assert response.json()["answered"] is False
    assert response.json()["answer"] is None


def test_readiness_names_the_index(
    client: httpx.Client, opened: Tuple[StoredIndex, Answerer]
) -> None:
    assert client.get("/readyz").json() == {
        "ready": True,
        "index": opened[0].manifest.digest,
        "articles": {"zh": 3, "en": 3},
    }


def refusal(response: httpx.Response) -> Tuple[int, str]:
    """Status and code of an error; every error has the one shape."""
    error = response.json()["error"]
    assert set(response.json()) == {"error"}
    assert set(error) == {"code", "message", "detail"}
    assert error["message"] and error["detail"] == {}
    return response.status_code, error["code"]


@pytest.mark.parametrize("path", ["/v1/answers", "/readyz", "/", "/docs", "/openapi.json", "/x"])
@pytest.mark.parametrize(
    "headers",
    [{}, {"Authorization": "Bearer wrong"}, {"Authorization": TOKEN}, {"Authorization": "Bearer"}],
)
def test_nobody_gets_anything_without_the_token(
    url: str, path: str, headers: Dict[str, str]
) -> None:
    for method in ("GET", "POST"):
        response = httpx.request(method, url + path, headers=headers)
        assert refusal(response) == (401, "unauthorized")
        assert TOKEN not in response.text


@pytest.mark.parametrize("path", ["/docs", "/redoc", "/openapi.json", "/v1/articles"])
def test_there_are_no_other_pages(client: httpx.Client, path: str) -> None:
    assert refusal(client.get(path)) == (404, "not_found")


def test_the_wrong_method_is_named(client: httpx.Client) -> None:
    assert refusal(client.get("/v1/answers")) == (405, "method_not_allowed")


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"not json",
        b"[]",
        pytest.param(b"[" * 9000, id="deep"),
        pytest.param("运费".encode("gb18030"), id="gb18030"),
        b'{"language": "zh"}',
        b'{"text": "hi"}',
        b'{"text": 5, "language": "en"}',
        b'{"text": "hi", "language": "fr"}',
        b'{"text": "hi", "language": "en", "topics": [{}]}',
    ],
)
def test_a_malformed_question_is_refused(client: httpx.Client, body: bytes) -> None:
    assert refusal(client.post("/v1/answers", content=body)) == (400, "malformed")


@pytest.mark.parametrize("text", ["", "  ", "\n"])
def test_an_empty_question_is_refused(client: httpx.Client, text: str) -> None:
    response = client.post("/v1/answers", json={"text": text, "language": "zh"})
    assert refusal(response) == (422, "empty_text")


def chunked(size: int) -> Iterator[bytes]:
    """A body of unannounced length."""
    for _ in range(size // 1024):
        yield b" " * 1024


def test_a_body_that_is_too_large_is_refused(client: httpx.Client) -> None:
    large = {"text": "运" * MOST_BYTES, "language": "zh"}
    assert refusal(client.post("/v1/answers", json=large)) == (413, "too_large")
    response = client.post("/v1/answers", content=chunked(MOST_BYTES + 1024))
    assert refusal(response) == (413, "too_large")


def test_the_largest_allowed_body_is_read(client: httpx.Client) -> None:
    frame = b'{"language": "en", "text": "%s"}'
    body = frame % (b"a" * (MOST_BYTES - len(frame) + 2))
    assert len(body) == MOST_BYTES
    assert client.post("/v1/answers", content=body).status_code == 200


def test_many_questions_at_once_get_their_own_answers(url: str) -> None:
    questions = [("礼盒要另外收钱吗", "gift-wrap"), ("自提要带什么", "store-pickup")] * 8
    found: List[Tuple[str, str]] = []

    def ask(text: str, expected: str) -> None:
        response = httpx.post(
            f"{url}/v1/answers",
            json={"text": text, "language": "zh"},
            headers={"Authorization": f"Bearer {TOKEN}"},
        )
        found.append((response.json()["answer"]["id"], expected))

    threads = [threading.Thread(target=ask, args=question) for question in questions]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert len(found) == len(questions)
    assert all(got == expected for got, expected in found)


def test_it_does_not_start_without_a_service_token(built: Tuple[Settings, List[str]]) -> None:
    settings = built[0]
    ended = subprocess.run(
        [sys.executable, "-m", "knowledge_base", "serve"],
        cwd=ROOT,
        env={"SERVICE_TOKEN": "", "DATA_DIR": str(settings.data_dir)},
        capture_output=True,
        text=True,
    )
    assert ended.returncode == 2
    assert ended.stderr == (
        "error: SERVICE_TOKEN is not set: the knowledge base would be open to all\n"
    )
