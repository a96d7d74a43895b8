"""Importing a shop's own articles: everything or nothing."""

import json
import os
from datetime import date
from pathlib import Path
from typing import Any, Callable, Dict, List

import pytest

from knowledge_base.article import Article, load_articles, render_article
from knowledge_base.importing.report import ImportRefused, Report

BringIn = Callable[..., Report]

TODAY = date(2026, 11, 20)
ROW: Dict[str, Any] = {"id": "gift-card", "title": "Gift cards", "text": "We sell them.\n\nTwo."}


def write_rows(path: Path, *rows: Dict[str, Any]) -> Path:
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return path


def test_json_lines_become_articles(tmp_path: Path, bring_in: BringIn) -> None:
    chinese = {**ROW, "title": "礼品卡", "text": "有卖。", "lang": "zh-Hans", "questions": ["有吗"]}
    source = write_rows(tmp_path / "in.jsonl", ROW, chinese)
    written = bring_in(source).written
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


def test_markdown_files_and_folders_are_read(
    tmp_path: Path, article: Article, bring_in: BringIn
) -> None:
    (tmp_path / "in").mkdir()
    (tmp_path / "in" / "some-name.md").write_text(render_article(article), encoding="utf-8")
    for source in (tmp_path / "in", tmp_path / "in" / "some-name.md"):
        bring_in(source)
        assert load_articles(tmp_path / "articles") == [article]


def test_an_article_takes_the_place_of_the_one_with_its_id(
    tmp_path: Path, article: Article, bring_in: BringIn
) -> None:
    home = tmp_path / "articles" / "zh" / "another-name.md"
    home.parent.mkdir(parents=True)
    home.write_text(render_article(article), encoding="utf-8")
    row = {"id": article.id, "title": "新的", "text": "新的内容。", "topic": "gifts"}
    source = write_rows(tmp_path / "in.jsonl", row)
    report = bring_in(source)
    assert report.written == [home]
    assert [(f.kind.value, f.text) for f in report.entries[0].findings] == [("replaces", str(home))]
    assert [found.title for found in load_articles(tmp_path / "articles")] == ["新的"]


def test_every_bad_row_is_named_and_nothing_is_written(tmp_path: Path, bring_in: BringIn) -> None:
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
        bring_in(source)
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


def test_a_write_that_fails_puts_everything_back(
    tmp_path: Path, article: Article, bring_in: BringIn
) -> None:
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
        bring_in(source, replace=full_disk)
    assert load_articles(tmp_path / "articles") == [article]
    assert list(tmp_path.rglob("*importing*")) == []


@pytest.mark.parametrize("name", ["missing.jsonl", "table.csv", "empty.jsonl", "a.pdf"])
def test_a_file_that_cannot_be_imported_is_named(
    tmp_path: Path, name: str, bring_in: BringIn
) -> None:
    if name != "missing.jsonl":
        (tmp_path / name).write_text("\n")
    with pytest.raises(ImportRefused, match=name):
        bring_in(tmp_path / name)


def test_a_dry_run_tells_everything_and_writes_nothing(tmp_path: Path, bring_in: BringIn) -> None:
    report = bring_in(write_rows(tmp_path / "in.jsonl", ROW), dry_run=True)
    assert [entry.outcome.value for entry in report.entries] == ["taken"]
    assert "nothing was written" in report.summary()
    assert not (tmp_path / "articles").exists()


def test_what_rows_do_not_say_is_said_for_them(imported: Callable[..., List[Article]]) -> None:
    rows = json.dumps({"title": "尺码 FAQ", "text": "M 胸围 96。"}) + "\n"
    rows += json.dumps({"title": "Sizes", "text": "M.", "lang": "en-GB", "owner": "Mia"})
    chosen = {"language": "zh", "topic": "products", "owner": "客服部"}
    english, chinese = imported("in.jsonl", rows, **chosen)
    assert (chinese.language, chinese.topic, chinese.owner) == ("zh", "products", "客服部")
    assert (english.language, english.topic, english.owner) == ("en", "products", "Mia")


