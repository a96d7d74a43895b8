"""Markdown: our own articles as they are, other people's pages as text."""

from datetime import date
from typing import Any, Callable, Dict, List

import pytest

from knowledge_base.article import Article, render_article

Texts = Callable[..., Dict[str, Any]]


def test_a_page_has_its_title_from_the_heading_and_its_id_from_the_file(
    found: Callable[..., List[Any]],
) -> None:
    page = "# How we ship\n\nBy **courier**, see [the list](https://example.com/list).\n\n"
    page += "## Islands\n\n1. Jeju\n2. Hainan\n\n| Where | Days |\n|---|---|\n| Tibet | 7 |\n"
    (draft,) = found("Shipping Times.md", page)
    assert (draft.id, draft.title) == ("shipping-times", "How we ship")
    assert draft.paragraphs == (
        "By courier, see the list (https://example.com/list).",
        "Islands\n1. Jeju\n2. Hainan",
        "Where: Tibet | Days: 7",
    )


def test_tags_in_a_page_stay_text(texts: Texts) -> None:
    page = "# 代码\n\n写 <script>alert(1)</script> 就行。\n\n<img src=x onerror=steal()>\n"
    assert texts("code.md", page) == {
        "代码": ("写 <script>alert(1)</script> 就行。", "<img src=x onerror=steal()>")
    }


def test_front_matter_keeps_every_field(
    imported: Callable[..., List[Article]], article: Article
) -> None:
    import dataclasses

    whole = dataclasses.replace(
        article,
        reviewed=date(2026, 11, 2),
        valid_until=date(2027, 1, 1),
        facts=("a.b",),
        examples=("5",),
    )
    assert imported("in.md", render_article(whole)) == [whole]


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ("just text\n", "in.md:1: neither front matter nor a heading that gives the title"),
        ("# Title alone\n", "in.md:1: text: is empty; an article needs a body"),
        ("---\nid: a\ntitle: [\n---\nbody\n", "in.md:3: not valid YAML"),
        ("---\nid: a\n---\nbody\n", "in.md:1: missing in the front matter: title"),
        ("---\nid: a\n", "in.md:2: the front matter is not closed"),
        (b"# \x00\xff", "in.md: not text"),
    ],
)
def test_what_is_wrong_is_told_by_line(
    problems: Callable[..., List[str]], content: Any, told: str
) -> None:
    (problem,) = problems("in.md", content)
    assert told in problem


def test_front_matter_without_a_body_is_refused(
    problems: Callable[..., List[str]], article: Article
) -> None:
    head = render_article(article).rsplit("---\n", 1)[0] + "---\n"
    (problem,) = problems("in.md", head)
    assert "the article has no body" in problem and problem.startswith("in.md:")
