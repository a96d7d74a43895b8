from typing import List

import pytest

from bot.nlu.entities.chinese_addresses import find_chinese_addresses
from bot.nlu.entities.span import without_overlaps
from bot.nlu.normaliser import normalise


def found_in(text: str) -> List[str]:
    folded = normalise(text)
    found = without_overlaps(find_chinese_addresses(folded.text), len(folded.text))
    spans = [folded.span(span.start, span.end) for span in found]
    return [text[start:end] for start, end in spans]


@pytest.mark.parametrize(
    ("before", "address", "after"),
    [
        ("地址改成", "杭州市西湖区文三路478号3幢502室", "，谢谢"),
        ("寄到", "浙江省宁波市鄞州区钱湖北路99号", "吧"),
        ("我在", "北京市朝阳区建国路88号现代城5号楼1203室", ""),
        ("送到", "阳光小区6栋2单元401", "就行"),
        ("麻烦送", "上海市浦东新区张江路1000弄12号", ""),
        ("新地址：", "成都市锦江区红星路三段1号2栋1801", "。"),
        ("改为", "广东省深圳市南山区", "可以吗"),
        ("寄到", "台北市大安區忠孝東路四段100號5樓", ""),
        ("地址是", "新北市板橋區文化路一段188巷12號3樓之2", "，麻煩了"),
        ("收货地址：", "江苏省苏州市工业园区星湖街328号", ""),
        ("我住", "幸福路12号", "，靠近地铁"),
        ("", "重庆市渝北区", "能送吗"),
        ("寄", "香港九龍旺角彌敦道700號", ""),
    ],
)
def test_an_address_is_found_from_its_first_to_its_last_part(
    before: str, address: str, after: str
) -> None:
    assert found_in(before + address + after) == [address]


def test_two_addresses_are_two_with_a_comma_between_them() -> None:
    first, second = "杭州市西湖区文三路478号", "宁波市鄞州区钱湖北路99号"
    assert found_in(f"从{first}，{second}") == [first, second]


def test_a_postcode_belongs_to_its_address_or_stands_for_one() -> None:
    assert found_in("杭州市西湖区文三路478号，邮编310012") == [
        "杭州市西湖区文三路478号，邮编310012"
    ]
    assert found_in("邮编是310012") == ["310012"]


@pytest.mark.parametrize(
    "text",
    [
        "你们杭州市发货吗",
        "发新疆吗",
        "还在路上",
        "省市对街道错",
        "超市买的",
        "3号楼",
        "乡镇可以送到村里吗",
        "订单号20260001",
        "会员专区积分商城",
        "知道了",
        "物流线路有问题",
        "我3号到家",
        "市区能送到吗",
        "走路3分钟",
        "县里没有快递点",
    ],
)
def test_a_place_alone_is_no_address(text: str) -> None:
    assert found_in(text) == []
