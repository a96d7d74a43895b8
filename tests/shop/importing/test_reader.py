"""How files may be written, and what is said about those that are not."""

import codecs

import pytest

from shop.importing.columns import file_formats
from shop.importing.files import SourceFile, detect_encoding, find_files
from shop.importing.findings import Findings
from shop.importing.reader import RowReader

NAMES = {"id": "C1", "name": "林晓雯", "phone": "13800001001"}


@pytest.fixture
def read(tmp_path):
    def run(text, name="customers.csv", encoding="utf-8"):
        path = tmp_path / name
        path.write_bytes(text if isinstance(text, bytes) else text.encode(encoding))
        findings = Findings()
        source = SourceFile(path, next(each for each in file_formats() if each.name == "customers"))
        reader = RowReader(source, detect_encoding(path), findings)
        columns = [column.name for column in source.format.columns]
        rows = [
            (line, {name: cell for name, cell in zip(columns, cells) if cell})
            for line, cells in reader.rows()
        ]
        return rows, [str(error) for error in findings.errors]

    return run


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        ("id,name,phone\nC1,林晓雯,13800001001\n", "utf-8"),
        ("id,name,phone\r\nC1,林晓雯,13800001001", "utf-8-sig"),
        ("id;name;phone\rC1;林晓雯;13800001001\r", "utf-8"),
        ("id\tname\tphone\nC1\t林晓雯\t13800001001\n", "utf-16"),
        ("客户编号,姓名,手机号\nC1,林晓雯,13800001001\n", "gb18030"),
        (' ID , "Name",Phone\n"C1","林晓雯",13800001001\n', "utf-8"),
        ("id,name,phone,points\nC1,林晓雯,13800001001,\n,,,\n\n", "utf-8"),
    ],
)
def test_every_usual_writing_gives_the_same_row(read, text, encoding):
    assert read(text, encoding=encoding) == ([(2, NAMES)], [])


def test_json_lines_give_the_same_cells_with_money_as_written(read):
    text = (
        '{"id": "C1", "姓名": "林晓雯", "phone": 13800001001, "points": null}\n\n{"points": 1.10}\n'
    )
    assert read(text, "customers.jsonl") == ([(1, NAMES), (3, {"points": "1.10"})], [])


def test_a_row_is_named_by_the_line_on_which_it_begins(read):
    rows, _ = read('id,name,phone\nC1,"two\nlines",1\nC2,"three\r\nmore\n",2\nC3,x,3\n')
    assert [line for line, _ in rows] == [2, 4, 7]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "customers.csv: is empty"),
        ("\n", "line 1: is empty"),
        ("id,name,phon\n", "line 1: unknown column 'phon'; did you mean phone?"),
        ("id,name,phone,qq\n", "line 1: unknown column 'qq'; known are id, name, phone"),
        ("id,name,phone,\n", "line 1: has a column without a name"),
        ("id,name\n", "line 1: lacks a column that is required: phone, 手机号, 电话"),
        ("id,name,phone,手机号\n", "line 1: the column phone is there twice"),
        ("id,name,phone\nC1,x,1\nC2,x\n", "line 3: has 2 columns, the header has 3"),
        ('id,name,phone\nC1,x,1\nC2,"x,1\nC3,x,1\n', "line 3: cannot be read from here on"),
        ('id,name,phone\nC1,"x"y,1\n', "line 2: cannot be read from here on"),
        ("id,name,phone\nC1,\0,1\n", "line 2: cannot be read from here on"),
        ("id,name,phone\nC1,x,1\n" + "x" * (1 << 20), "line 3: is longer than"),
    ],
)
def test_what_is_wrong_with_a_csv_file_is_told_with_its_line(read, text, said):
    _, errors = read(text)
    assert said in errors[0]


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ("{", "line 2: is not JSON"),
        ("[1]", "line 2: should be a JSON object"),
        ('{"phonee": 1}', "line 2: unknown column 'phonee'; did you mean phone?"),
        ('{"phone": "1", "手机号": "2"}', "line 2: the column phone is there twice"),
        ('{"phone": {"zh": "1"}}', "line 2: phone should be a text, a number"),
        ('{"points": NaN}', "line 2: NaN is no number"),
        ("[" * 100000, "line 2: is not a row: too deep"),
    ],
)
def test_what_is_wrong_with_a_json_line_leaves_the_others(read, line, said):
    rows, errors = read(f'{{"id": "C1"}}\n{line}\n{{"id": "C2"}}\n', "customers.jsonl")
    assert [number for number, _ in rows] == [1, 3]
    assert said in errors[0]


def test_a_wrong_byte_in_utf_8_is_not_taken_for_another_encoding(read):
    text = "id,name,phone\nC1,林晓雯,1\nC2,陈大文".encode() + b"\xff,1\n"
    with pytest.raises(ValueError, match="line 3 holds bytes that are not UTF-8"):
        read(text)


def test_a_mark_alone_is_an_empty_file(read):
    assert read(codecs.BOM_UTF8)[1] == ["customers.csv: is empty"]


def test_files_are_known_by_name_and_near_misses_are_errors(tmp_path):
    for name in ("订单.CSV", "customers.tsv", "customer.csv", "lines.xlsx", "lines.csv"):
        (tmp_path / name).touch()
    (tmp_path / "lines.jsonl").touch()
    (tmp_path / "readme.md").touch()
    findings = Findings()
    found = find_files(tmp_path, findings)
    assert [file.name for file in found] == ["customers.tsv", "订单.CSV", "lines.csv"]
    assert [str(error) for error in findings.errors] == [
        "customer.csv: is no table of ours; did you mean customers?",
        "lines.jsonl: lines.csv holds the same table",
        "lines.xlsx: cannot be read; save it as lines.csv or lines.jsonl",
    ]
    assert findings.notes == ["readme.md: left out"]


def test_a_folder_that_is_none_or_holds_nothing_is_an_error(tmp_path):
    for folder, said in ((tmp_path / "nowhere", "is not a folder"), (tmp_path, "holds no file")):
        findings = Findings()
        assert find_files(folder, findings) == []
        assert said in str(findings.errors[0])
