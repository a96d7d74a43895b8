"""The measurements, on our own files and on foreign ones."""

import json
from pathlib import Path
from typing import Any, Callable, Dict, List, Tuple

import pytest

from knowledge_base.__main__ import main
from knowledge_base.answerer import Answerer
from knowledge_base.errors import QuestionsError
from knowledge_base.evaluation import (
    Outcome,
    Query,
    evaluate_foreign,
    evaluate_own,
    read_corpus,
    read_queries,
    report,
)
from knowledge_base.settings import Settings
from knowledge_base.store import StoredIndex

CONTRACT = {
    "n",
    "recall@1",
    "recall@3",
    "mrr@10",
    "no_answer_recall",
    "answered_wrong",
    "p50_ms",
    "p95_ms",
    "build_s",
    "bytes",
}


def jsonl(path: Path, rows: List[Dict[str, Any]]) -> Path:
    path.write_text("".join(json.dumps(row) + "\n" for row in rows), encoding="utf-8")
    return path


def outcome(relevant: str, rank: int, answered: "str | None") -> Outcome:
    query = Query("q", "text", "en", frozenset(relevant.split()))
    return Outcome(query, rank, answered, False, 0.5, 2.0)


def test_the_figures_are_what_they_say(opened: Tuple[StoredIndex, Answerer]) -> None:
    figures = report(
        [
            outcome("a", 1, "a"),
            outcome("a b", 2, "c"),
            outcome("a", 4, None),
            outcome("a", 0, None),
            outcome("", 0, None),
            outcome("", 0, "a"),
        ],
        opened[0],
    )
    assert figures["n"] == 6
    assert figures["recall@1"] == 0.25
    assert figures["recall@3"] == 0.5
    assert figures["mrr@10"] == pytest.approx((1 + 1 / 2 + 1 / 4) / 4, abs=1e-4)
    assert figures["no_answer_recall"] == 0.5
    assert figures["answered_wrong"] == pytest.approx(2 / 6, abs=1e-4)
    assert figures["answered_right"] == 0.25
    assert figures["p50_ms"] == figures["p95_ms"] == 2.0


def test_a_foreign_corpus_is_measured_and_leaves_nothing_behind(
    built: Tuple[Settings, List[str]], tmp_path: Path
) -> None:
    corpus = jsonl(
        tmp_path / "corpus.jsonl",
        [
            {"id": "1", "title": "Opening a savings account", "text": "Bring your passport.",
             "lang": "en", "questions": ["how do I open an account", "documents for savings"]},
            {"id": "2", "title": "Lost bank card", "text": "Block it in the app at once.",
             "lang": "en", "questions": ["my card was stolen", "block my card", "card is gone"]},
            {"id": "3", "title": "", "text": "Rates change monthly. See the table.", "lang": "en"},
        ],
    )  # fmt: skip
    queries = jsonl(
        tmp_path / "queries.jsonl",
        [
            {"id": "a", "text": "block my card", "relevant": ["2"]},
            {"id": "b", "text": "documents for savings", "relevant": ["1"]},
            {"id": "c", "text": "who won the football match", "relevant": []},
        ],
    )
    before = sorted(built[0].index_root.iterdir())
    figures = evaluate_foreign(built[0], corpus, queries, say=lambda _: None)
    assert set(figures) >= CONTRACT
    assert (figures["n"], figures["recall@1"]) == (3, 1.0)
    assert figures["bytes"] > 0
    assert sorted(built[0].index_root.iterdir()) == before


def test_our_own_questions_are_read_from_every_file(
    built: Tuple[Settings, List[str]], tmp_path: Path
) -> None:
    jsonl(
        tmp_path / "one.jsonl",
        [{"id": "1", "text": "茶葉要放冰箱嗎", "lang": "zh-Hant", "relevant": ["tea-storage"]}],
    )
    jsonl(tmp_path / "two.jsonl", [{"id": "2", "text": "is gift wrap free", "relevant": ["x"]}])
    figures = evaluate_own(built[0], say=lambda _: None, folder=tmp_path)
    assert (figures["n"], figures["recall@1"], figures["no_answer_recall"]) == (2, 0.5, None)


def test_no_questions_is_said(built: Tuple[Settings, List[str]], tmp_path: Path) -> None:
    with pytest.raises(QuestionsError, match="no questions"):
        evaluate_own(built[0], say=lambda _: None, folder=tmp_path)


@pytest.mark.parametrize(
    ("rows", "reason"),
    [
        ('{"id": "1", "text": "x"}\n{"id": 1', ":2: not JSON"),
        ('{"id": "1", "title": "x"}', ":1: text: field required"),
        ('{"id": "1", "text": " "}', ":1: text is empty"),
        ('{"id": "1", "text": "x"}\n\n{"id": "1", "text": "y"}', ":3: id '1' is given twice"),
    ],
)
def test_a_bad_corpus_row_is_named_with_its_line(tmp_path: Path, rows: str, reason: str) -> None:
    path = tmp_path / "corpus.jsonl"
    path.write_text(rows, encoding="utf-8")
    with pytest.raises(QuestionsError, match=reason):
        read_corpus(path)


def test_a_query_goes_to_a_language_that_the_corpus_has(tmp_path: Path) -> None:
    path = jsonl(tmp_path / "q.jsonl", [{"id": "1", "text": "How much", "relevant": []}])
    assert [query.language for query in read_queries(path)] == ["en"]
    assert [query.language for query in read_queries(path, {"zh"})] == ["zh"]


@pytest.fixture
def commands(
    built: Tuple[Settings, List[str]], monkeypatch: pytest.MonkeyPatch
) -> Callable[..., int]:
    """The command line, on the small shop."""
    settings = built[0]
    for name, value in {
        "DATA_DIR": settings.data_dir,
        "ARTICLES_DIR": settings.articles_dir,
        "VARIANTS_DIR": settings.variants_dir,
        "EXAMPLES_DIR": settings.examples_dir,
        "ENCODER": "",
    }.items():
        monkeypatch.setenv(name, str(value))
    return lambda *arguments: main(list(arguments))


@pytest.mark.parametrize(
    ("text", "printed"),
    [("自提要带什么", "到店自提 [store-pickup, 2026-11-01"), ("who won the match", "no answer [")],
)
def test_one_question_can_be_asked_on_the_command_line(
    commands: Callable[..., int], capsys: pytest.CaptureFixture[str], text: str, printed: str
) -> None:
    assert commands("ask", text) == 0
    assert capsys.readouterr().out.startswith(printed)


def test_an_error_is_explained_and_ends_with_two(
    commands: Callable[..., int], capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    assert commands("eval", "--corpus", str(tmp_path)) == 2
    assert "--corpus and --queries go together" in capsys.readouterr().err


def test_the_figures_are_printed_and_written(
    commands: Callable[..., int], capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    corpus = jsonl(tmp_path / "c.jsonl", [{"id": "1", "title": "茶", "text": "冷藏。"}])
    queries = jsonl(tmp_path / "q.jsonl", [{"id": "1", "text": "茶", "relevant": ["1"]}])
    out = tmp_path / "reports" / "knowledge.json"
    paths = ["--corpus", str(corpus), "--queries", str(queries), "--out", str(out)]
    assert commands("eval", *paths) == 0
    assert json.loads(capsys.readouterr().out) == json.loads(out.read_text("utf-8"))
