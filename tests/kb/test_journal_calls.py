"""What the knowledge process notes of what it answers, and the calls about it."""

import sqlite3
import threading
from pathlib import Path
from typing import Any, Callable, Dict, Iterator, List, Tuple

import httpx
import pytest

from knowledge_base.journal import AskedQuestion, Journal
from knowledge_base.journal_writer import JournalWriter
from knowledge_base.live import Live
from knowledge_base.serve import create_app, server_of
from knowledge_base.settings import Settings

TOKEN = "a service token for tests"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "questions.db"


@pytest.fixture
def client(
    built: Tuple[Settings, List[str]], path: Path, wait_for: Callable[..., Any]
) -> Iterator[httpx.Client]:
    """The running service with a journal."""
    live = Live.open(built[0].index_root, say=lambda _: None)
    writer = JournalWriter(path, keep_days=90, say=lambda _: None)
    server = server_of(
        create_app(live, service_token=TOKEN, writer=writer), host="127.0.0.1", port=0
    )
    thread = threading.Thread(target=server.run)
    thread.start()
    wait_for(lambda: server.started, 20, "the server")
    host, port = server.servers[0].sockets[0].getsockname()[:2]
    headers = {"Authorization": f"Bearer {TOKEN}"}
    with httpx.Client(base_url=f"http://{host}:{port}", headers=headers, timeout=20) as opened_http:
        yield opened_http
    server.should_exit = True
    thread.join(10)


@pytest.fixture
def kept(path: Path, wait_for: Callable[..., Any]) -> Callable[..., List[AskedQuestion]]:
    """What the journal has of a conversation, as soon as it is so."""

    def read(true: Callable[[List[AskedQuestion]], Any] = bool) -> List[AskedQuestion]:
        def looked() -> List[AskedQuestion]:
            journal = Journal(path)
            found = journal.of_conversation("c_1")
            journal.close()
            return found if true(found) else []

        return list(wait_for(looked, 10, "the journal to be written"))

    return read


@pytest.fixture
def ask(client: httpx.Client) -> Callable[..., Dict[str, Any]]:
    """Asks as the assistant's actions do."""

    def call(text: str, message: str = "m1", language: str = "zh") -> Dict[str, Any]:
        body = {
            "text": text,
            "language": language,
            "conversation_id": "c_1",
            "message_id": message,
        }
        return dict(client.post("/v1/answers", json=body).raise_for_status().json())

    return call


@pytest.mark.parametrize(
    ("language", "text", "outcome", "article"),
    [
        ("zh", "礼盒要另外收钱吗", "answered", "gift-wrap"),
        ("zh", "明天股市会涨吗", "unanswered", None),
        ("en", "is gift wrap free", "answered", "gift-wrap"),
        ("en", "who won the match", "unanswered", None),
    ],
)
def test_a_question_is_noted_with_what_came_of_it(
    ask: Any, kept: Any, language: str, text: str, outcome: str, article: str
) -> None:
    told = ask(text, language=language)
    (question,) = kept()
    assert (question.text, question.language) == (text, language)
    assert (question.outcome, question.article) == (outcome, article)
    assert question.index_digest == told["index"]
    assert question.score == pytest.approx(told["score"], abs=1e-3)


@pytest.mark.parametrize("missing", ["conversation_id", "message_id"])
def test_without_knowing_whose_it_is_nothing_is_noted(
    client: httpx.Client, ask: Any, kept: Any, missing: str
) -> None:
    body = {
        "text": "茶叶要放冰箱吗",
        "language": "zh",
        "conversation_id": "c_1",
        "message_id": "m0",
    }
    del body[missing]
    assert client.post("/v1/answers", json=body).status_code == 200
    ask("自提要带什么", "m1")
    assert [question.message for question in kept()] == ["m1"]


def test_a_question_in_doubt_gets_the_article_whose_button_is_pressed(
    client: httpx.Client, path: Path, kept: Any, ask: Any
) -> None:
    ask("自提要带什么", "m0")
    (asked,) = kept()
    journal = Journal(path)
    journal.record(AskedQuestion("c_1", "m1", asked.asked_at, "zh", "那个包的事", "offered"))
    journal.close()
    chosen = {"conversation_id": "c_1"}
    assert client.get("/v1/articles/zh/unknown", params=chosen).status_code == 404
    assert client.get("/v1/articles/zh/tea-storage").status_code == 200
    assert client.get("/v1/articles/zh/gift-wrap", params=chosen).status_code == 200
    found = kept(lambda rows: any(row.outcome == "chosen" for row in rows))
    assert [row.article for row in found if row.outcome == "chosen"] == ["gift-wrap"]


