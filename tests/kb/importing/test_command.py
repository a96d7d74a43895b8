"""The command: what it shows, what it writes, and how it ends."""

import json
from pathlib import Path
from typing import Callable

import pytest

from knowledge_base.__main__ import main
from knowledge_base.article import load_articles
from knowledge_base.settings import Settings

ROWS = (
    "title,text,colour\n"
    "How long is the warranty?,Two years from the day you got it.,red\n"
    "Warranty,Three years from the day you got it.,blue\n"
    "How long is the warranty?,Two years from the day you got it.,red\n"
    "Batteries,Itâ€™s six months for them.,red\n"
)


@pytest.fixture
def source(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("ARTICLES_DIR", str(tmp_path / "articles"))
    (tmp_path / "faq.csv").write_text(ROWS, "utf-8")
    return tmp_path / "faq.csv"


def test_the_report_has_a_line_for_each_row_that_is_not_plainly_taken(
    source: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["import", str(source)]) == 0
    shown = capsys.readouterr().out.replace(f"{source.parent}/", "")
    assert shown == (
        "faq.csv:1: left out: column 'colour' is not known\n"
        "faq.csv:3 (row 2): taken with warnings, en/warranty\n"
        "    contradiction: “Three years from the day you got it.” (paragraph 1) – “Two years from "
        "the day you got it.” (faq.csv:2 (row 1), paragraph 1)\n"
        "faq.csv:4 (row 3): dropped, en/how-long-is-the-warranty-2\n"
        "    duplicate: the same as faq.csv:2 (row 1)\n"
        "faq.csv:5 (row 4): taken with warnings, en/batteries\n"
        "    encoding: “Itâ€™s six months for them.” → “It’s six months for them.”\n"
        "4 row(s): 1 taken, 2 taken with warnings, 1 dropped; 3 written\n"
    )
    assert len(load_articles(source.parent / "articles")) == 3


def test_a_refused_import_is_reported_as_json_too(
    source: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    out = tmp_path / "reports" / "import.json"
    options = ["--strict", "--language", "en", "--topic", "care", "--owner", "Mia"]
    assert main(["import", str(source), *options, "--report", str(out)]) == 2
    assert "nothing was imported" in capsys.readouterr().out
    assert not (tmp_path / "articles").exists()
    report = json.loads(out.read_text("utf-8"))
    assert (report["refused"], report["written"]) == (True, [])
    assert report["counts"] == {
        "taken": 1,
        "taken with warnings": 1,
        "dropped": 1,
        "refused": 1,
    }
    assert report["rows"][1]["findings"][0]["kind"] == "contradiction"
    assert report["files"][0]["text"] == "column 'colour' is not known"


def test_what_is_brought_in_without_questions_answers_to_its_title(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    shop_settings: Callable[..., Settings],
    capsys: pytest.CaptureFixture[str],
) -> None:
    settings = shop_settings()
    for name in ("articles_dir", "variants_dir", "examples_dir", "data_dir"):
        monkeypatch.setenv(name.upper(), str(getattr(settings, name)))
    table = tmp_path / "faq.csv"
    table.write_text("问题,答案\n陶瓷杯子能不能进微波炉,可以，金边款除外。\n", "utf-8")
    assert main(["import", str(table)]) == 0
    assert main(["ask", "陶瓷杯子能不能进微波炉"]) == 0
    assert "可以，金边款除外。" in capsys.readouterr().out
