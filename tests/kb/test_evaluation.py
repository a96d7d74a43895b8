"""The measurements, on our own files and on foreign ones."""

import json
import re
from pathlib import Path
from typing import Any, Callable, Dict, List, Tuple

import pytest

from knowledge_base.answerer import Answerer
from knowledge_base.errors import QuestionsError
from knowledge_base.evaluation import evaluate_foreign, evaluate_own, read_corpus, read_queries
from knowledge_base.outcomes import Outcome, Query, report
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


ONE = [{"id": "1", "title": "Lost bank card", "text": "Block it in the app.", "lang": "en"}]
TWO = [*ONE, {"id": "2", "title": "Opening an account", "text": "Bring a passport.", "lang": "en"}]


def measured(built: Tuple[Settings, List[str]], tmp_path: Path, *rows: Any) -> Dict[str, Any]:
    """The figures of a foreign corpus and its queries."""
    corpus, queries = (jsonl(tmp_path / f"{name}.jsonl", each) for name, each in zip("cq", rows))
    return evaluate_foreign(built[0], corpus, queries, say=lambda _: None)


def test_any_of_several_relevant_articles_is_right(
    built: Tuple[Settings, List[str]], tmp_path: Path
) -> None:
    queries = [{"id": "q", "text": "lost bank card", "relevant": ["2", "1"]}]
    assert measured(built, tmp_path, TWO, queries)["recall@1"] == 1.0


@pytest.mark.parametrize(
    ("corpus", "recall"),
    [
        pytest.param(ONE, 1.0, id="one article"),
        pytest.param([], 0.0, id="none"),
        pytest.param([{**row, "questions": []} for row in TWO], 1.0, id="empty questions"),
        pytest.param([{**row, "questions": ["  "]} for row in TWO], 1.0, id="blank questions"),
        pytest.param([{**row, "id": int(row["id"])} for row in TWO], 1.0, id="numbers for ids"),
        pytest.param([{**row, "questions": ["my card"]} for row in TWO], 1.0, id="shared question"),
        pytest.param([{**row, "text": f"{row['text']}\u2028So."} for row in TWO], 1.0, id="U+2028"),
    ],
)
def test_an_unusual_corpus_is_measured(
    built: Tuple[Settings, List[str]], tmp_path: Path, corpus: List[Dict[str, Any]], recall: float
) -> None:
    queries = [
        {"id": 1, "text": "lost bank card", "relevant": [1]},
        {"id": 2, "text": "who won the match", "relevant": []},
    ]
    figures = measured(built, tmp_path, corpus, queries)
    assert set(figures) >= CONTRACT
    assert (figures["n"], figures["recall@1"]) == (2, recall)


def test_a_query_in_a_language_without_articles_is_measured(
    built: Tuple[Settings, List[str]], tmp_path: Path
) -> None:
    queries = [{"id": "1", "text": "银行卡丢了", "lang": "zh", "relevant": ["1"]}]
    figures = measured(built, tmp_path, ONE, queries)
    assert (figures["n"], list(figures["by_language"])) == (1, ["en"])


@pytest.mark.parametrize("written", ["\ufeff{}\n{}\n", "{}\r\n{}\r\n", "\n{}\n\n{}"])
def test_files_are_read_however_their_lines_end(tmp_path: Path, written: str) -> None:
    path = tmp_path / "corpus.jsonl"
    rows = [json.dumps(row, ensure_ascii=False) for row in TWO]
    path.write_bytes(written.format(*rows).encode())
    assert [article.title for article in read_corpus(path)] == [row["title"] for row in TWO]


def test_a_text_may_hold_any_line_separator(tmp_path: Path) -> None:
    path = tmp_path / "corpus.jsonl"
    row = {"id": "1", "text": "first\u2028second\x85third"}
    path.write_text(json.dumps(row, ensure_ascii=False), encoding="utf-8")
    assert read_corpus(path)[0].paragraphs == ("first\u2028second\x85third",)


def test_a_kind_is_counted_by_itself(built: Tuple[Settings, List[str]], tmp_path: Path) -> None:
    rows = [
        {"id": "hant-1", "text": "茶葉要放冰箱嗎", "lang": "zh-Hant", "relevant": ["tea-storage"]},
        {"id": "en-1", "text": "is gift wrap free", "relevant": ["gift-wrap"]},
        {"id": "en-2", "text": "can my wife fetch it", "kind": "family", "relevant": ["gift-wrap"]},
        {"id": "no-1", "text": "who won the match", "relevant": []},
    ]
    figures = evaluate_own(
        built[0], say=lambda _: None, folder=jsonl(tmp_path / "q.jsonl", rows).parent
    )
    by_kind = {name: (row["n"], row["recall@1"]) for name, row in figures["by_kind"].items()}
    assert by_kind == {"hant": (1, 1.0), "en": (1, 1.0), "family": (1, 0.0), "no": (1, None)}
    assert figures["by_language"]["en"]["n"] == 3


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


