from typing import List

import pytest

from bot.nlu.entities.quantities import find_quantities
from bot.nlu.entities.span import without_overlaps
from bot.nlu.normaliser import normalise


def found_in(text: str) -> List[str]:
    folded = normalise(text).text
    return [span.value for span in without_overlaps(find_quantities(folded), len(folded))]


@pytest.mark.parametrize(
    ("text", "quantities"),
    [
        ("买了2件", ["2"]),
        ("两双鞋", ["2"]),
        ("三盒", ["3"]),
        ("拍了２箱", ["2"]),
        ("收到一件", ["1"]),
        ("少了一瓶", ["1"]),
        ("十二个杯子", ["12"]),
        ("買了三雙，只到兩雙", ["3", "2"]),
        ("买3斤", ["3"]),
        ("我俩各一件", ["2", "1"]),
        ("T恤x3", ["3"]),
        ("面膜*2", ["2"]),
        ("数量改成4", ["4"]),
        ("qty: 6", ["6"]),
        ("two pairs", ["2"]),
        ("3 boxes", ["3"]),
        ("a pair of shoes", ["1"]),
        ("10 pcs", ["10"]),
        ("two blue mugs", ["2"]),
        ("ordered twelve candles", ["12"]),
        ("a couple of shirts", ["2"]),
        ("a dozen eggs", ["12"]),
        ("2 x towels", ["2"]),
    ],
)
def test_how_many_is_found(text: str, quantities: List[str]) -> None:
    assert found_in(text) == quantities


@pytest.mark.parametrize(
    "text",
    [
        "换一件",
        "三包怎么算",
        "满200包邮",
        "我们俩",
        "two train tickets",
        "Paid 329 for sneakers",
        "有一个问题",
        "第2件",
        "这两件",
        "三个月",
        "两个小时",
        "七个工作日",
        "一个人",
        "120斤能穿吗",
        "打8折",
        "2件套",
        "几个",
        "5 to 7 business days",
        "three times",
        "5 stars",
        "two orders",
        "2 months",
        "24 hours",
        "one question",
        "$3 mugs",
        "this is 3",
    ],
)
def test_what_no_shop_sells_is_not_counted(text: str) -> None:
    assert found_in(text) == []
