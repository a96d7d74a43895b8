"""Numbers in sentences, and what they count."""

import pytest

from knowledge_base.importing.quantities import quantities
from knowledge_base.normaliser import normalise


@pytest.mark.parametrize(
    ("sentence", "values"),
    [
        ("自签收之日起七天内可退", [("7", "天")]),
        ("十五天", [("15", "天")]),
        ("二百元", [("200", "money")]),
        ("满￥99包邮", [("99", "money")]),
        ("满1,299元包邮", [("1299", "money")]),
        ("3-5天到", [("3", "天"), ("5", "天")]),
        ("从11月1日到2026年11月30日", [("11-1", "date"), ("11-30", "date")]),
        ("2026-11-01起", [("11-1", "date")]),
        ("营业时间9:00-21：00", [("9:00", "clock"), ("21:00", "clock")]),
        ("拨打400-800-1234", [("4008001234", "phone")]),
        ("within fifteen days", [("15", "day")]),
        ("a 7-day return", [("7", "day")]),
        ("from £3.50", [("3.5", "money")]),
        ("until 30 November 2026", [("11-30", "date")]),
        ("before November 3rd", [("11-3", "date")]),
        ("no one knows 一下子", []),
    ],
)
def test_what_is_counted_is_read_in_either_language(
    sentence: str, values: "list[tuple[str, str]]"
) -> None:
    found, _ = quantities(normalise(sentence))
    assert [(q.value, q.counted) for q in found] == values
    assert all(q.measures for q in found)


@pytest.mark.parametrize("sentence", ["iPhone 13 的电池", "商品12保修", "model 7 battery"])
def test_a_number_in_a_name_measures_nothing(sentence: str) -> None:
    assert not any(q.measures for q in quantities(normalise(sentence))[0])
