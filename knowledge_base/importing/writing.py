"""Writing articles into their folder: all of them, or the folder stays as it was."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Callable, Sequence

from knowledge_base.article import Article, parse_article, render_article
from knowledge_base.importing.duplicates import Placed

Replace = Callable[[Path, Path], None]
Key = tuple[str, str]


class WriteError(OSError):
    """A file could not be written; every file is as it was before."""


def homes(articles_dir: Path) -> dict[Key, Placed]:
    """Each article that exists by language and id; its file need not be called like its id."""
    found: dict[Key, Placed] = {}
    for path in sorted(articles_dir.rglob("*.md")):
        article = parse_article(path.read_text(encoding="utf-8-sig"), path)
        found[article.language, article.id] = Placed(article, str(path))
    return found


def targets(
    articles: Sequence[Article], existing: dict[Key, Placed], articles_dir: Path
) -> list[Path]:
    """The file of each article: the one that it has already, else one that no other has."""
    taken = {placed.where for placed in existing.values()}
    chosen: list[Path] = []
    for article in articles:
        home = existing.get((article.language, article.id))
        path = Path(home.where) if home else articles_dir / article.language / f"{article.id}.md"
        while not home and str(path) in taken:
            path = path.with_name(f"{path.stem}-new.md")
        taken.add(str(path))
        chosen.append(path)
    return chosen


def write_articles(
    articles: Sequence[Article], paths: Sequence[Path], replace: Replace = os.replace
) -> None:
    """Write all of them or raise WriteError with everything put back as it was."""
    before: dict[Path, bytes | None] = {}
    scratch: list[Path] = []
    try:
        for article, target in zip(articles, paths):
            target.parent.mkdir(parents=True, exist_ok=True)
            scratch.append(target.with_name(f".{target.name}.importing"))
            scratch[-1].write_text(render_article(article), encoding="utf-8")
        for target, fresh in zip(paths, scratch):
            before[target] = target.read_bytes() if target.exists() else None
            replace(fresh, target)
    except OSError as error:
        _restore(before)
        raise WriteError(f"cannot write: {error}") from error
    finally:
        for path in scratch:
            path.unlink(missing_ok=True)


def _restore(before: dict[Path, bytes | None]) -> None:
    for target, content in before.items():
        if content is None:
            target.unlink(missing_ok=True)
        else:
            target.write_bytes(content)
