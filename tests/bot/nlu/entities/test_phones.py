from typing import List

import pytest

from bot.nlu.entities.phones import find_phones, is_mobile, last4_of
from bot.nlu.entities.span import Span, without_overlaps
from bot.nlu.normaliser import normalise


def found_in(text: str, entity: str = "phone") -> List[str]:
    folded = normalise(text).text
    spans = without_overlaps(find_phones(folded), len(folded))
    return [span.value for span in spans if span.entity == entity]


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("13800001001", "13800001001"),
        ("我的手机号是13800001001谢谢", "13800001001"),
        ("138 0000 1001", "13800001001"),
        ("138-0000-1001", "13800001001"),
        ("+86 13800001001", "13800001001"),
        ("+86-138-0000-1001", "13800001001"),
        ("(+86)13800001001", "13800001001"),
        ("008613800001001", "13800001001"),
        ("电话１３８００００１００１", "13800001001"),
        ("微信vx13800001001", "13800001001"),
        ("香港 +852 9123 4567", "+85291234567"),
        ("+886 912-345-678", "+886912345678"),
        ("+44 7700 900123", "+447700900123"),
        ("call +1 (415) 555-0132", "+14155550132"),
        ("(415) 555-0132", "4155550132"),
        ("415-555-0132", "4155550132"),
        ("07700 900456", "07700900456"),
        ("0912-345-678", "0912345678"),
        ("0571-88886666", "057188886666"),
        ("010 8888 6666", "01088886666"),
        ("400-820-8820", "4008208820"),
    ],
)
def test_a_phone_number_is_brought_to_one_form(text: str, number: str) -> None:
    assert found_in(text) == [number]


@pytest.mark.parametrize(
    "text",
    [
        "12800001001",
        "138000010011",
        "1380000100",
        "XE20260001",
        "2026-11-03",
        "100 200 300",
        "SF1380000100112",
        "a13800001001",
        "1.13800001001",
    ],
)
def test_other_digits_are_no_phone_number(text: str) -> None:
    assert found_in(text) == []


@pytest.mark.parametrize(
    ("text", "digits"),
    [
        ("1001", ["1001"]),
        ("尾号1001", ["1001"]),
        ("ends in 0147.", ["0147"]),
        ("1001,7723", ["1001", "7723"]),
        ("2026年", []),
        ("1200颗", []),
        ("#4521", []),
        ("$1299", []),
        ("spent 6000 already", []),
        ("2300 points", []),
        ("a customer since 2016", []),
        ("订单尾号 4521", []),
        ("order 4521", []),
        ("ends in 4521", ["4521"]),
        ("2026-11", []),
        ("3.1415", []),
        ("1000元", []),
        ("1500 克", []),
    ],
)
def test_four_digits_alone_may_prove_an_order(text: str, digits: List[str]) -> None:
    assert found_in(text, "phone_last4") == digits


def test_a_whole_mobile_number_answers_for_its_last_four_digits() -> None:
    mobile = Span(0, 11, "phone", "13800001001")
    assert is_mobile(mobile)
    assert last4_of(mobile).value == "1001"
    assert not is_mobile(Span(0, 12, "phone", "07700900456"))
