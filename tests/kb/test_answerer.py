"""Answering, and saying that there is no answer."""

from dataclasses import replace
from datetime import date
from typing import Dict, List, Mapping, Optional, Tuple

import pytest

from knowledge_base.answerer import ANSWER_LIMITS, Answered, Answerer, NotAnswered, Unsure
from knowledge_base.article import Article
from knowledge_base.encoder.own import own_encoder
from knowledge_base.encoder.training import TrainingPlan
from knowledge_base.index import LanguageIndex
from knowledge_base.language import LANGUAGES
from knowledge_base.store import StoredIndex
from knowledge_base.thresholds import Thresholds

THRESHOLDS = {"zh": Thresholds(0.7, 0.7), "en": Thresholds(0.7, 0.7)}


def answerer_of(
    articles: List[Article],
    thresholds: Mapping[str, Thresholds] = THRESHOLDS,
    crossing: Optional[Mapping[str, Thresholds]] = None,
) -> Answerer:
    """An answerer over articles, without a build."""
    encoder = own_encoder(articles, [], plan=TrainingPlan(steps=5))
    indexes = {
        language: LanguageIndex.build([a for a in articles if a.language == language], encoder)
        for language in LANGUAGES
    }
    return Answerer(encoder, indexes, thresholds, crossing=crossing)


@pytest.fixture(scope="module")
def answerer(articles: List[Article]) -> Answerer:
    return answerer_of(articles)


@pytest.mark.parametrize(
    ("text", "language", "article_id", "begins"),
    [
        ("礼盒要另外收钱吗", "zh", "gift-wrap", "下单时勾选礼品包装"),
        ("禮盒要另外收錢嗎？", "zh", "gift-wrap", "下单时勾选礼品包装"),
        ("开封以后能放多久", "zh", "tea-storage", "茶叶放在阴凉"),
        ("Is gift wrap free?", "en", "gift-wrap", "Tick gift wrapping"),
        ("what do i bring to the shop", "en", "store-pickup", "Yes. Choose collection"),
    ],
)
def test_a_question_gets_the_words_of_its_article(
    answerer: Answerer, text: str, language: str, article_id: str, begins: str
) -> None:
    answer = answerer.answer(text, language)
    assert isinstance(answer, Answered)
    assert (answer.article_id, answer.language) == (article_id, language)
    assert answer.text.startswith(begins)
    assert answer.updated == date(2026, 11, 1)
    assert answer.candidates[0].id == article_id


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("为什么天空是蓝色的", "zh"),
        ("who won the football match yesterday", "en"),
        ("？？？", "zh"),
        ("", "en"),
        ("   ", "zh"),
        ("礼盒要另外收钱吗", "fr"),
    ],
)
def test_what_no_article_covers_is_not_answered(
    answerer: Answerer, text: str, language: str
) -> None:
    assert isinstance(answerer.answer(text, language), NotAnswered)


def test_a_refusal_still_names_what_came_near(answerer: Answerer) -> None:
    answer = answerer.answer("包装纸可以回收吗，环保不环保", "zh", candidates=2)
    assert isinstance(answer, NotAnswered)
    assert len(answer.candidates) == 2
    assert answer.candidates[0].id == "gift-wrap"
    assert answer.score == pytest.approx(answer.candidates[0].score, abs=1e-3)


def test_the_paragraph_that_matched_is_the_answer(answerer: Answerer) -> None:
    answer = answerer.answer("生鲜不能做礼品包装吗", "zh")
    assert isinstance(answer, Answered)
    assert answer.text == "生鲜不能做礼品包装。"


def test_the_threshold_decides(articles: List[Article]) -> None:
    strict = answerer_of(articles, {"zh": Thresholds(1.3, 1.3), "en": Thresholds(0.0, 0.0)})
    assert isinstance(strict.answer("怎么保存茶", "zh"), NotAnswered)
    assert isinstance(strict.answer("keep leaves", "en"), Answered)


@pytest.mark.parametrize(("language", "sentence"), [("zh", "这是一句话。"), ("en", "Same again. ")])
def test_a_long_article_is_cut_at_a_sentence(
    articles: List[Article], language: str, sentence: str
) -> None:
    long = replace(articles[0], language=language, paragraphs=((sentence * 200).strip(),))
    answer = answerer_of([long], {language: Thresholds(0.0, 0.0)}).answer(
        long.questions[0], language
    )
    assert isinstance(answer, Answered)
    limit = ANSWER_LIMITS[language]
    assert limit - 20 <= len(answer.text) <= limit
    assert answer.text.endswith((".", "。"))


