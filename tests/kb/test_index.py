"""Units and the search over them."""

from pathlib import Path
from typing import List, Tuple

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
    return own_encoder(articles, [], plan=TrainingPlan(steps=5))


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


def test_an_article_is_found_by_its_own_words_and_named_once(
    chinese: LanguageIndex, encoder: TextEncoder
) -> None:
    hits = chinese.search("礼盒要另外收钱吗", encoder.questions(["礼盒要另外收钱吗"])[0], 3)
    assert [hit.article.id for hit in hits][0] == "gift-wrap"
    assert (hits[0].kind, hits[0].place) == (UnitKind.QUESTION, 2)
    assert chinese.articles[hits[0].number] == hits[0].article
    assert len({hit.article.id for hit in hits}) == len(hits) == 3
    assert [hit.score for hit in hits] == sorted((hit.score for hit in hits), reverse=True)
    assert 1.0 < hits[0].score <= 1.0 + LEXICAL_WEIGHT + 1e-6


def test_a_score_is_that_of_the_best_unit_and_of_the_words(
    chinese: LanguageIndex, encoder: TextEncoder
) -> None:
    vector = encoder.questions(["茶叶受潮了"])[0]
    by_number = {hit.number: hit.score for hit in chinese.search("茶叶受潮了", vector, 3)}
    without_words = {hit.number: hit.score for hit in chinese.search("！", vector, 3)}
    for number, score in by_number.items():
        assert 0 <= score - without_words[number] <= LEXICAL_WEIGHT
    assert max(by_number, key=lambda n: by_number[n] - without_words[n]) == next(
        n for n, article in enumerate(chinese.articles) if article.id == "tea-storage"
    )


def test_an_empty_index_finds_nothing(encoder: TextEncoder) -> None:
    empty = LanguageIndex.build([], encoder)
    assert len(empty) == 0
    assert empty.search("运费", encoder.questions(["运费"])[0], 3) == []
    assert empty.article("gift-wrap") is None


def test_a_saved_index_finds_the_same(
    chinese: LanguageIndex, encoder: TextEncoder, tmp_path: Path
) -> None:
    chinese.save(tmp_path / "index")
    loaded = LanguageIndex.load(tmp_path / "index", chinese.articles)
    vector = encoder.questions(["自提要带什么"])[0]
    assert loaded.search("自提要带什么", vector, 3) == chinese.search("自提要带什么", vector, 3)
    assert loaded.article("tea-storage") == chinese.article("tea-storage")


def test_languages_do_not_mix(opened: Tuple[StoredIndex, Answerer]) -> None:
    indexes = opened[0].indexes
    assert {a.language for a in indexes["en"].articles} == {"en"}
    assert {a.language for a in indexes["zh"].articles} == {"zh"}
