"""Web pages: what a reader would read, as text."""

from typing import Any, Callable, Dict, List

import pytest

Texts = Callable[..., Dict[str, Any]]

PAGE = """<!DOCTYPE html><html><head><meta charset="utf-8"><title>Help – Tea Shop</title>
<style>p { color: red }</style><script>document.title = "x"</script></head><body onload="x()">
<nav><ul><li><a href="/">Home</a></li><li><a href="/shop">Shop</a></li></ul></nav>
<h1>Help</h1>
<h2>How do I return something?</h2>
<p onclick="steal()">You have <b>7 days</b>.<br>No reason is needed.</p>
<div>Parcels cost nothing. Write &lt;script&gt; on the box.</div>
<h2>配送要多久</h2>
<p>一般三天：</p><ul><li>北京 1 天</li><li>西藏 7 天</li></ul>
<table><tr><th>地区</th><th>天数</th></tr><tr><td>上海</td><td>2</td></tr></table>
<script>var html = "<p>never shown</p>";</script>
<footer><p>Copyright 2026 Tea Shop</p></footer></body></html>"""


def test_each_heading_begins_an_article_and_nothing_but_text_is_left(texts: Texts) -> None:
    assert texts("in.html", PAGE) == {
        "How do I return something?": (
            "You have 7 days.\nNo reason is needed.",
            "Parcels cost nothing. Write <script> on the box.",
        ),
        "配送要多久": ("一般三天：", "- 北京 1 天\n- 西藏 7 天", "地区: 上海 | 天数: 2"),
    }


def test_a_page_with_one_heading_is_one_article(texts: Texts) -> None:
    page = "<html><body><h1>退货</h1><p>收到后7天内可以退。</p></body></html>"
    assert texts("in.html", page) == {"退货": ("收到后7天内可以退。",)}


def test_a_page_without_a_heading_has_its_own_title(texts: Texts) -> None:
    page = "<title>Opening hours</title><p>Nine to five, from Monday to Friday.</p>"
    assert texts("in.htm", page) == {"Opening hours": ("Nine to five, from Monday to Friday.",)}


def test_deeper_headings_begin_articles_where_they_are_the_ones_that_repeat(texts: Texts) -> None:
    page = "<h1>FAQ</h1><h3>能退吗</h3><p>能退的。</p><h3>包邮吗</h3><p>满99元包邮。</p>"
    assert texts("in.html", page) == {"能退吗": ("能退的。",), "包邮吗": ("满99元包邮。",)}


def test_questions_that_unfold_are_headings(texts: Texts) -> None:
    page = "<details><summary>能退吗</summary><p>能退的。</p></details>"
    page += "<details><summary>Free delivery?</summary><p>From 99 yuan.</p></details>"
    assert texts("in.html", page) == {"能退吗": ("能退的。",), "Free delivery?": ("From 99 yuan.",)}


@pytest.mark.parametrize("declared", ["gb2312", "big5", ""])
def test_the_encoding_is_the_declared_one_or_is_found(texts: Texts, declared: str) -> None:
    meta = f'<meta http-equiv="Content-Type" content="text/html; charset={declared}">'
    head = f"<head>{meta if declared else ''}</head>"
    page = f"<html>{head}<body><h1>退款</h1><p>三天到。</p></body></html>"
    assert texts("in.html", page.encode(declared or "gb18030")) == {"退款": ("三天到。",)}


@pytest.mark.parametrize(
    ("content", "told"),
    [
        ("<html><body><script>x()</script></body></html>", "no "),
        ("<h1>Title alone</h1>", ""),
        (b"\x7fELF\0\0", "in.html: not text"),
        ("<!-- only a comment -->", "in.html: "),
    ],
)
def test_a_page_without_text_is_refused(
    problems: Callable[..., List[str]], content: Any, told: str
) -> None:
    (problem,) = problems("in.html", content)
    assert problem.startswith("in.html: ") and told in problem


def test_a_page_that_is_mostly_menus_is_told(found: Callable[..., List[Any]]) -> None:
    menu = "".join(f'<li><a href="/{n}">Department number {n}</a></li>' for n in range(60))
    page = f"<body><nav><ul>{menu}</ul></nav><h1>Hours</h1><p>We open at nine.</p></body>"
    remark, draft = found("in.html", page)
    assert "more than half of the page" in remark.text
    assert draft.paragraphs == ("We open at nine.",)
