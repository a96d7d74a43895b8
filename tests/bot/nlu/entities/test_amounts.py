from typing import List

import pytest

from bot.nlu.entities.amounts import find_amounts
from bot.nlu.entities.span import without_overlaps
from bot.nlu.normaliser import normalise


def found_in(text: str) -> List[str]:
    folded = normalise(text).text
    return [span.value for span in without_overlaps(find_amounts(folded), len(folded))]


@pytest.mark.parametrize(
    ("text", "amount"),
    [
        ("¥59.9", "CNY 59.90"),
        ("￥ 1,299", "CNY 1299.00"),
        ("59块9", "CNY 59.90"),
        ("59块9包邮", "CNY 59.90"),
        ("五块五", "CNY 5.50"),
        ("59元", "CNY 59.00"),
        ("59元9角", "CNY 59.90"),
        ("便宜五十块", "CNY 50.00"),
        ("十块钱", "CNY 10.00"),
        ("一块钱", "CNY 1.00"),
        ("5毛钱", "CNY 0.50"),
        ("50塊", "CNY 50.00"),
        ("1.2万元", "CNY 12000.00"),
        ("两千元", "CNY 2000.00"),
        ("花了三百", "CNY 300.00"),
        ("一百二", "CNY 120.00"),
        ("两百多买的", "CNY 200.00"),
        ("退我两百多块", "CNY 200.00"),
        ("付了259现在降价", "CNY 259.00"),
        ("差价20不退吗", "CNY 20.00"),
        ("现价只要99", "CNY 99.00"),
        ("9.9包邮", "CNY 9.90"),
        ("付了一百二只退回来", "CNY 120.00"),
        ("rmb 200", "CNY 200.00"),
        ("200人民币", "CNY 200.00"),
        ("$20", "USD 20.00"),
        ("it was $1,299.00.", "USD 1299.00"),
        ("20 dollars", "USD 20.00"),
        ("twenty bucks", "USD 20.00"),
        ("USD 50", "USD 50.00"),
        ("50 USD", "USD 50.00"),
        ("US$30", "USD 30.00"),
        ("50 cents", "USD 0.50"),
        ("20美金", "USD 20.00"),
        ("€89", "EUR 89.00"),
        ("89 euros", "EUR 89.00"),
        ("£15.50", "GBP 15.50"),
        ("30 quid", "GBP 30.00"),
        ("HK$35", "HKD 35.00"),
        ("港币三百", "HKD 300.00"),
        ("NT$1,280", "TWD 1280.00"),
        ("台幣300塊", "TWD 300.00"),
        ("a hundred dollars", "USD 100.00"),
    ],
)
def test_an_amount_has_its_currency_and_two_decimals(text: str, amount: str) -> None:
    assert found_in(text) == [amount]


def test_both_sides_of_a_discount_are_amounts() -> None:
    assert found_in("满300减50") == ["CNY 300.00", "CNY 50.00"]
    assert found_in("299减50的券") == ["CNY 299.00", "CNY 50.00"]
    assert found_in("from $249 to $199") == ["USD 249.00", "USD 199.00"]


@pytest.mark.parametrize(
    "text",
    [
        "一块退",
        "八百字的作文",
        "涨了20个点",
        "我们一块儿买的",
        "三块手表",
        "两块电池",
        "2件",
        "元旦",
        "付了3天",
        "退2件",
        "收到两双",
        "千万别发错",
        "两百多天",
        "一百个",
        "体重一百二",
        "满2件打9折",
        "20% off",
        "3月5号",
        "lost 5 pounds of weight",
        "12315",
        "XE20260001",
        "退20260001",
        "差评",
    ],
)
def test_what_is_counted_otherwise_is_no_amount(text: str) -> None:
    assert found_in(text) == []
