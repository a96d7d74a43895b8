"""Spam is told from what shops really write."""

from pathlib import Path
from typing import Callable, List

import pytest

from knowledge_base.article import load_articles
from knowledge_base.importing.spam import load_rules


@pytest.mark.parametrize(
    "text",
    [
        "See http://a.example http://b.example http://c.example www.d.example www.e.example http://f.example",
        "哈哈哈哈哈哈哈哈哈哈哈哈哈哈哈哈哈哈哈哈",
        "顶一下顶一下顶一下顶一下顶一下顶一下顶一下顶一下顶一下顶一下",
        "buy now buy now buy now buy now buy now buy now buy now buy now buy now buy now",
        "12345 67890 !!! ??? 4444",
        "质量不错，想了解更多加V信：abc12345",
        "有意者威信 shop_8888",
        "客服电话 1 3 8 0 0 1 3 8 0 0 0",
        "联系一三八零零一三八零零零",
        "在家兼职，一天三百，加微信详谈",
        "代开各类发票，請加QQ",
        "Earn up to $500 a day working from home!",
        "Best online casino, click here",
        "WhatsApp +1 (555) 010-0199 and earn a guaranteed profit",
    ],
)
def test_spam_is_told_with_a_reason(text: str) -> None:
    assert load_rules().reason(text)


@pytest.mark.parametrize(
    "text",
    [
        "客服微信：xiaoer-service，工作日9点到18点在线。",
        "拨打400-800-1234，或者加我们的QQ群 12345678。",
        "Call +86 400 800 1234 or write on WhatsApp: +86 138 0013 8000.",
        "可以用微信、支付宝、银行卡付款；支持分期。",
        "发票：下单时填抬头和税号，电子发票三天内发到邮箱。",
        "Customs forms: https://example.com/a and https://example.com/b.",
        "----------------------------------------\nSizes\n........................................",
        "尺码 M：96；L：100；XL：104；XXL：108；3XL：112；4XL：116",
        "好的。",
        "Yes.",
    ],
)
def test_what_a_shop_writes_is_none(text: str) -> None:
    assert load_rules().reason(text) == ""


def test_our_own_articles_are_none() -> None:
    rules = load_rules()
    for article in load_articles(Path("knowledge_base/articles")):
        assert rules.reason("\n".join((article.title, *article.paragraphs))) == "", article.id


def test_a_row_of_spam_refuses_the_import(problems: Callable[..., List[str]]) -> None:
    rows = "title,text\nReturns,Seven days.\nHello,Best online casino – click www.example.com\n"
    (problem,) = problems("in.csv", rows)
    assert problem.startswith("in.csv:3 (row 2): advertisement: ")


def test_a_very_long_text_is_looked_through_quickly() -> None:
    assert load_rules().reason("退货要几天呢，微信 " * 80_000 + "1") != "slow"
