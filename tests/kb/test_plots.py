"""Pictures of an evaluation: drawn from what came back, Chinese labels included."""

import warnings
from pathlib import Path
from typing import Any, Callable, Dict, List, Tuple

import pytest

from knowledge_base import plots
from knowledge_base.outcomes import Outcome, Query
from knowledge_base.settings import Settings

QUERIES = """
{"id": "hant-1", "text": "茶葉要放冰箱嗎", "lang": "zh-Hant", "relevant": ["tea-storage"]}
{"id": "zh-1", "text": "能帮我包起来吗", "kind": "口语", "relevant": ["gift-wrap"]}
{"id": "zh-2", "text": "明天会下雨吗", "relevant": []}
{"id": "en-1", "text": "is gift wrap free", "relevant": ["gift-wrap"]}
"""


@pytest.mark.parametrize("corpus", ["ours", "a foreign one", "nothing"])
def test_the_figures_are_drawn(
    built: Tuple[Settings, List[str]],
    commands: Callable[..., int],
    tmp_path: Path,
    corpus: str,
) -> None:
    queries, articles = tmp_path / "queries.jsonl", tmp_path / "articles.jsonl"
    queries.write_text(QUERIES if corpus != "nothing" else "", "utf-8")
    articles.write_text('{"id": "gift-wrap", "text": "能包。", "lang": "zh"}\n', "utf-8")
    drawn = ["--plots", str(tmp_path / "drawn")]
    if corpus == "ours":
        figures = evaluate_ours(built[0], tmp_path, tmp_path / "drawn")
        assert set(figures["by_kind"]) == {"hant", "口语", "zh", "en"}
    else:
        files = ["--corpus", str(articles), "--queries", str(queries)]
        assert commands(built[0], "eval", *files, *drawn) == 0
    found = {path.name: path for path in (tmp_path / "drawn").iterdir()}
    assert set(found) == {"recall.png", "scores.png", "coverage.png"}
    for path in found.values():
        assert path.read_bytes().startswith(b"\x89PNG")
        assert path.stat().st_size > 5_000


def evaluate_ours(settings: Settings, folder: Path, drawn: Path) -> Dict[str, Any]:
    """The figures of our own base, asked the questions of a folder; a label that the font cannot
    write is an error.
    """
    from knowledge_base.evaluation import evaluate_own

    (folder / "articles.jsonl").unlink()
    with warnings.catch_warnings():
        warnings.filterwarnings("error", message="Glyph")
        return evaluate_own(settings, say=lambda _: None, folder=folder, plots=drawn)


@pytest.mark.parametrize("installed", [True, False])
def test_without_a_chinese_font_languages_keep_their_codes(
    monkeypatch: pytest.MonkeyPatch, installed: bool
) -> None:
    if not installed:
        monkeypatch.setattr(plots, "_CHINESE_FONTS", ())
    elif not plots._chinese_font():
        pytest.skip("this machine has no Chinese font")
    assert plots._name("zh") == ("中文" if installed else "zh")


def outcome(score: float, rank: int) -> Outcome:
    return Outcome(Query("q", "text", "en", frozenset({"a"})), rank, None, False, score, 1.0)


def test_coverage_and_risk_begin_with_the_surest() -> None:
    outcomes = [outcome(0.2, 0), outcome(0.9, 1), outcome(0.5, 2), outcome(0.7, 1)]
    assert plots.coverage_and_risk(outcomes) == [
        (0.25, 0.0),
        (0.5, 0.0),
        (0.75, pytest.approx(1 / 3)),
        (1.0, 0.5),
    ]
