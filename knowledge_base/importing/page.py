"""Web pages: the main text without menus; each heading begins an article if there are several."""

from __future__ import annotations

import re
from copy import deepcopy
from pathlib import Path
from typing import Any

from knowledge_base.importing.blocks import Block, blocks, sections
from knowledge_base.importing.chapters import drafts
from knowledge_base.importing.draft import Found, Kind, Problem, Remark
from knowledge_base.importing.encodings import NotText, decode

_CHARSET = re.compile(rb"<meta[^>]{1,200}charset\s*=\s*[\"']?\s*([\w-]{1,40})", re.I)
# Elements whose own words are a paragraph, whatever the page's author used them for.
_PLAIN = ("div", "section", "center")
_BLOCKS = ".//div|.//p|.//ul|.//ol|.//table|.//h1|.//h2|.//h3|.//h4|.//section|.//dl|.//details"


def read(path: Path, data: bytes) -> Found:
    """The drafts of a page; scripts, styles and attributes are no part of any text."""
    from lxml.etree import LxmlError

    try:
        text = _decoded(data)
        whole, main = _trees(text)
    except NotText as error:
        yield Problem(str(path), str(error))
        return
    except (LxmlError, ValueError, RecursionError) as error:
        yield Problem(str(path), f"not a page that can be read: {error}")
        return
    if main is None:
        yield Problem(str(path), "no main text in it")
        return
    found = blocks(main)
    kept = sum(len(block.text) for block in found)
    there = sum(map(len, whole.xpath("string(//body)").split()))
    if kept * 2 < there:
        yield Remark(str(path), Kind.LEFT_OUT, "more than half of the page, taken for menus")
    title = " ".join(whole.findtext(".//title", default="").split())
    yield from drafts(path, sections(found, _deepest(found)), "block", title=title)


def _deepest(found: list[Block]) -> int:
    """The level down to which a heading begins an article: the first that has several of them."""
    levels = [block.level for block in found if block.level]
    several = [level for level in levels if levels.count(level) > 1]
    if several:
        return max(2, min(several))
    return min(levels, default=1)


def _decoded(data: bytes) -> str:
    declared = _CHARSET.search(data[:2048])
    if declared:
        name = declared[1].decode("ascii").lower()
        try:
            # What is declared as GB 2312 has had characters of its successor for long.
            return data.decode("gb18030" if name.startswith("gb") else name)
        except (LookupError, UnicodeDecodeError):
            pass
    return decode(data)[0]


def _trees(text: str) -> tuple[Any, Any]:
    """The page without what is never read, and its main text (none found: None)."""
    from lxml.etree import fromstring
    from lxml.html import document_fromstring, tostring
    from trafilatura import extract
    from trafilatura.settings import DEFAULT_CONFIG

    page = document_fromstring(text.encode("utf-8"), parser=_parser())
    _prepare(page)
    config = deepcopy(DEFAULT_CONFIG)
    # Its measure for "too short to be a page" is for the news: an answer is often one line.
    config.set("DEFAULT", "MIN_EXTRACTED_SIZE", "0")
    xml = extract(
        tostring(page, encoding="unicode"),
        output_format="xml",
        config=config,
        no_fallback=True,
        favor_recall=True,
        include_comments=False,
    )
    return page, fromstring(xml).find("main") if xml else None


def _parser() -> Any:
    from lxml.html import HTMLParser

    return HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True)


def _prepare(page: Any) -> None:
    """Make plain to the extractor what is content: it looks for paragraphs in an article."""
    from lxml.html import Element

    for hidden in page.xpath("//script|//style|//template|//noscript|//iframe|//object|//svg"):
        hidden.drop_tree()
    for element in page.iter(*_PLAIN):
        if (element.text or "").strip() and not element.xpath(_BLOCKS):
            element.tag = "p"
    for summary in page.iter("summary"):
        summary.tag = "h3"
    body = page.find("body")
    if body is None or page.xpath("//main|//article"):
        return
    article = Element("article")
    article.text, body.text = body.text, None
    article.extend(list(body))
    body.append(article)
