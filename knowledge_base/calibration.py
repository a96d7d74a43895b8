"""Choosing, at build time, how near an article must be to be the answer, or to be offered.

Questions are taken out of their articles and asked again. They show how near the right article
comes and, with their own article hidden, how near the others come to a question that the shop
has no article for. Examples of small talk and of other people's business show the rest.
"""

from __future__ import annotations

import random
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Sequence

import numpy as np

from knowledge_base.article import Article
from knowledge_base.index import Hit, LanguageIndex
from knowledge_base.thresholds import Thresholds

if TYPE_CHECKING:
    from knowledge_base.encoder.loading import TextEncoder

# Where nothing can be measured (no articles, or one without questions) be careful.
CAREFUL = Thresholds(answer=0.5, offer=0.5)

# How many of the questions without an answer must be refused while rehearsing. The rehearsal is
# harder than the shop's day: its index lacks two questions of every article, its foreign
# matters were chosen to sound like the shop's, and a hidden article leaves its siblings behind.
UNANSWERABLE_REFUSED = 0.90
UNCOVERED_REFUSED = 0.65
# The same for articles of the other language, of both kinds.
CROSSING_REFUSED = 0.90
_ENOUGH_TO_CROSS = 20
# How many of the questions whose article comes first are at least asked about.
RIGHT_OFFERED = 0.95

# Enough to choose a threshold by; a large foreign base would otherwise rehearse for minutes.
MOST_QUESTIONS = 1500

# The right article among three, and one more to see what comes when it is hidden.
_LOOKED_AT = 4


@dataclass(frozen=True)
class HeldOut:
    """A question that was taken out of the article at ``article`` (its place in the list)."""

    article: int
    text: str


@dataclass(frozen=True)
class Rehearsal:
    """What became of the held-out questions of one language."""

    questions: int
    recall_at_1: float
    recall_at_3: float
    thresholds: Thresholds
    answered_right: float
    answered_wrong: float
    offered: float
    unanswerable_refused: float
    uncovered_refused: float


def hold_out(articles: Sequence[Article], *, seed: int) -> tuple[list[Article], list[HeldOut]]:
    """Take two questions out of each article that has four, one out of a shorter list.

    An article without questions gives its title, if it has one. Same seed, same choice.
    """
    reduced: list[Article] = []
    taken: list[HeldOut] = []
    for number, article in enumerate(articles):
        if not article.questions:
            taken += [HeldOut(number, article.title)] if article.title else []
            reduced.append(replace(article, title=""))
            continue
        chooser = random.Random(f"{seed}/{article.language}/{article.id}")
        count = 2 if len(article.questions) >= 4 else 1
        chosen = set(chooser.sample(range(len(article.questions)), count))
        taken += [HeldOut(number, article.questions[place]) for place in sorted(chosen)]
        kept = [q for place, q in enumerate(article.questions) if place not in chosen]
        reduced.append(replace(article, questions=tuple(kept)))
    return reduced, taken


def rehearse(
    index: LanguageIndex,
    encoder: TextEncoder,
    held_out: Sequence[HeldOut],
    unanswerable: Sequence[str],
    *,
    seed: int,
) -> Rehearsal:
    """Ask an index the questions it was not given, and choose its threshold."""
    if len(held_out) > MOST_QUESTIONS:
        held_out = random.Random(seed).sample(list(held_out), MOST_QUESTIONS)
    if not held_out:
        return Rehearsal(0, 0.0, 0.0, CAREFUL, 0.0, 0.0, 0.0, 0.0, 0.0)
    found, foreign = _asked(index, encoder, held_out, unanswerable)
    ranks = np.array([_rank(hits, q.article) for hits, q in zip(found, held_out)])
    best = np.array([_best(hits) for hits in found])
    return _judged(
        ranks,
        right=best[ranks == 0],
        wrong=best[ranks > 0],
        uncovered=_uncovered(found, held_out),
        unanswerable=foreign,
    )


