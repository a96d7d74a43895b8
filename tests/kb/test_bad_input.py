"""What people put into the articles folder by mistake: told with file and line, never served."""

import asyncio
from pathlib import Path
from typing import Any, Callable, Dict, Iterator, List, Tuple

import aiohttp
import httpx
import pytest

from actions.knowledge_client import KnowledgeClient
from knowledge_base.build import ensure_built
from knowledge_base.settings import Settings
from knowledge_base.store import current_digest

Commands = Callable[..., int]
Serve = Callable[[Settings], httpx.Client]
QUESTIONS = [("运费多少", "zh"), ("how much is delivery", "en")]


def quiet(_: str) -> None:
    """What is said does not matter here."""


def body_of(client: httpx.Client, text: str, language: str) -> Dict[str, Any]:
    asked = {"text": text, "language": language}
    return dict(client.post("/v1/answers", json=asked).raise_for_status().json())


@pytest.fixture(params=["no folder", "an empty folder"])
def without_articles(
    shop_settings: Callable[..., Settings], tmp_path: Path, request: pytest.FixtureRequest
) -> Settings:
    """A shop that has not written anything yet."""
    folder = tmp_path / "articles"
    if request.param == "an empty folder":
        folder.mkdir()
    return shop_settings(articles_dir=folder)


def test_an_empty_base_answers_that_it_does_not_know(
    without_articles: Settings,
    commands: Commands,
    serve: Serve,
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert commands(without_articles, "build") == 0
    client = serve(without_articles)
    for text, language in QUESTIONS:
        body = body_of(client, text, language)
        assert (body["answered"], body["unsure"], body["candidates"]) == (False, False, [])
    assert client.get("/readyz").json()["articles"] == {"zh": 0, "en": 0}
    capsys.readouterr()
    assert commands(without_articles, "ask", "运费多少") == 0
    assert capsys.readouterr().out == f"there are no articles in {without_articles.articles_dir}\n"


def test_to_the_assistant_an_empty_base_is_one_that_does_not_know(
    shop_settings: Callable[..., Settings], serve: Serve, tmp_path: Path
) -> None:
    # From that it says so and offers a person: tests/actions/test_knowledge.py.
    settings = shop_settings(articles_dir=tmp_path / "none")
    ensure_built(settings, say=quiet)
    service = serve(settings)

    async def told() -> List[Any]:
        headers = {"Authorization": service.headers["Authorization"]}
        async with aiohttp.ClientSession(headers=headers) as http:
            client = KnowledgeClient(http, str(service.base_url))
            return [
                await client.answer(
                    text, language=language, conversation_id="c_1", message_id=f"m{number}"
                )
                for number, (text, language) in enumerate(QUESTIONS)
            ]

    assert asyncio.run(told()) == [None, None]


def test_a_language_without_articles_is_one_that_knows_nothing(
    shop_settings: Callable[..., Settings], commands: Commands, serve: Serve
) -> None:
    settings = shop_settings()
    for path in (settings.articles_dir / "en").iterdir():
        path.unlink()
    assert commands(settings, "build") == 0
    client = serve(settings)
    assert body_of(client, "礼盒要另外收钱吗", "zh")["answered"] is True
    assert body_of(client, "礼盒要另外收钱吗", "zh")["answer"]["language"] == "zh"
    assert body_of(client, "zebra crossing rules", "en")["answered"] is False


FRONT = """---
id: gift-card
title: {title}
topic: gifts
language: zh
owner: service
updated: 2026-11-01
questions:
  - 礼品卡怎么买
---
{body}
"""


def article(title: str = "礼品卡", body: str = "在首页买。") -> str:
    return FRONT.format(title=title, body=body)


@pytest.mark.parametrize(
    ("written", "line", "reason"),
    [
        pytest.param(article(body=" "), 10, "the article has no body", id="no body"),
        pytest.param(
            article().replace("id: gift-card", "id: gift-wrap"),
            2,
            "id 'gift-wrap' is already used by ",
            id="id used twice",
        ),
        pytest.param(
            article(body="买" * 1_700_000), 1, "5.1 MB; an article has at most 1 MB", id="5 MB"
        ),
        pytest.param(article("礼品卡: 说明"), 3, "not valid YAML", id="colon in the title"),
        pytest.param(article().replace("zh", "fr"), 5, "language 'fr' is not one of", id="fr"),
        pytest.param(
            article().replace("2026-11-01", "1.11.2026"), 7, "is not a date like", id="date"
        ),
        pytest.param(
            article().replace("owner: service\n", ""), 1, "missing in the front matter: owner",
            id="no owner",
        ),
        pytest.param(
            article().replace(":\n  - 礼", ": 礼"), 8, "questions is not a list", id="no list"
        ),
        pytest.param("礼品卡在首页买。\n", 1, "an article starts with a line '---'", id="no front"),
        pytest.param("", 1, "an article starts with a line '---'", id="empty file"),
    ],
)  # fmt: skip
def test_a_bad_article_is_told_with_its_line_and_the_last_index_goes_on(
    built_shop: Tuple[Settings, httpx.Client],
    commands: Commands,
    capsys: pytest.CaptureFixture[str],
    written: str,
    line: int,
    reason: str,
) -> None:
    settings, client = built_shop
    before = current_digest(settings.index_root)
    path = settings.articles_dir / "zh" / "zz-new.md"
    path.write_text(written, "utf-8")
    try:
        assert commands(settings, "build") == 2
    finally:
        path.unlink()
    said = capsys.readouterr().err
    assert said.startswith(f"error: {path}:{line}: ")
    assert reason in said
    assert current_digest(settings.index_root) == before
    body = body_of(client, "礼盒要另外收钱吗", "zh")
    assert (body["answer"]["id"], body["index"]) == ("gift-wrap", before)


@pytest.fixture
def built_shop(
    built: Tuple[Settings, List[str]], serve: Serve
) -> Iterator[Tuple[Settings, httpx.Client]]:
    """A shop whose index is in use."""
    yield built[0], serve(built[0])


def test_too_long_an_article_is_not_imported_either(
    built: Tuple[Settings, List[str]],
    commands: Commands,
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
) -> None:
    path = tmp_path / "gift-card.md"
    path.write_text(article(body="买" * 400_000), "utf-8")
    assert commands(built[0], "import", str(path)) == 2
    assert "1.2 MB; an article has at most 1 MB" in capsys.readouterr().out
    assert not (built[0].articles_dir / "zh" / "gift-card.md").exists()


def test_a_script_in_an_article_is_text(
    shop_settings: Callable[..., Settings],
    commands: Commands,
    serve: Serve,
    capsys: pytest.CaptureFixture[str],
) -> None:
    settings = shop_settings()
    written = "在首页买。<script>alert('x')</script><img src=x onerror=alert(1)> 一张最多 500 元。"
    (settings.articles_dir / "zh" / "gift-card.md").write_text(article(body=written), "utf-8")
    assert commands(settings, "build") == 0
    response = serve(settings).post("/v1/answers", json={"text": "礼品卡怎么买", "language": "zh"})
    assert response.headers["content-type"] == "application/json"
    assert response.json()["answer"]["text"] == written
    capsys.readouterr()
    assert commands(settings, "ask", "礼品卡怎么买") == 0
    assert written in capsys.readouterr().out
