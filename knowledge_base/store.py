"""Where built indexes lie on disk: one folder per digest, and a pointer to the current one.

::

    <data>/knowledge/current            the digest in use, replaced in one step
    <data>/knowledge/withdrawn          digests that are not to be served again, one a line
    <data>/knowledge/<digest>/          manifest.json encoder/ zh/ en/
    <data>/knowledge/<digest>/zh/       articles.jsonl vectors.faiss units.npy words/ spelling.json

A folder is complete before it gets its name, so a reader never sees half an index.
"""

from __future__ import annotations

import json
import os
import shutil
import tempfile
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from fcntl import LOCK_EX, flock
from pathlib import Path
from typing import Any, Iterator, Mapping

from knowledge_base.article_file import ArticleFile, write_articles
from knowledge_base.errors import IndexMissing
from knowledge_base.index import LanguageIndex
from knowledge_base.thresholds import Thresholds

POINTER = "current"
MANIFEST = "manifest.json"
WITHDRAWN = "withdrawn"
ENCODER_FOLDER = "encoder"

_ARTICLES = "articles.jsonl"
_SCRATCH = ".building-"


@dataclass(frozen=True)
class Manifest:
    """What was built from what: the small print of an index."""

    digest: str
    encoder: str  # as in the settings; empty = trained here
    thresholds: dict[str, Thresholds]
    crossing: dict[str, Thresholds]  # for the other language's articles, by the one asked in
    articles: dict[str, int]
    contents: dict[str, str]  # digest of each language's articles.jsonl
    rehearsal: dict[str, dict[str, Any]]
    build_s: float


@dataclass(frozen=True)
class StoredIndex:
    """An index read back from disk, without its encoder."""

    folder: Path
    manifest: Manifest
    indexes: dict[str, LanguageIndex]

    @property
    def encoder_name(self) -> str:
        """What to give to :func:`encoder.loading.load_encoder`."""
        return self.manifest.encoder or str(self.folder / ENCODER_FOLDER)


def current_digest(root: Path) -> str:
    """Digest of the index in use; empty when there is none."""
    pointer = root / POINTER
    digest = pointer.read_text(encoding="ascii").strip() if pointer.is_file() else ""
    return digest if digest and (root / digest / MANIFEST).is_file() else ""


def load_current(root: Path) -> StoredIndex:
    """Read the index in use; raises IndexMissing when there is none or it is damaged."""
    digest = current_digest(root)
    if not digest:
        raise IndexMissing(f"no index in {root}: run python -m knowledge_base build")
    return _load(root / digest)


def load_manifest(root: Path) -> Manifest:
    """Read the small print of the index in use; raises IndexMissing as :func:`load_current`."""
    digest = current_digest(root)
    if not digest:
        raise IndexMissing(f"no index in {root}: run python -m knowledge_base build")
    try:
        return _manifest(root / digest)
    except (OSError, ValueError, TypeError, KeyError) as error:
        raise IndexMissing(f"the index in {root / digest} is damaged ({error})") from error


def current_articles(root: Path) -> set[tuple[str, str]]:
    """The articles in use as (language, id); none when nothing usable is."""
    try:
        manifest = load_manifest(root)
        return {
            (language, article.id)
            for language in manifest.articles
            for article in ArticleFile(root / manifest.digest / language / _ARTICLES)
        }
    except (IndexMissing, OSError, ValueError, TypeError, KeyError):
        return set()


def folder_bytes(folder: Path) -> int:
    """Size of all files below a folder."""
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())


@contextmanager
def building_lock(root: Path) -> Iterator[None]:
    """Let one process build at a time; the others wait and then find the work done."""
    root.mkdir(parents=True, exist_ok=True)
    with (root / ".lock").open("w") as file:
        flock(file, LOCK_EX)
        yield


