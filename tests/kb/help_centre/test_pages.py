"""The pages as a browser without scripts would get them."""

import re
from datetime import date, timedelta
from html.parser import HTMLParser
from pathlib import Path

import pytest

from knowledge_base.help_centre.pages import ensure_pages


class Page(HTMLParser):
    """The elements of a page with their attributes, and its text."""

    def __init__(self, html):
        super().__init__()
        self.elements = []
        self.text = ""
        self.feed(html)

    def handle_starttag(self, tag, attributes):
        self.elements.append((tag, dict(attributes)))

    def handle_data(self, data):
        self.text += data

    def all(self, tag, name):
        return [given.get(name) for found, given in self.elements if found == tag]


ENGLISH = {
    "language": "en",
    "title": "Gift wrapping",
    "questions": ("can you wrap it",),
    "paragraphs": ("Tick gift wrapping at checkout. It is 5 yuan an item.",),
}


def test_an_article_has_title_body_date_and_its_other_language(pages, article):
    read = pages(article(), article(**ENGLISH))
    chinese, english = Page(read("zh/gift-wrap.html")), Page(read("en/gift-wrap.html"))
    assert "礼品包装怎么选" in chinese.text and "每件收5元" in chinese.text
    assert "更新于 2026年11月1日" in chinese.text
    assert "Updated 1 November 2026" in english.text
    assert chinese.all("html", "lang") == ["zh-Hans"] and english.all("html", "lang") == ["en"]
    assert "../en/gift-wrap.html" in chinese.all("a", "href")
    assert "../zh/gift-wrap.html" in english.all("a", "href")


def test_traditional_readers_get_the_chinese_article_in_their_script(pages, article):
    page = Page(pages(article())("zh-Hant/gift-wrap.html"))
    assert page.all("html", "lang") == ["zh-Hant"]
    assert "禮品包裝怎麼選" in page.text and "每件收5元" in page.text
    assert "問題還沒解決嗎" in page.text


def test_an_article_of_one_language_leads_to_the_start_of_the_others(pages, article):
    page = Page(pages(article())("zh/gift-wrap.html"))
    assert "../en/" in page.all("a", "href")
    assert "en" not in page.all("link", "hreflang")


def test_articles_stand_below_their_topic_and_unknown_topics_come_last(pages, article):
    read = pages(article("bees", topic="bees"), article("late", topic="orders"))
    text = Page(read("zh/index.html")).text
    assert text.rindex("订单") < text.rindex("bees")
    assert Page(read("en/index.html")).text.count("There are no articles here yet") == 1


def test_a_page_links_to_what_is_near_in_its_topic(pages, article):
    read = pages(
        article("wrap", title="礼品包装怎么选", questions=("能包装吗",)),
        article("paper", title="纸的颜色", questions=("包装纸有什么颜色",)),
        article("box", title="礼品盒怎么选", questions=("礼品怎么装盒",)),
        article("card", title="贺卡", questions=("能写字吗",)),
        article("tea", title="礼品包装怎么选", topic="products"),
    )
    html = read("zh/wrap.html")
    assert html.index('href="box.html"') < html.index('href="paper.html"')
    assert "tea.html" not in html and "card.html" not in html


def test_markup_in_an_article_is_text_and_scripts_never_become_addresses(pages, article):
    nasty = article(
        title="<script>alert(1)</script>",
        questions=("<img src=x onerror=alert(1)>",),
        paragraphs=(
            "<script>alert(1)</script> [x](javascript:alert(1)) <b onclick=alert(1)>",
            "![p](http://elsewhere.example/p.png) [a](data:text/html,1) [b](https://a.example)",
        ),
    )
    read = pages(nasty)
    for name in ("zh/gift-wrap.html", "zh/index.html", "zh-Hant/gift-wrap.html"):
        page = Page(read(name))
        assert not any(source is None for source in page.all("script", "src")), name
        assert not page.all("b", "onclick") or set(page.all("b", "onclick")) == {None}, name
        assert all(source.endswith("seal.svg") for source in page.all("img", "src")), name
        addresses = [a for a in page.all("a", "href") if a and re.match(r"(?i)\s*(java|data)", a)]
        assert addresses == [], name
        assert "<script>alert(1)</script>" in page.text, name
    assert "https://a.example" in Page(read("zh/gift-wrap.html")).all("a", "href")


def test_markdown_becomes_lists_headings_below_the_title_and_lines(pages, article):
    body = ("# 步骤", "先看：\n- 第一\n- 第二", "上一行\n下一行", "| a | b |\n|---|---|\n| 1 | 2 |")
    html = pages(article(paragraphs=body))("zh/gift-wrap.html")
    assert "<h3>步骤</h3>" in html and html.count("<h1>") == 1
    assert "<li>第一</li>" in html and "上一行<br" in html and "<td>1</td>" in html


@pytest.mark.parametrize(
    ("days", "shown"),
    [
        ({"valid_from": date(2026, 11, 23)}, False),
        ({"valid_until": date(2026, 11, 21)}, False),
        ({"valid_from": date(2026, 11, 22), "valid_until": date(2026, 11, 22)}, True),
    ],
)
def test_only_articles_of_the_day_have_a_page(pages, article, tmp_path, days, shown):
    read = pages(article("always"), article("sale", **days))
    assert (tmp_path / "zh" / "sale.html").exists() == shown
    for name in ("zh/index.html", "zh/search.json", "zh/always.html"):
        assert ("sale" in read(name)) == shown, name


def test_the_pages_of_an_index_are_written_once_until_an_article_begins_or_ends(
    tmp_path: Path, article
):
    sale = article("sale", valid_from=date(2026, 11, 20), valid_until=date(2026, 11, 30))
    written = [
        ensure_pages(tmp_path, [article(), sale], date(2026, 11, 19) + timedelta(days=n))
        for n in range(13)
    ]
    names = [folder.name for folder in written]
    assert names == ["0001-01-01"] + ["2026-11-20"] * 11 + ["2026-12-01"]
    held = [(folder / "zh" / "sale.html").exists() for folder in dict.fromkeys(written)]
    assert held == [False, True, False]
    assert not list((tmp_path / "help").glob(".writing*"))


def test_nothing_is_loaded_from_elsewhere_and_no_script_stands_in_a_page(pages, article, tmp_path):
    pages(article(), article(**ENGLISH))
    for path in tmp_path.rglob("*.html"):
        page = Page(path.read_text("utf-8"))
        loaded = [
            *page.all("script", "src"),
            *page.all("link", "href"),
            *page.all("img", "src"),
        ]
        for address in loaded:
            assert address is not None and not re.match(r"/|\w+:", address), path
            if not address.endswith("/"):
                assert (path.parent / address).is_file(), (path, address)
        assert not re.search(r"\son\w+=|<style|style=", path.read_text("utf-8")), path
    for path in (tmp_path / "assets").iterdir():
        assert not re.search(r"https?://(?!www\.w3\.org/2000/svg)", path.read_text("utf-8")), path


def test_the_chat_may_be_at_another_address(pages, article):
    read = pages(article(), chat="https://chat.example/?a=1&b=2")
    assert "https://chat.example/?a=1&b=2" in Page(read("zh/gift-wrap.html")).all("a", "href")
    assert "../../" in Page(pages(article())("zh/gift-wrap.html")).all("a", "href")
