"""The real articles, asked the questions of this folder, which none of them contains."""

import shutil
from pathlib import Path

import pytest

from knowledge_base.evaluation import evaluate_own, read_queries
from knowledge_base.settings import Settings
from knowledge_base.sources import read_sources
from knowledge_base.store import current_digest

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / "tests" / "kb"


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """Our own sources; an index that is already built for them is used."""
    real = Settings(
        data_dir=ROOT / "var",
        articles_dir=ROOT / "knowledge_base" / "articles",
        variants_dir=ROOT / "knowledge_base" / "questions",
        examples_dir=ROOT / "data" / "nlu",
    ).copy(update={"encoder": ""})
    scratch = tmp_path_factory.mktemp("real")
    if current_digest(real.index_root) == read_sources(real).digest:
        shutil.copytree(real.index_root, scratch / "knowledge")
    return real.copy(update={"data_dir": scratch})


def test_no_test_question_stands_in_an_article(settings: Settings) -> None:
    known = {q for article in read_sources(settings).articles for q in article.questions}
    asked = {q.text for path in FOLDER.glob("*.jsonl") for q in read_queries(path)}
    assert asked & known == set()


@pytest.mark.timeout(400)
def test_the_right_article_is_found_and_foreign_matters_are_refused(settings: Settings) -> None:
    figures = evaluate_own(settings, say=lambda _: None, folder=FOLDER)
    assert figures["n"] >= 600
    assert figures["recall@1"] >= 0.88
    assert figures["recall@3"] >= 0.96
    assert figures["unanswerable_answered"] <= 0.10
    assert figures["refused_right"] <= 0.08
    assert figures["answered_right"] >= 0.70
    assert figures["answered_wrong"] <= 0.08
    assert figures["p95_ms"] <= 50
    assert figures["bytes"] <= 150_000_000
