"""Our own frozen questions: one for each article, and none that anything was learnt from."""

from collections import Counter
from pathlib import Path

import pytest
from opencc import OpenCC

from knowledge_base.evaluation import read_queries
from knowledge_base.frozen import load_frozen
from knowledge_base.settings import Settings
from knowledge_base.sources import read_sources

ROOT = Path(__file__).resolve().parents[2]
SOURCES = read_sources(Settings().copy(update={"encoder": ""}))
FROZEN = load_frozen(
    ROOT / "knowledge_base" / "frozen", {(each.language, each.id) for each in SOURCES.articles}
)


def folded(text: str) -> str:
    return text.casefold().strip(" ?？。.!！")


@pytest.mark.parametrize("language", ["zh", "en"])
def test_every_article_has_its_frozen_question(language: str) -> None:
    articles = {each.id for each in SOURCES.articles if each.language == language}
    asked = Counter(each.article for each in FROZEN if each.language == language)
    unanswerable = asked.pop(None)
    assert unanswerable >= 25
    assert set(asked) == articles


def test_none_is_learnt_from_or_measured_with() -> None:
    learnt = {folded(question) for article in SOURCES.articles for question in article.questions}
    learnt |= {folded(article.title) for article in SOURCES.articles}
    learnt |= {folded(example.text) for example in SOURCES.examples}
    measured = {
        folded(query.text)
        for path in (ROOT / "tests" / "kb").glob("*.jsonl")
        for query in read_queries(path)
    }
    assert {folded(each.text) for each in FROZEN} & (learnt | measured) == set()


def test_none_is_asked_twice() -> None:
    asked = Counter(folded(each.text) for each in FROZEN)
    assert [text for text, times in asked.items() if times > 1] == []


def test_a_fifth_of_the_chinese_ones_are_traditional() -> None:
    simplified = OpenCC("t2s")
    chinese = [each.text for each in FROZEN if each.language == "zh"]
    traditional = [text for text in chinese if simplified.convert(text) != text]
    assert len(traditional) >= 0.2 * len(chinese)


def test_without_a_folder_there_are_none(tmp_path: Path) -> None:
    assert load_frozen(tmp_path / "none", set()) == []
