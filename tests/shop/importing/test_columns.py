from pathlib import Path
from zoneinfo import ZoneInfo

from shop import models
from shop.importing.columns import choices, file_formats
from shop.importing.manual import columns_manual
from shop.importing.values import parsers

ROOT = Path(__file__).resolve().parents[3]


def test_the_manual_shows_the_columns_that_are_read():
    written = (ROOT / "docs/import.md").read_text(encoding="utf-8")
    assert written.partition("prints what follows. -->\n\n")[2] == columns_manual()


def test_choices_are_those_of_the_models():
    for kind, words in choices().items():
        assert set(words.values()) == {each.value for each in getattr(models, kind)}


def test_every_column_is_one_of_its_table_and_of_a_known_kind():
    kinds = parsers(ZoneInfo("UTC"))
    formats = {each.name: each for each in file_formats()}
    for file_format in formats.values():
        assert set(file_format.targets) <= set(file_format.table.columns.keys())
        assert {column.kind for column in file_format.columns} <= set(kinds)
        for column in file_format.columns:
            if column.references:
                assert column.references[1] in formats[column.references[0]].targets


def test_what_the_database_needs_is_required_or_has_a_default():
    for file_format in file_formats():
        for column in file_format.columns:
            if not file_format.table.c[column.target].nullable:
                has = column.required or column.default is not None or column.part
                assert has, f"{file_format.name}.{column.name}"


def test_no_header_means_two_columns():
    for file_format in file_formats():
        headers = [
            name.lower()
            for column in file_format.columns
            for name in (column.name, *column.aliases)
        ]
        assert len(headers) == len(set(headers)), file_format.name


def test_files_come_after_those_they_refer_to():
    seen = set()
    for file_format in file_formats():
        seen.add(file_format.name)
        named = {each.references[0] for each in file_format.columns if each.references}
        assert named <= seen
