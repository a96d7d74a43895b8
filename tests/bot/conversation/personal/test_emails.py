"""E-mail addresses, with nothing of the sentence around them."""

import pytest

from bot.conversation.masking import mask


@pytest.mark.parametrize(
    "address",
    [
        "emma@example.com",
        "zhang.san+shop@mail.example.co.uk",
        "13800138000@qq.com",
        "o'brien@example.ie",
        "müller@example.de",
        "a_b-c%d@sub-domain.example.museum",
        "x@例子.公司",
        "x@xn--fsqu00a.xn--55qx5d",
    ],
)
def test_an_address_is_found_alone(address):
    for before, after in (
        ("", ""),
        ("邮箱", "，谢谢"),
        ("write to ", "."),
        ("to=", "&x=1"),
        ("'", "'"),
        ("<", ">"),
        ("mailto:", "?subject=x"),
    ):
        assert mask(before + address + after) == f"{before}<email>{after}"


def test_the_sentence_goes_on_behind_a_latin_domain():
    assert mask("发到a@qq.com我马上看") == "发到<email>我马上看"


def test_several_addresses():
    assert mask("a@b.cn;c@d.cn,e@f.cn") == "<email>;<email>,<email>"


@pytest.mark.parametrize("mark", list("=/?^`{|}~'"))
def test_a_mark_that_nobody_uses_is_taken_when_there_is_nothing_else(mark):
    assert mask(f" {mark}@example.com ") == " <email> "


@pytest.mark.parametrize(
    "text",
    [
        "@pytest.fixture",
        "a @ b.com",
        "3@home",
        "x@y",
        "redis://:secret@127.0.0.1:6379",
        "a@1.2.3",
        "@",
    ],
)
def test_an_at_sign_is_no_address(text):
    assert mask(text) == text
