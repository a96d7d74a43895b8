"""Writing the pages: one folder for each edition, everything they load beside them.

::

    index.html                     the choice of a language
    assets/                        style, search, seal
    zh/ zh-Hant/ en/               index.html <article>.html _missing.html search.json

All addresses are relative, so that the folder may lie anywhere.
"""

from __future__ import annotations

import shutil
import tempfile
from datetime import date, timedelta
from functools import lru_cache
from pathlib import Path
from typing import Any, Iterable, Mapping, Sequence

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from knowledge_base.article import Article
from knowledge_base.help_centre.edition import EDITIONS, Edition, topic_order
from knowledge_base.help_centre.markdown import to_html
from knowledge_base.help_centre.related import related
from knowledge_base.help_centre.search_index import search_index
from knowledge_base.language import LANGUAGES

# Below the folder of an index; in it a folder for the day from which the pages hold.
PAGES_FOLDER = "help"
_DAYS = ".days"
# From the pages at /help/<language>/ to the chat at /.
CHAT = "../../"

_HERE = Path(__file__).parent
_MOST_RELATED = 6


def ensure_pages(folder: Path, articles: Iterable[Article], today: date) -> Path:
    """Write the pages that hold on a day into an index's folder, unless they are there already.

    They appear in one step, below the last day on which an article began or ended; whoever serves
    them takes the folder with the latest day. Articles are read only when they are needed. Raises
    OSError.
    """
    pages = folder / PAGES_FOLDER
    pages.mkdir(exist_ok=True)
    if not (pages / _DAYS).exists():
        articles = list(articles)
        (pages / _DAYS).write_text(
            "\n".join(day.isoformat() for day in _changes(articles)), "ascii"
        )
    days = (pages / _DAYS).read_text("ascii").split()
    target = pages / max(day for day in days if day <= today.isoformat())
    if not target.is_dir():
        scratch = Path(tempfile.mkdtemp(prefix=".writing-", dir=pages))
        write_pages(scratch, articles, today=today)
        scratch.chmod(0o755)
        scratch.rename(target)
    return target


def write_pages(
    folder: Path, articles: Iterable[Article], *, today: date, chat: str = CHAT
) -> None:
    """Write the pages of the articles that are valid on a day; ``chat`` is where to ask further.

    The folder is an empty one. Raises OSError.
    """
    valid = [article for article in articles if article.is_valid(today)]
    known = {
        each.folder: {article.id for article in valid if article.language == each.language}
        for each in EDITIONS
    }
    shutil.copytree(_HERE / "assets", folder / "assets", dirs_exist_ok=True)
    _write(folder / "index.html", "languages.html", editions=EDITIONS)
    nearest = {
        language: related((a for a in valid if a.language == language), most=_MOST_RELATED)
        for language in LANGUAGES
    }
    for edition in EDITIONS:
        mine = [edition.written(a) for a in valid if a.language == edition.language]
        near = nearest[edition.language]
        _write_edition(folder / edition.folder, edition, mine, near, known=known, chat=chat)


def _write_edition(
    folder: Path,
    edition: Edition,
    articles: Sequence[Article],
    nearest: Mapping[str, Sequence[str]],
    **shared: Any,
) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    page = {"edition": edition, "editions": EDITIONS, "words": edition.words, **shared}
    by_id = {article.id: article for article in articles}
    for article in articles:
        _write(
            folder / f"{article.id}.html",
            "article.html",
            article=article,
            body=to_html(article.paragraphs),
            related=[by_id[other] for other in nearest[article.id]],
            **page,
        )
    (folder / "search.json").write_text(search_index(articles), "utf-8")
    _write(folder / "_missing.html", "missing.html", **page)
    _write(folder / "index.html", "home.html", topics=_by_topic(articles), **page)


def _by_topic(articles: Sequence[Article]) -> list[tuple[str, list[Article]]]:
    order = topic_order()
    names = {article.topic for article in articles}
    listed = [name for name in order if name in names] + sorted(names - set(order))
    return [(name, [a for a in articles if a.topic == name]) for name in listed]


def _changes(articles: Iterable[Article]) -> list[date]:
    """The days on which an article begins or is not served any more, and the first day of all."""
    days = {date.min}
    for article in articles:
        if article.valid_from:
            days.add(article.valid_from)
        if article.valid_until and article.valid_until < date.max:
            days.add(article.valid_until + timedelta(days=1))
    return sorted(days)


def _write(path: Path, template: str, **values: Any) -> None:
    path.write_text(_templates().get_template(template).render(values), "utf-8")


@lru_cache(maxsize=1)
def _templates() -> Environment:
    environment = Environment(
        loader=FileSystemLoader(_HERE / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    # Filled in before they are escaped: a title must not bring markup along.
    environment.filters["fill"] = lambda text, **values: Markup.escape(text.format(**values))
    return environment
