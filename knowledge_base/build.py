"""Building: articles and examples in, an encoder, two indexes and their thresholds out.

A build that would give the same result is skipped; what counts is a digest of everything that
goes in, this package's own code included.
"""

from __future__ import annotations

import hashlib
import random
import time
from dataclasses import asdict, dataclass
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Callable, Iterable, Iterator, Mapping, Sequence

from knowledge_base.answerer import Answerer
from knowledge_base.article import Article, load_articles
from knowledge_base.calibration import Rehearsal, hold_out, rehearse
from knowledge_base.encoder.features import Hashed, hashed_features
from knowledge_base.encoder.loading import OwnEncoder, TextEncoder, load_encoder
from knowledge_base.errors import IndexMissing
from knowledge_base.examples import Example, load_examples
from knowledge_base.help_centre.pages import ensure_pages
from knowledge_base.index import LanguageIndex
from knowledge_base.language import LANGUAGES
from knowledge_base.settings import Settings
from knowledge_base.store import (
    ENCODER_FOLDER,
    Manifest,
    StoredIndex,
    building_lock,
    current_digest,
    load_current,
    load_manifest,
    new_folder,
    publish,
    readmit,
    withdraw,
    withdrawn,
    write_indexes,
    write_manifest,
)
from knowledge_base.variants import load_variants, with_variants

SEED = 20261101

# A build may lose so much of its recall before it is refused; with fewer questions it is chance.
_MOST_LOST = 0.05
_ENOUGH_QUESTIONS = 50

# Rehearsing with part of a large base says as much, and its encoder learns from no more.
_REHEARSED_ARTICLES = 10_000
_REMEMBERED_TEXTS = 100_000

Say = Callable[[str], None]
Hashing = Callable[[str], Hashed]

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


def ensure_built(settings: Settings, *, say: Say, force: bool = False) -> str:
    """Build if anything changed since the last time; return the digest of the current index.

    Processes that ask at the same time wait for one build. A build that finds less than the one in
    use is refused unless ``force``: the one in use stays, and the same sources are not built again.
    """
    sources = read_sources(settings)
    root = settings.index_root
    if _is_settled(root, sources.digest, say, force=force):
        return current_digest(root)
    with building_lock(root):
        if not _is_settled(root, sources.digest, lambda _: None, force=force):
            build(sources, root, say=say, force=force)
    return current_digest(root)


def _is_settled(root: Path, digest: str, say: Say, *, force: bool) -> bool:
    now = current_digest(root)
    if now == digest:
        say(f"knowledge base {digest} is up to date")
        return True
    if now and digest in withdrawn(root) and not force:
        say(
            f"knowledge base {digest} was withdrawn, {now} stays in use: change the articles, or "
            "python -m knowledge_base build --force"
        )
        return True
    return False


def build(sources: Sources, root: Path, *, say: Say, force: bool = False) -> None:
    """Build an index below ``root`` and make it the current one; say each step.

    Unless ``force``, one whose rehearsal finds clearly less than that of the one in use is not made
    current but withdrawn. Raises EncoderError when the encoder of the settings cannot be loaded.
    """
    started = time.monotonic()
    root.mkdir(parents=True, exist_ok=True)
    counts = {language: len(_of(sources.articles, language)) for language in LANGUAGES}
    say(f"1/4 {counts} articles, {len(sources.examples):,} examples")
    # Both encoders, that of the rehearsal and the last one, look at nearly the same texts.
    hashed = lru_cache(maxsize=_REMEMBERED_TEXTS)(hashed_features)
    rehearsal = _rehearse(sources, hashed, say)
    worse = _worse(root, rehearsal)
    if worse and not force:
        withdraw(root, sources.digest)
        say(f"refused, {current_digest(root)} stays in use: {worse}")
        return
    say(f"3/4 {'loading' if sources.encoder else 'training'} the encoder on everything")
    encoder = _encoder(sources.encoder, sources.articles, sources.examples, hashed)
    indexes = {
        language: LanguageIndex.build(_of(sources.articles, language), encoder, say=say)
        for language in counts
    }
    with new_folder(root) as scratch:
        if isinstance(encoder, OwnEncoder):
            encoder.save(scratch / ENCODER_FOLDER)
        contents = write_indexes(scratch, indexes)
        manifest = Manifest(
            digest=sources.digest,
            encoder=sources.encoder,
            thresholds={language: found.thresholds for language, found in rehearsal.items()},
            articles=counts,
            contents=contents,
            rehearsal={language: asdict(found) for language, found in rehearsal.items()},
            build_s=round(time.monotonic() - started, 2),
        )
        write_manifest(scratch, manifest)
        ensure_pages(scratch, sources.articles, date.today())
        publish(scratch, root, sources.digest)
    readmit(root, sources.digest)
    say(f"4/4 knowledge base {sources.digest} is ready after {manifest.build_s:.0f} s")


