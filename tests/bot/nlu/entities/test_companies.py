from typing import List

import pytest

from bot.nlu.entities.companies import find_companies
from bot.nlu.normaliser import normalise


def found_in(text: str) -> List[str]:
    folded = normalise(text)
    as_written = "".join(text[origin] for origin in folded.origins)
    return [as_written[span.start : span.end] for span in find_companies(folded.text, as_written)]


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("抬头开杭州云杉科技有限公司", "杭州云杉科技有限公司"),
        ("公司名：杭州云杉科技有限公司，税号稍后给", "杭州云杉科技有限公司"),
        ("北京小树叶文化传媒股份有限公司", "北京小树叶文化传媒股份有限公司"),
        ("抬頭改成台北青禾設計股份有限公司謝謝", "台北青禾設計股份有限公司"),
        (
            "发票开给深圳大力水手（集团）有限公司上海分公司",
            "深圳大力水手（集团）有限公司上海分公司",
        ),
        ("开华为技术有限公司", "华为技术有限公司"),
        ("抬头写上海第一人民医院", "上海第一人民医院"),
        ("单位名称：杭州市学军小学", "杭州市学军小学"),
        ("云杉设计工作室", "云杉设计工作室"),
        ("Acme Trading Ltd", "Acme Trading Ltd"),
        ("make it out to Blue Fern Studio LLC please", "Blue Fern Studio LLC"),
        ("The company is Yunshan Technology Co., Ltd.", "Yunshan Technology Co., Ltd."),
        ("invoice to Kessler & Braun GmbH", "Kessler & Braun GmbH"),
        ("bill to acme trading ltd", "acme trading ltd"),
        ("抬头写 Green Leaf Ltd", "Green Leaf Ltd"),
    ],
)
def test_the_name_of_a_company_is_found(text: str, name: str) -> None:
    assert set(found_in(text)) == {name}


@pytest.mark.parametrize(
    "text",
    [
        "公司",
        "抬头开公司",
        "你们是什么有限公司",
        "你们公司在哪",
        "快递公司怎么说",
        "包裹在转运中心",
        "售后服务中心",
        "去你们店里拿",
        "My Company",
        "the courier company was rude",
        "limited edition",
        "Co",
    ],
)
def test_what_only_speaks_of_a_company_names_none(text: str) -> None:
    assert found_in(text) == []
