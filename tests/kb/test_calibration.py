"""Questions held out, and the threshold chosen from them."""

from dataclasses import replace
from typing import List, Tuple

import numpy as np
import pytest

from knowledge_base.article import Article
from knowledge_base.calibration import (
    CAREFUL,
    CROSSING_REFUSED,
    UNANSWERABLE_REFUSED,
    UNCOVERED_REFUSED,
    HeldOut,
    choose_thresholds,
    hold_out,
    rehearse,
    rehearse_crossing,
)
from knowledge_base.encoder.loading import TextEncoder
from knowledge_base.encoder.own import own_encoder
from knowledge_base.encoder.training import TrainingPlan
from knowledge_base.index import Hit, LanguageIndex

NONE = np.zeros(0)


def test_held_out_questions_are_gone_from_their_articles(articles: List[Article]) -> None:
    reduced, taken = hold_out(articles, seed=1)
    for number, (before, after) in enumerate(zip(articles, reduced)):
        gone = [held.text for held in taken if held.article == number]
        assert len(gone) == (2 if len(before.questions) >= 4 else 1)
        assert sorted([*after.questions, *gone]) == sorted(before.questions)


def test_the_same_seed_holds_out_the_same(articles: List[Article]) -> None:
    assert hold_out(articles, seed=1) == hold_out(articles, seed=1)
    assert hold_out(articles, seed=1) != hold_out(articles, seed=2)


def test_an_article_without_questions_gives_its_title(article: Article) -> None:
    reduced, taken = hold_out([replace(article, questions=())], seed=1)
    assert taken == [HeldOut(0, article.title)]
    assert reduced[0].title == ""


def chosen(*scores: np.ndarray) -> Tuple[float, float]:
    """From which score on is answered, and from which on offered."""
    thresholds = choose_thresholds(*scores)
    return thresholds.answer, thresholds.offer


def test_the_threshold_refuses_its_share_of_both_kinds() -> None:
    right = np.linspace(0.6, 0.9, 50)
    uncovered = np.linspace(0.0, 0.5, 101)
    unanswerable = np.linspace(0.0, 0.3, 101)
    threshold, offer = chosen(right, uncovered, unanswerable)
    assert (uncovered < threshold).mean() == pytest.approx(UNCOVERED_REFUSED, abs=0.01)
    assert (unanswerable < threshold).mean() >= UNANSWERABLE_REFUSED
    assert (right >= threshold).all()
    assert offer == threshold


def test_foreign_matters_that_come_near_raise_the_threshold() -> None:
    right = np.linspace(0.6, 0.9, 50)
    low, _ = chosen(right, np.full(20, 0.2), np.full(20, 0.2))
    assert chosen(right, np.full(20, 0.2), np.full(20, 0.5))[0] > low


def test_refusing_never_costs_more_than_half_of_the_right_answers() -> None:
    right = np.array([0.4, 0.5, 0.6])
    answer, offer = chosen(right, np.full(9, 0.95), NONE)
    assert (answer, offer) == (pytest.approx(0.5), pytest.approx(0.41))


@pytest.mark.parametrize(
    ("uncovered", "unanswerable", "threshold"),
    [(NONE, NONE, CAREFUL.answer), (NONE, np.full(9, 0.8), 0.8)],
)
def test_where_nothing_is_found_the_threshold_is_careful(
    uncovered: np.ndarray, unanswerable: np.ndarray, threshold: float
) -> None:
    assert chosen(NONE, uncovered, unanswerable) == (threshold, threshold)


def test_a_rehearsal_reports_shares_of_what_it_asked(articles: List[Article]) -> None:
    reduced, taken = hold_out(articles[:3], seed=1)
    encoder = own_encoder(reduced, [], plan=TrainingPlan(steps=5))
    index = LanguageIndex.build(reduced, encoder)
    found = rehearse(index, encoder, taken, ["明天会下雨吗"], seed=1)
    assert found.questions == 6
    assert 0 <= found.recall_at_1 <= found.recall_at_3 == 1.0
    assert found.answered_right + found.answered_wrong <= 1.0
    assert found.unanswerable_refused in (0.0, 1.0)


def test_nothing_to_rehearse_means_a_careful_threshold(articles: List[Article]) -> None:
    encoder = own_encoder(articles, [], plan=TrainingPlan(steps=0))
    found = rehearse(LanguageIndex.build([], encoder), encoder, [], ["下雨吗"], seed=1)
    assert (found.questions, found.thresholds) == (0, CAREFUL)


def test_too_few_questions_of_the_other_language_mean_a_careful_threshold(
    articles: List[Article],
) -> None:
    encoder = own_encoder(articles, [], plan=TrainingPlan(steps=0))
    chinese = LanguageIndex.build([a for a in articles if a.language == "zh"], encoder)
    asked = [HeldOut(0, "can you wrap it")]
    assert rehearse_crossing(chinese, encoder, asked, ["will it rain"]) == CAREFUL


def asked_of(index: LanguageIndex, encoder: TextEncoder, *texts: str) -> List[List[Hit]]:
    """What an index finds for each text."""
    vectors = encoder.questions(texts)
    return [index.search(text, vector, 4) for text, vector in zip(texts, vectors)]


def test_crossing_refuses_nine_of_ten_questions_without_an_article(
    articles: List[Article],
) -> None:
    encoder = own_encoder(articles, [], plan=TrainingPlan(steps=0))
    chinese = [a for a in articles if a.language == "zh"]
    index = LanguageIndex.build(chinese, encoder)
    asked = [HeldOut(n, q) for n, a in enumerate(chinese) for q in a.questions] * 2
    limits = rehearse_crossing(index, encoder, asked, ["明天会下雨吗"])
    assert limits.answer == limits.offer
    found = asked_of(index, encoder, *(q.text for q in asked))
    others = [
        max(hit.score for hit in hits if hit.number != q.article) for q, hits in zip(asked, found)
    ]
    (foreign,) = [hits[0].score for hits in asked_of(index, encoder, "明天会下雨吗")]
    expected = max(float(np.quantile(others, CROSSING_REFUSED)), foreign)
    assert limits.answer == pytest.approx(expected, abs=1e-3)
