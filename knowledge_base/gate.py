"""The gate between a finished build and its use: what finds less than the one in use is refused."""

from __future__ import annotations

import sqlite3
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta, timezone
from pathlib import Path
from typing import Any, Callable, Iterable, Mapping, Sequence

from knowledge_base.answerer import Answerer
from knowledge_base.article import Article
from knowledge_base.calibration import Rehearsal
from knowledge_base.errors import IndexMissing
from knowledge_base.frozen import load_frozen
from knowledge_base.journal import AskedQuestion, Journal
from knowledge_base.replay import (
    Question,
    frozen_questions,
    recent_questions,
    replay,
)
from knowledge_base.replay_report import (
    gone_articles,
    read_report,
    report_of,
    summary,
    write_report,
)
from knowledge_base.settings import Settings
from knowledge_base.store import (
    Manifest,
    current_articles,
    current_digest,
    load_manifest,
    withdraw,
)

# A build may lose so much of its recall before it is refused; with fewer questions it is chance.
MOST_LOST = 0.05
ENOUGH_QUESTIONS = 50

Say = Callable[[str], None]


@dataclass(frozen=True)
class Gate:
    """What a new index below ``root`` is held to.

    ``questions`` are asked of it and of the one in use. With ``force`` it is used whatever comes
    out; with ``dry_run`` it is not, and nothing is held against it.
    """

    root: Path
    say: Say
    questions: Sequence[Question] = ()
    force: bool = False
    dry_run: bool = False

    def refuses_rehearsed(self, digest: str, rehearsal: Mapping[str, Rehearsal]) -> bool:
        """Whether a build ends after its rehearsal, before the long training."""
        rows = {language: asdict(found) for language, found in rehearsal.items()}
        lost = "" if self.force or self.dry_run else lost_recall(self.root, rows)
        if lost:
            self._refuse(digest, lost)
        return bool(lost)

    def admits(
        self, scratch: Path, manifest: Manifest, after: Answerer, before: Answerer | None
    ) -> bool:
        """Whether the index in ``scratch``, which ``after`` answers from, is put to use.

        ``before`` answers from the one in use; None when there is none that could be asked. The
        report is written whatever comes out.
        """
        worse = [lost_recall(self.root, manifest.rehearsal)]
        replayed = replay(self.questions, before, after) if before else None
        if replayed:
            worse.append(replayed.worse)
        reason = "; ".join(filter(None, worse))
        is_refused = bool(reason) and not self.force
        became = f"{'would be ' * self.dry_run}{'refused' if is_refused else 'published'}"
        if replayed:
            self.say(f"    {summary(replayed)}")
            digests = {"before": current_digest(self.root), "after": manifest.digest}
            report = report_of(replayed, **digests, became=became, worse=reason)
            write_report(report, self.root, scratch)
        if self.dry_run:
            self.say(f"4/4 not put to use, it {became}{': ' * bool(reason)}{reason}")
        elif is_refused:
            self._refuse(manifest.digest, reason)
        return not self.dry_run and not is_refused

    def _refuse(self, digest: str, reason: str) -> None:
        withdraw(self.root, digest)
        self.say(f"refused, {current_digest(self.root)} stays in use: {reason}")


def replay_questions(settings: Settings, articles: Iterable[Article], say: Say) -> list[Question]:
    """The frozen questions and what shoppers asked lately.

    Raises QuestionsError for a frozen question whose article is neither there nor was.
    """
    root = settings.index_root
    known = {(article.language, article.id) for article in articles}
    # A question may outlive its article: that is said in the report, it does not stop a build.
    known |= current_articles(root) | gone_articles(read_report(root))
    return [
        *frozen_questions(load_frozen(settings.frozen_dir, known)),
        *recent_questions(asked_lately(settings, say)),
    ]


def asked_lately(settings: Settings, say: Say) -> list[AskedQuestion]:
    """What shoppers asked in the last ``REPLAY_DAYS``; a journal that cannot be read is said."""
    if not settings.replay_days or not settings.journal_path.is_file():
        return []
    first = datetime.now(timezone.utc).date() - timedelta(days=settings.replay_days)
    try:
        journal = Journal(settings.journal_path, say=say)
        try:
            return journal.since(first)
        finally:
            journal.close()
    except sqlite3.Error as error:
        say(f"    what shoppers asked lately cannot be read: {error}")
        return []


def lost_recall(root: Path, rehearsal: Mapping[str, Mapping[str, Any]]) -> str:
    """In what a rehearsal finds clearly less than that of the one in use; empty when in nothing."""
    if not current_digest(root):
        return ""
    try:
        recorded = load_manifest(root).rehearsal
    except IndexMissing:
        return ""
    told = []
    for language, found in rehearsal.items():
        before = recorded.get(language, {})
        if min(found["questions"], before.get("questions", 0)) < ENOUGH_QUESTIONS:
            continue
        lost = before["recall_at_3"] - found["recall_at_3"]
        if lost > MOST_LOST:
            told.append(
                f"{language}: the right article among three {found['recall_at_3']:.0%}, "
                f"{before['recall_at_3']:.0%} before"
            )
    return "; ".join(told)
