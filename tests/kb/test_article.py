"""Article files: what is read, and what is said about a file that cannot be."""

from datetime import date
from pathlib import Path

import pytest

from knowledge_base.article import (
    Article,
    load_articles,
    parse_article,
    render_article,
    split_paragraphs,
)
from knowledge_base.errors import ArticleError

GOOD = """---
id: gift-wrap
title: 礼品包装：怎么选
topic: gifts
language: zh
owner: service
updated: 2026-11-01
questions:
  - 能包起来吗
  - yes
---
下单时勾选就行。

每件5元。
"""
HERE = Path("zh/gift-wrap.md")


def test_an_article_is_read_as_written() -> None:
    assert parse_article(GOOD, HERE) == Article(
        id="gift-wrap",
        title="礼品包装：怎么选",
        topic="gifts",
        language="zh",
        owner="service",
        updated=date(2026, 11, 1),
        questions=("能包起来吗", "yes"),
        paragraphs=("下单时勾选就行。", "每件5元。"),
    )


def test_a_rendered_article_reads_back_the_same(article: Article) -> None:
    assert parse_article(render_article(article), HERE) == article


@pytest.mark.parametrize(
    ("wrong", "right", "line", "reason"),
    [
        ("title: 礼品包装：怎么选", "titel: 包装", 1, "missing in the front matter: title"),
        ("language: zh", "language: fr", 5, "'fr' is not one of"),
        ("id: gift-wrap", "id: Gift Wrap!", 2, "is not like 'return-window'"),
        ("id: gift-wrap", "id: ../secrets", 2, "is not like 'return-window'"),
        ("updated: 2026-11-01", "updated: yesterday", 7, "is not a date"),
        ("updated: 2026-11-01", "updated: 2026-13-01", 7, "is not a date"),
        ("  - yes", "  - 价格: 多少", 10, "is not one line of text"),
        ("  - yes", "  -", 10, "an entry of questions is empty"),
        ("owner: service", "owner: service\nowner: sales", 7, "'owner' is given twice"),
        ("owner: service", "owner: 'service", 10, "not valid YAML"),
        ("owner: service", "owner: ser\x13vice", 6, "not valid YAML: special characters"),
        ("  - yes", "  - " + "[" * 9_000, 2, "nested too deeply"),
        ("---\nid", "id", 1, "starts with a line '---'"),
        ("---\n下单时勾选就行。\n\n每件5元。\n", "", 10, "is not closed"),
        ("下单时勾选就行。\n\n每件5元。", "", 11, "the article has no body"),
        ("questions:\n  - 能包起来吗\n  - yes", "questions: 能包起来吗", 8, "is not a list"),
    ],
)
def test_a_bad_article_is_refused_with_file_and_line(
    wrong: str, right: str, line: int, reason: str
) -> None:
    assert wrong in GOOD
    with pytest.raises(ArticleError) as caught:
        parse_article(GOOD.replace(wrong, right, 1), HERE)
    assert (caught.value.path, caught.value.line) == (HERE, line)
    assert reason in str(caught.value)
    assert str(caught.value).startswith(f"zh/gift-wrap.md:{line}: ")


def test_two_articles_with_one_id_are_refused(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text(GOOD, encoding="utf-8")
    (tmp_path / "b.md").write_text(GOOD, encoding="utf-8")
    with pytest.raises(ArticleError, match=r"b\.md:2: id 'gift-wrap' is already used by .*a\.md"):
        load_articles(tmp_path)


def test_one_id_may_be_used_once_in_each_language(tmp_path: Path) -> None:
    (tmp_path / "a.md").write_text(GOOD, encoding="utf-8")
    english = GOOD.replace("language: zh", "language: en")
    (tmp_path / "b.md").write_text(english, encoding="utf-8")
    assert [article.language for article in load_articles(tmp_path)] == ["en", "zh"]


def test_a_file_in_another_encoding_is_named_with_its_line(tmp_path: Path) -> None:
    (tmp_path / "old.md").write_bytes(
        b"---\nid: x\ntitle: " + "运费".encode("gb18030") + b"\n---\n"
    )
    with pytest.raises(ArticleError, match=r"old\.md:3: not UTF-8"):
        load_articles(tmp_path)


def test_no_folder_means_no_articles(tmp_path: Path) -> None:
    assert load_articles(tmp_path / "nowhere") == []


@pytest.mark.parametrize(
    ("body", "paragraphs"),
    [
        ("一段。\n\n\n两段。", ("一段。", "两段。")),
        ("步骤如下：\n\n- 打开订单\n- 点退货", ("步骤如下：\n- 打开订单\n- 点退货",)),
        ("Do this:\n\n- open it\n\nThen wait.", ("Do this:\n- open it", "Then wait.")),
        ("One line\nand its second.", ("One line\nand its second.",)),
        ("  \n\n ", ()),
    ],
)
def test_a_list_stays_with_the_line_that_announces_it(
    body: str, paragraphs: "tuple[str, ...]"
) -> None:
    assert split_paragraphs(body) == paragraphs
