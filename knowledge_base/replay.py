"""The replay gate: a new index and the one in use are asked the same before it takes over.

Asked are the frozen questions (:mod:`frozen`) and what shoppers asked in the last days. Where the
right article is known, the new index may not do worse; everything else is compared and listed.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum
from typing import Iterable, Sequence

from knowledge_base.answerer import Answered, Answerer, Candidate, Unsure
from knowledge_base.frozen import FrozenQuestion
from knowledge_base.journal import ANSWERED, CHOSEN, OFFERED, UNANSWERED, AskedQuestion
from knowledge_base.language import LANGUAGES

# Training anew moves a few questions either way even when nothing but a comma has changed: so much
# of the share that is right may be lost before it counts as worse.
MOST_LOST = 0.01
# Of fewer questions a point is less than one of them: then one may be lost.
ENOUGH = 20
# What a busy shop asks in two weeks would be replayed for minutes.
MOST_RECENT = 2000


@dataclass(frozen=True)
class Question:
    """A question to be asked of both; ``asked_at`` is when a shopper did, empty for a frozen one.

    ``known``: what should come back is known. That is the article ``right``, or any but ``wrong``,
    or, with neither, no answer.
    """

    text: str
    language: str
    known: bool
    right: str | None = None
    wrong: str | None = None
    asked_at: str = ""


@dataclass(frozen=True)
class Reply:
    """What an index says: answered by an article, offered some, or unanswered."""

    outcome: str
    articles: tuple[Candidate, ...]

    @property
    def answering(self) -> str | None:
        """The article that answers; None when none does."""
        return self.articles[0].id if self.outcome == ANSWERED else None


class Change(str, Enum):
    """What became of a question, from the index in use to the new one."""

    BETTER = "better"
    WORSE = "worse"
    ANSWERS_NOW = "answers now"  # whether rightly is not known
    CHANGED = "changed"  # likewise
    GONE = "no longer there"  # its article was deleted or is not served today
    SAME = "same"


@dataclass(frozen=True)
class Row:
    """One question and both replies."""

    question: Question
    before: Reply
    after: Reply
    change: Change


@dataclass(frozen=True)
class Tally:
    """Questions of one set whose right article is known: how many are right before and after.

    A half is an offer that has the right article among others, or that should not be made.
    """

    known: int
    before: float
    after: float

    @property
    def is_worse(self) -> bool:
        """Whether more was lost than chance explains."""
        return self.before - self.after > (
            MOST_LOST * self.known if self.known >= ENOUGH else 1.0 * bool(self.known)
        )


@dataclass(frozen=True)
class Replay:
    """Both sets, asked of both indexes."""

    frozen: Tally
    recent: Tally
    rows: tuple[Row, ...]

    @property
    def worse(self) -> str:
        """In which set the new index does worse; empty when in none."""
        told = [
            f"{name} questions: {tally.after:g} of {tally.known} right, {tally.before:g} before"
            for name, tally in (("frozen", self.frozen), ("recent", self.recent))
            if tally.is_worse
        ]
        return "; ".join(told)


def frozen_questions(frozen: Iterable[FrozenQuestion]) -> list[Question]:
    """The frozen set as questions."""
    return [Question(each.text, each.language, known=True, right=each.article) for each in frozen]


def recent_questions(asked: Iterable[AskedQuestion]) -> list[Question]:
    """What shoppers asked, each wording once, the known and then the newest first.

    An agent's correction says more than a vote, a vote more than a pressed button; a later word
    more than an earlier one.
    """
    newest: dict[tuple[str, str], Question] = {}
    for row in sorted(asked, key=lambda each: str(each.asked_at), reverse=True):
        question = _recent(row)
        key = (row.language, row.text.strip().casefold())
        if key not in newest or (question.known and not newest[key].known):
            newest[key] = question
    # Sorting keeps the order of those that are alike.
    return sorted(newest.values(), key=lambda each: not each.known)[:MOST_RECENT]


def replay(questions: Sequence[Question], before: Answerer, after: Answerer) -> Replay:
    """Ask both.

    Questions whose article is not served any more were let go on purpose: they do not count.
    """
    rows = [_row(question, before, after) for question in questions]
    return Replay(
        frozen=_tally([row for row in rows if not row.question.asked_at]),
        recent=_tally([row for row in rows if row.question.asked_at]),
        rows=tuple(rows),
    )


def _recent(row: AskedQuestion) -> Question:
    right = wrong = None
    if row.corrected_article:
        right = row.corrected_article
    elif row.vote == "down":
        wrong = row.article
    elif row.vote == "up" or row.outcome == CHOSEN:
        right = row.article
    known = right is not None or wrong is not None
    return Question(row.text, row.language, known, right, wrong, str(row.asked_at))


def _row(question: Question, before: Answerer, after: Answerer) -> Row:
    first, second = _ask(before, question), _ask(after, question)
    is_there = question.right is None or _is_served(question.right, question, after)
    change = _change(question, first, second) if is_there else Change.GONE
    return Row(question, first, second, change)


def _is_served(article: str, question: Question, by: Answerer) -> bool:
    # A shopper may have been answered by the other language's article.
    languages = LANGUAGES if question.asked_at else (question.language,)
    return any(by.article(article, language) is not None for language in languages)


def _ask(answerer: Answerer, question: Question) -> Reply:
    answer = answerer.answer(question.text, question.language)
    if isinstance(answer, Answered):
        answering = Candidate(answer.article_id, answer.title, answer.score, answer.language)
        return Reply(ANSWERED, (answering,))
    if isinstance(answer, Unsure):
        return Reply(OFFERED, answer.candidates)
    return Reply(UNANSWERED, ())


def _change(question: Question, before: Reply, after: Reply) -> Change:
    if question.known:
        gained = _merit(question, after) - _merit(question, before)
        return Change.BETTER if gained > 0 else Change.WORSE if gained < 0 else Change.SAME
    if before.outcome == after.outcome and before.answering == after.answering:
        return Change.SAME
    if before.outcome == UNANSWERED and after.outcome == ANSWERED:
        return Change.ANSWERS_NOW
    return Change.CHANGED


def _merit(question: Question, reply: Reply) -> float:
    """1 for right, 0 for wrong; an offer is half of it, the shopper still has to choose."""
    if question.right is not None:
        if reply.outcome == OFFERED:
            return 0.5 * (question.right in [each.id for each in reply.articles])
        return float(reply.answering == question.right)
    if question.wrong is not None:
        return float(reply.answering != question.wrong)
    return {UNANSWERED: 1.0, OFFERED: 0.5, ANSWERED: 0.0}[reply.outcome]


def _tally(rows: Sequence[Row]) -> Tally:
    counted = [row for row in rows if row.question.known and row.change is not Change.GONE]
    return Tally(
        known=len(counted),
        before=sum(_merit(row.question, row.before) for row in counted),
        after=sum(_merit(row.question, row.after) for row in counted),
    )
