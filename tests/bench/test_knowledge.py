"""The measurement of a large knowledge base, on a small one."""

import json
from pathlib import Path

import pytest

from bench.knowledge.command import QUICK, main
from bench.knowledge.passages import passages, questions


def test_passages_are_made_up_the_same_each_time() -> None:
    for language in ("zh", "en"):
        made = list(passages(50, language))
        assert made == list(passages(50, language))
        assert made[:20] == list(passages(20, language))
        assert len({article.paragraphs for article in made}) == 50
        assert questions(made, 5) == questions(made, 5)


@pytest.mark.timeout(600)
def test_figures_and_picture_are_written(tmp_path: Path) -> None:
    assert main(QUICK, tmp_path) == 0
    figures = json.loads((tmp_path / "knowledge.json").read_text())
    assert figures["built"]["passages"] == QUICK.built
    assert 0 < figures["built"]["p50_ms"] <= figures["built"]["p95_ms"]
    assert 0 < figures["built"]["rss_of_base_mb"] < figures["built"]["rss_mb"]
    small, large = figures["growth"]
    assert (small["exact"], large["exact"]) == (True, False)
    assert small["recall_at_10"] == 1.0
    assert large["recall_at_10"] > 0.9
    assert (tmp_path / "knowledge_growth.png").stat().st_size > 10_000
