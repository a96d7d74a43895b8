"""A yes that repeats what it agrees to, and words that only look like one."""

import pytest

from actions.consent import agrees


@pytest.mark.parametrize(
    "text",
    [
        *("对，取消吧", "确认取消", "好的 退吧", "可以，就换这个", "是的", "嗯，改吧", "確認退貨"),
        *("yes, cancel it", "Yes please return it", "ok do it", "sure, change it", "go ahead"),
    ],
)
def test_a_repeated_yes_agrees(text: str) -> None:
    assert agrees(text)


@pytest.mark.parametrize(
    "text",
    [
        *("好像不对", "对不起，取消错了", "可以不取消吗", "是不是能退", "我要取消订单", "行不行"),
        *("cancel it", "yesterday it broke", "I'm not sure", "surely not", "no, cancel the other"),
    ],
)
def test_what_only_looks_like_a_yes_does_not(text: str) -> None:
    assert not agrees(text)
