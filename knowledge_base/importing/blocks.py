"""A tree of HTML-like elements as headings and paragraphs of plain text."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Any, Iterator

_BLANKS = re.compile(r"[ \t\n\r]+")
_LISTS = ("ul", "ol", "list")
_ITEMS = ("li", "item")
_CELLS = ("td", "th", "cell")
# What holds blocks, and what stands in a line; any other element is a paragraph.
_CONTAINERS = {"html", "body", "main", "div", "section", "article", "doc", "blockquote", "quote"}


@dataclass(frozen=True)
class Block:
    """A paragraph (level 0) or a heading (level 1 and more) and its number among the blocks."""

    number: int
    level: int
    text: str


@dataclass(frozen=True)
class Section:
    """A heading and the paragraphs below it; the text before the first heading has none."""

    number: int
    level: int
    title: str
    paragraphs: tuple[str, ...]


def blocks(tree: Any) -> list[Block]:
    """The blocks of an lxml element; lists keep a line for an item, tables one for a row."""
    found = [(level, text) for level, text in _walk(tree) if text]
    return [Block(n, level, text) for n, (level, text) in enumerate(found, start=1)]


def sections(found: list[Block], deepest: int) -> list[Section]:
    """Cut at the headings down to a level; deeper ones become the first line of what follows."""
    cut = [Section(1, 0, "", ())]
    pending = ""
    for block in found:
        if 0 < block.level <= deepest:
            cut[-1] = _ended(cut[-1], pending)
            cut.append(Section(block.number, block.level, block.text, ()))
            pending = ""
        elif block.level:
            pending += ("\n" if pending else "") + block.text
        else:
            cut[-1] = _ended(cut[-1], f"{pending}\n{block.text}".strip())
            pending = ""
    cut[-1] = _ended(cut[-1], pending)
    return [section for section in cut if section.title or section.paragraphs]


def _ended(section: Section, paragraph: str) -> Section:
    return replace(section, paragraphs=section.paragraphs + ((paragraph,) if paragraph else ()))


def _walk(element: Any) -> Iterator[tuple[int, str]]:
    if not isinstance(element.tag, str):  # a comment
        return
    if element.tag == "head" or re.fullmatch(r"h[1-6]", element.tag):
        yield _level(element), " ".join(_text(element).split())
    elif element.tag in _LISTS:
        yield 0, _list(element)
    elif element.tag == "table":
        yield 0, _table(element)
    elif element.tag in _CONTAINERS and any(isinstance(e.tag, str) for e in element):
        yield 0, _squeeze(element.text)
        for child in element:
            yield from _walk(child)
            yield 0, _squeeze(child.tail)
    else:
        yield 0, _text(element)


def _level(element: Any) -> int:
    named = element.tag if element.tag != "head" else element.get("rend") or "h2"
    return int(named[-1])


def _list(element: Any) -> str:
    items = [child for child in element if child.tag in _ITEMS]
    signs = (f"{n}. " for n in range(1, len(items) + 1)) if element.tag == "ol" else None
    return "\n".join(f"{next(signs) if signs else '- '}{_text(item)}" for item in items)


def _table(element: Any) -> str:
    """A line for a row; with a header, each cell after what stands above it."""
    rows = [
        [(cell, " ".join(_text(cell).split())) for cell in row if cell.tag in _CELLS]
        for row in element.iter("tr", "row")
    ]
    rows = [row for row in rows if any(text for _, text in row)]
    if rows and all(_is_header(cell) for cell, _ in rows[0]):
        names = [text for _, text in rows.pop(0)]
        if not rows:
            return " | ".join(names)
        return "\n".join(
            " | ".join(f"{name}: {text}" if name else text for name, (_, text) in zip(names, row))
            for row in rows
        )
    return "\n".join(" | ".join(text for _, text in row) for row in rows)


def _is_header(cell: Any) -> bool:
    return cell.tag == "th" or cell.get("role") == "head"


def _text(element: Any) -> str:
    """The words in an element, blank lines and superfluous blanks left out."""
    lines = (_squeeze(line) for line in _raw(element).split("\n"))
    return "\n".join(line for line in lines if line)


def _raw(element: Any) -> str:
    parts = [_BLANKS.sub(" ", element.text or "")]
    for child in element:
        if child.tag in ("br", "lb"):
            parts.append("\n")
        elif child.tag in _LISTS:
            parts.append(f"\n{_list(child)}\n")
        elif child.tag in ("p", "div"):
            parts.append(f"\n{_raw(child)}\n")
        elif isinstance(child.tag, str):
            parts.append(_raw(child) + _address(child))
        parts.append(_BLANKS.sub(" ", child.tail or ""))
    return "".join(parts)


def _address(element: Any) -> str:
    # A page's own links lead nowhere from here.
    address = element.get("href", "") if element.tag == "a" else ""
    shown = address.startswith(("http://", "https://")) and address not in (element.text or "")
    return f" ({address})" if shown else ""


def _squeeze(text: str | None) -> str:
    return _BLANKS.sub(" ", text or "").strip()