def test_an_article_with_a_word_of_the_other_language_stays_in_its_own(
    imported: Callable[..., List[Article]],
) -> None:
    rows = json.dumps({"title": "Paying", "text": "Alipay (支付宝) and cards are taken."}) + "\n"
    rows += json.dumps({"title": "付款", "text": "支持 PayPal 和 Visa 信用卡付款。"})
    assert [article.language for article in imported("in.jsonl", rows)] == ["en", "zh"]


def test_a_language_that_is_neither_is_refused(problems: Callable[..., List[str]]) -> None:
    (problem,) = problems("in.jsonl", json.dumps({**ROW, "lang": "fr"}))
    assert problem == "in.jsonl:1: language 'fr' is neither Chinese nor English"


def test_a_folder_of_many_kinds_is_one_import(tmp_path: Path, bring_in: BringIn) -> None:
    folder = tmp_path / "in"
    (folder / "deep").mkdir(parents=True)
    write_rows(folder / "rows.jsonl", ROW)
    (folder / "deep" / "list.csv").write_text("标题,内容\n怎么退货,七天内都能退。\n", "utf-8")
    (folder / "about.md").write_text("# About us\n\nWe sell tea.\n", "utf-8")
    (folder / "logo.png").write_bytes(b"\x89PNG\r\n\0")
    report = bring_in(folder)
    assert [path.name for path in report.written] == [
        "about.md",
        "zen-me-tui-huo.md",
        "gift-card.md",
    ]
    assert [(Path(r.where).name, r.kind.value) for r in report.remarks] == [
        ("logo.png", "left out")
    ]


def test_one_bad_file_of_a_folder_refuses_all_of_it(tmp_path: Path, bring_in: BringIn) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    write_rows(folder / "rows.jsonl", ROW)
    (folder / "list.csv").write_text("nothing,known\n1,2\n")
    with pytest.raises(ImportRefused, match="no column for the title"):
        bring_in(folder)
    assert not (tmp_path / "articles").exists()


def test_another_articles_file_is_not_written_over(
    tmp_path: Path, article: Article, bring_in: BringIn
) -> None:
    home = tmp_path / "articles" / "en" / "gift-card.md"
    home.parent.mkdir(parents=True)
    home.write_text(render_article(article), encoding="utf-8")
    bring_in(write_rows(tmp_path / "in.jsonl", ROW))
    assert {found.id for found in load_articles(tmp_path / "articles")} == {article.id, "gift-card"}


def test_a_five_megabyte_article_is_refused_and_a_file_of_many_is_not(
    tmp_path: Path, bring_in: BringIn
) -> None:
    large = write_rows(tmp_path / "large.jsonl", {**ROW, "text": "We sell tea. " * 400_000})
    with pytest.raises(
        ImportRefused, match="5,199,999 bytes of text; an article may have 1,000,000"
    ):
        bring_in(large)
    many = [
        {"id": f"a-{n}", "title": f"Tea {n}", "text": f"Leaf {n} " + "tea is good. " * 70_000}
        for n in range(6)
    ]
    assert len(bring_in(write_rows(tmp_path / "many.jsonl", *many), dry_run=True).entries) == 6


def test_progress_is_told_for_large_files(tmp_path: Path, bring_in: BringIn) -> None:
    said: List[str] = []
    rows = [{"title": f"Tea {n}", "text": f"Leaf number {n} is green."} for n in range(1_001)]
    bring_in(write_rows(tmp_path / "in.jsonl", *rows), dry_run=True, say=said.append)
    assert "1,000 rows read" in said


def test_scripts_in_an_article_stay_text(imported: Callable[..., List[Article]]) -> None:
    row = {"title": "Embedding", "text": "Write <script>alert(1)</script> into <b onclick='x()'>."}
    (article,) = imported("in.jsonl", json.dumps(row))
    assert article.paragraphs == (row["text"],)
