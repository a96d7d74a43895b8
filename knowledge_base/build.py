"""Building: articles and examples in, an encoder, two indexes and their thresholds out.

A build that would give the same result is skipped (:mod:`sources`).
"""

from __future__ import annotations

import random
import time
from dataclasses import asdict, replace
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Callable, Iterable, Mapping, Sequence

from knowledge_base.answerer import Answerer
from knowledge_base.article import Article
from knowledge_base.calibration import (
    HeldOut,
    Rehearsal,
    hold_out,
    rehearse,
    rehearse_crossing,
)
from knowledge_base.encoder.features import Hashed, hashed_features
from knowledge_base.encoder.loading import OwnEncoder, TextEncoder, load_encoder
from knowledge_base.errors import KnowledgeError
from knowledge_base.examples import Example
from knowledge_base.gate import Gate, Say, replay_questions
from knowledge_base.help_centre.pages import ensure_pages
from knowledge_base.index import LanguageIndex
from knowledge_base.language import LANGUAGES
from knowledge_base.replay import Question
from knowledge_base.settings import Settings
from knowledge_base.sources import Sources, read_sources
from knowledge_base.store import (
    ENCODER_FOLDER,
    Manifest,
    StoredIndex,
    building_lock,
    current_digest,
    load_current,
    new_folder,
    publish,
    readmit,
    withdrawn,
    write_indexes,
    write_manifest,
)
from knowledge_base.thresholds import Thresholds

SEED = 20261101

# Rehearsing with part of a large base says as much, and its encoder learns from no more.
_REHEARSED_ARTICLES = 10_000
_REMEMBERED_TEXTS = 100_000

Hashing = Callable[[str], Hashed]


def ensure_built(
    settings: Settings, *, say: Say, force: bool = False, dry_run: bool = False
) -> str:
    """Build if anything changed since the last time; return the digest of the current index.

    Processes that ask at the same time wait for one build. A build that finds less than the one in
    use is refused unless ``force``: the one in use stays, and the same sources are not built again.
    With ``dry_run`` it stays in any case. Raises KnowledgeError for a file that cannot be used.
    """
    sources = read_sources(settings)
    root = settings.index_root
    anyway = force or dry_run
    if _is_settled(root, sources.digest, say, force=anyway):
        return current_digest(root)
    with building_lock(root):
        if not _is_settled(root, sources.digest, lambda _: None, force=anyway):
            questions = replay_questions(settings, sources.articles, say)
            build(
                sources,
                root,
                say=say,
                questions=questions,
                pages=True,
                force=force,
                dry_run=dry_run,
            )
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


def build(
    sources: Sources,
    root: Path,
    *,
    say: Say,
    questions: Sequence[Question] = (),
    pages: bool = False,
    force: bool = False,
    dry_run: bool = False,
) -> None:
    """Build an index below ``root``; make it the current one if the gate admits it.

    ``pages`` adds the help centre's, which a base that is only measured has no use for. Says each
    step. Raises EncoderError when the encoder of the settings cannot be loaded.
    """
    started = time.monotonic()
    gate = Gate(root, say, questions, force=force, dry_run=dry_run)
    root.mkdir(parents=True, exist_ok=True)
    counts = {language: len(_of(sources.articles, language)) for language in LANGUAGES}
    say(f"1/4 {counts} articles, {len(sources.examples):,} examples")
    # Both encoders, that of the rehearsal and the last one, look at nearly the same texts.
    hashed = lru_cache(maxsize=_REMEMBERED_TEXTS)(hashed_features)
    rehearsal, crossing = _rehearse(sources, hashed, say)
    if gate.refuses_rehearsed(sources.digest, rehearsal):
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
            crossing=crossing,
            articles=counts,
            contents=contents,
            rehearsal={language: asdict(found) for language, found in rehearsal.items()},
            build_s=round(time.monotonic() - started, 2),
        )
        write_manifest(scratch, manifest)
        new = _answerer(encoder, indexes, manifest)
        if not gate.admits(scratch, manifest, new, _answerer_in_use(root, say)):
            return
        if pages:
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
    return stored, _answerer(encoder, stored.indexes, stored.manifest)


def _answerer(
    encoder: TextEncoder, indexes: Mapping[str, LanguageIndex], manifest: Manifest
) -> Answerer:
    return Answerer(encoder, indexes, manifest.thresholds, crossing=manifest.crossing)


def _answerer_in_use(root: Path, say: Say) -> Answerer | None:
    if not current_digest(root):
        return None
    try:
        return open_answerer(root)[1]
    except KnowledgeError as error:
        say(f"    the one in use cannot be asked: {error}")
        return None


def _rehearse(
    sources: Sources, hashed: Hashing, say: Say
) -> tuple[dict[str, Rehearsal], dict[str, Thresholds]]:
    """Choose thresholds with an encoder that saw neither the questions nor half the examples.

    Gives those of each language, and those for the other language's articles.
    """
    articles = sources.articles
    if len(articles) > _REHEARSED_ARTICLES:
        articles = random.Random(SEED).sample(articles, _REHEARSED_ARTICLES)
    reduced, taken = hold_out(articles, seed=SEED)
    unanswerable = [example for example in sources.examples if example.unanswerable]
    kept_back = set(unanswerable[1::2])
    seen = [example for example in sources.examples if example not in kept_back]
    say(f"2/4 rehearsing with {len(taken):,} questions held out")
    encoder = _encoder(sources.encoder, reduced, seen, hashed)
    indexes = {
        lang: LanguageIndex.build(_of(reduced, lang), encoder, say=say) for lang in LANGUAGES
    }
    found: dict[str, Rehearsal] = {}
    crossing: dict[str, Thresholds] = {}
    for language, other in (LANGUAGES, LANGUAGES[::-1]):
        corrected = indexes[language].corrected
        mine = [
            replace(question, text=corrected(question.text))
            for question in taken
            if reduced[question.article].language == language
        ]
        foreign = sorted(corrected(e.text) for e in kept_back if e.language == language)
        here, there = (_placed(mine, reduced, indexes[each]) for each in (language, other))
        found[language] = rehearse(indexes[language], encoder, here, foreign, seed=SEED)
        crossing[language] = rehearse_crossing(indexes[other], encoder, there, foreign)
        say(f"    {language}: {_summary(found[language])}")
    return found, crossing


def _placed(
    questions: Sequence[HeldOut], articles: Sequence[Article], index: LanguageIndex
) -> list[HeldOut]:
    """The questions whose articles an index has, with their places there."""
    placed = ((index.number(articles[q.article].id), q.text) for q in questions)
    return [HeldOut(number, text) for number, text in placed if number is not None]


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