def test_between_the_thresholds_the_shopper_is_asked(articles: List[Article]) -> None:
    between = answerer_of(articles, {"zh": Thresholds(1.31, 0.1), "en": THRESHOLDS["en"]})
    answer = between.answer("礼盒要另外收钱吗", "zh")
    assert isinstance(answer, Unsure)
    assert [near.id for near in answer.candidates][0] == "gift-wrap"
    chosen = between.article("gift-wrap", "zh")
    assert chosen is not None and chosen.text.startswith("下单时勾选礼品包装")
    assert between.article("no-such-article", "zh") is None


@pytest.mark.parametrize(
    ("days", "served"),
    [
        ({"valid_until": date(2026, 11, 21)}, False),
        ({"valid_until": date(2026, 11, 22)}, True),
        ({"valid_from": date(2026, 11, 22)}, True),
        ({"valid_from": date(2026, 11, 23)}, False),
    ],
)
def test_an_article_is_served_in_its_time_only(
    articles: List[Article], days: Dict[str, date], served: bool
) -> None:
    changed = [replace(articles[0], **days), *articles[1:]]
    encoder = own_encoder(changed, [], plan=TrainingPlan(steps=5))
    chinese = LanguageIndex.build([a for a in changed if a.language == "zh"], encoder)
    answerer = Answerer(encoder, {"zh": chinese}, THRESHOLDS, today=lambda: date(2026, 11, 22))
    answer = answerer.answer("礼盒要另外收钱吗", "zh")
    assert ("gift-wrap" in [near.id for near in answer.candidates]) is served
    assert (answerer.article("gift-wrap", "zh") is not None) is served


def test_a_topic_decides_between_near_equals(articles: List[Article]) -> None:
    one = replace(articles[0], id="a", topic="gifts")
    twin = replace(articles[0], id="b", topic="returns")
    answerer = answerer_of([one, twin, *articles[1:]])
    for topic, expected in [("gifts", "a"), ("returns", "b")]:
        answer = answerer.answer("礼盒要另外收钱吗", "zh", topics=[topic])
        assert isinstance(answer, Answered)
        assert answer.article_id == expected


def test_a_topic_shuts_nothing_out(answerer: Answerer) -> None:
    for topic in ("gifts", "no-such-topic"):
        answer = answerer.answer("自提要带什么", "zh", topics=[topic])
        assert isinstance(answer, Answered)
        assert answer.article_id == "store-pickup"


def test_an_empty_base_answers_nothing() -> None:
    empty = answerer_of([])
    assert empty.answer("运费多少", "zh") == NotAnswered(0.0, ())


def test_a_built_base_answers_its_own_questions(
    opened: Tuple[StoredIndex, Answerer], articles: List[Article]
) -> None:
    for article in articles:
        for question in article.questions:
            answer = opened[1].answer(question, article.language)
            assert isinstance(answer, Answered), question
            assert answer.article_id == article.id, question


def only(articles: List[Article], language: str, *ids: str) -> List[Article]:
    """The articles, of one language without those of other ids."""
    return [a for a in articles if a.language != language or a.id in ids]


ALIKE = {"zh": Thresholds(0.3, 0.3), "en": Thresholds(0.3, 0.3)}


def test_what_only_the_other_language_has_is_answered_from_that(articles: List[Article]) -> None:
    answerer = answerer_of(only(articles, "en", "gift-wrap"), crossing=ALIKE)
    answer = answerer.answer("store pickup 到店自提", "en")
    assert isinstance(answer, Answered)
    assert (answer.article_id, answer.language) == ("store-pickup", "zh")
    assert answer.text.startswith("可以。下单时选到店自提")
    assert answer.candidates[0].language == "zh"


def test_what_both_languages_have_is_never_answered_from_the_other(
    articles: List[Article],
) -> None:
    answer = answerer_of(articles, crossing=ALIKE).answer("store pickup 到店自提", "en")
    assert not isinstance(answer, Answered) or answer.language == "en"


def test_the_other_language_needs_a_threshold_of_its_own(articles: List[Article]) -> None:
    strict = {"en": Thresholds(1.3, 1.3)}
    for crossing in (None, strict):
        answerer = answerer_of(only(articles, "en", "gift-wrap"), crossing=crossing)
        assert isinstance(answerer.answer("store pickup 到店自提", "en"), NotAnswered)