def test_a_vote_is_noted_beside_the_answer(client: httpx.Client, ask: Any, kept: Any) -> None:
    ask("礼盒要另外收钱吗")
    body = {"conversation_id": "c_1", "article": "gift-wrap", "vote": "down"}
    assert client.post("/v1/votes", json=body).status_code == 204
    assert kept(lambda rows: rows and rows[0].vote)[0].vote == "down"


@pytest.mark.parametrize(
    "right", [{"article": "tea-storage"}, {"text": "  每件收5元，生鲜除外。 "}]
)
def test_an_agents_correction_is_written_when_the_call_is_answered(
    client: httpx.Client, ask: Any, path: Path, right: Dict[str, str]
) -> None:
    ask("礼盒要另外收钱吗")
    body = {"conversation_id": "c_1", "message_id": "m1", "language": "zh", **right}
    assert client.post("/v1/corrections", json=body).status_code == 204
    journal = Journal(path)
    (question,) = journal.of_conversation("c_1")
    journal.close()
    said = (question.corrected_article, question.correction_text)
    assert said == (right.get("article"), right.get("text", "").strip() or None)


def test_corrections_of_questions_that_were_not_noted_are_kept_each(
    client: httpx.Client, path: Path
) -> None:
    for question in ("能刻字吗", "刻字多少钱", "能刻字吗"):
        body = {
            "conversation_id": "c_1",
            "language": "zh",
            "question": question,
            "text": "可以刻。",
        }
        assert client.post("/v1/corrections", json=body).status_code == 204
    journal = Journal(path)
    assert [kept.text for kept in journal.of_conversation("c_1")] == ["能刻字吗", "刻字多少钱"]
    journal.close()


@pytest.mark.parametrize(
    ("change", "status", "code"),
    [
        ({"article": "no-such-article"}, 422, "unknown_article"),
        ({"text": " "}, 422, "empty_text"),
        ({}, 422, "empty_text"),
        ({"text": "x" * 4001}, 400, "malformed"),
        ({"article": 7}, 400, "malformed"),
        ({"text": "x", "language": "fr"}, 400, "malformed"),
        ({"text": "x" * 20_000}, 413, "too_large"),
    ],
)
def test_a_correction_that_corrects_nothing_is_refused(
    client: httpx.Client, change: Dict[str, Any], status: int, code: str
) -> None:
    body = {"conversation_id": "c_1", "message_id": "m1", "language": "zh", **change}
    response = client.post("/v1/corrections", json=body)
    assert (response.status_code, response.json()["error"]["code"]) == (status, code)


def test_a_correction_that_cannot_be_written_is_not_taken_for_kept(
    client: httpx.Client, ask: Any, path: Path, kept: Any
) -> None:
    ask("礼盒要另外收钱吗")
    kept()
    other = sqlite3.connect(path)
    other.execute("BEGIN EXCLUSIVE")
    body = {"conversation_id": "c_1", "message_id": "m1", "language": "zh", "text": "每件5元。"}
    response = client.post("/v1/corrections", json=body)
    assert (response.status_code, response.json()["error"]["code"]) == (503, "journal_unavailable")
    # Meanwhile everything is answered as ever.
    assert ask("自提要带什么", "m2")["answered"] is True
    other.rollback()
    other.close()


@pytest.mark.parametrize(
    "vote", [{}, {"vote": "left"}, {"conversation_id": 7, "article": "x", "vote": "up"}]
)
def test_a_malformed_vote_is_refused(client: httpx.Client, vote: Dict[str, Any]) -> None:
    response = client.post("/v1/votes", json=vote)
    assert (response.status_code, response.json()["error"]["code"]) == (400, "malformed")


@pytest.mark.parametrize(
    ("words", "language", "first"),
    [
        ("茶叶", "zh", "tea-storage"),
        ("礼品包装怎么选", "zh", "gift-wrap"),
        ("collecting", "en", "store-pickup"),
        ("tea-storage", "en", "tea-storage"),
    ],
)
def test_articles_are_found_by_their_words_and_ids(
    client: httpx.Client, words: str, language: str, first: str
) -> None:
    found = client.get("/v1/search", params={"q": words, "language": language}).json()["articles"]
    assert found[0]["id"] == first and found[0]["title"]
    assert len({article["id"] for article in found}) == len(found)


def test_a_search_for_nothing_finds_nothing(client: httpx.Client) -> None:
    assert client.get("/v1/search").json() == {"articles": []}
    assert client.get("/v1/search", params={"q": "x", "language": "fr"}).status_code == 400


def test_nobody_votes_corrects_or_searches_without_the_token(client: httpx.Client) -> None:
    for method, call in (("POST", "votes"), ("POST", "corrections"), ("GET", "search")):
        response = httpx.request(method, f"{client.base_url}/v1/{call}")
        assert response.status_code == 401
