"""From a gap to an article's draft, or to further ways to ask for an article."""

from __future__ import annotations

import os
from collections.abc import Collection
from datetime import date
from pathlib import Path
from typing import Sequence

import yaml

from knowledge_base.article import Article, load_articles, parse_article, render_article
from knowledge_base.errors import ArticleError, GapsError
from knowledge_base.gaps import Gap
from knowledge_base.settings import Settings
from knowledge_base.variants import load_variants, with_variants

# What stands in a draft for which no agent wrote an answer.
PLACEHOLDERS = {
    "zh": "（请在这里写答案：第一句话直接回答问题。）",
    "en": "(Write the answer here. Let the first sentence answer the question.)",
}


def write_draft(
    gap: Gap, settings: Settings, *, article_id: str, topic: str = "", today: date
) -> Path:
    """Begin an article with a gap's questions and what agents wrote; returns its file.

    The topic is that of the nearest article unless it is given. Raises GapsError when the id cannot
    be one, or when there is such an article or draft.
    """
    path = settings.drafts_dir / gap.language / f"{article_id}.md"
    articles = load_articles(settings.articles_dir)
    topics = {article.id: article.topic for article in articles}
    if any((a.language, a.id) == (gap.language, article_id) for a in articles):
        raise GapsError(f"there is an article {article_id!r} in {gap.language} already")
    nearest = gap.nearest.id if gap.nearest else ""
    article = Article(
        id=article_id,
        title=gap.question,
        topic=topic or topics.get(nearest, "general"),
        language=gap.language,
        owner="service",
        updated=today,
        questions=gap.questions,
        paragraphs=gap.right_texts or (PLACEHOLDERS[gap.language],),
    )
    text = render_article(article)
    try:
        parse_article(text, path)
    except ArticleError as error:
        raise GapsError(error.reason) from error
    path.parent.mkdir(parents=True, exist_ok=True)
    try:
        with path.open("x", encoding="utf-8") as file:
            file.write(text)
    except FileExistsError as error:
        raise GapsError(f"{path} exists already") from error
    return path


def add_variants(gap: Gap, settings: Settings, *, article_id: str) -> tuple[Path, list[str]]:
    """Append a gap's questions to an article's variants; returns the file, and what is new in it.

    Questions that an article of the language has already are left out. Raises GapsError when there
    is no such article, and VariantsError when its file cannot be read.
    """
    known = with_variants(
        load_articles(settings.articles_dir), load_variants(settings.variants_dir)
    )
    mine = [article for article in known if article.language == gap.language]
    article = next((each for each in mine if each.id == article_id), None)
    if article is None:
        raise GapsError(f"there is no article {article_id!r} in {gap.language}")
    taken = {question for each in mine for question in each.questions}
    fresh = [question for question in gap.questions if question not in taken]
    folder = settings.variants_dir / gap.language
    path = next(
        (path for path in sorted(folder.glob("*.yml")) if _list_of(path, article_id)),
        folder / f"{article.topic}.yml",
    )
    if fresh:
        _append(path, article_id, fresh)
        load_variants(settings.variants_dir)
    return path, fresh


def _append(path: Path, article_id: str, questions: Collection[str]) -> None:
    """Put questions behind those that an article has; every other line stays as it is."""
    text = path.read_text(encoding="utf-8") if path.exists() else ""
    lines = text.splitlines(keepends=True)
    if lines and not lines[-1].endswith("\n"):
        lines[-1] += "\n"
    entries = _list_of(path, article_id)
    if entries is None:
        lines += [f"{article_id}:\n", *_entries(questions, indent="")]
    elif entries.flow_style:
        where = f"{path}:{entries.start_mark.line + 1}"
        raise GapsError(f"{where}: put the questions of {article_id!r} on a line each first")
    else:
        last = entries.value[-1].end_mark
        # The mark of a text that goes over several lines may stand at the beginning of the next.
        after = last.line + (last.column > 0)
        indent = " " * entries.start_mark.column
        lines[after:after] = _entries(questions, indent=indent)
    path.parent.mkdir(parents=True, exist_ok=True)
    aside = path.with_name(f".{path.name}.{os.getpid()}")
    aside.write_text("".join(lines), encoding="utf-8")
    aside.replace(path)


def _list_of(path: Path, article_id: str) -> yaml.SequenceNode | None:
    """The list of an article's questions in a file, with the marks where it stands."""
    root = yaml.compose(path.read_text("utf-8"), yaml.SafeLoader) if path.exists() else None
    for key, entries in root.value if root is not None else ():
        if key.value == article_id:
            return entries if entries.value else None
    return None


def _entries(questions: Collection[str], *, indent: str) -> Sequence[str]:
    written = yaml.safe_dump(list(questions), allow_unicode=True, width=10_000)
    return [f"{indent}{line}" for line in written.splitlines(keepends=True)]
