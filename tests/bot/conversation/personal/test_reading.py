"""A line as it reads, with every character knowing where it was."""

import json
from urllib.parse import quote

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.conversation.personal.reading import read


@pytest.mark.parametrize(
    ("text", "reads"),
    [
        ("１３８ － ＡＢ＠", "138 - AB@"),
        ("٠١٢ ०१२", "012 012"),
        ("1\u20143\u20138\u2212\u2011", "1-3-8--"),
        ("1\u00a03\u30008\u2003", "1 3 8 "),
        ("1\u200b3\u00ad8\ufeff", "138"),
        ("（010）", "(010)"),
        (r"\u53f7 \\u53f7", "号 号"),
        (r"\xe5\x8f\xb7 %E5%8F%B7 %40", "号 号 @"),
        (r"a\nb\\tc", "a b c"),
        ("\x1b[31mred\x1b[0m", " red "),
        (r"\x1b[1;31mred", " red"),
        ("你好，plain 100%", "你好，plain 100%"),
        (r"C:\dir \xzz %zz", r"C:\dir \xzz %zz"),
        ("", ""),
    ],
)
def test_how_a_text_reads(text, reads):
    assert read(text).text == reads


@pytest.mark.parametrize(
    ("text", "reads"),
    [
        ("10%13８", "10%138"),
        (r"a\n\u53f7１", r"a\n\u53f71"),
        ("\x1b[31mred", " red"),
        ("plain", "plain"),
    ],
)
def test_how_a_text_reads_literally(text, reads):
    assert read(text, literally=True).text == reads


@pytest.mark.parametrize("text", ["我的电话１３８", "naïve café", "名字\u200b中间", "👍 好"])
def test_a_place_leads_back_to_the_original(text):
    for written in (text, repr(text), json.dumps(text), repr(text.encode()), quote(text)):
        reading = read(written)
        parts = [written[slice(*reading.span(i, i + 1))] for i in range(len(reading.text))]
        assert written.startswith("".join(parts)) or written.endswith("".join(parts))
    start = read(json.dumps("号１３８")).text.index("138")
    assert slice(*read(json.dumps("号１３８")).span(start, start + 3)) == slice(7, 25)


@given(st.text())
def test_any_text_can_be_read(text):
    reading = read(text)
    ends = [reading.span(0, place)[1] for place in range(len(reading.text) + 1)]
    assert ends == sorted(ends) and all(0 <= end <= len(text) for end in ends)


@given(st.binary())
def test_any_bytes_can_be_read(data):
    for written in (repr(data), quote(data), data.decode(errors="replace")):
        assert read(written) is not None
