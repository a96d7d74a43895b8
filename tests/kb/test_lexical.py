"""Lexical search: which words bring articles into sight, and what they earn."""

from dataclasses import replace
from pathlib import Path
from typing import Callable, Dict, List, Sequence

import numpy as np
import pytest

from knowledge_base import lexical
from knowledge_base.article import Article
from knowledge_base.lexical import LexicalIndex, words_of

NONE = np.array([], dtype=np.int32)
# More than there are articles.
ALL = 10


@pytest.fixture
def build(article: Article) -> Callable[[Sequence[str]], LexicalIndex]:
    """An index of articles that hold one text each."""

    def built(texts: Sequence[str]) -> LexicalIndex:
        empty = replace(article, title="", questions=())
        return LexicalIndex.build([replace(empty, paragraphs=(text,)) for text in texts])

    return built


@pytest.fixture
def index(articles: List[Article]) -> LexicalIndex:
    """The small shop's Chinese articles: gift wrapping, tea, collecting."""
    return LexicalIndex.build([each for each in articles if each.language == "zh"])


def best(scores: Dict[int, float]) -> int:
    return max(scores, key=lambda place: scores[place])


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("Where are my REFUNDS?", ["where", "are", "my", "refund"]),
        ("運費怎麼算", ["运费", "怎么", "算"]),
        ("iPhone15的运费", ["iphone15", "的", "运费"]),
        ("XE20260001 to_go 3.5", ["xe20260001", "to", "go", "3", "5"]),
        ("?!…", []),
    ],
)
def test_a_text_is_counted_in_its_words(text: str, words: List[str]) -> None:
    assert words_of(text) == words


@pytest.mark.parametrize(
    ("question", "place"),
    [("礼品包装", 0), ("禮盒要錢嗎", 0), ("绿茶怎么存放", 1), ("取货码", 2)],
)
def test_the_article_with_the_question_s_words_earns_the_most(
    index: LexicalIndex, question: str, place: int
) -> None:
    scores = index.scores(question, NONE, ALL)
    assert best(scores) == place
    assert all(0 < score <= 1 for score in scores.values())


def test_titles_questions_and_paragraphs_are_all_searched(article: Article) -> None:
    text = replace(article, title="red", questions=("green",), paragraphs=("blue", "white"))
    index = LexicalIndex.build([text, replace(text, title="x", questions=(), paragraphs=("y",))])
    for word in ("red", "green", "blue", "white"):
        assert list(index.scores(word, NONE, ALL)) == [0]


def test_a_rare_word_brings_its_articles_into_sight(build: Callable[..., LexicalIndex]) -> None:
    index = build(["delivery of tea", "delivery of pots", "delivery of cups"])
    assert list(index.scores("pots", NONE, ALL)) == [1]


def test_a_common_word_only_scores_what_is_in_sight_already(
    build: Callable[..., LexicalIndex], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(lexical, "MOST_ARTICLES_OF_A_WORD", 2)
    index = build(["delivery of tea", "delivery of pots", "delivery of cups", *"abc"])
    assert index.scores("delivery", NONE, ALL) == {}
    given = index.scores("delivery", np.array([0, 2]), ALL)
    assert list(given) == [0, 2] and min(given.values()) > 0
    # Beside a rare one it counts for the article which that one brings.
    assert list(index.scores("delivery of pots", NONE, ALL)) == [1]
    assert index.scores("delivery of pots", NONE, ALL)[1] == pytest.approx(1.0)


def test_an_article_in_sight_that_has_none_of_the_words_earns_nothing(
    build: Callable[..., LexicalIndex],
) -> None:
    index = build(["tea", "pots", "cups"])
    assert index.scores("pots", np.array([0, 2]), ALL) == {
        0: 0.0,
        1: pytest.approx(1.0),
        2: 0.0,
    }


def test_a_word_of_most_articles_of_a_large_base_counts_nothing(
    build: Callable[..., LexicalIndex], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    texts = ["the tea", "the pots", "the cups"]
    assert len(build(texts).scores("the", NONE, ALL)) == 3
    monkeypatch.setattr(lexical, "MOST_ARTICLES_OF_A_WORD", 1)
    index = build(texts)
    assert index.scores("the", np.array([0, 1]), ALL) == {}
    # Nor does it take from what the other words may earn, as one that no article has does.
    assert index.scores("the pots", NONE, ALL)[1] == pytest.approx(1.0)
    index.save(tmp_path / "words")
    assert LexicalIndex.load(tmp_path / "words").scores("the pots", NONE, ALL)[1] == 1.0


def test_of_what_rare_words_bring_only_so_many_of_the_best_are_told(
    build: Callable[..., LexicalIndex],
) -> None:
    index = build(["pots", "pots and cups", "cups", "tea"])
    assert set(index.scores("pots cups", NONE, ALL)) == {0, 1, 2}
    assert list(index.scores("pots cups", NONE, 1)) == [1]
    # Those in sight already are told all the same.
    assert set(index.scores("pots cups", np.array([2, 3]), 1)) == {1, 2, 3}


@pytest.mark.parametrize(
    ("known", "unknown"),
    [("取货码", "取货码 量子 隧道"), ("礼品包装", "礼品包装 zeppelin")],
)
def test_words_that_no_article_has_lower_the_score(
    index: LexicalIndex, known: str, unknown: str
) -> None:
    plain, beside = index.scores(known, NONE, ALL), index.scores(unknown, NONE, ALL)
    assert best(plain) == best(beside)
    assert beside[best(beside)] < plain[best(plain)]


@pytest.mark.parametrize("question", ["zeppelin", "?!", ""])
def test_a_question_without_a_known_word_brings_nothing(index: LexicalIndex, question: str) -> None:
    assert index.scores(question, NONE, ALL) == {}


def test_a_word_said_twice_counts_once(index: LexicalIndex) -> None:
    assert index.scores("绿茶 绿茶 zeppelin", NONE, ALL) == index.scores("绿茶 zeppelin", NONE, ALL)


@pytest.mark.parametrize("texts", [[], [""], ["?!", "…"]])
def test_without_words_nothing_is_found(
    build: Callable[..., LexicalIndex], texts: List[str]
) -> None:
    assert build(texts).scores("绿茶", NONE, ALL) == {}


def test_what_was_saved_scores_the_same_when_loaded(index: LexicalIndex, tmp_path: Path) -> None:
    index.save(tmp_path / "lexical")
    loaded = LexicalIndex.load(tmp_path / "lexical")
    for question in ("绿茶怎么存放", "取货码 zeppelin"):
        assert loaded.scores(question, NONE, ALL) == index.scores(question, NONE, ALL)


def test_an_empty_index_is_saved_and_loaded_too(
    build: Callable[..., LexicalIndex], tmp_path: Path
) -> None:
    build([]).save(tmp_path / "lexical")
    assert LexicalIndex.load(tmp_path / "lexical").scores("绿茶", NONE, ALL) == {}
