"""An article and its file: YAML between two ``---`` lines, then plain paragraphs.

The front matter is read node by node, so that every complaint names file and line and so that
a question like ``yes`` stays text instead of becoming a truth value.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Iterable, Literal, NoReturn, overload

import yaml

from knowledge_base.errors import ArticleError
from knowledge_base.language import LANGUAGES

FENCE = "---"
# Far more than anybody reads; larger files are something else under a wrong name.
MOST_BYTES = 1_000_000
REQUIRED = ("id", "title", "topic", "language", "owner", "updated", "questions")
# When it was last read against the shop's rules; from and until which day it is served; the names
# of the figures in the rules that it states; the other numbers in it.
OPTIONAL = ("reviewed", "valid_from", "valid_until", "facts", "examples")

_NAME = re.compile(r"[a-z0-9]+(?:[-_][a-z0-9]+)*\Z")
_BLANK_LINES = re.compile(r"\n\s*\n")


@dataclass(frozen=True)
class Article:
    """What the shop says about one thing, in one language."""

    id: str
    title: str
    topic: str
    language: str
    owner: str
    updated: date
    questions: tuple[str, ...]
    paragraphs: tuple[str, ...]
    reviewed: date | None = None
    valid_from: date | None = None
    valid_until: date | None = None
    facts: tuple[str, ...] = ()
    examples: tuple[str, ...] = ()

    def is_valid(self, day: date) -> bool:
        """Whether it may be served on a day; both ends of its time are within it."""
        return (self.valid_from or day) <= day <= (self.valid_until or day)

    @property
    def last_read(self) -> date:
        """The day on which somebody last made sure that it is true."""
        return max(self.updated, self.reviewed or self.updated)


def load_articles(folder: Path) -> list[Article]:
    """Read every ``*.md`` below a folder, sorted by language and id; no folder, no articles.

    Raises ArticleError for a file that cannot be used and for an id used twice in a language.
    """
    found: dict[tuple[str, str], tuple[Article, Path]] = {}
    for path in sorted(folder.rglob("*.md")):
        article = parse_article(_read(path), path)
        key = (article.language, article.id)
        if key in found:
            first = found[key][1]
            raise ArticleError(path, 2, f"id {article.id!r} is already used by {first}")
        found[key] = (article, path)
    return [found[key][0] for key in sorted(found)]


def parse_article(source: str, path: Path) -> Article:
    """Turn the text of an article file into an Article; ``path`` only names it in errors.

    Raises ArticleError with the line at fault.
    """
    _check_size(len(source.encode("utf-8", "replace")), path)
    lines = source.splitlines()
    if not lines or lines[0].strip() != FENCE:
        raise ArticleError(path, 1, f"an article starts with a line {FENCE!r}")
    ends = [number for number, line in enumerate(lines) if number and line.strip() == FENCE]
    if not ends:
        raise ArticleError(path, len(lines), f"the front matter is not closed by {FENCE!r}")
    front = _FrontMatter("\n".join(lines[1 : ends[0]]), path)
    paragraphs = split_paragraphs("\n".join(lines[ends[0] + 1 :]))
    if not paragraphs:
        raise ArticleError(path, ends[0] + 1, "the article has no body")
    article = Article(
        id=front.name("id"),
        title=front.text("title"),
        topic=front.name("topic"),
        language=front.choice("language", LANGUAGES),
        owner=front.text("owner"),
        updated=front.day("updated"),
        questions=front.texts("questions"),
        paragraphs=paragraphs,
        reviewed=front.day("reviewed", needed=False),
        valid_from=front.day("valid_from", needed=False),
        valid_until=front.day("valid_until", needed=False),
        facts=front.texts("facts", needed=False),
        examples=front.texts("examples", needed=False),
    )
    if article.valid_from and article.valid_until and article.valid_from > article.valid_until:
        front.fail("valid_until", "valid_until is before valid_from")
    return article


def render_article(article: Article) -> str:
    """The file text of an article; :func:`parse_article` of it gives the article back."""
    front = {
        "id": article.id,
        "title": article.title,
        "topic": article.topic,
        "language": article.language,
        "owner": article.owner,
        "updated": article.updated,
        **{name: getattr(article, name) for name in OPTIONAL if getattr(article, name)},
        "questions": list(article.questions),
    }
    front = {name: list(v) if isinstance(v, tuple) else v for name, v in front.items()}
    head = yaml.dump(
        front, Dumper=yaml.CSafeDumper, allow_unicode=True, sort_keys=False, width=10_000
    )
    return f"{FENCE}\n{head}{FENCE}\n" + "\n\n".join(article.paragraphs) + "\n"


def split_paragraphs(body: str) -> tuple[str, ...]:
    """Split at blank lines; a list stays with the line that announces it (ends in a colon)."""
    paragraphs: list[str] = []
    for block in (block.strip() for block in _BLANK_LINES.split(body)):
        if not block:
            continue
        if paragraphs and block.startswith("- ") and paragraphs[-1].endswith((":", "：")):
            paragraphs[-1] += "\n" + block
        else:
            paragraphs.append(block)
    return tuple(paragraphs)


def _check_size(size: int, path: Path) -> None:
    if size > MOST_BYTES:
        raise ArticleError(
            path, 1, f"{size / 1e6:.1f} MB; an article has at most {MOST_BYTES / 1e6:.0f} MB"
        )


def _read(path: Path) -> str:
    _check_size(path.stat().st_size, path)
    try:
        return path.read_text(encoding="utf-8-sig")
    except UnicodeDecodeError as error:
        line = path.read_bytes()[: error.start].count(b"\n") + 1
        raise ArticleError(path, line, "not UTF-8 text") from error


class _FrontMatter:
    """The fields of one front matter, each with the line it stands on."""

    def __init__(self, source: str, path: Path) -> None:
        self._path = path
        try:
            root = yaml.compose(source, Loader=yaml.SafeLoader)
        except yaml.reader.ReaderError as error:
            line = source[: error.position].count("\n") + 2
            raise ArticleError(path, line, f"not valid YAML: {error.reason}") from error
        except RecursionError as error:
            raise ArticleError(path, 2, "not valid YAML: nested too deeply") from error
        except yaml.MarkedYAMLError as error:
            mark = error.problem_mark
            raise ArticleError(
                path, mark.line + 2 if mark else 2, f"not valid YAML: {error.problem}"
            ) from error
        if not isinstance(root, yaml.MappingNode):
            raise ArticleError(path, 2, "the front matter is not a list of 'name: value' lines")
        self._fields: dict[str, yaml.Node] = {}
        for key, value in root.value:
            if key.value in self._fields:
                self._fail(key, f"{key.value!r} is given twice")
            self._fields[key.value] = value
        missing = [name for name in REQUIRED if name not in self._fields]
        if missing:
            raise ArticleError(path, 1, f"missing in the front matter: {', '.join(missing)}")
        for key, _ in root.value:
            if key.value not in (*REQUIRED, *OPTIONAL):
                self._fail(key, f"{key.value!r} is not known here")

    def text(self, field: str) -> str:
        return self._scalar(self._fields[field], field)

    def name(self, field: str) -> str:
        value = self.text(field)
        if not _NAME.match(value):
            self._fail(self._fields[field], f"{field} {value!r} is not like 'return-window'")
        return value

    def choice(self, field: str, allowed: Iterable[str]) -> str:
        value = self.text(field)
        if value not in allowed:
            self._fail(self._fields[field], f"{field} {value!r} is not one of {list(allowed)}")
        return value

    @overload
    def day(self, field: str) -> date: ...

    @overload
    def day(self, field: str, *, needed: Literal[False]) -> date | None: ...

    def day(self, field: str, *, needed: bool = True) -> date | None:
        if not needed and field not in self._fields:
            return None
        value = self.text(field)
        try:
            return date.fromisoformat(value)
        except ValueError:
            self._fail(self._fields[field], f"{field} {value!r} is not a date like 2026-11-01")

    def texts(self, field: str, *, needed: bool = True) -> tuple[str, ...]:
        if not needed and field not in self._fields:
            return ()
        node = self._fields[field]
        if not isinstance(node, yaml.SequenceNode):
            self._fail(node, f"{field} is not a list of '- ' lines")
        return tuple(self._scalar(item, f"an entry of {field}") for item in node.value)

    def fail(self, field: str, reason: str) -> NoReturn:
        self._fail(self._fields[field], reason)

    def _scalar(self, node: yaml.Node, what: str) -> str:
        if not isinstance(node, yaml.ScalarNode):
            self._fail(node, f"{what} is not one line of text (quote it if it has a colon)")
        value = str(node.value).strip()
        if not value:
            self._fail(node, f"{what} is empty")
        return value

    def _fail(self, node: yaml.Node, reason: str) -> NoReturn:
        # The YAML starts on the file's second line; marks count from nought.
        raise ArticleError(self._path, node.start_mark.line + 2, reason)
