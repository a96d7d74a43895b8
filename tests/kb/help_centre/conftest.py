"""Articles for the help centre, and its pages as files."""

from datetime import date
from pathlib import Path
from typing import Any, Callable, Dict, List

import pytest

from knowledge_base.article import Article
from knowledge_base.help_centre.pages import write_pages

TODAY = date(2026, 11, 22)


def article(id: str = "gift-wrap", **given: Any) -> Article:
    """An article in which only what a test is about is given."""
    fields: Dict[str, Any] = {
        "title": "礼品包装怎么选",
        "topic": "gifts",
        "language": "zh",
        "owner": "service",
        "updated": date(2026, 11, 1),
        "questions": ("能帮我包起来吗",),
        "paragraphs": ("下单时勾选礼品包装就行，每件收5元。",),
    }
    return Article(id=id, **{**fields, **given})


@pytest.fixture(name="article")
def article_fixture() -> Callable[..., Article]:
    """`article` for test modules, which cannot import each other."""
    return article


@pytest.fixture
def today() -> date:
    return TODAY


@pytest.fixture
def pages(tmp_path: Path) -> Callable[..., Callable[[str], str]]:
    """Write the pages of some articles; gives what reads one of them."""

    def write(*articles: Article, **options: Any) -> Callable[[str], str]:
        listed: List[Article] = list(articles)
        write_pages(tmp_path, listed, **{"today": TODAY, **options})
        return lambda name: (tmp_path / name).read_text("utf-8")

    return write
