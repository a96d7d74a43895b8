from typing import List

import pytest

from bot.nlu.entities.order_numbers import find_order_numbers
from bot.nlu.normaliser import normalise


def found_in(text: str) -> List[str]:
    spans = find_order_numbers(normalise(text).text)
    return [span.value for span in spans if span.entity == "order_number"]


@pytest.mark.parametrize(
    "text",
    [
        "XE20260001",
        "xe20260001到哪了",
        "我的XE20260001呢",
        "xe 2026 0001",
        "XE-20260001",
        "XE 20260001",
        "XE-2026-0001",
        "XE 20 26 00 01",
        "xe 2 0 2 6 0 0 0 1",
        "XE: 20260001",
        "XE#20260001",
        "ＸＥ２０２６０００１",
        "XE2O26OOO1",
        "xe2o260oo1请查一下",
        "XE2026000l",
        "xe2o26oooI",
        "XE20260001-1001",
        "(XE20260001)",
    ],
)
def test_a_number_is_read_however_it_is_written(text: str) -> None:
    assert found_in(text) == ["XE20260001"]


def test_several_numbers_are_read_even_without_a_gap() -> None:
    assert found_in("XE20260001XE20260002") == ["XE20260001", "XE20260002"]
    assert found_in("XE20260001、xe 2026 0002") == ["XE20260001", "XE20260002"]


@pytest.mark.parametrize(
    "text",
    [
        "XEOOOOOOOO",
        "XE4417",
        "XE20260001234",
        "AXE20260001",
        "pixel 20260001",
        "XE2026000A",
        "88886666",
        "要20260001件",
        "订单尾号0001",
        "快递单号20260001",
        "XE",
        "axe 2026",
    ],
)
def test_what_has_another_length_or_letter_is_none(text: str) -> None:
    assert found_in(text) == []


@pytest.mark.parametrize(
    ("text", "number"),
    [
        ("XE2026000", "XE2026000"),
        ("xe202600011", "XE202600011"),
        ("XE2026000 1件", "XE2026000"),
        ("XE 2026 00012", "XE202600012"),
        ("ＸＥ２０２６０００", "XE2026000"),
    ],
)
def test_a_number_with_a_digit_too_many_or_too_few_is_read_as_it_stands(
    text: str, number: str
) -> None:
    assert found_in(text) == [number]


@pytest.mark.parametrize(
    "text",
    [
        "20260001",
        "2026 0001",
        "20260001。",
        "订单号20260001",
        "order number 20260001",
        "order no. 20260001",
    ],
)
def test_digits_alone_are_a_number_when_nothing_else_is_said(text: str) -> None:
    assert found_in(text) == ["XE20260001"]
