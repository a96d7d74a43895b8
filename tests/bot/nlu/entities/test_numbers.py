from decimal import Decimal
from typing import Optional

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.nlu.entities.numbers import read_number

DIGITS = "零一二三四五六七八九"


def written(number: int) -> str:
    """A number under ten thousand in Chinese, in full."""
    if number < 10:
        return DIGITS[number]
    unit, name = next((u, n) for u, n in ((1000, "千"), (100, "百"), (10, "十")) if number >= u)
    rest = number % unit
    gap = "零" if rest and rest < unit // 10 else ""
    return DIGITS[number // unit] + name + gap + (written(rest) if rest else "")


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("59", "59"),
        ("59.9", "59.9"),
        ("1,299", "1299"),
        ("1,299.50", "1299.50"),
        ("3千", "3000"),
        ("1.2万", "12000"),
        ("十", "10"),
        ("十五", "15"),
        ("二十", "20"),
        ("两百五", "250"),
        ("一百二", "120"),
        ("一百零二", "102"),
        ("一百二十", "120"),
        ("一千二", "1200"),
        ("一千零二十", "1020"),
        ("一万二", "12000"),
        ("三万五千", "35000"),
        ("二零二六", "2026"),
        ("two", "2"),
        ("twenty-five", "25"),
        ("thirty two", "32"),
        ("a hundred", "100"),
        ("two hundred", "200"),
        ("three thousand", "3000"),
        ("many", None),
        ("百分之", None),
        ("", None),
    ],
)
def test_numbers_are_read_in_every_writing(text: str, value: Optional[str]) -> None:
    assert read_number(text) == (None if value is None else Decimal(value))


@given(st.integers(1, 9999))
def test_every_number_in_chinese_is_read_back(number: int) -> None:
    assert read_number(written(number)) == number
