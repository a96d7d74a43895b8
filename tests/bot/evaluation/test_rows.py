"""Rows from files as people have them; what is wrong is named by file and line."""

import json
from pathlib import Path
from typing import Any

import pytest

from bot.evaluation.errors import EvaluationError
from bot.evaluation.intents import IntentRow, check_labels
from bot.evaluation.pipeline import LabelledRow
from bot.evaluation.rows import read_rows, ready_to_write, write_report

INTENTS = frozenset({"stock", "invoice", "out_of_scope"})


def written(folder: Path, content: "bytes | str", name: str = "rows.jsonl") -> Path:
    path = folder / name
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


def test_what_may_be_left_out_has_a_default(tmp_path: Path) -> None:
    path = written(
        tmp_path,
        '\ufeff{"text": "还有货吗", "intent": "stock"}\r\n\n'
        '{"id": 7, "text": "fapiao?", "intent": "invoice", "alt": null, "lang": null, "by": 1}',
    )
    first, second = read_rows(path, IntentRow)
    assert (first.id, first.lang, first.alt, first.text) == ("1", "und", [], "还有货吗")
    assert (second.id, second.lang, second.alt) == (7, "und", [])


def test_separators_of_lines_inside_a_text_are_part_of_it(tmp_path: Path) -> None:
    path = written(tmp_path, '{"text": "a\u2028b\u0085c", "intent": "stock"}\n')
    assert [row.text for row in read_rows(path, IntentRow)] == ["a\u2028b\u0085c"]


@pytest.mark.parametrize(
    ("name", "content"),
    [
        ("set.csv", '\ufeffText,Intent,domain\n"where, is it",track,x\n"two\nlines",stop,\n'),
        ("set.tsv", 'sentence\tlabel\nwhere, is it\ttrack\n"two\nlines"\tstop\n'),
        (
            "set.jsonl",
            '{"sentence": "where, is it", "label": "track"}\n'
            '{"utterance": "two\\nlines", "category": "stop"}',
        ),
    ],
)
def test_public_sets_are_read_as_they_come(tmp_path: Path, name: str, content: str) -> None:
    rows = read_rows(written(tmp_path, content, name), LabelledRow)
    assert [(row.text, row.intent) for row in rows] == [
        ("where, is it", "track"),
        ("two\nlines", "stop"),
    ]


GOOD = '{"text": "还有货吗", "intent": "stock"}\n'


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        ("a.jsonl", GOOD + "{", "a.jsonl:2: not JSON"),
        ("a.jsonl", GOOD + "[" * 100_000, "a.jsonl:2: not JSON"),
        ("a.jsonl", GOOD + '["text"]', "a.jsonl:2: not a JSON object"),
        ("a.jsonl", GOOD + "\n" + '{"text": "x"}', "a.jsonl:3: intent: field required"),
        ("a.jsonl", '{"text": 5, "intent": "stock"}', "a.jsonl:1: text: str type expected"),
        ("a.jsonl", '{"text": "x", "intent": ""}', "a.jsonl:1: intent: ensure this value"),
        ("a.jsonl", '{"text": "x", "intent": "stock", "alt": "y"}', "a.jsonl:1: alt"),
        ("a.jsonl", GOOD.encode() + b"\xff\xfe", "a.jsonl:2: this is not UTF-8"),
        ("a.jsonl", "\n \n", "a.jsonl: there are no rows"),
        ("a.csv", "text,intent\na,b,c\n", "a.csv:2: more cells"),
        ("a.csv", 'text,intent\na,b\n"c,d\n', "a.csv:2: not CSV"),
        ("a.csv", "words,intent\na,b\n", "a.csv:2: text: field required"),
    ],
)
def test_a_bad_row_is_named(tmp_path: Path, name: str, content: "bytes | str", told: str) -> None:
    path = written(tmp_path, content, name)
    with pytest.raises(EvaluationError) as error:
        read_rows(path, IntentRow)
    assert str(error.value).startswith(str(tmp_path / told)), str(error.value)


def test_a_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(EvaluationError, match=r"rows\.jsonl: No such file"):
        read_rows(tmp_path / "rows.jsonl", IntentRow)


def labelled(intent: str, *alternatives: str) -> IntentRow:
    return IntentRow(line=4, text="x", intent=intent, alt=list(alternatives))


def test_labels_that_nobody_knows_are_named_all_at_once() -> None:
    rows = [labelled("stock"), labelled("where_is_it"), labelled("billing", "stock", "money")]
    with pytest.raises(EvaluationError, match=r"f:4: not intents .*: billing, where_is_it$"):
        check_labels(Path("f"), rows, INTENTS)


def test_an_unknown_label_is_no_mistake_beside_known_ones_that_would_do() -> None:
    check_labels(Path("f"), [labelled("billing", "invoice"), labelled("stock", "money")], INTENTS)


def test_a_report_is_whole_and_can_be_read_whatever_is_in_it(tmp_path: Path) -> None:
    out = tmp_path / "new" / "report.json"
    ready_to_write(out)
    content: Any = {"text": "半个 \ud83d", "share": 0.5}
    write_report(out, content)
    assert json.loads(out.read_text(encoding="utf-8")) == content
    assert [path.name for path in out.parent.iterdir()] == ["report.json"]


def test_a_report_that_cannot_be_written_is_known_before(tmp_path: Path) -> None:
    with pytest.raises(EvaluationError, match="this is a folder"):
        ready_to_write(tmp_path)
    written(tmp_path, "", "file")
    with pytest.raises(EvaluationError, match="file"):
        ready_to_write(tmp_path / "file" / "report.json")
