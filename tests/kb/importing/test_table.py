"""CSV files as shops have them: either language's headers, any usual encoding, Excel's habits."""

import csv
import io
from datetime import date
from typing import Any, Callable, List

import pytest

from knowledge_base.article import Article

Imported = Callable[..., List[Article]]
Problems = Callable[..., List[str]]
Found = Callable[..., List[Any]]

CHINESE = """编号,标题,内容,分类,负责人,更新日期,问法
th-01,怎么退货,七天内都能退。,售后,小林,2026年3月5日,能退吗|退货流程
"""
ENGLISH = """id,title,answer,category,owner,updated,questions
r-1,Returns,Seven days.,After Sales,Mia,2026/3/5,can I return it|send back
"""


@pytest.mark.parametrize(
    ("text", "title", "topic", "questions"),
    [
        (CHINESE, "怎么退货", "shou-hou", ("能退吗", "退货流程")),
        (ENGLISH, "Returns", "after-sales", ("can I return it", "send back")),
    ],
)
def test_columns_have_usual_names_in_either_language(
    imported: Imported, text: str, title: str, topic: str, questions: Any
) -> None:
    (article,) = imported("in.csv", text)
    assert (article.title, article.topic, article.questions) == (title, topic, questions)
    assert article.updated == date(2026, 3, 5)


@pytest.mark.parametrize(
    ("encoding", "text"),
    [
        ("utf-8-sig", CHINESE),
        ("utf-16", CHINESE),
        ("gb18030", CHINESE),
        ("gb18030", "標題,內容\n怎麼退貨,收到後七天內都可以退，運費由我們負擔。\n"),
        ("big5", "標題,內容\n怎麼退貨,收到後七天內都可以退，運費由我們負擔。\n"),
        ("cp1252", "title,text\nReturns,It’s seven days – no reason needed. £5 at Zoë’s.\n"),
    ],
)
def test_any_usual_encoding_is_read(imported: Imported, encoding: str, text: str) -> None:
    (article,) = imported("in.csv", text.encode(encoding))
    row = next(csv.DictReader(io.StringIO(text)))
    assert article.title == row.get("title", row.get("标题", row.get("標題")))
    assert article.paragraphs == (row.get("text", row.get("内容", row.get("內容"))),)


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
def test_the_delimiter_is_found_by_the_header(imported: Imported, delimiter: str) -> None:
    text = "问题,答案\n怎么退货,七天内都能退。\n".replace(",", delimiter)
    assert [a.title for a in imported("in.csv", text)] == ["怎么退货"]


def test_a_question_beside_a_title_is_a_way_to_ask(imported: Imported) -> None:
    (article,) = imported("in.csv", "title,question,text\nReturns,can I return it,Yes.\n")
    assert (article.title, article.questions) == ("Returns", ("can I return it",))


def test_cells_over_several_lines_keep_their_lines_and_rows_their_numbers(found: Found) -> None:
    text = 'title,text\nA,"one\n\ntwo ""quoted"""\nB,three\n'
    first, second = found("in.csv", text)
    assert first.paragraphs == ("one", 'two "quoted"')
    assert first.where.endswith("in.csv:2 (row 1)")
    assert second.where.endswith("in.csv:5 (row 2)")


def test_blank_rows_and_excels_empty_columns_are_nothing(imported: Imported) -> None:
    assert len(imported("in.csv", "title,text,,\nA,one,,\n,,,\n\nB,two,,\n")) == 2


def test_an_unknown_column_is_told_and_left_out(found: Found) -> None:
    remark, draft = found("in.csv", "title,text,Preis\nA,one,5\n")
    assert (remark.kind.value, remark.text) == ("left out", "column 'Preis' is not known")
    assert draft.paragraphs == ("one",)


@pytest.mark.parametrize(
    ("name", "content", "told"),
    [
        ("in.csv", "title,price\nA,5\n", "in.csv:1: no column for the text: text, answer"),
        ("in.csv", "编号,内容\n1,好\n", "in.csv:1: no column for the title: title, 标题"),
        (
            "in.csv",
            "title,text\nA,one\nB,two,three\n",
            "in.csv:3 (row 2): 3 cells where the header",
        ),
        ("in.csv", "title,text\nA\n", "in.csv:2 (row 1): 1 cells where the header has 2"),
        ("in.csv", 'title,text\nA,one\nB,"two\nC,three\n', "in.csv:3: quotes do not match"),
        ("in.csv", "title,text,内容\nA,b,c\n", "in.csv:1: columns text and 内容 mean the same"),
        ("in.csv", "title,text\nA,\n", "in.csv:2 (row 1): text: is empty; an article needs a body"),
        ("in.csv", "title,text\n,one\n", "in.csv:2 (row 1): title: is empty"),
        ("in.csv", "title,text,updated\nA,b,3/4/2026\n", "'3/4/2026' is not a date like 2026-"),
        ("in.csv", "title,text,updated\nA,b,2026-13-01\n", "'2026-13-01' is not a date like"),
        (
            "in.csv",
            "id,title,text\nx,A,b\nX,B,c\n",
            "in.csv:3 (row 2): id 'x' is given twice in en",
        ),
        ("in.csv", "title,text\nПривет,one\n", "no id, and none can be made from the title"),
        ("in.csv", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", "in.csv: not text"),
        ("in.csv", bytes(range(128, 256)) * 9, "in.csv: not text in UTF-8, GB 18030 or Big5"),
        (
            "in.csv",
            b"PK\x03\x04\x14\0",
            "in.csv: not text: a workbook or an archive; save it as CSV",
        ),
        ("in.csv", "\ufeff \n", "in.csv: the file is empty"),
        ("in.csv", "title,text\n", "in.csv: no articles in it"),
    ],
)
def test_what_is_wrong_is_told_by_row_and_line(
    problems: Problems, name: str, content: Any, told: str
) -> None:
    (problem,) = problems(name, content)
    assert told in problem


def test_a_cell_beyond_the_readers_own_limit_is_an_article_that_is_too_long(
    problems: Problems,
) -> None:
    (problem,) = problems("in.csv", f"title,text\nA,{'tea ' * 300_000}\n")
    assert "in.csv:2 (row 1): 1,199,999 bytes of text; an article may have 1,000,000" in problem
