from typing import List

import pytest

from bot.nlu.entities.recipients import find_recipients
from bot.nlu.normaliser import normalise


def found_in(text: str) -> List[str]:
    folded = normalise(text)
    as_written = "".join(text[origin] for origin in folded.origins)
    return [as_written[span.start : span.end] for span in find_recipients(folded.text, as_written)]


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("收件人改成王小明", "王小明"),
        ("收货人：李娜", "李娜"),
        ("收件人換成陳怡君", "陳怡君"),
        ("改成陈先生收", "陈先生"),
        ("联系人欧阳娜娜", "欧阳娜娜"),
        ("王小明 13800001234", "王小明"),
        ("13800001234 王小明", "王小明"),
        ("收件人改成 Tom Baker", "Tom Baker"),
        ("recipient is Anna Lee", "Anna Lee"),
        ("change the recipient to Maria Lopez please", "Maria Lopez"),
        ("for the attention of Mrs. Patel", "Patel"),
        ("attn: Peter O'Neill", "Peter O'Neill"),
        ("name: Emma Clark", "Emma Clark"),
    ],
)
def test_who_a_parcel_is_for_is_found(text: str, name: str) -> None:
    assert found_in(text) == [name]


@pytest.mark.parametrize(
    "text",
    [
        "收件人是我妈",
        "收货人不在家",
        "收件人改一下",
        "收件人电话是多少",
        "联系人能改吗",
        "运单号 773212345678901 查一下",
        "王小明",
        "recipient is wrong",
        "can the recipient be changed",
        "company name: Acme Trading",
        "what's the name of this colour",
    ],
)
def test_where_nobody_is_named_there_is_none(text: str) -> None:
    assert found_in(text) == []
