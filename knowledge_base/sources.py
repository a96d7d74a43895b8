"""What an index is built from, and the digest of all of it, this package's own code included."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from pathlib import Path
from typing import Iterable, Iterator

from knowledge_base.article import Article, load_articles
from knowledge_base.examples import Example, load_examples
from knowledge_base.settings import Settings
from knowledge_base.variants import load_variants, with_variants

# Code that shapes an index; a change to serving or importing must not cause a new build.
_SHAPING = (
    "article.py",
    "article_file.py",
    "build.py",
    "calibration.py",
    "encoder/*.py",
    "examples.py",
    "excerpt.py",
    "help_centre/*.*",
    "help_centre/assets/*",
    "help_centre/templates/*",
    "index.py",
    "language.py",
    "normaliser.py",
    "lexical.py",
    "nearest.py",
    "sources.py",
    "spelling.py",
    "store.py",
    "thresholds.py",
    "words.py",
    "encoder/lexicon/*.txt",
    "variants.py",
)


@dataclass(frozen=True)
class Sources:
    """What an index is built from."""

    articles: list[Article]
    examples: list[Example]
    encoder: str
    digest: str


def read_sources(settings: Settings) -> Sources:
    """Read and check articles and examples; raises ArticleError or ExamplesError."""
    files = [
        *_files(settings.articles_dir, "*.md"),
        *_files(settings.variants_dir, "*.yml"),
        *_files(settings.examples_dir, "*.yml"),
    ]
    code = [path for pattern in _SHAPING for path in _files(Path(__file__).parent, pattern)]
    return Sources(
        articles=with_variants(
            load_articles(settings.articles_dir), load_variants(settings.variants_dir)
        ),
        examples=load_examples(settings.examples_dir),
        encoder=settings.encoder,
        digest=_digest([*files, *code], settings.encoder),
    )


def _files(folder: Path, pattern: str) -> list[Path]:
    return sorted(folder.rglob(pattern))


def _digest(files: Iterable[Path], encoder: str) -> str:
    state = hashlib.sha256(encoder.encode("utf-8"))
    for path in files:
        state.update(path.name.encode("utf-8") + b"\0" + hashlib.sha256(path.read_bytes()).digest())
    for mark in _model_marks(Path(encoder) if encoder else None):
        state.update(mark.encode("utf-8"))
    return state.hexdigest()[:16]


def _model_marks(folder: Path | None) -> Iterator[str]:
    """Names, sizes and times of a model's files: reading gigabytes at every start is too slow."""
    if folder is not None and folder.is_dir():
        for path in _files(folder, "*"):
            status = path.stat()
            yield f"{path.name}/{status.st_size}/{status.st_mtime_ns};"
