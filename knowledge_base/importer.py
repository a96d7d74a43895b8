"""Importing: a shop's own Markdown or JSON Lines into the articles folder, all of it or nothing."""

from __future__ import annotations

import json
import os
from datetime import date
from pathlib import Path
from typing import Any, Callable, Iterator, Sequence

from pydantic import BaseModel, Extra, Field, ValidationError, validator

from knowledge_base.article import Article, parse_article, render_article, split_paragraphs
from knowledge_base.errors import ArticleError, ImportRefused
from knowledge_base.language import base_language, detect_language

Replace = Callable[[Path, Path], None]


class _Row(BaseModel):
    """One line of a JSON Lines file; what is left out gets a plain default."""

    id: str
    title: str
    text: str
    language: str = Field("", alias="lang")
    topic: str = "general"
    owner: str = "service"
    updated: date | None = None
    questions: list[str] = []

    class Config:
        allow_population_by_field_name = True
        extra = Extra.forbid

    @validator("title", "text")
    def _not_blank(cls, value: str) -> str:
        if not value.strip():
            raise ValueError("is empty")
        return value


def import_articles(
    source: Path, articles_dir: Path, *, today: date, replace: Replace = os.replace
) -> list[Path]:
    """Write the articles of a ``.md`` or ``.jsonl`` file, or of a folder of ``.md`` files.

    An article whose id exists in its language takes that one's place. Returns the files
    written. Raises ImportRefused, naming every bad row, and then nothing has changed.
    """
    articles = _read(source, today)
    homes = _homes(articles_dir)
    targets = [
        homes.get((a.language, a.id), articles_dir / a.language / f"{a.id}.md") for a in articles
    ]
    _write(list(zip(targets, map(render_article, articles))), replace)
    return targets


def _read(source: Path, today: date) -> list[Article]:
    if not source.exists():
        raise ImportRefused([f"{source}: no such file"])
    if source.is_file() and source.suffix not in (".md", ".jsonl"):
        raise ImportRefused([f"{source}: not a .md or .jsonl file"])
    rows = _jsonl(source, today) if source.suffix == ".jsonl" else _markdown(source)
    articles: dict[tuple[str, str], Article] = {}
    problems: list[str] = []
    for where, found in rows:
        if isinstance(found, str):
            problems.append(f"{where}: {found}")
        elif (found.language, found.id) in articles:
            problems.append(f"{where}: id {found.id!r} is given twice in {found.language}")
        else:
            articles[found.language, found.id] = found
    if problems:
        raise ImportRefused(problems)
    if not articles:
        raise ImportRefused([f"{source}: no articles in it"])
    return list(articles.values())


def _markdown(source: Path) -> Iterator[tuple[str, Article | str]]:
    for path in sorted(source.rglob("*.md")) if source.is_dir() else [source]:
        try:
            yield str(path), parse_article(path.read_text(encoding="utf-8-sig"), path)
        except UnicodeDecodeError:
            yield str(path), "not UTF-8 text"
        except ArticleError as error:
            yield f"{path}:{error.line}", error.reason


def _jsonl(source: Path, today: date) -> Iterator[tuple[str, Article | str]]:
    for number, line in enumerate(source.read_bytes().splitlines(), start=1):
        if line.strip():
            yield f"{source}:{number}", _row_article(line, source, number, today)


def _row_article(line: bytes, source: Path, number: int, today: date) -> Article | str:
    """The article of a line, or what is wrong with it."""
    try:
        row = _Row.parse_obj(json.loads(line.decode("utf-8")))
    except UnicodeDecodeError:
        return "not UTF-8 text"
    except json.JSONDecodeError as error:
        return f"not JSON: {error.msg}"
    except ValidationError as error:
        return "; ".join(f"{'.'.join(map(str, e['loc']))}: {e['msg']}" for e in error.errors())
    tag = row.language or detect_language(row.title + row.text)
    article = Article(
        id=row.id,
        title=row.title.strip(),
        topic=row.topic,
        language=base_language(tag),
        owner=row.owner,
        updated=row.updated or today,
        questions=tuple(question.strip() for question in row.questions),
        paragraphs=split_paragraphs(row.text),
    )
    try:
        # Whatever is written must be readable again: the same rules for every way in.
        return parse_article(render_article(article), source)
    except ArticleError as error:
        return error.reason


def _homes(articles_dir: Path) -> dict[tuple[str, str], Path]:
    """Where each article that exists lives; its file need not be called like its id."""
    homes: dict[tuple[str, str], Path] = {}
    for path in sorted(articles_dir.rglob("*.md")):
        article = parse_article(path.read_text(encoding="utf-8-sig"), path)
        homes[article.language, article.id] = path
    return homes


def _write(files: Sequence[tuple[Path, str]], replace: Replace) -> None:
    """Write all files or, when one cannot be written, put everything back as it was."""
    before: dict[Path, Any] = {}
    scratch: list[Path] = []
    try:
        for target, text in files:
            target.parent.mkdir(parents=True, exist_ok=True)
            scratch.append(target.with_name(f".{target.name}.importing"))
            scratch[-1].write_text(text, encoding="utf-8")
        for (target, _), fresh in zip(files, scratch):
            before[target] = target.read_bytes() if target.exists() else None
            replace(fresh, target)
    except OSError as error:
        _restore(before)
        raise ImportRefused([f"cannot write: {error}"]) from error
    finally:
        for path in scratch:
            path.unlink(missing_ok=True)


def _restore(before: dict[Path, Any]) -> None:
    for target, content in before.items():
        if content is None:
            target.unlink(missing_ok=True)
        else:
            target.write_bytes(content)
