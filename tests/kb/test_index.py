"""Units and the search over them."""

from pathlib import Path
from typing import List, Tuple

import numpy as np
import pytest

from knowledge_base.answerer import Answerer
from knowledge_base.article import Article
from knowledge_base.encoder.loading import TextEncoder
from knowledge_base.encoder.own import own_encoder
from knowledge_base.encoder.training import TrainingPlan
from knowledge_base.index import LEXICAL_WEIGHT, LanguageIndex, Unit, UnitKind, units_of
from knowledge_base.store import StoredIndex


@pytest.fixture(scope="module")
def encoder(articles: List[Article]) -> TextEncoder:
    return TextEncoder(own_encoder(articles, [], plan=TrainingPlan(steps=5)))


@pytest.fixture(scope="module")
def chinese(articles: List[Article], encoder: TextEncoder) -> LanguageIndex:
    return LanguageIndex.build([a for a in articles if a.language == "zh"], encoder)


def test_title_questions_and_paragraphs_are_units(article: Article) -> None:
    units = units_of([article])
    assert units[0] == Unit(0, UnitKind.TITLE, 0, "礼品包装怎么选")
    assert [(u.kind.value, u.place) for u in units[1:]] == [
        ("question", 0),
        ("question", 1),
        ("question", 2),
        ("question", 3),
        ("paragraph", 0),
        ("paragraph", 1),
    ]
    assert [Unit.from_row(unit.as_row()) for unit in units] == units


def test_an_article_is_found_by_its_own_words_and_named_once(
    chinese: LanguageIndex, encoder: TextEncoder
) -> None:
    hits = chinese.search("礼盒要另外收钱吗", encoder.questions(["礼盒要另外收钱吗"])[0], 3)
    assert [hit.article.id for hit in hits][0] == "gift-wrap"
    assert hits[0].unit.text == "礼盒要另外收钱吗"
    assert len({hit.article.id for hit in hits}) == len(hits) == 3
    assert [hit.score for hit in hits] == sorted((hit.score for hit in hits), reverse=True)
    assert 1.0 < hits[0].score <= 1.0 + LEXICAL_WEIGHT + 1e-6


def test_search_agrees_with_the_table_of_all_scores(
    chinese: LanguageIndex, encoder: TextEncoder
) -> None:
    asked = ["茶叶受潮了", "家人代取", "can my wife fetch it"]
    vectors = encoder.questions(asked)
    table = chinese.article_scores(asked, vectors)
    assert table.shape == (3, 3)
    for text, vector, scores in zip(asked, vectors, table):
        best = chinese.search(text, vector, 1)[0]
        assert chinese.articles[int(scores.argmax())] == best.article
        assert float(scores.max()) == pytest.approx(best.score, abs=1e-5)


def test_an_empty_index_finds_nothing(encoder: TextEncoder) -> None:
    empty = LanguageIndex.build([], encoder)
    assert empty.search("运费", encoder.questions(["运费"])[0], 3) == []
    assert empty.article_scores(["运费"], encoder.questions(["运费"])).shape == (1, 0)


def test_a_saved_index_finds_the_same(
    chinese: LanguageIndex, encoder: TextEncoder, tmp_path: Path
) -> None:
    chinese.save(tmp_path / "vectors")
    loaded = LanguageIndex.load(tmp_path / "vectors", chinese.articles, chinese.units)
    asked = ["自提要带什么"]
    vectors = encoder.questions(asked)
    np.testing.assert_array_equal(
        chinese.article_scores(asked, vectors), loaded.article_scores(asked, vectors)
    )


def test_languages_do_not_mix(opened: Tuple[StoredIndex, Answerer]) -> None:
    indexes = opened[0].indexes
    assert {a.language for a in indexes["en"].articles} == {"en"}
    assert {a.language for a in indexes["zh"].articles} == {"zh"}
