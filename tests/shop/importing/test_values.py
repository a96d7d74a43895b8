from datetime import date, datetime, timezone
from zoneinfo import ZoneInfo

import pytest

from shop.importing.values import parsers

KINDS = parsers(ZoneInfo("Asia/Shanghai"))
TWO = datetime(2026, 11, 20, 2, 0, tzinfo=timezone.utc)


@pytest.mark.parametrize(
    ("kind", "text", "value"),
    [
        ("money", "899", 89900),
        ("money", "899.5", 89950),
        ("money", "0.07", 7),
        ("day", "2026-11-20", date(2026, 11, 20)),
        ("day", "2026/2/3", date(2026, 2, 3)),
        ("moment", "2026-11-20T10:00:00+08:00", TWO),
        ("moment", "2026-11-20T02:00:00Z", TWO),
        ("moment", "2026-11-20 10:00", TWO),
        ("moment", "2026/11/20 10:00:00.000", TWO),
        ("moment", "2026-11-20T10:00:00+0800", TWO),
        ("phone", "138 0000-1001", "13800001001"),
        ("phone", "138****1001", "138****1001"),
        ("phone", "+44 20 7946 0018", "+442079460018"),
        ("order_number", " ｘｅ２０２６ ０００１ ", "XE20260001"),
        ("OrderStatus", "已发货", "shipped"),
        ("OrderStatus", "Shipped", "shipped"),
        ("Language", "English", "en"),
        ("flag", "是", True),
        ("flag", "NO", False),
        ("list", "custom_made| perishable", ["custom_made", "perishable"]),
        ("line_ids", "11|12", [11, 12]),
        ("facts", "material=羊毛|care=干洗", {"material": "羊毛", "care": "干洗"}),
        ("integer", "-5", -5),
        ("text", "two\nlines 😀", "two\nlines 😀"),
    ],
)
def test_a_cell_becomes_a_value(kind, text, value):
    assert KINDS[kind](text) == value


@pytest.mark.parametrize(
    ("kind", "text", "said"),
    [
        ("money", "899.005", "two decimals"),
        ("money", "-1", "yuan"),
        ("money", "¥899", "yuan"),
        ("money", "1,299.00", "yuan"),
        ("money", "８９", "yuan"),
        ("money", "99999999.00", "too large"),
        ("count", "1.0", "whole number"),
        ("count", "-1", "less than 0"),
        ("quantity", "0", "less than 1"),
        ("line_id", "2147483648", "too large"),
        ("day", "2026-02-30", "does not exist"),
        ("day", "2025-02-29", "does not exist"),
        ("day", "20.11.2026", "should be a day"),
        ("day", "2026-11/20", "should be a day"),
        ("day", "0226-11-20", "between 1990"),
        ("moment", "2026-11-31T10:00:00Z", "does not exist"),
        ("moment", "2026-11-20T25:00:00Z", "does not exist"),
        ("moment", "2026-11-20", "should be a time"),
        ("phone", "12345", "phone number"),
        ("phone", "12800001001", "begin with 13"),
        ("phone", "1380000100*", "phone number"),
        ("phone", "1.38E+10", "rounded"),
        ("order_number", "1.23457E+15", "rounded"),
        ("order_number", "X" * 65, "longer than 64"),
        ("id", "a\nb", "line break"),
        ("text", "a\0b", "a character that is none"),
        ("text", "a\ud800b", "a character that is none"),
        ("text", "长" * 2001, "longer than 2000"),
        ("OrderStatus", "lost", "unpaid, paid, shipped"),
        ("flag", "maybe", "yes or no"),
        ("facts", "wool", "material=wool"),
        ("facts", "a=1|a=2", "twice"),
    ],
)
def test_what_cannot_be_read_says_why(kind, text, said):
    with pytest.raises(ValueError, match=said):
        KINDS[kind](text)


def test_an_hour_that_the_clocks_leave_out_does_not_exist():
    paris = parsers(ZoneInfo("Europe/Paris"))
    with pytest.raises(ValueError, match="does not exist in Europe/Paris"):
        paris["moment"]("2026-03-29 02:30")
    assert paris["moment"]("2026-03-29 03:30") == datetime(2026, 3, 29, 1, 30, tzinfo=timezone.utc)


def test_a_wrong_phone_is_not_repeated():
    with pytest.raises(ValueError) as caught:
        KINDS["phone"]("12800001001")
    assert "12800001001" not in str(caught.value)
