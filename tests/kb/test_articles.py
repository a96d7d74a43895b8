"""The shop's own articles: the same in each language, and no figure that the rules do not have."""

import re
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
import yaml

from knowledge_base.article import Article, load_articles
from knowledge_base.variants import load_variants, with_variants

ARTICLES = load_articles(Path("knowledge_base/articles"))
POLICY = yaml.safe_load(Path("shop/policy.yml").read_text(encoding="utf-8"))
LANGUAGES = ("zh", "en")

# Order numbers and hours of the day are no figures of the rules.
_NO_FIGURES = re.compile(r"XE\d*|\d\d?:\d\d")
_NUMBER = re.compile(r"\d+(?:\.\d+)?")


def figures(name: str, policy: Any = POLICY) -> set[str]:
    """The values of a rule as an article writes them: money in yuan."""
    value = policy
    for part in name.split("."):
        value = value[part]
    values = value if isinstance(value, list) else [value]
    return {f"{v / 100:g}" if name.endswith("_cents") else str(v) for v in values}


def contradictions(article: Article, policy: Any = POLICY) -> set[str]:
    """Numbers in an article that are neither the rules' nor an example."""
    body = _NO_FIGURES.sub("", "\n".join(article.paragraphs))
    known = set(article.examples).union(*(figures(name, policy) for name in article.facts))
    return set(_NUMBER.findall(body)) - known


def identified(article: Article) -> str:
    return f"{article.language}/{article.id}"


@pytest.mark.parametrize("article", ARTICLES, ids=identified)
def test_every_number_is_the_rules_or_an_example(article: Article) -> None:
    assert contradictions(article) == set()


@pytest.mark.parametrize("article", ARTICLES, ids=identified)
def test_every_figure_that_is_claimed_is_told(article: Article) -> None:
    body = "\n".join(article.paragraphs)
    for name in article.facts:
        numbers = {value for value in figures(name) if _NUMBER.fullmatch(value)}
        assert numbers <= set(_NUMBER.findall(body)), name


def test_a_rule_that_changes_is_noticed_in_every_article_that_tells_it() -> None:
    changed = yaml.safe_load(Path("shop/policy.yml").read_text(encoding="utf-8"))
    changed["returns"]["no_reason_days"] = 10
    telling = {a.id for a in ARTICLES if "returns.no_reason_days" in a.facts}
    noticed = {
        article.id
        for article in ARTICLES
        if article.id in telling and "7" in contradictions(article, changed)
    }
    assert "return-window" in noticed
    assert len(noticed) >= len(telling) / 2


def test_both_languages_have_the_same_articles() -> None:
    ids = {lang: {a.id for a in ARTICLES if a.language == lang} for lang in LANGUAGES}
    assert ids["zh"] == ids["en"]
    assert len(ids["zh"]) >= 110
    topics = {(a.id, a.topic) for a in ARTICLES}
    assert len(topics) == len(ids["zh"])


def test_everything_can_be_asked_in_many_ways() -> None:
    asked = with_variants(ARTICLES, load_variants(Path("knowledge_base/questions")))
    assert min(len(article.questions) for article in ARTICLES) >= 8
    assert min(len(article.questions) for article in asked) >= 20


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_question_belongs_to_two_articles(language: str) -> None:
    asked = with_variants(ARTICLES, load_variants(Path("knowledge_base/questions")))
    said = Counter(
        question.casefold().rstrip("?？。.!！")
        for article in asked
        if article.language == language
        for question in article.questions
    )
    assert [question for question, times in said.items() if times > 1] == []
