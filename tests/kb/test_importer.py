"""Importing a shop's own articles: everything or nothing."""

import json
import os
from datetime import date
from pathlib import Path
from typing import Any, Dict

import pytest

from knowledge_base.article import Article, load_articles, render_article
from knowledge_base.errors import ImportRefused
from knowledge_base.importer import import_articles

TODAY = date(2026, 11, 20)
ROW: Dict[str, Any] = {"id": "gift-card", "title": "Gift cards", "text": "We sell them.\n\nTwo."}


def write_rows(path: Path, *rows: Dict[str, Any]) -> Path:
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return path


def test_json_lines_become_articles(tmp_path: Path) -> None:
    chinese = {**ROW, "title": "礼品卡", "text": "有卖。", "lang": "zh-Hans", "questions": ["有吗"]}
    source = write_rows(tmp_path / "in.jsonl", ROW, chinese)
    written = import_articles(source, tmp_path / "articles", today=TODAY)
    assert [path.relative_to(tmp_path).as_posix() for path in written] == [
        "articles/en/gift-card.md",
        "articles/zh/gift-card.md",
    ]
    english, mandarin = load_articles(tmp_path / "articles")
    assert english == Article(
        id="gift-card",
        title="Gift cards",
        topic="general",
        language="en",
        owner="service",
        updated=TODAY,
        questions=(),
        paragraphs=("We sell them.", "Two."),
    )
    assert (mandarin.title, mandarin.questions) == ("礼品卡", ("有吗",))


def test_markdown_files_and_folders_are_read(tmp_path: Path, article: Article) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "some-name.md").write_text(render_article(article), encoding="utf-8")
    for source in (tmp_path / "in", tmp_path / "in" / "some-name.md"):
        import_articles(source, tmp_path / "articles", today=TODAY)
        assert load_articles(tmp_path / "articles") == [article]


def test_an_article_takes_the_place_of_the_one_with_its_id(
    tmp_path: Path, article: Article
) -> None:
    home = tmp_path / "articles" / "zh" / "another-name.md"
    home.parent.mkdir(parents=True)
    home.write_text(render_article(article), encoding="utf-8")
    row = {"id": article.id, "title": "新的", "text": "新的内容。", "topic": "gifts"}
    source = write_rows(tmp_path / "in.jsonl", row)
    assert import_articles(source, tmp_path / "articles", today=TODAY) == [home]
    assert [found.title for found in load_articles(tmp_path / "articles")] == ["新的"]


def test_every_bad_row_is_named_and_nothing_is_written(tmp_path: Path) -> None:
    source = tmp_path / "in.jsonl"
    rows = [
        json.dumps(ROW),
        "{broken",
        json.dumps({**ROW, "id": "../../etc/passwd"}),
        json.dumps({**ROW, "id": "no-text", "text": " "}),
        json.dumps({"id": "no-title", "text": "x"}),
        json.dumps({**ROW, "id": "a", "updated": "soon"}),
        json.dumps({**ROW, "id": "b", "tittle": "typo"}),
        json.dumps(ROW),
        "",
    ]
    source.write_bytes("\n".join(rows).encode() + b'{"id": "\xff"}\n')
    with pytest.raises(ImportRefused) as caught:
        import_articles(source, tmp_path / "articles", today=TODAY)
    problems = [problem.split(".jsonl:")[1] for problem in caught.value.problems]
    assert [problem.split(":")[0] for problem in problems] == list("2345678") + ["9"]
    assert "not JSON" in problems[0]
    assert "is not like 'return-window'" in problems[1]
    assert "text: is empty" in problems[2]
    assert "title: field required" in problems[3]
    assert "updated" in problems[4]
    assert "tittle" in problems[5]
    assert "given twice" in problems[6]
    assert "not UTF-8" in problems[7]
    assert not (tmp_path / "articles").exists()


def test_a_write_that_fails_puts_everything_back(tmp_path: Path, article: Article) -> None:
    home = tmp_path / "articles" / "zh" / f"{article.id}.md"
    home.parent.mkdir(parents=True)
    home.write_text(render_article(article), encoding="utf-8")
    source = write_rows(
        tmp_path / "in.jsonl", {"id": article.id, "title": "新", "text": "新。"}, ROW
    )

    def full_disk(fresh: Path, target: Path) -> None:
        if target.name == "gift-card.md":
            raise OSError("no space left")
        os.replace(fresh, target)

    with pytest.raises(ImportRefused, match="no space left"):
        import_articles(source, tmp_path / "articles", today=TODAY, replace=full_disk)
    assert load_articles(tmp_path / "articles") == [article]
    assert list(tmp_path.rglob("*importing*")) == []


@pytest.mark.parametrize("name", ["missing.jsonl", "table.csv", "empty.jsonl"])
def test_a_file_that_cannot_be_imported_is_named(tmp_path: Path, name: str) -> None:
    if name != "missing.jsonl":
        (tmp_path / name).write_text("\n")
    with pytest.raises(ImportRefused, match=name):
        import_articles(tmp_path / name, tmp_path / "articles", today=TODAY)