def test_a_foreign_entry_may_be_a_title_or_questions_alone(tmp_path: Path) -> None:
    rows = [{"id": "1", "title": "Lost card"}, {"id": "2", "questions": ["", "where is my card"]}]
    articles = read_corpus(jsonl(tmp_path / "corpus.jsonl", rows))
    assert [article.paragraphs for article in articles] == [("Lost card",), ("where is my card",)]
    assert [article.language for article in articles] == ["en", "en"]


@pytest.mark.parametrize(
    ("rows", "reason"),
    [
        ('{"id": "1", "text": "x"}\n{"id": 1', ":2: not JSON"),
        ('{"title": "x"}', ":1: id: field required"),
        ('{"id": "1", "text": " ", "questions": [""]}', ":1: no text, title or question"),
        ('{"id": "1", "text": "x"}\n\n{"id": "1", "text": "y"}', ":3: id '1' is given twice"),
        ('{"id": "1", "text": "x"}\n{"id": 1, "text": "y"}', ":2: id '1' is given twice"),
        ("[" * 100_000, ":1: not JSON"),
        ('"text"', ":1: "),
    ],
)
def test_a_bad_corpus_row_is_named_with_its_line(tmp_path: Path, rows: str, reason: str) -> None:
    path = tmp_path / "corpus.jsonl"
    path.write_text(rows, encoding="utf-8")
    with pytest.raises(QuestionsError, match=reason):
        read_corpus(path)


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("c.jsonl", '{"id": "1", "text": "丢了"}'.encode("gb18030"), r"c\.jsonl:1: not UTF-8"),
        ("none.jsonl", None, r"none\.jsonl:1: cannot be read"),
    ],
)
def test_an_unreadable_file_is_named(
    commands: Callable[..., int],
    built: Tuple[Settings, List[str]],
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
    name: str,
    content: "bytes | None",
    reason: str,
) -> None:
    if content:
        (tmp_path / name).write_bytes(content)
    queries = jsonl(tmp_path / "q.jsonl", [{"id": "1", "text": "x", "relevant": []}])
    paths = ["--corpus", str(tmp_path / name), "--queries", str(queries)]
    assert commands(built[0], "eval", *paths) == 2
    assert re.search(f"^error: .*{reason}", capsys.readouterr().err)


def test_a_query_goes_to_a_language_that_the_corpus_has(tmp_path: Path) -> None:
    path = jsonl(tmp_path / "q.jsonl", [{"id": "1", "text": "How much", "relevant": []}])
    assert [query.language for query in read_queries(path)] == ["en"]
    assert [query.language for query in read_queries(path, {"zh"})] == ["zh"]


@pytest.mark.parametrize(
    ("text", "printed"),
    [("自提要带什么", "到店自提 [store-pickup, 2026-11-01"), ("who won the match", "no answer [")],
)
def test_one_question_can_be_asked_on_the_command_line(
    commands: Callable[..., int],
    built: Tuple[Settings, List[str]],
    capsys: pytest.CaptureFixture[str],
    text: str,
    printed: str,
) -> None:
    assert commands(built[0], "ask", text) == 0
    assert capsys.readouterr().out.startswith(printed)


def test_an_error_is_explained_and_ends_with_two(
    commands: Callable[..., int],
    built: Tuple[Settings, List[str]],
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
) -> None:
    assert commands(built[0], "eval", "--corpus", str(tmp_path)) == 2
    assert "--corpus and --queries go together" in capsys.readouterr().err


def test_the_figures_are_printed_and_written(
    commands: Callable[..., int],
    built: Tuple[Settings, List[str]],
    capsys: pytest.CaptureFixture[str],
    tmp_path: Path,
) -> None:
    corpus = jsonl(tmp_path / "c.jsonl", [{"id": "1", "title": "茶", "text": "冷藏。"}])
    queries = jsonl(tmp_path / "q.jsonl", [{"id": "1", "text": "茶", "relevant": ["1"]}])
    out = tmp_path / "reports" / "knowledge.json"
    paths = ["--corpus", str(corpus), "--queries", str(queries), "--out", str(out)]
    assert commands(built[0], "eval", *paths) == 0
    assert json.loads(capsys.readouterr().out) == json.loads(out.read_text("utf-8"))
