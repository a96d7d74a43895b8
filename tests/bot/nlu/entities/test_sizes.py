from typing import List

import pytest

from bot.nlu.entities.sizes import find_sizes
from bot.nlu.entities.span import without_overlaps
from bot.nlu.normaliser import normalise


def found_in(text: str) -> List[str]:
    folded = normalise(text)
    as_written = "".join(text[origin] for origin in folded.origins)
    spans = without_overlaps(find_sizes(folded.text, as_written), len(folded.text))
    return [span.value for span in spans]


@pytest.mark.parametrize(
    ("text", "sizes"),
    [
        ("换成XL", ["XL"]),
        ("穿2XL合适吗", ["2XL"]),
        ("要M码", ["M"]),
        ("L号的", ["L"]),
        ("换个m码的", ["M"]),
        ("穿M还是L", ["M", "L"]),
        ("ＸＬ有貨嗎", ["XL"]),
        ("均码吗", ["one size"]),
        ("大码有吗", ["L"]),
        ("38码偏小", ["38"]),
        ("42.5码", ["42.5"]),
        ("尺码38", ["38"]),
        ("换42的", ["42"]),
        ("欧码42", ["EU 42"]),
        ("1.8米床", ["1.8m bed"]),
        ("1.5m的床用", ["1.5m bed"]),
        ("一米八的床", ["1.8m bed"]),
        ("1米5床", ["1.5m bed"]),
        ("四十三码", ["43"]),
        ("170/88A", ["170/88A"]),
        ("75B", ["75B"]),
        ("size 10", ["10"]),
        ("in size 9.5", ["9.5"]),
        ("size M please", ["M"]),
        ("a medium instead", ["M"]),
        ("from large to extra large", ["L", "XL"]),
        ("M or L?", ["M", "L"]),
        ("EU 42", ["EU 42"]),
        ("42 EU", ["EU 42"]),
        ("UK 8 or US 10", ["UK 8", "US 10"]),
        ("one size fits all?", ["one size"]),
        ("1.8m bed", ["1.8m bed"]),
        ("king size", ["king"]),
        ("XXL in stock?", ["XXL"]),
    ],
)
def test_a_size_has_one_form(text: str, sizes: List[str]) -> None:
    assert found_in(text) == sizes


@pytest.mark.parametrize(
    "text",
    [
        "too large",
        "one size too big",
        "a large parcel",
        "I'm late",
        "it's M&S quality",
        "H&M",
        "5 L air fryer",
        "我买了3件",
        "验证码1234",
        "m",
        "30m外",
        "contact us 24 hours",
        "要40块",
        "买38件",
        "密码38",
        "please tell us 3 things",
    ],
)
def test_other_letters_and_numbers_are_no_sizes(text: str) -> None:
    assert found_in(text) == []