@contextmanager
def new_folder(root: Path) -> Iterator[Path]:
    """A scratch folder beside the indexes, gone afterwards unless it was given a name.

    Those of builds that were killed go as well; only one builds at a time (:func:`building_lock`).
    """
    for left in root.glob(f"{_SCRATCH}*"):
        shutil.rmtree(left, ignore_errors=True)
    scratch = Path(tempfile.mkdtemp(prefix=_SCRATCH, dir=root))
    try:
        yield scratch
    finally:
        shutil.rmtree(scratch, ignore_errors=True)


def write_indexes(folder: Path, indexes: Mapping[str, LanguageIndex]) -> dict[str, str]:
    """Write articles and indexes into a folder; gives the digest of each language's articles."""
    contents = {}
    for language, index in indexes.items():
        index.save(folder / language)
        contents[language] = write_articles(folder / language / _ARTICLES, index.articles)
    return contents


def write_manifest(folder: Path, manifest: Manifest) -> None:
    """Write the small print into a folder, last of all: with it the folder is an index."""
    text = json.dumps(asdict(manifest), ensure_ascii=False, indent=2)
    (folder / MANIFEST).write_text(text, "utf-8")


def publish(scratch: Path, root: Path, digest: str) -> None:
    """Give a finished folder its name, point at it, and drop all others but the last one."""
    before = current_digest(root)
    target = root / digest
    if target.exists():
        shutil.rmtree(target)
    scratch.chmod(0o755)
    scratch.rename(target)
    _point_at(root, digest)
    for folder in root.iterdir():
        # A process that still serves the last one may read its encoder again.
        if (folder / MANIFEST).is_file() and folder.name not in (digest, before):
            shutil.rmtree(folder, ignore_errors=True)


def withdrawn(root: Path) -> set[str]:
    """Digests of builds that were refused or taken back."""
    path = root / WITHDRAWN
    return set(path.read_text(encoding="ascii").split()) if path.is_file() else set()


def withdraw(root: Path, digest: str) -> None:
    """Remember that a build is not to be served; the same sources are not built again."""
    listed = sorted({*withdrawn(root), digest})
    write_whole(root / WITHDRAWN, "".join(f"{each}\n" for each in listed))


def readmit(root: Path, digest: str) -> None:
    """Forget that a build was withdrawn."""
    listed = sorted(withdrawn(root) - {digest})
    write_whole(root / WITHDRAWN, "".join(f"{each}\n" for each in listed))


def roll_back(root: Path) -> str:
    """Point at the build before the current one, and withdraw that; gives the digest in use.

    Raises IndexMissing when there is no other build.
    """
    now = current_digest(root)
    others = [
        folder
        for folder in root.iterdir()
        if folder.name != now
        and folder.name not in withdrawn(root)
        and (folder / MANIFEST).is_file()
    ]
    if not others:
        raise IndexMissing(f"there is no earlier index in {root}")
    before = max(others, key=lambda folder: (folder / MANIFEST).stat().st_mtime).name
    _point_at(root, before)
    withdraw(root, now)
    return before


def _point_at(root: Path, digest: str) -> None:
    write_whole(root / POINTER, digest + "\n")


def write_whole(path: Path, text: str) -> None:
    """Write a small file in one step."""
    fresh = path.with_name(f".{path.name}-{os.getpid()}")
    fresh.write_text(text, encoding="utf-8")
    fresh.replace(path)


def _load(folder: Path) -> StoredIndex:
    try:
        manifest = _manifest(folder)
        indexes = {
            language: LanguageIndex.load(
                folder / language, ArticleFile(folder / language / _ARTICLES)
            )
            for language in manifest.articles
        }
    except (OSError, ValueError, TypeError, KeyError, RuntimeError) as error:
        raise IndexMissing(f"the index in {folder} is damaged ({error}): build it anew") from error
    return StoredIndex(folder, manifest, indexes)


def _manifest(folder: Path) -> Manifest:
    stored = json.loads((folder / MANIFEST).read_text("utf-8"))
    for limits in ("thresholds", "crossing"):
        stored[limits] = {name: Thresholds(**row) for name, row in stored[limits].items()}
    return Manifest(**stored)
