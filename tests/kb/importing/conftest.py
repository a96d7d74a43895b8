"""One way for all tests to bring something in, on a fixed day."""

from datetime import date
from pathlib import Path
from typing import Any, Callable, Dict, List

import pytest

from knowledge_base.article import Article, load_articles
from knowledge_base.importing.draft import Draft
from knowledge_base.importing.drafting import Defaults
from knowledge_base.importing.importer import Options, import_articles
from knowledge_base.importing.report import ImportRefused, Report
from knowledge_base.importing.sources import read

TODAY = date(2026, 11, 20)


@pytest.fixture
def bring_in(tmp_path: Path) -> Callable[..., Report]:
    """Imports into ``tmp_path/articles``; raises as the import does."""

    def run(source: Path, *, strict: bool = False, dry_run: bool = False, **more: Any) -> Report:
        names = ("language", "topic", "owner")
        defaults = Defaults(TODAY, **{name: more.pop(name) for name in names if name in more})
        options = Options(defaults, strict=strict, dry_run=dry_run)
        return import_articles(source, tmp_path / "articles", options, **more)

    return run


@pytest.fixture
def imported(tmp_path: Path, bring_in: Callable[..., Report]) -> Callable[..., List[Article]]:
    """Imports a file of the given name and content, and gives the articles that are there then."""

    def run(name: str, content: "str | bytes", **more: Any) -> List[Article]:
        source = tmp_path / name
        source.write_bytes(content if isinstance(content, bytes) else content.encode("utf-8"))
        bring_in(source, **more)
        return load_articles(tmp_path / "articles")

    return run


@pytest.fixture
def problems(
    tmp_path: Path, bring_in: Callable[..., Report]
) -> Callable[["str", "str | bytes"], List[str]]:
    """Why a file is refused, without the folder it lies in; and that nothing was written."""

    def run(name: str, content: "str | bytes") -> List[str]:
        source = tmp_path / name
        source.write_bytes(content if isinstance(content, bytes) else content.encode("utf-8"))
        with pytest.raises(ImportRefused) as caught:
            bring_in(source)
        assert not (tmp_path / "articles").exists()
        return [problem.replace(f"{tmp_path}/", "") for problem in caught.value.problems]

    return run


@pytest.fixture
def found(tmp_path: Path) -> Callable[["str", "str | bytes"], List[Any]]:
    """What the reader of a file yields."""

    def run(name: str, content: "str | bytes") -> List[Any]:
        source = tmp_path / name
        source.write_bytes(content if isinstance(content, bytes) else content.encode("utf-8"))
        return list(read(source))

    return run


@pytest.fixture
def texts(found: Callable[..., List[Any]]) -> Callable[..., Dict[str, Any]]:
    """The paragraphs of each draft of a file by its title."""

    def run(name: str, content: "str | bytes") -> Dict[str, Any]:
        return {d.title: d.paragraphs for d in found(name, content) if isinstance(d, Draft)}

    return run
