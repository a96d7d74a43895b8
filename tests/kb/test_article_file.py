"""Articles on disk, read one by one."""

from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import List

import pytest

from knowledge_base.article import Article
from knowledge_base.article_file import ArticleFile, write_articles


def test_articles_come_back_as_they_were(articles: List[Article], tmp_path: Path) -> None:
    dated = replace(articles[0], valid_until=date(2027, 1, 31), facts=("returns.no_reason_days",))
    strange = replace(articles[1], paragraphs=("一行\n又一行 \u2028 <script>", "“引号” \\ 🎁"))
    written = [dated, strange, *articles[2:]]
    write_articles(tmp_path / "articles.jsonl", written)
    found = ArticleFile(tmp_path / "articles.jsonl")
    assert len(found) == len(written)
    assert list(found) == written
    assert found[-1] == written[-1]
    assert found[1:3] == written[1:3]


def test_a_place_behind_the_last_article_is_an_index_error(
    articles: List[Article], tmp_path: Path
) -> None:
    write_articles(tmp_path / "articles.jsonl", articles)
    with pytest.raises(IndexError):
        ArticleFile(tmp_path / "articles.jsonl")[len(articles)]


def test_no_articles_are_an_empty_file(tmp_path: Path) -> None:
    write_articles(tmp_path / "articles.jsonl", [])
    assert list(ArticleFile(tmp_path / "articles.jsonl")) == []


def test_the_digest_tells_one_content_from_another(articles: List[Article], tmp_path: Path) -> None:
    same = [write_articles(tmp_path / name, articles) for name in ("one", "other")]
    changed = replace(articles[0], title="Another title")
    assert same[0] == same[1] != write_articles(tmp_path / "third", [changed, *articles[1:]])
