"""Telling encodings apart by what they make of the bytes."""

import pytest

from knowledge_base.importing.encodings import NotText, decode, misread


@pytest.mark.parametrize(
    ("text", "encoding", "named"),
    [
        ("plain", "ascii", "utf-8"),
        ("收到后7天内可以退。", "gb18030", "gb18030"),
        ("收到後7天內可以退，運費由我們負擔。", "gb18030", "gb18030"),
        ("收到後7天內可以退，運費由我們負擔。", "big5", "big5"),
        ("It’s a café – £5", "cp1252", "cp1252"),
        ("退货", "utf-16", "utf-16"),
    ],
)
def test_text_is_decoded_with_the_encoding_it_was_written_in(
    text: str, encoding: str, named: str
) -> None:
    assert decode(text.encode(encoding)) == (text, named)


def test_bytes_that_are_no_text_are_refused() -> None:
    for data in (b"\0\1\2", bytes(range(128, 256))):
        with pytest.raises(NotText):
            decode(data)


@pytest.mark.parametrize("text", ["你好", "包邮"])
def test_utf_8_that_was_read_as_gb_18030_is_mended(text: str) -> None:
    broken = text.encode("utf-8").decode("gb18030")
    assert broken != text
    assert misread(broken) == text


@pytest.mark.parametrize(
    "text", ["联通", "收到后7天内可以退。", "運費由我們負擔", "no Chinese", "É"]
)
def test_sound_text_is_not_mended(text: str) -> None:
    assert misread(text) == text