def open_answerer(root: Path) -> tuple[StoredIndex, Answerer]:
    """Load the current index and its encoder; raises IndexMissing or EncoderError."""
    stored = load_current(root)
    encoder = load_encoder(stored.encoder_name)
    if not encoder.is_quick:
        import torch

        # One short text at a time: a second thread costs more than it brings.
        torch.set_num_threads(1)
    return stored, Answerer(encoder, stored.indexes, stored.manifest.thresholds)


def _rehearse(sources: Sources, hashed: Hashing, say: Say) -> dict[str, Rehearsal]:
    """Choose thresholds with an encoder that saw neither the questions nor half the examples."""
    articles = sources.articles
    if len(articles) > _REHEARSED_ARTICLES:
        articles = random.Random(SEED).sample(articles, _REHEARSED_ARTICLES)
    reduced, taken = hold_out(articles, seed=SEED)
    unanswerable = [example for example in sources.examples if example.unanswerable]
    kept_back = set(unanswerable[1::2])
    seen = [example for example in sources.examples if example not in kept_back]
    say(f"2/4 rehearsing with {len(taken):,} questions held out")
    encoder = _encoder(sources.encoder, reduced, seen, hashed)
    found: dict[str, Rehearsal] = {}
    for language in LANGUAGES:
        mine = [n for n, article in enumerate(reduced) if article.language == language]
        place = {number: n for n, number in enumerate(mine)}
        questions = [type(q)(place[q.article], q.text) for q in taken if q.article in place]
        index = LanguageIndex.build([reduced[n] for n in mine], encoder, say=say)
        foreign = [e.text for e in kept_back if e.language == language]
        found[language] = rehearse(index, encoder, questions, sorted(foreign), seed=SEED)
        say(f"    {language}: {_summary(found[language])}")
    return found


def _worse(root: Path, rehearsal: Mapping[str, Rehearsal]) -> str:
    """In what a new build finds clearly less than the one in use; empty when in nothing."""
    if not current_digest(root):
        return ""
    try:
        recorded = load_manifest(root).rehearsal
    except IndexMissing:
        return ""
    told = []
    for language, found in rehearsal.items():
        before = recorded.get(language, {})
        if min(found.questions, before.get("questions", 0)) < _ENOUGH_QUESTIONS:
            continue
        lost = before["recall_at_3"] - found.recall_at_3
        if lost > _MOST_LOST:
            told.append(
                f"{language}: the right article among three {found.recall_at_3:.0%}, "
                f"{before['recall_at_3']:.0%} before"
            )
    return "; ".join(told)


def _encoder(
    name: str, articles: Sequence[Article], examples: Sequence[Example], hashed: Hashing
) -> TextEncoder:
    if name:
        return load_encoder(name, may_download=True)
    # Only training needs PyTorch.
    from knowledge_base.encoder.own import own_encoder
    from knowledge_base.encoder.training import TrainingPlan

    return own_encoder(articles, examples, plan=TrainingPlan(seed=SEED), hashed=hashed)


def _summary(found: Rehearsal) -> str:
    return (
        f"of {found.questions} new questions the right article first {found.recall_at_1:.0%}, "
        f"among three {found.recall_at_3:.0%}; answered from {found.thresholds.answer:.2f}: "
        f"{found.answered_right:.0%} right, {found.answered_wrong:.0%} wrong; offered from "
        f"{found.thresholds.offer:.2f}: {found.offered:.0%}; not answered "
        f"{found.unanswerable_refused:.0%} of foreign matters, "
        f"{found.uncovered_refused:.0%} of questions without an article"
    )


def _of(articles: Iterable[Article], language: str) -> list[Article]:
    return [article for article in articles if article.language == language]


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
