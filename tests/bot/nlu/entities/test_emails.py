from typing import List

import pytest

from bot.nlu.entities.emails import find_emails
from bot.nlu.normaliser import normalise


@pytest.mark.parametrize(
    ("text", "addresses"),
    [
        ("邮箱是chen_2001@qq.com，谢谢", ["chen_2001@qq.com"]),
        ("发到Lin.Xiaowen@163.com吧", ["lin.xiaowen@163.com"]),
        ("a+b@shop-mail.co.uk.", ["a+b@shop-mail.co.uk"]),
        ("ｌｉｎ＠ｑｑ．ｃｏｍ", ["lin@qq.com"]),
        ("x@a.com or y@b.cn", ["x@a.com", "y@b.cn"]),
        ("@xiaoer", []),
        ("meet @ 5 pm", []),
        ("a@b", []),
        ("2@3.5", []),
    ],
)
def test_email_addresses_are_found_between_any_characters(text: str, addresses: List[str]) -> None:
    assert [span.value for span in find_emails(normalise(text).text)] == addresses
