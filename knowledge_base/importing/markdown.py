"""Markdown: with our front matter an article as it stands, without it a page with a heading."""

from __future__ import annotations

from pathlib import Path

from knowledge_base.article import FENCE, parse_article
from knowledge_base.errors import ArticleError
from knowledge_base.importing.blocks import blocks, sections
from knowledge_base.importing.draft import Draft, Found, Kind, Problem, Remark, place
from knowledge_base.importing.encodings import NotText, decode
from knowledge_base.importing.naming import name_from


def read(path: Path, data: bytes) -> Found:
    """The one draft of a file."""
    try:
        text, encoding = decode(data)
    except NotText as error:
        yield Problem(str(path), str(error))
        return
    if encoding != "utf-8":
        yield Remark(str(path), Kind.ENCODING, f"read as {encoding}")
    if text.split("\n", 1)[0].strip() == FENCE:
        yield _article(path, text)
    else:
        yield _page(path, text)


def _article(path: Path, text: str) -> Draft | Problem:
    try:
        article = parse_article(text, path)
    except ArticleError as error:
        return Problem(f"{path}:{error.line}", error.reason)
    return Draft(
        where=place(path, 1),
        title=article.title,
        paragraphs=article.paragraphs,
        id=article.id,
        language=article.language,
        topic=article.topic,
        owner=article.owner,
        updated=article.updated,
        questions=article.questions,
        front=article,
    )


def _page(path: Path, text: str) -> Draft | Problem:
    from lxml.html import document_fromstring
    from markdown_it import MarkdownIt

    # Tags in the source stay text.
    html = MarkdownIt("commonmark", {"html": False}).enable("table").render(text)
    found = blocks(document_fromstring(f"<body>{html}</body>"))
    heading = next((block for block in found if block.level), None)
    if heading is None:
        return Problem(place(path, 1), "neither front matter nor a heading that gives the title")
    rest = [block for block in found if block is not heading]
    body = [paragraph for section in sections(rest, deepest=0) for paragraph in section.paragraphs]
    return Draft(
        where=place(path, 1),
        title=heading.text,
        paragraphs=tuple(body),
        id=name_from(path.stem),
    )