def rehearse_crossing(
    index: LanguageIndex,
    encoder: TextEncoder,
    held_out: Sequence[HeldOut],
    unanswerable: Sequence[str],
) -> Thresholds:
    """Ask an index the questions of another language; ``HeldOut.article`` is a place in ``index``.

    Here it is better to say nothing than something wrong: what has an article in the language
    asked in has been found there, and of the rest little is known.
    """
    if len(held_out) < _ENOUGH_TO_CROSS:
        return CAREFUL
    found, foreign = _asked(index, encoder, held_out, unanswerable)
    limits = [
        float(np.quantile(scores, CROSSING_REFUSED))
        for scores in (_uncovered(found, held_out), foreign)
        if len(scores)
    ]
    limit = round(max(limits), 4)
    return Thresholds(limit, limit)


def _asked(
    index: LanguageIndex,
    encoder: TextEncoder,
    held_out: Sequence[HeldOut],
    unanswerable: Sequence[str],
) -> tuple[list[list[Hit]], np.ndarray]:
    """What is found for each question, and the best score of each without an answer."""
    texts = [question.text for question in held_out]
    found = [index.search(*each, _LOOKED_AT) for each in zip(texts, encoder.questions(texts))]
    foreign = zip(unanswerable, encoder.questions(unanswerable))
    return found, np.array([_best(index.search(*each, 1)) for each in foreign])


def _uncovered(found: Sequence[list[Hit]], held_out: Sequence[HeldOut]) -> np.ndarray:
    """The best scores when the right article of each question is hidden."""
    others = [[h for h in hits if h.number != q.article] for hits, q in zip(found, held_out)]
    return np.array([_best(hits) for hits in others])


def _rank(hits: Sequence[Hit], article: int) -> int:
    """How many came before the right one; if it did not come, all."""
    return next((n for n, hit in enumerate(hits) if hit.number == article), len(hits))


def _best(hits: Sequence[Hit]) -> float:
    return hits[0].score if hits else 0.0


def choose_thresholds(
    right: np.ndarray, uncovered: np.ndarray, unanswerable: np.ndarray
) -> Thresholds:
    """The scores from which an article is the answer, and from which it is offered.

    All arguments are best scores: of questions whose best article is the right one, of
    questions whose article is hidden, of examples that no article can answer. Each kind of
    question without an answer is kept from one to its share, unless that would cost half of the
    right answers, which a base full of near-equal articles would otherwise bring about.
    """
    refused = [np.quantile(scores, share) for scores, share in _shares(uncovered, unanswerable)]
    cautious = float(max(refused, default=CAREFUL.answer))
    if not len(right):
        answer = offer = max(CAREFUL.answer, cautious)
    else:
        answer = min(cautious, float(np.median(right)))
        offer = min(answer, float(np.quantile(right, 1 - RIGHT_OFFERED)))
    return Thresholds(round(answer, 4), round(offer, 4))


def _shares(uncovered: np.ndarray, unanswerable: np.ndarray) -> list[tuple[np.ndarray, float]]:
    pairs = [(uncovered, UNCOVERED_REFUSED), (unanswerable, UNANSWERABLE_REFUSED)]
    return [(scores, share) for scores, share in pairs if len(scores)]


def _judged(
    ranks: np.ndarray,
    *,
    right: np.ndarray,
    wrong: np.ndarray,
    uncovered: np.ndarray,
    unanswerable: np.ndarray,
) -> Rehearsal:
    thresholds = choose_thresholds(right, uncovered, unanswerable)
    answer, offer = thresholds.answer, thresholds.offer
    best = np.concatenate([right, wrong])
    return Rehearsal(
        questions=len(ranks),
        recall_at_1=_share(ranks == 0),
        recall_at_3=_share(ranks < 3),
        thresholds=thresholds,
        answered_right=float((right >= answer).sum() / len(ranks)),
        answered_wrong=float((wrong >= answer).sum() / len(ranks)),
        offered=float(((best >= offer) & (best < answer)).sum() / len(ranks)),
        unanswerable_refused=_share(unanswerable < answer),
        uncovered_refused=_share(uncovered < answer),
    )


def _share(hits: np.ndarray) -> float:
    return float(hits.mean()) if len(hits) else 0.0
