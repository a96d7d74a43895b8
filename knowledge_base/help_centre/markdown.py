"""An article's body: Markdown to HTML, and to the plain text that the search looks through."""

from __future__ import annotations

from functools import lru_cache
from typing import Iterator, Sequence

from markdown_it import MarkdownIt
from markdown_it.token import Token
from markupsafe import Markup

# The page has the first level, its own sections the second.
_LEVELS = 2


def to_html(paragraphs: Sequence[str]) -> Markup:
    """The body as HTML; markup in it is shown as text, and only harmless addresses become links."""
    parser = _parser()
    tokens = parser.parse("\n\n".join(paragraphs))
    for token in tokens:
        if token.type in ("heading_open", "heading_close"):
            token.tag = f"h{min(int(token.tag[1:]) + _LEVELS, 6)}"
    return Markup(parser.renderer.render(tokens, parser.options, {}))


def to_text(paragraphs: Sequence[str]) -> str:
    """The body without its marks, one line for each paragraph or entry of a list."""
    tokens = _parser().parse("\n\n".join(paragraphs))
    return "\n".join("".join(_texts(token)) for token in tokens if token.type in _WITH_TEXT)


_WITH_TEXT = ("inline", "fence", "code_block")


def _texts(token: Token) -> Iterator[str]:
    if token.children is None:
        yield token.content.strip()
        return
    for child in token.children:
        yield " " if child.type in ("softbreak", "hardbreak") else child.content


@lru_cache(maxsize=1)
def _parser() -> MarkdownIt:
    # A chat shows an article's lines as lines, so breaks are kept. A picture would be a file from
    # elsewhere.
    options = {"html": False, "breaks": True}
    return MarkdownIt("commonmark", options).enable("table").disable("image")
